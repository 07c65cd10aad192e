// SPDX-License-Identifier: GPL-3.0-or-later
// Files that people open or drop on the window.
#pragma once

#include <QByteArray>
#include <QString>

#include <memory>

#include "base/diagnostic.hpp"
#include "hardware/kernel_profile.hpp"

namespace sextant::gui {

struct Opened {
  enum class Kind { run, model, claim, campaign, profile, nothing };
  Kind kind = Kind::nothing;
  QString name;
  QByteArray text;  ///< of the run, the campaign or the claim; a model stays in its file
  std::shared_ptr<const hardware::KernelProfile> profile;
  Diagnostics faults;  ///< why it is nothing
};

/// What the file is: a run (bare, marked, or inside an observation), a model (native or a Hugging Face config.json), a
/// claim, a campaign, a kernel profile. A run with faults is still a run, so that they can be mended.
[[nodiscard]] Opened open_file(const QString& path);

}  // namespace sextant::gui
