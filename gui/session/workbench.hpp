// SPDX-License-Identifier: GPL-3.0-or-later
// What all evaluations share and none changes: the catalogue, the calibration, prices.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "hardware/energy.hpp"
#include "hardware/prices.hpp"
#include "sim/api.hpp"

namespace sextant::gui {

/// An entry of the catalogue as a picker shows it.
struct Choice {
  std::string id;
  std::string title;
  std::vector<std::string> aliases;
};

/// Everything that can be picked. Reading it takes some tens of milliseconds, so it comes after the window.
struct Choices {
  std::vector<Choice> models, gpus, clusters, stacks, runs, claims, profiles;
};

struct Workbench {
  Catalogue catalogue;
  sim::Calibration calibration;
  hardware::Prices prices;
  std::optional<hardware::EnergyFactors> energy;
  Diagnostics faults;  ///< of an overlay; the shipped files have none

  /// `data`: a folder laid over the catalogue, or "". `profile`: a calibration file, or "".
  [[nodiscard]] static std::shared_ptr<const Workbench> open(const std::string& data, const std::string& profile);

  [[nodiscard]] Choices choices() const;
  /// The text of a run of the catalogue; "" where there is none.
  [[nodiscard]] std::string run_text(const std::string& id) const;
};

}  // namespace sextant::gui
