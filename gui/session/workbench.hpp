// SPDX-License-Identifier: GPL-3.0-or-later
// What all evaluations share and none changes: the catalogue, the calibration, prices.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "hardware/energy.hpp"
#include "hardware/prices.hpp"
#include "sim/api.hpp"
#include "sim/checked_run.hpp"

namespace sextant::gui {

/// An entry of the catalogue as a picker shows it.
struct Choice {
  std::string id;
  std::string title;
  std::vector<std::string> aliases;
};

/// Everything that can be picked. Reading it takes some tens of milliseconds, so it comes after the window.
struct Choices {
  std::vector<Choice> models, gpus, clusters, stacks, runs, claims, profiles, campaigns;
};

/// What was measured on each GPU: read once, when it is first asked for. Several threads may ask.
class Measurements {
 public:
  [[nodiscard]] std::shared_ptr<const sim::MeasuredKernels> of(const Catalogue& catalogue, const std::string& gpu);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const sim::MeasuredKernels>> known_;
};

struct Workbench {
  Catalogue catalogue;
  sim::Calibration calibration;
  hardware::Prices prices;
  std::optional<hardware::EnergyFactors> energy;
  std::shared_ptr<Measurements> measurements = std::make_shared<Measurements>();
  Diagnostics faults;  ///< of an overlay; the shipped files have none

  /// `data`: a folder laid over the catalogue, or "". `profile`: a calibration file, or "".
  [[nodiscard]] static std::shared_ptr<const Workbench> open(const std::string& data, const std::string& profile);

  [[nodiscard]] Choices choices() const;
  /// The text of a run of the catalogue; "" where there is none.
  [[nodiscard]] std::string run_text(const std::string& id) const;
  [[nodiscard]] std::string campaign_text(const std::string& id) const;
};

}  // namespace sextant::gui
