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
#include "hardware/kernel_profile.hpp"
#include "hardware/prices.hpp"
#include "hardware/reliability.hpp"
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

/// What was measured on each GPU: read once, when it is first asked for; profiles that were opened go before the
/// catalogue's. Several threads may ask.
class Measurements {
 public:
  [[nodiscard]] std::shared_ptr<const sim::MeasuredKernels> of(const Catalogue& catalogue, const std::string& gpu);
  /// Its times replace closed forms from now on. One with the same id is replaced.
  void give(std::shared_ptr<const hardware::KernelProfile> profile);
  /// Back to the closed forms.
  void take_back(const std::string& id);
  [[nodiscard]] sim::KernelProfiles given() const;

 private:
  mutable std::mutex mutex_;
  sim::KernelProfiles given_;
  std::map<std::string, std::shared_ptr<const sim::MeasuredKernels>> known_;
};

struct Workbench {
  Catalogue catalogue;
  sim::Calibration calibration;
  hardware::Prices prices;
  std::optional<hardware::EnergyFactors> energy;
  std::optional<hardware::ReliabilityDefaults> reliability;
  std::shared_ptr<Measurements> measurements = std::make_shared<Measurements>();
  Diagnostics faults;  ///< of an overlay; the shipped files have none

  /// `data`: a folder laid over the catalogue, or "". `profiles`: files of kernel profiles and of at most one
  /// calibration, or ids of the catalogue's profiles.
  [[nodiscard]] static std::shared_ptr<const Workbench> open(const std::string& data,
                                                             const std::vector<std::string>& profiles);

  [[nodiscard]] Choices choices() const;
  /// Gives a run what was measured on its GPU, and notes what was not.
  void add_measured(sim::Run& run) const;
  /// The text of a run of the catalogue; "" where there is none.
  [[nodiscard]] std::string run_text(const std::string& id) const;
  [[nodiscard]] std::string campaign_text(const std::string& id) const;
};

}  // namespace sextant::gui
