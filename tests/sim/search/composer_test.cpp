// SPDX-License-Identifier: Apache-2.0
// Is what a search puts together out of known parts the same as working it out from the run, to the bit?
#include "sim/search/composer.hpp"

#include <algorithm>

#include "sim/search/bound.hpp"
#include "tests/sim/search/bases.hpp"
#include "tests/sim/step/setting.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::sim::search;
using namespace sextant::sim::test;

namespace {

/// Takes the composer to the run.
void go_to(Composer& composer, const Run& run, const Space& space) {
  Parallelism degrees = run.parallelism;
  degrees.schedule = {};
  degrees.vp = 1;
  degrees.sharding = {};
  degrees.sharding_group = 0;
  composer.lay_out(run.precision, degrees, run.batch.micro_sequences);
  REQUIRE(composer.pipeline({run.parallelism.schedule, run.parallelism.vp}));
  for (const TimeClass& c : composer.time_classes()) {
    for (const std::size_t choice : c.choice) {
      if (!(space.recompute[choice] == run.recompute)) continue;
      composer.recompute(c, choice);
      composer.shard({run.parallelism.sharding, run.parallelism.sharding_group});
      return;
    }
  }
  FAIL("the recompute is not in the space");
}

}  // namespace

TEST_CASE(
    "a composed step and its memory are evaluate() and memory() of the run, bit for bit, and never below bounds") {
  const Parameters& parameters = calibration().parameters;
  Random random(1);
  for (const Run& base : base_runs()) {
    Freedom freedom;
    freedom.any_schedule = true;
    freedom.any_sharding = true;
    const Space space = usual_space(base, freedom);
    Composer composer(base, space, parameters);
    for (int i = 0; i < 400; ++i) {
      Run run = any_whole_run(space, base, random);
      INFO(run.name << " tp " << run.parallelism.tp << " pp " << run.parallelism.pp << " vp " << run.parallelism.vp
                    << " schedule " << static_cast<int>(run.parallelism.schedule) << " sharding "
                    << static_cast<int>(run.parallelism.sharding) << " micro " << run.batch.micro_sequences);
      go_to(composer, run, space);
      CHECK(composer.candidate() ==
            Candidate{run.cluster.gpus, run.precision, run.parallelism, run.batch.micro_sequences, run.recompute});
      const StepEstimate direct = evaluate(run, parameters);
      const Seconds bound = composer.bound();
      const StepEstimate composed = composer.step();
      CHECK(composed.time.value() == direct.time.value());
      CHECK(composed.busiest_rank == direct.busiest_rank);
      for (std::size_t t = 0; t < term_count; ++t) {
        CHECK(composed.terms[static_cast<Term>(t)].value() == direct.terms[static_cast<Term>(t)].value());
      }
      const MemoryEstimate memory_of_run = memory(run);
      const auto headroom = composer.headroom();
      REQUIRE(headroom.has_value() == memory_of_run.fits());
      if (headroom) CHECK(headroom->value() == (memory_of_run.capacity - memory_of_run.total()).value());

      CHECK(bound <= direct.time);
      const bool overlaps =
          search::overlaps(run.parallelism.schedule) || (run.parallelism.pp == 1 && overlaps_exchange(run));
      const Seconds makespan = least_makespan(composer.family(), run.parallelism, run.microbatches(), overlaps);
      CHECK(composer.around(makespan) <= direct.time);
      const std::vector<ShardChoice> own{{run.parallelism.sharding, run.parallelism.sharding_group}};
      CHECK(least_memory(run, composer.family(), own) <= memory_of_run.total());
    }
  }
}

TEST_CASE("the bound is near: half of all whole runs take less than a quarter more") {
  const Parameters& parameters = calibration().parameters;
  Random random(2);
  const Run base = base_runs().front();
  const Space space = usual_space(base);
  Composer composer(base, space, parameters);
  std::vector<double> over;
  for (int i = 0; i < 200; ++i) {
    const Run run = any_whole_run(space, base, random);
    go_to(composer, run, space);
    over.push_back(composer.step().time / composer.bound());
  }
  std::nth_element(over.begin(), over.begin() + 100, over.end());
  CHECK(over[100] < 1.25);
}
