// SPDX-License-Identifier: Apache-2.0
// Points of a sweep, evaluated; each is one line of the output.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/run/run.hpp"
#include "sim/sweep/sweep.hpp"

namespace sextant::sim::sweep {

/// What every point of a sweep shares.
struct Setting {
  Sweep sweep;
  json::Node run;        ///< that the values are laid over
  std::string run_file;  ///< for faults
  std::string id;        ///< in every line: what sweep it belongs to (setting_id)
};

/// Sixteen hexadecimal digits of everything that decides the lines: the run, the axes, the calibration and the `others`
/// that the caller knows of, such as the version.
[[nodiscard]] std::string setting_id(const Setting& setting, const Calibration& calibration,
                                     std::span<const std::string> others);

enum class Outcome : std::uint8_t { feasible, infeasible, fault };

/// One line of JSON with its newline.
struct PointLine {
  std::uint64_t point = 0;
  Outcome outcome = Outcome::fault;
  std::string text;
};

struct Evaluation {
  const Catalogue& catalogue;
  const Calibration& calibration;
  int threads = 1;
  /// Gives a run the kernels measured on its GPU; called by one thread at a time. May be empty.
  std::function<void(Run&)> measured;
};

/// The lines of these points, in their order; they do not depend on the number of threads.
[[nodiscard]] std::vector<PointLine> evaluate(const Setting& setting, std::span<const std::uint64_t> points,
                                              const Evaluation& how);

/// Reads back what a line is about; nothing where it is no line of a sweep.
struct ReadLine {
  std::uint64_t point = 0;
  std::string sweep;
  Outcome outcome = Outcome::fault;
};
[[nodiscard]] std::optional<ReadLine> read_line(std::string_view text);

}  // namespace sextant::sim::sweep
