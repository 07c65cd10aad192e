// SPDX-License-Identifier: Apache-2.0
// Does the search find what trying everything finds?
#include "sim/search/search.hpp"

#include <algorithm>

#include "sim/api.hpp"
#include "sim/memory/feasibility.hpp"
#include "sim/memory/memory.hpp"
#include "sim/step/step.hpp"
#include "tests/sim/search/bases.hpp"
#include "tests/sim/step/setting.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::sim::search;
using namespace sextant::sim::test;

namespace {

/// Every configuration worked out on its own, nothing shared, nothing skipped.
Shortlist exhaustive(const Run& base, const Space& space, std::size_t top, int& fits) {
  Shortlist list(top);
  StepWorkspace workspace;
  for_each(space, base, [&](const Run& run) {
    if (!whole(space, run)) return;
    const MemoryEstimate m = memory(run);
    if (!m.fits() || m.total() > m.capacity - space.reserve + Bytes{1.0}) return;
    ++fits;
    list.add({{run.cluster.gpus, run.precision, run.parallelism, run.batch.micro_sequences, run.recompute},
              evaluate(run, calibration().parameters, workspace).time,
              m.capacity - m.total()});
  });
  return list;
}

void check_same(const std::vector<Found>& a, const std::vector<Found>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].candidate == b[i].candidate);
    CHECK(a[i].step.value() == b[i].step.value());
    CHECK(a[i].headroom.value() == b[i].headroom.value());
  }
}

Space small_space(const Run& base, Random& random) {
  Freedom freedom;
  freedom.any_schedule = random() % 2 == 0;
  freedom.any_sharding = random() % 3 == 0;
  if (random() % 2 == 0) freedom.reserve = base.cluster.gpu.memory * 0.1;
  Space space = usual_space(base, freedom);
  std::erase_if(space.tp, [](int n) { return n > 4; });
  std::erase_if(space.cp, [](int n) { return n > 2; });
  std::erase_if(space.pp, [](int n) { return n > 16; });
  std::erase_if(space.ep, [](int n) { return n != 1 && n != 8 && n != 64; });
  std::erase_if(space.etp, [](int n) { return n > 2; });
  std::erase_if(space.micro_sequences, [](int n) { return n > 4; });
  std::erase_if(space.pipelining, [](const Pipelining& p) { return p.vp > 4; });
  while (space.recompute.size() > 6) {
    space.recompute.erase(space.recompute.begin() + static_cast<long>(random() % space.recompute.size()));
  }
  return space;
}

}  // namespace

TEST_CASE("the best layouts and the front of time against memory are those of trying every configuration") {
  Random random(3);
  int fitting_bases = 0;
  for (const Run& base : base_runs()) {
    for (int i = 0; i < 2; ++i) {
      const Space space = small_space(base, random);
      INFO(base.name << " with " << base.stack.id);
      int fits = 0;
      const Shortlist all = exhaustive(base, space, 5, fits);
      Options options;
      options.top = 5;
      const auto found = search::search(base, space, {base.cluster.gpus}, calibration().parameters, options);
      REQUIRE(found.size() == 1);
      check_same(found[0].found.layouts(), all.layouts());
      check_same(found[0].found.front(), all.front());
      CHECK(found[0].counts.fits <= fits);
      fitting_bases += fits > 20 ? 1 : 0;
    }
  }
  CHECK(fitting_bases >= 10);
}

TEST_CASE("everything found is feasible to the simulator, whatever was left open") {
  for (const Run& base : base_runs()) {
    Freedom freedom;
    freedom.any_schedule = freedom.any_sharding = true;
    const int odd = base.cluster.gpus * 3 / 2;  // 72 GPUs: groups of 8 shards divide their dp, of 16 they do not
    for (const SizeResult& r :
         search::search(base, usual_space(base, freedom), {base.cluster.gpus, odd}, calibration().parameters, {})) {
      std::vector<Found> all = r.found.layouts();
      all.insert(all.end(), r.found.front().begin(), r.found.front().end());
      for (const Found& f : all) {
        const Run run = run_of(base, f.candidate);
        const Prediction p = predict(run, calibration());
        INFO(base.name << ": " << (p.feasible() ? "" : p.obstacles.front().reason));
        CHECK(p.feasible());
        CHECK(p.step.time.value() == f.step.value());
      }
    }
  }
}

TEST_CASE("neither the answer nor the counts depend on the number of threads") {
  const Run base = base_runs().front();
  const Space space = usual_space(base);
  const auto one = search::search(base, space, {128, 256}, calibration().parameters, {});
  for (const int threads : {2, 3}) {
    Options options;
    options.threads = threads;
    const auto more = search::search(base, space, {128, 256}, calibration().parameters, options);
    REQUIRE(more.size() == one.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      check_same(more[i].found.layouts(), one[i].found.layouts());
      check_same(more[i].found.front(), one[i].found.front());
      CHECK(more[i].counts.rejected == one[i].counts.rejected);
      CHECK(more[i].counts.costed == one[i].counts.costed);
    }
  }
}

TEST_CASE("a search says how far it is, batch by batch, up to the whole, and finds the same") {
  const Run base = base_runs().front();
  const Space space = usual_space(base);
  const auto silent = search::search(base, space, {128, 256}, calibration().parameters, {});
  std::vector<double> shares;
  Options options;
  options.progress = [&](double share) { shares.push_back(share); };
  const auto told = search::search(base, space, {128, 256}, calibration().parameters, options);
  REQUIRE(told.size() == silent.size());
  for (std::size_t i = 0; i < told.size(); ++i) {
    check_same(told[i].found.layouts(), silent[i].found.layouts());
    CHECK(told[i].counts.costed == silent[i].counts.costed);
  }
  CHECK(shares.size() > 2 * silent.size());
  CHECK(std::is_sorted(shares.begin(), shares.end()));
  CHECK(shares.front() > 0);
  CHECK(shares.back() == 1);
  CHECK(std::count(shares.begin(), shares.end(), 1.0) == 1);
}

TEST_CASE("the published layout of a model trained on 2,048 GPUs is within 5 % of the best found for its batch") {
  const Run own = shipped_run("deepseek-v3-2048-h800");
  const auto found = search::search(own, usual_space(own), {2048}, calibration().parameters, {});
  REQUIRE(found.size() == 1);
  const SizeResult& r = found.front();
  REQUIRE_FALSE(r.found.layouts().empty());
  const Seconds best = r.found.layouts().front().step;
  const Seconds published = evaluate(own, calibration().parameters).time;
  CHECK(best <= published);
  CHECK(published <= best * 1.05);
  CHECK(r.counts.fits >= 50);
  CHECK(r.counts.considered() > 50'000);
}
