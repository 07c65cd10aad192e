// SPDX-License-Identifier: Apache-2.0
// Are the times right?
#include <algorithm>

#include "tests/sim/schedule/support.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim::schedule;
using namespace sextant::sim::schedule::test;

namespace {

struct Expected {
  int stage;
  const char* name;
  double start;
  double end;
};

void check_items(const Timeline& t, const std::vector<Expected>& expected) {
  CHECK(t.items.size() == expected.size());
  for (const Expected& e : expected) {
    INFO("stage " << e.stage << " " << e.name);
    const auto same = [&](const TimedItem& i) {
      return i.stage == e.stage && item_name(i.item, t.layout, t.microbatches) == e.name;
    };
    const auto found = std::find_if(t.items.begin(), t.items.end(), same);
    REQUIRE(found != t.items.end());
    CHECK(found->start.value() == Approx(e.start));
    CHECK(found->end.value() == Approx(e.end));
  }
}

std::vector<Seconds> seconds(std::initializer_list<double> values) {
  std::vector<Seconds> out;
  for (const double v : values) out.push_back(Seconds{v});
  return out;
}

/// Time of one micro-batch alone, there and back, and of everything on one device.
double alone(const Program& program, const StageCosts& c, const Links& links) {
  double t = 0;
  const auto stages = static_cast<std::size_t>(program.layout().virtual_stages());
  for (std::size_t v = 0; v < stages; ++v) t += (c.forward[v] + c.input_gradient[v]).value();
  for (std::size_t v = 0; v + 1 < stages; ++v) t += links.hop.empty() ? 0.0 : 2 * links.hop[v].value();
  return t;
}

}  // namespace

TEST_CASE("two devices, two micro-batches, by hand") {
  // F = 1 and 2, B + W = 2 + 1 and 3 + 1, hop 0.5:
  //   stage 0: F0 0-1, F1 1-2, B0 waits for stage 1's B0 (7.5) and the hop: 8-11, B1 13.5 + 0.5: 14-17
  //   stage 1: F0 waits for 1 + 0.5: 1.5-3.5, B0 3.5-7.5, F1 7.5-9.5, B1 9.5-13.5
  const Order order = schedule(ScheduleId::one_f_one_b).build({2, 1, 2, 0});
  const StageCosts costs{seconds({1, 2}), seconds({2, 3}), seconds({1, 1}), {}};
  const auto result = execute(order, costs, uniform_links(order.layout, Seconds{0.5}));
  REQUIRE(std::holds_alternative<Timeline>(result));
  const Timeline& t = std::get<Timeline>(result);
  check_items(t, {{0, "F0", 0, 1},
                  {0, "F1", 1, 2},
                  {0, "B0", 8, 11},
                  {0, "B1", 14, 17},
                  {1, "F0", 1.5, 3.5},
                  {1, "B0", 3.5, 7.5},
                  {1, "F1", 7.5, 9.5},
                  {1, "B1", 9.5, 13.5}});
  CHECK(t.makespan == Seconds{17});
  CHECK(t.stages[0] == StageTimes{Seconds{0}, Seconds{17}, Seconds{8}, Seconds{0}});
  CHECK(t.stages[1] == StageTimes{Seconds{1.5}, Seconds{13.5}, Seconds{12}, Seconds{0}});
  CHECK(t.bubble(0) == Seconds{9});
  CHECK(t.busiest_stage() == 1);
  CHECK(t.bubble() == Seconds{5});
  CHECK(t.gradient_ready == seconds({17, 13.5}));
}

TEST_CASE("a send that blocks holds its sender up") {
  // The same with blocking sends:
  //   stage 0: F0 0-1, sends to 1.5, F1 1.5-2.5, sends to 3, B0 8-11, B1 14.5-17.5
  //   stage 1: F0 1.5-3.5, B0 3.5-7.5, sends to 8, F1 8-10, B1 10-14, sends to 14.5
  const Order order = schedule(ScheduleId::one_f_one_b).build({2, 1, 2, 0});
  const StageCosts costs{seconds({1, 2}), seconds({2, 3}), seconds({1, 1}), {}};
  const auto result = execute(order, costs, uniform_links(order.layout, Seconds{0.5}, true));
  const Timeline& t = std::get<Timeline>(result);
  check_items(t, {{0, "F0", 0, 1},
                  {0, "F1", 1.5, 2.5},
                  {0, "B0", 8, 11},
                  {0, "B1", 14.5, 17.5},
                  {1, "F0", 1.5, 3.5},
                  {1, "B0", 3.5, 7.5},
                  {1, "F1", 8, 10},
                  {1, "B1", 10, 14}});
  CHECK(t.stages[0].sending == Seconds{1});
  CHECK(t.stages[1].sending == Seconds{1});
  CHECK(t.bubble(0) == Seconds{17.5 - 8 - 1});
}

TEST_CASE("weight gradients run when they are told to") {
  // ZB-H1 on 2 devices, F = B = W = 1, no hops: stage 1 runs F0 I0 F1 I1 W0 W1 from 1 on, stage 0 F0 F1 I0 W0 I1 W1.
  const Order order = schedule(ScheduleId::zb_h1).build({2, 1, 2, 0});
  const StageCosts costs{seconds({1, 1}), seconds({1, 1}), seconds({1, 1}), {}};
  const auto result = execute(order, costs, {});
  check_items(std::get<Timeline>(result), {{0, "F0", 0, 1},
                                           {0, "F1", 1, 2},
                                           {0, "I0", 3, 4},
                                           {0, "W0", 4, 5},
                                           {0, "I1", 5, 6},
                                           {0, "W1", 6, 7},
                                           {1, "F0", 1, 2},
                                           {1, "I0", 2, 3},
                                           {1, "F1", 3, 4},
                                           {1, "I1", 4, 5},
                                           {1, "W0", 5, 6},
                                           {1, "W1", 6, 7}});
}

TEST_CASE("an overlapped pair takes its own time and ends for both") {
  // One device, two chunks of DualPipeV (both virtual stages at the turn), 3 micro-batches. F = 1, B = W = 1, F&B
  // = 2.5: F0.0 F0.1 | F1.0 B0.1 F1.1&B0.0 F2.0&B1.1 F2.1&B1.0 | B2.1 I2.0 | W2.0
  const Order order = schedule(ScheduleId::dualpipe_v).build({1, 2, 3, 0});
  CHECK(line(order, 0) == "F0.0 F0.1 F1.0 B0.1 F1.1&B0.0 F2.0&B1.1 F2.1&B1.0 B2.1 I2.0 W2.0");
  const auto made = compile(order, Loops::unroll);
  const Program& program = std::get<Program>(made);
  CHECK(program.overlaps() == std::vector<Overlap>{{0, 1}, {1, 0}});
  Workspace workspace;
  const Timeline& t = execute(program, 3, equal_costs(program, 1, 1, 1, 2.5), {}, workspace, Keep::items);
  CHECK(t.makespan == Seconds{1 + 1 + 1 + 2 + 3 * 2.5 + 2 + 1 + 1});
  // Without times of pairs nothing is gained.
  StageCosts no_gain = equal_costs(program, 1, 1, 1, 0);
  no_gain.pair.clear();
  CHECK(execute(program, 3, no_gain, {}, workspace).makespan == Seconds{18});
}

TEST_CASE("a deadlock is a value that names what is stuck") {
  // Stage 1 wants to run the backward of micro-batch 0 before its forward.
  Order order = schedule(ScheduleId::one_f_one_b).build({2, 1, 2, 0});
  std::swap(order.items[1][0], order.items[1][1]);
  const auto result = execute(order, {}, {});
  REQUIRE(std::holds_alternative<Deadlock>(result));
  CHECK(std::get<Deadlock>(result).text() ==
        "stage 0, item 2 waits for input gradient of virtual stage 1, micro-batch 0\n"
        "stage 1, item 0 waits for forward of virtual stage 1, micro-batch 0\n");
  // Nobody runs what stage 1 waits for.
  order = schedule(ScheduleId::one_f_one_b).build({2, 1, 1, 0});
  order.items[0].erase(order.items[0].begin());
  CHECK(std::get<Deadlock>(execute(order, {}, {})).stuck[1].waits_for ==
        "forward of virtual stage 0, micro-batch 0, which no device runs");
  // Two devices that wait for each other.
  order = schedule(ScheduleId::gpipe).build({2, 1, 1, 0});
  std::swap(order.items[0][0], order.items[0][1]);
  CHECK(std::get<Deadlock>(execute(order, {}, {})).text() ==
        "stage 0, item 0 waits for input gradient of virtual stage 1, micro-batch 0\n"
        "stage 1, item 0 waits for forward of virtual stage 0, micro-batch 0\n");
}

TEST_CASE("orders that are none are refused with their faults") {
  Order order = schedule(ScheduleId::gpipe).build({2, 1, 2, 0});
  order.items[0][1] = order.items[0][0];
  order.items[1][0].microbatch = 9;
  const auto result = compile(order);
  REQUIRE(std::holds_alternative<Deadlock>(result));
  CHECK(std::get<Deadlock>(result).text() ==
        "stage 0, item 1: forward of virtual stage 0, micro-batch 0 runs twice\n"
        "stage 1, item 0: there is no such chunk or micro-batch\n");
  order.items.pop_back();
  CHECK(std::get<Deadlock>(compile(order)).faults == std::vector<std::string>{"items of 1 stages, expected 2"});
  order.layout.chunks = 0;
  CHECK_FALSE(std::get<Deadlock>(compile(order)).faults.empty());
  order.layout = {1 << 20, 1 << 20, Placement::loop};
  CHECK_FALSE(std::get<Deadlock>(compile(order)).faults.empty());
}

TEST_CASE("a part of a step runs too: forwards only") {
  Order order = schedule(ScheduleId::gpipe).build({3, 1, 4, 0});
  for (auto& items : order.items) std::erase_if(items, [](const Item& i) { return i.pass != Pass::forward; });
  const StageCosts costs{seconds({1, 2, 1}), seconds({1, 1, 1}), seconds({1, 1, 1}), {}};
  CHECK(std::get<Timeline>(execute(order, costs, {})).makespan == Seconds{1 + 4 * 2 + 1});
}

TEST_CASE("no step is faster than its busiest device or one micro-batch, or slower than all work in a row") {
  std::mt19937 random(2);
  for (const Case& c : cases({1, 2, 4, 6}, {1, 3, 4, 8, 12, 16})) {
    INFO(c.name());
    const Program program = unrolled(c);
    Workspace workspace;
    for (const bool blocking : {false, true}) {
      StageCosts costs = random_costs(program, random);
      costs.pair.clear();  // so that one micro-batch alone cannot gain
      const Links links = random_links(program.layout(), random, blocking);
      const Timeline& t = execute(program, c.shape.microbatches, costs, links, workspace);
      double serial = 0;
      for (const StageTimes& s : t.stages) {
        CHECK(t.makespan.value() >= (s.busy + s.sending).value() - 1e-9);
        CHECK(t.makespan.value() >= (s.end - s.start).value() - 1e-9);
        serial += s.busy.value();
      }
      double hops = 0;
      for (const Seconds hop : links.hop) hops += hop.value();
      CHECK(t.makespan.value() >= alone(program, costs, links) - 1e-9);
      CHECK(t.makespan.value() <= serial + 2 * hops * c.shape.microbatches + 1e-9);
    }
  }
}

TEST_CASE("no step gets faster when a stage or a hop gets slower") {
  std::mt19937 random(3);
  for (const Case& c : cases({2, 4}, {4, 8, 12})) {
    INFO(c.name());
    const Program program = unrolled(c);
    Workspace workspace;
    const StageCosts costs = random_costs(program, random);
    const Links links = random_links(program.layout(), random, false);
    const auto makespan = [&](const StageCosts& with, const Links& over) {
      return execute(program, c.shape.microbatches, with, over, workspace).makespan;
    };
    const Seconds before = makespan(costs, links);
    const auto slower = [&](std::vector<Seconds> StageCosts::*field, std::size_t i) {
      StageCosts more = costs;
      (more.*field)[i] *= 1.3;
      return makespan(more, links);
    };
    for (std::size_t v = 0; v < costs.forward.size(); ++v) {
      CHECK(slower(&StageCosts::forward, v) >= before);
      CHECK(slower(&StageCosts::input_gradient, v) >= before);
      CHECK(slower(&StageCosts::weight_gradient, v) >= before);
    }
    for (std::size_t i = 0; i < costs.pair.size(); ++i) CHECK(slower(&StageCosts::pair, i) >= before);
    for (std::size_t h = 0; h < links.hop.size(); ++h) {
      Links more = links;
      more.hop[h] += Seconds{0.2};
      CHECK(makespan(costs, more) >= before);
    }
    Links blocking = links;
    blocking.blocking = true;
    CHECK(makespan(costs, blocking) >= before);
  }
}

TEST_CASE("items follow each other and their inputs") {
  std::mt19937 random(4);
  for (const Case& c : cases({2, 3, 4, 8}, {4, 7, 8, 16})) {
    INFO(c.name());
    const Program program = unrolled(c);
    Workspace workspace;
    const Links links = random_links(program.layout(), random, false);
    const Timeline& t =
        execute(program, c.shape.microbatches, random_costs(program, random), links, workspace, Keep::items);
    const Order order = c.row->build(c.shape);
    CHECK(t.items.size() == order.size());
    std::vector<std::size_t> position(order.items.size());
    std::vector<Seconds> free_at(order.items.size());
    for (const TimedItem& i : t.items) {
      const auto s = static_cast<std::size_t>(i.stage);
      CHECK(i.item == order.items[s][position[s]++]);
      CHECK(i.start >= free_at[s]);
      free_at[s] = i.end;
      if (i.item.pass != Pass::forward) continue;
      // The forward before it, wherever that ran, ended a hop earlier.
      const Site site = t.layout.site(i.item.chunk, i.stage);
      if (site.virtual_stage == 0) continue;
      const Site upstream{site.route, site.virtual_stage - 1};
      const auto made = std::find_if(t.items.begin(), t.items.end(), [&](const TimedItem& o) {
        return has_forward(o.item.pass) && o.item.microbatch == i.item.microbatch &&
               t.layout.site(o.item.chunk, o.stage) == upstream;
      });
      REQUIRE(made != t.items.end());
      CHECK(i.start >= made->end + links.hop[static_cast<std::size_t>(t.layout.hop_index(upstream))]);
    }
    for (std::size_t s = 0; s < free_at.size(); ++s) CHECK(free_at[s] == t.stages[s].end);
  }
}
