// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/learn_widths.hpp"

#include <algorithm>
#include <cmath>

namespace sextant::sim {

namespace {

constexpr double missed = 2.0 / 0.2;   // what a unit outside an 80 % interval costs
constexpr double prior_rows = 2.0;     // samples that the table's width is worth
constexpr double usual_width = 0.1;    // most that such a sample weighs; a parameter's width is in other units
constexpr double prior_spread = 0.7;   // of the logarithm of a width
constexpr double least_factor = 0.05;  // of the table's width
constexpr double most_factor = 4.0;
constexpr int sweeps = 12;
// The forms were chosen with these rows in sight, which refits do not undo. A first prototype of the same forms was off
// by 1.2 times more on publishers nobody had looked at than on those left out of its fit; half of that is taken here.
constexpr double fresh_rows = 1.1;

/// Samples with squared amounts by regime, packed.
class Score {
 public:
  explicit Score(std::span<const BandSample> samples) {
    const Regime* first = regimes().data();
    for (const BandSample& s : samples) {
      errors_.push_back(std::abs(s.error));
      weights_.push_back(s.weight);
      starts_.push_back(terms_.size());
      for (const Widening& w : s.parts)
        terms_.push_back({static_cast<std::size_t>(w.regime - first), w.amount * w.amount});
    }
    starts_.push_back(terms_.size());
  }

  [[nodiscard]] int rows_of(std::size_t regime) const {
    return static_cast<int>(
        std::count_if(terms_.begin(), terms_.end(), [&](const Amount& a) { return a.regime == regime; }));
  }

  [[nodiscard]] double operator()(const std::vector<double>& widths) const {
    double sum = 0;
    for (std::size_t i = 0; i < errors_.size(); ++i) {
      double squares = 0;
      for (std::size_t k = starts_[i]; k < starts_[i + 1]; ++k)
        squares += terms_[k].square * widths[terms_[k].regime] * widths[terms_[k].regime];
      const double h = std::sqrt(squares);
      sum += weights_[i] * (2.0 * h + missed * std::max(0.0, errors_[i] - h));
    }
    for (std::size_t r = 0; r < widths.size(); ++r) {
      const double moved = std::log(widths[r] / regimes()[r].half_width) / prior_spread;
      sum += prior_rows * std::min(regimes()[r].half_width, usual_width) * moved * moved;
    }
    return sum;
  }

 private:
  struct Amount {
    std::size_t regime;
    double square;
  };
  std::vector<double> errors_, weights_;
  std::vector<std::size_t> starts_;
  std::vector<Amount> terms_;
};

/// The best factor on one width by ever finer steps; the score has many small kinks, so no derivative is taken.
void improve_width(const Score& score, std::vector<double>& widths, std::size_t regime, double step) {
  double best = score(widths);
  const double table = regimes()[regime].half_width;
  for (; step > 0.005; step /= 2) {
    for (const double sign : {1.0, -1.0}) {
      for (bool better = true; better;) {
        const double before = widths[regime];
        widths[regime] = std::clamp(before * std::exp(sign * step), table * least_factor, table * most_factor);
        const double now = score(widths);
        better = now < best;
        if (better) {
          best = now;
        } else {
          widths[regime] = before;
        }
      }
    }
  }
}

}  // namespace

std::vector<LearnedWidth> learn_widths(std::span<const BandSample> samples) {
  const Score score(samples);
  std::vector<double> widths;
  std::vector<int> rows;
  for (std::size_t r = 0; r < regimes().size(); ++r) {
    widths.push_back(regimes()[r].half_width);
    rows.push_back(regimes()[r].learned ? score.rows_of(r) : 0);
  }
  double before = score(widths);
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    for (std::size_t r = 0; r < widths.size(); ++r) {
      if (rows[r] > 0) improve_width(score, widths, r, sweep == 0 ? 0.5 : 0.1);
    }
    const double now = score(widths);
    if (before - now < 1e-5 * before) break;
    before = now;
  }
  std::vector<LearnedWidth> learned;
  for (std::size_t r = 0; r < widths.size(); ++r) {
    if (rows[r] > 0) learned.push_back({std::string(regimes()[r].tag), widths[r], rows[r]});
  }
  return learned;
}

std::vector<LearnedWidth> for_fresh_rows(std::vector<LearnedWidth> widths) {
  for (LearnedWidth& w : widths) w.half_width *= fresh_rows;
  return widths;
}

std::vector<BandSample> band_samples(std::span<const LeftOutRow> left_out, std::span<const FitRow> rows) {
  std::vector<BandSample> samples;
  for (std::size_t i = 0; i < left_out.size(); ++i)
    samples.push_back({std::log1p(left_out[i].errors.error), rows[i].weight, left_out[i].uncertainty.parts});
  return samples;
}

std::vector<bool> held_without_fold(std::span<const BandSample> samples, const std::vector<Fold>& folds,
                                    std::size_t rows) {
  std::vector<bool> held(rows);
  std::vector<bool> left_out(rows);
  for (const Fold& fold : folds) {
    for (const std::size_t i : fold.rows) left_out[i] = true;
    std::vector<BandSample> others;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (!left_out[i % rows]) others.push_back(samples[i]);
    }
    const std::vector<LearnedWidth> widths = for_fresh_rows(learn_widths(others));
    for (const std::size_t i : fold.rows) {
      held[i] = std::abs(samples[i].error) <= half_width_with(samples[i].parts, widths);
      left_out[i] = false;
    }
  }
  return held;
}

double half_width_with(std::span<const Widening> parts, std::span<const LearnedWidth> widths) {
  double squares = 0;
  for (const Widening& part : parts) {
    double width = part.regime->half_width;
    for (const LearnedWidth& learned : widths) {
      if (learned.regime == part.regime->tag) width = learned.half_width;
    }
    squares += width * width * part.amount * part.amount;
  }
  return std::sqrt(squares);
}

}  // namespace sextant::sim
