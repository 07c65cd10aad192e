// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/left_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/uncertainty/conflicts.hpp"
#include "sim/uncertainty/evidence.hpp"
#include "sim/uncertainty/step_band.hpp"

namespace sextant::sim {

namespace {

constexpr double apart = 1.05;  // closer pairs are within the noise of repeated measurements

std::string fold_name(const ValidationRow& row, LeftOutBy by) {
  switch (by) {
    case LeftOutBy::publisher_family: return row.publisher.substr(0, row.publisher.find(' '));
    case LeftOutBy::publisher: return row.publisher;
    case LeftOutBy::model: return row.run.model.name;
    case LeftOutBy::cell:
      return fmt::format("{}, tp {}, hidden {}, micro-batch {}", row.publisher, row.run.parallelism.tp,
                         row.run.model.hidden, row.run.batch.micro_sequences);
  }
  return {};
}

/// What two layouts of the same work share.
std::string work_of(const ValidationRow& row) {
  const Run& r = row.run;
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}", row.publisher, r.model.name, r.model.layers(), r.cluster.gpu.id,
                     r.cluster.gpus, static_cast<int>(r.precision), r.batch.seq_len, r.batch.global_sequences,
                     r.model.hidden);
}

}  // namespace

std::vector<Fold> folds_by(std::span<const ValidationRow> rows, LeftOutBy by) {
  std::vector<Fold> folds;
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string name = fold_name(rows[i], by);
    const auto [at, added] = place.try_emplace(name, folds.size());
    if (added) folds.push_back({std::move(name), {}});
    folds[at->second].rows.push_back(i);
  }
  return folds;
}

std::vector<LeftOutRow> predict_left_out(std::span<const ValidationRow> rows, const std::vector<FitRow>& fit_rows,
                                         const std::vector<Fold>& folds, const Calibration& calibration,
                                         const FitOptions& options) {
  const std::vector<Fit> without = fit_without(fit_rows, folds, calibration.parameters, options);
  std::vector<std::size_t> fold_of(rows.size());
  for (std::size_t f = 0; f < folds.size(); ++f) {
    for (const std::size_t i : folds[f].rows) fold_of[i] = f;
  }
  std::vector<MeasuredConfiguration> steps;
  for (const ValidationRow& row : rows) steps.push_back({configuration_of(row.run), row.measured});
  std::vector<LeftOutRow> result(rows.size());
  for (std::size_t f = 0; f < folds.size(); ++f) {
    Calibration refit = calibration;
    refit.parameters = without[f].parameters;
    refit.fitted = without[f].fitted;
    refit.covariance = without[f].covariance;
    refit.evidence.clear();
    std::vector<MeasuredConfiguration> seen;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (fold_of[i] == f) continue;
      add_evidence(refit.evidence, rows[i].run);
      seen.push_back(steps[i]);
    }
    refit.conflicts = conflicts_among(std::move(seen));
    for (const std::size_t i : folds[f].rows) {
      const ValidationRow& row = rows[i];
      LeftOutRow& out = result[i];
      const StepEstimate estimate = evaluate(row.run, refit.parameters);
      out.uncertainty = step_uncertainty(row.run, estimate, refit);
      out.band = band_around(estimate.time, out.uncertainty.half_width);
      out.errors = row.errors;
      out.errors.error = out.band.mid / row.measured - 1.0;
      out.errors.in_band = out.band.contains(row.measured);
      out.errors.half_width = out.uncertainty.half_width;
      out.errors.regime = out.uncertainty.name();
    }
  }
  return result;
}

PairOrder pair_order(std::span<const ValidationRow> rows, std::span<const Seconds> predicted) {
  std::map<std::string, std::vector<std::size_t>> works;
  for (std::size_t i = 0; i < rows.size(); ++i) works[work_of(rows[i])].push_back(i);
  PairOrder order;
  for (const auto& [work, members] : works) {
    for (std::size_t a = 0; a < members.size(); ++a) {
      for (std::size_t b = a + 1; b < members.size(); ++b) {
        const double measured = rows[members[a]].measured / rows[members[b]].measured;
        if (same_run(rows[members[a]].run, rows[members[b]].run)) continue;
        if (measured < apart && measured > 1.0 / apart) continue;
        ++order.pairs;
        order.right += (predicted[members[a]] > predicted[members[b]]) == (measured > 1.0) ? 1 : 0;
      }
    }
  }
  return order;
}

}  // namespace sextant::sim
