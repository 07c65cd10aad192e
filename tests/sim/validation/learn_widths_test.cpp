// SPDX-License-Identifier: Apache-2.0
// Are widths learned that hold 80 % where there is data, and kept where there is none?
#include "sim/validation/learn_widths.hpp"

#include <cmath>
#include <random>

#include "tests/support/catch.hpp"

using namespace sextant::sim;

namespace {

const Regime* regime(std::string_view tag) {
  for (const Regime& r : regimes()) {
    if (r.tag == tag) return &r;
  }
  FAIL("no regime " << tag);
  return nullptr;
}

/// Gaussian errors of 0.05 in dense rows, 0.12 in all where a new stack adds to it.
std::vector<BandSample> samples(int n) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  std::vector<BandSample> list;
  for (int i = 0; i < n; ++i) {
    BandSample s{0.05 * normal(random), 1, {{regime("dense"), 0, 1}}};
    if (i % 2 == 1) {
      s.error = 0.12 * normal(random);
      s.parts.push_back({regime("new-stack"), 0, 1});
    }
    list.push_back(s);
  }
  return list;
}

double width(const std::vector<LearnedWidth>& widths, std::string_view tag) {
  for (const LearnedWidth& w : widths) {
    if (w.regime == tag) return w.half_width;
  }
  return 0;
}

}  // namespace

TEST_CASE("widths of known errors come back: 1.28 standard deviations hold 80 %") {
  const auto learned = learn_widths(samples(4000));
  CHECK(width(learned, "dense") == Approx(1.2816 * 0.05).epsilon(0.06));
  // What the new stack adds in squares.
  CHECK(width(learned, "new-stack") == Approx(1.2816 * std::sqrt(0.12 * 0.12 - 0.05 * 0.05)).epsilon(0.06));
  CHECK(width(learned, "moe") == 0);
}

TEST_CASE("80 % of each group lie inside") {
  const auto list = samples(4000);
  const auto learned = learn_widths(list);
  for (const std::size_t parts : {std::size_t{1}, std::size_t{2}}) {
    double inside = 0;
    double all = 0;
    for (const BandSample& s : list) {
      if (s.parts.size() != parts) continue;
      all += 1;
      inside += std::abs(s.error) <= half_width_with(s.parts, learned) ? 1 : 0;
    }
    CHECK(inside / all == Approx(0.8).margin(0.02));
  }
}

TEST_CASE("a few rows do not move a width far from the table's") {
  const double table = regime("dense")->half_width;
  const BandSample exact{0.0, 1, {{regime("dense"), 0, 1}}};
  CHECK(width(learn_widths(std::vector<BandSample>(1, exact)), "dense") > 0.2 * table);
  CHECK(width(learn_widths(std::vector<BandSample>(1, {0.3, 1, exact.parts})), "dense") <= Approx(4 * table));
}

TEST_CASE("a fold has no say in the widths it is judged by") {
  // Errors outside their fold are small, inside large: bands learned without the fold are too narrow for it.
  std::vector<BandSample> list;
  Fold fold{"far off", {}};
  for (std::size_t i = 0; i < 200; ++i) {
    const bool off = i >= 150;
    const double size = off ? 0.5 : 0.02;
    list.push_back({i % 2 == 0 ? size : -size, 1, {{regime("dense"), 0, 1}}});
    if (off) fold.rows.push_back(i);
  }
  const std::vector<bool> held = held_without_fold(list, {fold}, list.size());
  for (const std::size_t i : fold.rows) CHECK_FALSE(held[i]);
}
