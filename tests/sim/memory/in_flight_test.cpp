// SPDX-License-Identifier: Apache-2.0
// The closed forms of micro-batches in flight against the orders of sim/schedule, walked item by item.
#include <algorithm>
#include <numeric>

#include "sim/memory/in_flight.hpp"
#include "sim/schedule/activations.hpp"
#include "sim/schedule/schedules.hpp"
#include "sim/workload/stage_layout.hpp"
#include "tests/sim/memory/runs.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::sim::test;

namespace {

struct Pair {
  sim::Schedule option;
  schedule::ScheduleId row;
  int vp;
};

constexpr Pair pairs[] = {
    {sim::Schedule::gpipe, schedule::ScheduleId::gpipe, 1},
    {sim::Schedule::one_f_one_b, schedule::ScheduleId::one_f_one_b, 1},
    {sim::Schedule::interleaved, schedule::ScheduleId::interleaved, 2},
    {sim::Schedule::interleaved, schedule::ScheduleId::interleaved, 5},
    {sim::Schedule::zb_h1, schedule::ScheduleId::zb_h1, 1},
    {sim::Schedule::zbv, schedule::ScheduleId::zbv, 1},
    {sim::Schedule::dualpipe, schedule::ScheduleId::dualpipe, 1},
    {sim::Schedule::dualpipe_v, schedule::ScheduleId::dualpipe_v, 1},
};

double sum_of(const std::vector<double>& held, int rank, int chunks) {
  const auto first = held.begin() + static_cast<std::ptrdiff_t>(rank) * chunks;
  return std::accumulate(first, first + chunks, 0.0);
}

}  // namespace

TEST_CASE("each rank holds as many micro-batches as its schedule's order") {
  for (const Pair& pair : pairs) {
    for (const int p : {2, 4, 8}) {
      const int m = 4 * p;
      Run run = megatron({64, 1024, 16}, 1, p, 1, m);
      run.parallelism.schedule = pair.option;
      run.parallelism.vp = pair.vp;
      const schedule::Schedule& row = schedule::schedule(pair.row);
      const int chunks = chunks_per_rank(run.parallelism);
      const schedule::Shape shape{p, chunks, m, 0};
      INFO(row.name << " p " << p << " v " << pair.vp);
      REQUIRE(row.refusal(shape).empty());
      const schedule::Activations walked(row.build(shape));
      const std::vector<double> held = in_flight(run);
      for (int r = 0; r < p; ++r) {
        INFO("rank " << r);
        // An overlapped pair begins its forward before its backward ends: one more than the papers' p + 1 at most.
        const double peak = walked.peak(r).until_weight_gradient;
        CHECK(sum_of(held, r, chunks) ==
              Approx(peak).margin(
                  pair.option == sim::Schedule::dualpipe || pair.option == sim::Schedule::dualpipe_v ? 1.0 : 0.0));
      }
    }
  }
}

TEST_CASE("few micro-batches are all that can be in flight") {
  Run run = megatron({64, 1024, 16}, 1, 8, 1, 3);
  for (const double held : in_flight(run)) CHECK(held <= 3);
}

// Section 3.2.1 of arXiv:2412.19437: PP + 1 activations, on every rank.
TEST_CASE("DualPipe holds pp + 1 micro-batches on every rank") {
  Run run = megatron({64, 1024, 16}, 1, 16, 1, 64);
  run.parallelism.schedule = sim::Schedule::dualpipe;
  const std::vector<double> held = in_flight(run);
  for (int r = 0; r < 16; ++r) CHECK(sum_of(held, r, 2) == 17);
}
