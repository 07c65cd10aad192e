// SPDX-License-Identifier: Apache-2.0
// What the schedule tests share: shapes to try, costs, programs that must exist.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "sim/schedule/executor.hpp"
#include "sim/schedule/schedules.hpp"

namespace sextant::sim::schedule::test {

/// Every schedule with every shape it takes out of a grid.
struct Case {
  const Schedule* row;
  Shape shape;

  [[nodiscard]] std::string name() const {
    return std::string(row->name) + " p=" + std::to_string(shape.stages) + " v=" + std::to_string(shape.chunks) +
           " m=" + std::to_string(shape.microbatches) + " group=" + std::to_string(shape.microbatch_group);
  }
};

inline std::vector<Case> cases(const std::vector<int>& stages, const std::vector<int>& microbatches) {
  std::vector<Case> out;
  for (const Schedule& row : schedules()) {
    for (const int p : stages) {
      for (const int v : {1, 2, 3, 5}) {
        for (const int m : microbatches) {
          const Shape shape{p, v, m, 0};
          if (row.refusal(shape).empty()) out.push_back({&row, shape});
        }
      }
    }
  }
  return out;
}

inline StageCosts equal_costs(const Program& program, double f, double b, double w, double pair) {
  const auto stages = static_cast<std::size_t>(program.layout().virtual_stages());
  return {std::vector<Seconds>(stages, Seconds{f}), std::vector<Seconds>(stages, Seconds{b}),
          std::vector<Seconds>(stages, Seconds{w}), std::vector<Seconds>(program.overlaps().size(), Seconds{pair})};
}

/// Stages that differ by up to `spread` of 1, pairs that save up to a third.
inline StageCosts random_costs(const Program& program, std::mt19937& random, double spread = 0.5) {
  std::uniform_real_distribution<double> one(1.0 - spread, 1.0 + spread);
  std::uniform_real_distribution<double> gain(0.67, 1.0);
  StageCosts costs;
  for (int v = 0; v < program.layout().virtual_stages(); ++v) {
    costs.forward.push_back(Seconds{one(random)});
    costs.input_gradient.push_back(Seconds{one(random)});
    costs.weight_gradient.push_back(Seconds{one(random)});
  }
  for (const Overlap& o : program.overlaps()) {
    const auto f = static_cast<std::size_t>(o.forward_virtual_stage);
    const auto b = static_cast<std::size_t>(o.backward_virtual_stage);
    costs.pair.push_back(gain(random) * (costs.forward[f] + costs.input_gradient[b] + costs.weight_gradient[b]));
  }
  return costs;
}

inline Links random_links(const Layout& layout, std::mt19937& random, bool blocking) {
  std::uniform_real_distribution<double> hop(0.0, 0.3);
  Links links = uniform_links(layout, Seconds{1.0}, blocking);
  for (Seconds& h : links.hop) h *= hop(random);
  return links;
}

/// Every micro-batch laid out, none skipped.
inline Program unrolled(const Case& c) { return std::get<Program>(compile(c.row->build(c.shape), Loops::unroll)); }

/// "F0 F1 B0 ..." of one device.
inline std::string line(const Order& order, int stage) {
  std::string out;
  for (const Item& item : order.items[static_cast<std::size_t>(stage)]) {
    out += (out.empty() ? "" : " ") + item_name(item, order.layout, order.microbatches);
  }
  return out;
}

}  // namespace sextant::sim::schedule::test
