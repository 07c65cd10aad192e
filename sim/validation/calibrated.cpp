// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/calibrated.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

#include "sim/uncertainty/conflicts.hpp"
#include "sim/uncertainty/evidence.hpp"
#include "sim/validation/fit_rows.hpp"
#include "sim/validation/learn_widths.hpp"
#include "sim/validation/left_out.hpp"

namespace sextant::sim {

namespace {

/// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/.
class Digest {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      state_ ^= static_cast<unsigned char>(c);
      state_ *= 0x100000001b3ULL;
    }
  }
  [[nodiscard]] std::string text() const { return fmt::format("{:016x}", state_); }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

/// Widths for known stacks come from rows of models the refit has not seen, those for unknown ones from families.
std::vector<LearnedWidth> widths_of(const Calibration& c, std::span<const models::Observation> observations,
                                    const std::vector<FitRow>& rows, const Catalogue& catalogue,
                                    const FitOptions& options, Diagnostics& faults) {
  const Validation v = validate(observations, catalogue, c, faults);
  std::vector<BandSample> samples;
  for (const LeftOutBy by : {LeftOutBy::publisher_family, LeftOutBy::model}) {
    const auto left_out = predict_left_out(v.rows, rows, folds_by(v.rows, by), c, options);
    auto more = band_samples(left_out, rows);
    std::move(more.begin(), more.end(), std::back_inserter(samples));
  }
  return for_fresh_rows(learn_widths(samples));
}

}  // namespace

std::string digest_of(std::span<const models::Observation> observations) {
  Digest digest;
  for (const models::Observation& o : observations) digest.add(fmt::format("{} {:.6g}\n", o.id, o.step_time_s));
  return digest.text();
}

Calibration calibrated(std::span<const models::Observation> observations, const Catalogue& catalogue,
                       const FitOptions& options, Diagnostics& faults) {
  Calibration c;
  const std::vector<FitRow> rows = fit_rows(observations, catalogue, faults);
  if (!faults.empty()) return c;
  Fit fit = sim::fit(rows, Parameters::priors(), options);
  c.parameters = fit.parameters;
  c.fitted = std::move(fit.fitted);
  c.covariance = std::move(fit.covariance);
  c.cost = fit.cost;
  c.rows = static_cast<int>(rows.size());
  c.rows_digest = digest_of(observations);
  std::vector<MeasuredConfiguration> steps;
  for (const FitRow& row : rows) {
    add_evidence(c.evidence, row.run);
    steps.push_back({configuration_of(row.run), row.measured});
  }
  c.conflicts = conflicts_among(std::move(steps));
  FitOptions quiet = options;
  quiet.progress = {};
  c.widths = widths_of(c, observations, rows, catalogue, quiet, faults);
  return c;
}

}  // namespace sextant::sim
