// SPDX-License-Identifier: Apache-2.0
// What a run means to the one who pays for it: days, GPU-hours, dollars, kilowatt-hours, headroom.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/energy.hpp"
#include "hardware/prices.hpp"
#include "sim/api.hpp"
#include "sim/report/display_units.hpp"
#include "sim/report/report.hpp"
#include "sim/run/goal.hpp"

namespace sextant::sim::report {

struct HeadlineInputs {
  const Run& run;
  const Prediction& prediction;
  const Goal& goal;
  const std::optional<hardware::RentalBand>& price;       ///< used where the goal states none
  const std::optional<hardware::EnergyFactors>& factors;  ///< nothing: no energy is said
  DisplayUnits units{};                                   ///< of figures and sentences
};

/// "sextant/headline/1". Without a goal the figures are those of a trillion tokens, and say so. A step's time only: no
/// failures, no restarts, no queueing.
[[nodiscard]] Report headline_report(const HeadlineInputs& in);

/// Keys of the headline's figures that explain_headline answers.
[[nodiscard]] bool explains_headline(std::string_view key);

/// "sextant/explain/1" of one of the headline's figures: formula, inputs, sources.
[[nodiscard]] Report explain_headline(const HeadlineInputs& in, std::string_view key);

// ---- parts that both use ----

struct HeadlineNumbers {
  double tokens = 0;
  bool tokens_stated = false;
  Band<double> days;
  Band<double> gpu_hours;
  std::optional<Band<double>> usd_per_gpu_hour;
  std::optional<Band<double>> cost_usd;
  std::optional<Band<double>> energy_kwh;
  std::optional<Band<double>> kw_per_gpu;  ///< node and network share, cooling included
  double headroom_gb = 0;                  ///< negative: missing
};
[[nodiscard]] HeadlineNumbers headline_numbers(const HeadlineInputs& in);

}  // namespace sextant::sim::report
