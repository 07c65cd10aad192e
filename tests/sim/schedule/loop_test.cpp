// SPDX-License-Identifier: Apache-2.0
// Is a step whose repetitions are added up the step with every item run?
#include "sim/schedule/program_cache.hpp"
#include "tests/sim/schedule/support.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim::schedule;
using namespace sextant::sim::schedule::test;

namespace {

bool close(Seconds a, Seconds b) { return std::abs(a.value() - b.value()) <= 1e-9 * std::abs(b.value()); }

void check_same(const Timeline& got, const Timeline& all) {
  CHECK(close(got.makespan, all.makespan));
  REQUIRE(got.stages.size() == all.stages.size());
  for (std::size_t s = 0; s < all.stages.size(); ++s) {
    CHECK(close(got.stages[s].start, all.stages[s].start));
    CHECK(close(got.stages[s].end, all.stages[s].end));
    CHECK(close(got.stages[s].busy, all.stages[s].busy));
    CHECK(close(got.stages[s].sending, all.stages[s].sending));
  }
  REQUIRE(got.gradient_ready.size() == all.gradient_ready.size());
  for (std::size_t i = 0; i < all.gradient_ready.size(); ++i)
    CHECK(close(got.gradient_ready[i], all.gradient_ready[i]));
}

}  // namespace

TEST_CASE("every schedule but GPipe has a loop once there are enough micro-batches") {
  for (const Case& c : cases({1, 2, 3, 4, 6, 8, 12, 16}, {120, 121, 127, 240})) {
    INFO(c.name());
    const Program program = compile(*c.row, c.shape);
    CHECK(program.loops() == (c.row->id != ScheduleId::gpipe));
    CHECK(program.runs(c.shape.microbatches));
    CHECK_FALSE(program.runs(program.microbatches() - 1));
  }
}

TEST_CASE("added repetitions give the times of run ones") {
  std::mt19937 random(5);
  Workspace looped;
  Workspace full;
  for (const Case& c : cases({1, 2, 3, 4, 8}, {8, 16, 17, 22, 37, 64, 150})) {
    INFO(c.name());
    const Program program = compile(*c.row, c.shape);
    const Program all = unrolled(c);
    REQUIRE(program.runs(c.shape.microbatches));
    REQUIRE(program.overlaps() == all.overlaps());
    // Alike, nearly alike (which settles late or never) and very different stages.
    for (const double spread : {0.0, 0.003, 0.1, 0.8}) {
      for (const bool blocking : {false, true}) {
        const StageCosts costs = random_costs(all, random, spread);
        const Links links = random_links(all.layout(), random, blocking);
        check_same(execute(program, c.shape.microbatches, costs, links, looped),
                   execute(all, c.shape.microbatches, costs, links, full));
      }
    }
    for (int stage = 0; stage < c.shape.stages; ++stage) {
      CHECK(program.activations().peak(stage) == all.activations().peak(stage));
      for (int chunk = 0; chunk < c.shape.chunks; ++chunk) {
        CHECK(program.activations().peak(stage, chunk) == all.activations().peak(stage, chunk));
      }
    }
  }
}

TEST_CASE("a loop that keeps its items runs the whole order") {
  std::mt19937 random(6);
  Workspace workspace;
  for (const Case& c : cases({1, 2, 4, 6}, {40, 43, 60})) {
    INFO(c.name());
    const Program program = compile(*c.row, c.shape);
    const StageCosts costs = random_costs(program, random);
    const Order order = c.row->build(c.shape);
    const Timeline& t = execute(program, c.shape.microbatches, costs, {}, workspace, Keep::items);
    std::vector<std::vector<Item>> items(order.items.size());
    for (const TimedItem& i : t.items) items[static_cast<std::size_t>(i.stage)].push_back(i.item);
    CHECK(items == order.items);
    const Timeline kept = t;
    check_same(execute(program, c.shape.microbatches, costs, {}, workspace), kept);
  }
}

TEST_CASE("1F1B with a slow first device, by hand, for any number of micro-batches") {
  // F, B, W are 1.01 on device 0 of 4 and 1 on the others. Device 0 runs 4 forwards until 4.04 and waits for the first
  // gradient: 4.01 there, 3 x 2 back, at 10.01: idle 5.97. Then backward and forward in turn, 3.03 each, without a
  // pause, since the others take 3. Its last three backwards (2.02) come 3 apart: idle 3 x 0.98. In all 3.03 m + 8.91.
  const Schedule& row = schedule(ScheduleId::one_f_one_b);
  const StageCosts costs{{Seconds{1.01}, Seconds{1}, Seconds{1}, Seconds{1}},
                         {Seconds{1.01}, Seconds{1}, Seconds{1}, Seconds{1}},
                         {Seconds{1.01}, Seconds{1}, Seconds{1}, Seconds{1}},
                         {}};
  Workspace workspace;
  ProgramCache cache;
  for (const int m : {8, 100, 300, 1000, 5000}) {
    INFO(m);
    const Shape shape{4, 1, m, 0};
    const Timeline& t = execute(cache.get(row, shape), m, costs, {}, workspace);
    CHECK(t.makespan.value() == Approx(3.03 * m + 8.91).epsilon(1e-12));
  }
  CHECK(cache.size() == 1);
}

TEST_CASE("the cache makes one program for shapes that differ by repetitions") {
  ProgramCache cache;
  const Schedule& dualpipe = schedule(ScheduleId::dualpipe);
  const Program& first = cache.get(dualpipe, {16, 2, 120, 0});
  CHECK(&cache.get(dualpipe, {16, 2, 240, 0}) == &first);
  CHECK(cache.size() == 1);
  const Schedule& interleaved = schedule(ScheduleId::interleaved);
  const Program& eight = cache.get(interleaved, {8, 4, 64, 0});
  CHECK(&cache.get(interleaved, {8, 4, 128, 8}) == &eight);
  CHECK(&cache.get(interleaved, {8, 4, 129, 0}) != &eight);
  CHECK(&cache.get(dualpipe, {16, 2, 120, 0}) == &first);
}

TEST_CASE("a workspace that has run anything runs anything else") {
  std::mt19937 random(7);
  Workspace shared;
  for (const Case& c : cases({8, 2, 4}, {16, 9, 100})) {
    INFO(c.name());
    const Program program = compile(*c.row, c.shape);
    const StageCosts costs = random_costs(program, random);
    const Links links = random_links(program.layout(), random, false);
    Workspace fresh;
    const Timeline& a = execute(program, c.shape.microbatches, costs, links, shared);
    const Timeline& b = execute(program, c.shape.microbatches, costs, links, fresh);
    CHECK(a.makespan == b.makespan);  // bit for bit
    CHECK(a.stages == b.stages);
    CHECK(a.gradient_ready == b.gradient_ready);
  }
}
