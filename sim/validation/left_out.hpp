// SPDX-License-Identifier: Apache-2.0
// Errors on rows the calibration has not seen: refits without a publisher, a model or a cell of a sweep.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/calibration/left_out.hpp"
#include "sim/uncertainty/step_band.hpp"
#include "sim/validation/validation.hpp"

namespace sextant::sim {

/// What is left out together.
enum class LeftOutBy : std::uint8_t {
  publisher_family,  ///< all rows of one organisation: the first word of the publisher
  publisher,         ///< one publisher's rows; a release of a benchmark counts as one
  model,             ///< all rows of one model
  cell,              ///< rows of one publisher with the same tp, hidden size and micro-batch
};

inline constexpr std::array<std::pair<std::string_view, LeftOutBy>, 4> left_out_names{
    {{"publisher-family", LeftOutBy::publisher_family},
     {"publisher", LeftOutBy::publisher},
     {"model", LeftOutBy::model},
     {"cell", LeftOutBy::cell}}};

/// Rows in groups, each named, in order of first appearance. Every row is in one fold.
[[nodiscard]] std::vector<Fold> folds_by(std::span<const ValidationRow> rows, LeftOutBy by);

/// One row predicted without its fold.
struct LeftOutRow {
  Band<Seconds> band;
  RowError errors;
  StepUncertainty uncertainty;
};

/// Rows as the fits without their folds predict them; bands know which rows the refit has seen.
/// `rows` and `fit_rows` are the same observations in the same order.
[[nodiscard]] std::vector<LeftOutRow> predict_left_out(std::span<const ValidationRow> rows,
                                                       const std::vector<FitRow>& fit_rows,
                                                       const std::vector<Fold>& folds, const Calibration& calibration,
                                                       const FitOptions& options = {});

/// How often the faster of two layouts of the same work was predicted to be the faster one.
struct PairOrder {
  int pairs = 0;  ///< of one publisher, with the same model, GPUs, precision, sequence length and batch, > 5 % apart
  int right = 0;

  [[nodiscard]] double share() const { return pairs > 0 ? static_cast<double>(right) / pairs : 0.0; }
};

/// `predicted`: a time a row.
[[nodiscard]] PairOrder pair_order(std::span<const ValidationRow> rows, std::span<const Seconds> predicted);

}  // namespace sextant::sim
