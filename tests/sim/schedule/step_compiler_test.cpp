// SPDX-License-Identifier: Apache-2.0
// Do the programs of the table's schedules, which are compiled the quick way, run like those that are compiled as any
// order is?
#include <map>

#include "sim/schedule/program_cache.hpp"
#include "tests/sim/schedule/support.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim::schedule;
using namespace sextant::sim::schedule::test;

namespace {

Program any_order(const Case& c) { return std::get<Program>(compile(c.row->build(reduced(*c.row, c.shape)))); }

/// What each device runs, with its times.
std::map<int, std::vector<TimedItem>> by_stage(const Timeline& t) {
  std::map<int, std::vector<TimedItem>> out;
  for (const TimedItem& i : t.items) out[i.stage].push_back(i);
  return out;
}

bool same(const TimedItem& a, const TimedItem& b) {
  return a.item == b.item && a.start == b.start && a.end == b.end && a.forward_hop == b.forward_hop &&
         a.gradient_hop == b.gradient_hop;
}

bool same_items(const Timeline& a, const Timeline& b) {
  const auto left = by_stage(a);
  const auto right = by_stage(b);
  if (left.size() != right.size()) return false;
  for (const auto& [stage, items] : left) {
    const auto other = right.find(stage);
    if (other == right.end() || other->second.size() != items.size()) return false;
    if (!std::equal(items.begin(), items.end(), other->second.begin(), same)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a schedule's program gives the times of its order to the bit") {
  std::mt19937 random(11);
  Workspace workspace;
  int looping = 0;
  for (const Case& c : cases({1, 2, 3, 4, 6, 8, 16}, {1, 2, 3, 4, 5, 7, 8, 12, 16, 18, 32, 33, 48, 60, 97})) {
    INFO(c.name());
    const Program quick = compile(*c.row, c.shape);
    const Program plain = any_order(c);
    REQUIRE(quick.loops() == plain.loops());
    REQUIRE(quick.size() == plain.size());
    REQUIRE(quick.overlaps() == plain.overlaps());
    looping += quick.loops() ? 1 : 0;
    const StageCosts costs = random_costs(plain, random);
    for (const bool blocking : {false, true}) {
      const Links links = random_links(plain.layout(), random, blocking);
      for (const Keep keep : {Keep::times, Keep::items}) {
        const Timeline a = execute(quick, c.shape.microbatches, costs, links, workspace, keep);
        const Timeline b = execute(plain, c.shape.microbatches, costs, links, workspace, keep);
        CHECK(a.makespan == b.makespan);
        CHECK(a.stages == b.stages);
        CHECK(a.gradient_ready == b.gradient_ready);
        CHECK(same_items(a, b));
      }
    }
  }
  CHECK(looping > 100);
}

TEST_CASE("what devices hold is told from a schedule's program as from its order") {
  for (const Case& c : cases({2, 4, 6}, {4, 12, 24})) {
    INFO(c.name());
    const Activations quick = compile(*c.row, c.shape).activations();
    const Activations plain(c.row->build(reduced(*c.row, c.shape)));
    for (int s = 0; s < c.shape.stages; ++s) {
      CHECK(quick.peak(s) == plain.peak(s));
      for (int chunk = 0; chunk < c.shape.chunks; ++chunk) CHECK(quick.peak(s, chunk) == plain.peak(s, chunk));
    }
  }
}
