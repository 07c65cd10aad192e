// SPDX-License-Identifier: Apache-2.0
// Does a plan keep to what was asked, and say what would do where nothing does?
#include "sim/search/plan.hpp"

#include <algorithm>
#include <set>

#include "sim/memory/feasibility.hpp"
#include "sim/run/run_writer.hpp"
#include "sim/search/fewest_gpus.hpp"
#include "sim/search/sizes.hpp"
#include "tests/sim/search/bases.hpp"
#include "tests/sim/step/setting.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::sim::search;
using namespace sextant::sim::test;

namespace {

/// An 8 B model and 1 T tokens on up to 256 GPUs at two dollars an hour.
Question small_question() {
  Question q;
  q.base = base_run("llama3-8b", "h100", 64, "megatron-core", 8192, 512);
  q.model = "\"llama3-8b\"";
  q.sizes = {64, 128, 256};
  q.tokens = 1e12;
  q.price = HourlyPrice{{1.5, 2.0, 3.0}, "the test's"};
  return q;
}

Plan planned(const Question& q) { return plan(q, calibration()); }

}  // namespace

TEST_CASE("sizes between two ends are the ends, powers of two and three times powers of two, in whole nodes") {
  CHECK(cluster_sizes(256, 2048, 8) == std::vector<int>{256, 384, 512, 768, 1024, 1536, 2048});
  CHECK(cluster_sizes(100, 300, 8) == std::vector<int>{100, 128, 192, 256, 300});
  CHECK(cluster_sizes(2048, 2048, 8) == std::vector<int>{2048});
  CHECK(cluster_sizes(1, 24, 8) == std::vector<int>{1, 2, 3, 4, 6, 8, 16, 24});
}

TEST_CASE("days are tokens over speed, GPU-hours days times GPUs, dollars hours times the price") {
  const Question q = small_question();
  const Plan p = planned(q);
  REQUIRE(p.answered());
  const Proposal& best = p.ranking.front();
  // 1e12 tokens in steps of 512 x 8,192 are 238,418.6 steps.
  const double days = 1e12 / (512.0 * 8192.0) * best.prediction.step.time.value() / 86400.0;
  CHECK(best.days.mid == Approx(days).epsilon(1e-12));
  CHECK(best.gpu_hours.mid == Approx(days * 24 * best.run.cluster.gpus).epsilon(1e-12));
  REQUIRE(best.cost_usd);
  CHECK(best.cost_usd->mid == Approx(best.gpu_hours.mid * 2.0).epsilon(1e-12));
  CHECK(best.cost_usd->high / best.cost_usd->mid > best.days.high / best.days.mid);  // the price is uncertain too
}

TEST_CASE("the objective decides between fewer hours and less time") {
  Question q = small_question();
  const Plan cheap = planned(q);
  q.objective = Objective::time;
  const Plan fast = planned(q);
  REQUIRE(cheap.answered());
  REQUIRE(fast.answered());
  CHECK(cheap.ranking[0].run.cluster.gpus == 64);
  CHECK(fast.ranking[0].run.cluster.gpus == 256);
  CHECK(cheap.cheapest->gpu_hours.mid == cheap.ranking[0].gpu_hours.mid);
  CHECK(fast.fastest->days.mid == fast.ranking[0].days.mid);
  for (std::size_t i = 1; i < cheap.ranking.size(); ++i) {
    CHECK(cheap.ranking[i - 1].gpu_hours.mid <= cheap.ranking[i].gpu_hours.mid);
  }
  REQUIRE(cheap.runner_up);
  CHECK(cheap.runner_up->behind ==
        Approx(cheap.ranking[1].gpu_hours.mid / cheap.ranking[0].gpu_hours.mid - 1.0).margin(1e-12));
}

TEST_CASE("nothing on the front is beaten in days, hours and memory left, and nothing off it is unbeaten") {
  const Plan p = planned(small_question());
  REQUIRE(p.front.size() >= 3);
  for (const Proposal& a : p.front) {
    for (const Proposal& b : p.front) {
      if (&a == &b) continue;
      CHECK_FALSE((a.days.mid <= b.days.mid && a.gpu_hours.mid <= b.gpu_hours.mid &&
                   headroom_steps(a.headroom) > headroom_steps(b.headroom)));
    }
  }
  for (const Proposal& r : p.ranking) {
    CHECK(std::any_of(p.front.begin(), p.front.end(), [&](const Proposal& f) {
      return f.days.mid <= r.days.mid && f.gpu_hours.mid <= r.gpu_hours.mid &&
             headroom_steps(f.headroom) >= headroom_steps(r.headroom);
    }));
  }
}

TEST_CASE("a deadline and a budget exclude what breaks them") {
  Question q = small_question();
  const Plan free = planned(q);
  REQUIRE(free.answered());
  const double cheapest_days = free.ranking[0].days.mid;  // of 64 GPUs
  q.deadline_days = cheapest_days * 0.75;
  const Plan sooner = planned(q);
  REQUIRE(sooner.answered());
  for (const Proposal& p : sooner.ranking) CHECK(p.days.mid <= *q.deadline_days);
  for (const Proposal& p : sooner.front) CHECK(p.days.mid <= *q.deadline_days);
  CHECK(sooner.ranking[0].run.cluster.gpus > 64);

  q.deadline_days.reset();
  q.objective = Objective::time;
  q.budget_usd = free.ranking[0].cost_usd->mid * 1.005;
  const Plan poorer = planned(q);
  REQUIRE(poorer.answered());
  for (const Proposal& p : poorer.ranking) CHECK(p.cost_usd->mid <= *q.budget_usd);
}

TEST_CASE("a deadline that no size meets names one that does") {
  Question q = small_question();
  q.sizes = {64};
  q.deadline_days = planned(q).ranking[0].days.mid / 3.0;
  const Plan p = planned(q);
  CHECK_FALSE(p.answered());
  CHECK(p.obstacles.size() == 1);
  REQUIRE(p.nearest.size() == 1);
  REQUIRE(p.nearest[0].then);
  CHECK(p.nearest[0].then->days.mid <= *q.deadline_days);
  CHECK(p.nearest[0].then->run.cluster.gpus >= 192);
}

TEST_CASE("a budget that no layout keeps to names the one it takes") {
  Question q = small_question();
  q.budget_usd = 1000;
  const Plan p = planned(q);
  CHECK_FALSE(p.answered());
  REQUIRE(p.nearest.size() == 1);
  REQUIRE(p.nearest[0].then);
  q.budget_usd = p.nearest[0].then->cost_usd->mid;
  CHECK(planned(q).answered());
}

TEST_CASE("a model that does not fit is told how many GPUs it takes") {
  Question q;
  q.base = base_run("llama3.1-405b", "a100", 8, "megatron-core", 8192, 512);
  q.sizes = {8};
  q.tokens = 1e12;
  const Plan p = planned(q);
  CHECK_FALSE(p.answered());
  REQUIRE(p.nearest.size() == 1);
  REQUIRE(p.nearest[0].then);
  CHECK(p.nearest[0].then->prediction.feasible());
  // 405 B parameters x 16 bytes (bf16 weight and gradient, fp32 master and moments) are 6.5 TB: 81 GPUs of 80 GB.
  CHECK(p.nearest[0].then->run.cluster.gpus > 64);
}

TEST_CASE("the fewest GPUs that hold a model hold it, and no smaller cluster of whole nodes does") {
  const Run base = base_run("llama3.1-405b", "h100", 8, "megatron-core", 8192, 512);
  Freedom freedom;
  freedom.reserve = base.cluster.gpu.memory * usual_reserve;
  const Space space = usual_space(base, freedom);
  const auto fewest = fewest_gpus(base, space, 8, calibration().parameters);
  REQUIRE(fewest);
  CHECK(fewest->exact);
  const Run there = run_of(base, fewest->fastest.candidate);
  CHECK(there.cluster.gpus == fewest->gpus);
  CHECK(infeasibilities(there).empty());
  // 16 bytes a parameter (bf16 weights and gradients, fp32 master, two moments; ZeRO, arXiv:1910.02054) of 405.85e9
  // parameters over 77.3 GB: no fewer than 79 GPUs.
  CHECK(fewest->gpus >= 79);
  CHECK(fewest->gpus <= 160);
  std::vector<int> smaller;
  for (int gpus = 8; gpus < fewest->gpus; gpus += 8) smaller.push_back(gpus);
  for (const SizeResult& r : search::search(base, space, smaller, calibration().parameters)) {
    INFO(r.gpus);
    CHECK(r.counts.fits == 0);
  }
}

TEST_CASE("memory to be left free is left free, and given up where nothing else helps") {
  Question q = small_question();
  q.freedom.reserve = memory_gb * 60.0;
  const Plan p = planned(q);
  REQUIRE(p.answered());
  for (const Proposal& layout : p.ranking) CHECK(layout.headroom >= q.freedom.reserve - Bytes{1.0});
  // The cheapest of more layouts is no dearer, though it may take fewer GPUs and longer.
  const Plan free = planned(small_question());
  CHECK(free.ranking.front().gpu_hours.mid <= p.ranking.front().gpu_hours.mid);
  q.freedom.reserve = memory_gb * 79.0;
  const Plan none = planned(q);
  CHECK_FALSE(none.answered());
  REQUIRE(none.nearest.size() == 1);
  CHECK(none.nearest.front().what == "no memory left free (--reserve 0)");
}

TEST_CASE("degrees that were decided are kept, and released where they leave nothing") {
  Question q = small_question();
  q.freedom.tp = 2;
  q.freedom.pp = 4;
  const Plan fixed = planned(q);
  REQUIRE(fixed.answered());
  for (const Proposal& p : fixed.ranking) {
    CHECK(p.run.parallelism.tp == 2);
    CHECK(p.run.parallelism.pp == 4);
  }
  q.freedom.tp = 7;
  const Plan impossible = planned(q);
  CHECK_FALSE(impossible.answered());
  REQUIRE_FALSE(impossible.nearest.empty());
  CHECK(impossible.nearest[0].then.has_value());
}

TEST_CASE("a run written as a file reads back as the same run with the same step, to the bit") {
  Random random(5);
  const std::vector<std::string> models{"deepseek-v3", "deepseek-v3", "mixtral-8x7b", "llama3-70b",
                                        "llama3-8b",   "llama2-70b",  "llama3-8b"};
  const std::vector<Run> bases = base_runs();
  std::set<Schedule> schedules;
  for (std::size_t i = 0; i < bases.size(); ++i) {
    Freedom freedom;
    freedom.any_schedule = freedom.any_sharding = true;
    const Space space = usual_space(bases[i], freedom);
    for (int n = 0; n < 40; ++n) {
      const Run run = any_whole_run(space, bases[i], random);
      const Run back = read_back(run_json(run, "\"" + models[i] + "\"", {}));
      CHECK(same_run(run, back));
      const Seconds step = evaluate(run, calibration().parameters).time;
      CHECK(evaluate(back, calibration().parameters).time.value() == step.value());
      schedules.insert(run.parallelism.schedule);
    }
  }
  CHECK(schedules.size() >= 5);
}
