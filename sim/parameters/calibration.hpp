// SPDX-License-Identifier: Apache-2.0
// Calibrated parameter values with what is known of their uncertainty, as a calibration file holds them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "base/json/cursor.hpp"
#include "base/source.hpp"
#include "sim/parameters/parameters.hpp"

namespace sextant::sim {

/// How many rows of one kind the calibration has seen; a run unlike all of them is less certain.
struct Evidence {
  std::string stack;
  std::string architecture;  ///< of the GPU, e.g. "hopper"
  bool experts = false;
  int bits = 16;  ///< of the narrowest GEMM inputs
  int rows = 0;
  int largest_gpus = 0;
  int longest_sequence = 0;
  /// Where the rows lie, in doublings: GPUs, hidden size, sequence length, tokens of a micro-batch, tp, pp.
  std::vector<std::vector<double>> points;
};

/// Published steps of one configuration that disagree: releases of a software, or repeats.
struct Conflict {
  std::string configuration;  ///< configuration_of() (sim/uncertainty/conflicts.hpp)
  int rows = 0;
  double half_range = 0;  ///< half the logarithm of the slowest over the fastest
};

/// Half width of one regime of the model's own error (sim/uncertainty), learned from rows left out of the fit.
struct LearnedWidth {
  std::string regime;
  double half_width = 0;  ///< of the 80 % band's logarithm
  int rows = 0;           ///< predictions of left-out rows it rests on
};

struct Calibration {
  std::string id;
  Parameters parameters = Parameters::priors();
  std::vector<Parameter> fitted;   ///< rows and columns of `covariance`
  std::vector<double> covariance;  ///< of the logarithms, row by row; empty: not known
  int rows = 0;                    ///< observations it rests on
  std::string rows_digest;         ///< of their ids and measured times
  std::string code;                ///< version of the program that fitted it
  double cost = 0;                 ///< what the fit minimised, at its end; 0: not known
  std::vector<Evidence> evidence;  ///< the same by kind
  std::vector<LearnedWidth> widths;
  std::vector<Conflict> conflicts;  ///< in order of their configurations
  Source source;
};

/// Posterior standard deviation of a parameter's logarithm; nothing when it was not fitted.
[[nodiscard]] std::optional<double> posterior_sigma(const Calibration& calibration, Parameter parameter);

/// Reads `"format": "sextant/calibration/1"`; parameters that the file leaves out stay at their priors.
[[nodiscard]] std::optional<Calibration> read_calibration(const json::Cursor& at);

/// The calibration that ships with Sextant (or the overlay's).
[[nodiscard]] std::optional<Calibration> shipped_calibration(const Catalogue& catalogue, Diagnostics& faults);

/// The text of a calibration file.
[[nodiscard]] std::string write_calibration(const Calibration& calibration);

}  // namespace sextant::sim
