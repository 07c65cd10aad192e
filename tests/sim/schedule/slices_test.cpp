// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/slices.hpp"

#include "tests/sim/schedule/support.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim::schedule;
using namespace sextant::sim::schedule::test;

TEST_CASE("a timeline becomes compute and send slices") {
  // The hand-computed step of executor_test.cpp: hop 0.5 between two devices.
  const Order order = schedule(ScheduleId::one_f_one_b).build({2, 1, 2, 0});
  const StageCosts costs{{Seconds{1}, Seconds{2}}, {Seconds{2}, Seconds{3}}, {Seconds{1}, Seconds{1}}, {}};
  const auto result = execute(order, costs, uniform_links(order.layout, Seconds{0.5}));
  const std::vector<TraceSlice> all = slices(std::get<Timeline>(result));
  REQUIRE(all.size() == 8 + 4);  // two forwards sent on, two gradients sent back
  CHECK(all[0].name == "F0");
  const auto find = [&](const std::string& name, int stage) -> const TraceSlice& {
    for (const TraceSlice& s : all) {
      if (s.name == name && s.stage == stage) return s;
    }
    FAIL("no slice " << name);
    return all[0];
  };
  const TraceSlice& sent = find("F1 to stage 1", 0);
  CHECK(sent.lane == Lane::send_forward);
  CHECK(sent.start == Seconds{2});
  CHECK(sent.duration == Seconds{0.5});
  const TraceSlice& back = find("B0 to stage 0", 1);
  CHECK(back.lane == Lane::send_backward);
  CHECK(back.start == Seconds{7.5});
  CHECK(find("B1", 0).duration == Seconds{3});
  CHECK(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.start < b.start; }));
  CHECK(lanes(all) == std::vector<TraceLane>{{0, Lane::compute, "compute"},
                                             {0, Lane::send_forward, "send forward"},
                                             {1, Lane::compute, "compute"},
                                             {1, Lane::send_backward, "send backward"}});
}

TEST_CASE("the halves of a pair send under their own names") {
  const Order order = schedule(ScheduleId::dualpipe).build({4, 2, 16, 0});
  const auto made = compile(order, Loops::unroll);
  const Program& program = std::get<Program>(made);
  Workspace workspace;
  const Timeline& t = execute(program, 16, equal_costs(program, 1, 1, 1, 2.5),
                              uniform_links(order.layout, Seconds{0.1}), workspace, Keep::items);
  // Each of 16 micro-batches crosses 3 hops twice.
  int sends = 0;
  for (const TraceSlice& s : slices(t)) {
    sends += s.lane != Lane::compute;
    CHECK((s.lane == Lane::compute) == (s.name.find(" to ") == std::string::npos));
    if (s.lane != Lane::compute) CHECK(s.name.find('&') == std::string::npos);
  }
  CHECK(sends == 16 * 3 * 2);
}

TEST_CASE("levels of held activations reach the peak and come down to nothing") {
  for (const Case& c : cases({2, 4}, {8, 12})) {
    INFO(c.name());
    const Program program = unrolled(c);
    Workspace workspace;
    const Timeline& t =
        execute(program, c.shape.microbatches, equal_costs(program, 1, 1, 1, 2.5), {}, workspace, Keep::items);
    for (int stage = 0; stage < c.shape.stages; ++stage) {
      int peak = 0;
      const std::vector<HeldLevel> levels = held_levels(t, stage);
      for (std::size_t i = 0; i < levels.size(); ++i) {
        peak = std::max(peak, levels[i].held.until_weight_gradient);
        CHECK(levels[i].held.until_input_gradient <= levels[i].held.until_weight_gradient);
        if (i > 0) CHECK(levels[i].since > levels[i - 1].since);
      }
      CHECK(peak == program.activations().peak(stage).until_weight_gradient);
      CHECK(levels.back().held == Held{0, 0});
    }
  }
}
