// SPDX-License-Identifier: Apache-2.0
// Where a number comes from: formula, this run's inputs, calibrated parameters, sources.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/api.hpp"
#include "sim/report/report.hpp"
#include "sim/uncertainty/tornado.hpp"

namespace sextant::sim::report {

/// A run with everything that was found of it.
struct Explained {
  const Run& run;
  const Prediction& prediction;
  const Calibration& calibration;
};

/// Tags of all step terms and memory terms, "parameters" and "tornado".
[[nodiscard]] std::vector<std::string> explain_tags();

/// The tag that a word means: itself, or the only one that ends in "/word"; empty when there is none.
[[nodiscard]] std::string find_tag(std::string_view word);

/// "sextant/explain/1" of one tag, which find_tag gave.
[[nodiscard]] Report explain_report(const Explained& e, const std::string& tag);

/// Every tag with its value.
[[nodiscard]] Report explain_overview(const Explained& e);

// ---- parts, one a file ----

[[nodiscard]] Report explain_step_term(const Explained& e, const TermInfo& info);
[[nodiscard]] Report explain_memory_term(const Explained& e, const MemoryTermInfo& info);
[[nodiscard]] Report explain_parameters(const Explained& e);
[[nodiscard]] Report explain_tornado(const Explained& e);

/// The table "tornado": each input with the step at both ends of its range and what it rests on.
[[nodiscard]] Table tornado_table(const std::vector<TornadoBar>& bars);

/// One input of a formula.
struct Input {
  std::string name{};
  double value = 0;
  Unit unit = Unit::number;
  std::string note{};
  const Source* source = nullptr;
};

/// The table "inputs".
[[nodiscard]] Table input_table(const std::vector<Input>& inputs);

/// How a figure moves with a parameter: d ln(figure) / d ln(parameter), for those that move it at all.
struct Influence {
  Parameter parameter;
  double elasticity = 0;
};

/// Influence of every calibrated parameter on one term, or on the whole step where `term` is empty; largest first.
[[nodiscard]] std::vector<Influence> influences(const Explained& e, std::optional<Term> term);

/// The parameter table of these with a column for the elasticity.
[[nodiscard]] Table influence_table(const Calibration& calibration, const std::vector<Influence>& list,
                                    std::string title);

}  // namespace sextant::sim::report
