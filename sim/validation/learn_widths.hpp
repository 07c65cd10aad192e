// SPDX-License-Identifier: Apache-2.0
// Widths of the regimes of an 80 % band, learned from errors of rows that were left out of the fit.
#pragma once

#include <span>
#include <vector>

#include "sim/parameters/calibration.hpp"
#include "sim/uncertainty/step_band.hpp"
#include "sim/validation/left_out.hpp"

namespace sextant::sim {

/// A left-out row's error beside what makes its band wide.
struct BandSample {
  double error = 0;   ///< ln(predicted / measured)
  double weight = 1;  ///< as in the fit: repeated and doubtful rows count less
  std::vector<Widening> parts;
};

/// The widths w with the least interval score, sum of weight (2 h + (2 / 0.2) max(0, |error| - h)) with
/// h^2 = sum (w amount)^2, which is least where each regime's band holds 80 % (Gneiting & Raftery 2007, JASA 102:359,
/// section 6.2). Regimes that few samples show stay near the table's width, those that are not learned keep it.
[[nodiscard]] std::vector<LearnedWidth> learn_widths(std::span<const BandSample> samples);

/// Widths for rows that no one has looked at: wider than what rows left out ask for, by as much as the choice of forms
/// is worth.
[[nodiscard]] std::vector<LearnedWidth> for_fresh_rows(std::vector<LearnedWidth> widths);

/// Rows predicted without their folds, weighted as `rows` are.
[[nodiscard]] std::vector<BandSample> band_samples(std::span<const LeftOutRow> left_out, std::span<const FitRow> rows);

/// Which rows the 80 % band holds when its widths, too, are learned without the row's fold. `samples` begin with those
/// of `left_out`, one a row; further ones follow in rounds of as many rows.
[[nodiscard]] std::vector<bool> held_without_fold(std::span<const BandSample> samples, const std::vector<Fold>& folds,
                                                  std::size_t rows);

/// Half width of a band of these parts with other widths.
[[nodiscard]] double half_width_with(std::span<const Widening> parts, std::span<const LearnedWidth> widths);

}  // namespace sextant::sim
