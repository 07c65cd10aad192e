// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/measurer.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::profile;

namespace {

/// Ten microseconds for everything, nothing for routers.
class FakeMeasurer : public Measurer {
 public:
  DeviceInfo device() const override { return {}; }
  std::map<std::string, std::string> software() const override { return {}; }
  std::vector<std::string> limitations() const override { return {}; }
  std::variant<Checked, NotMeasured> check(const Case&) override { return Checked{}; }

  std::variant<Sample, NotMeasured> measure(const Case& c) override {
    asked.push_back(c.name());
    if (c.family == KernelFamily::router) return NotMeasured{c.name(), "no router here"};
    Sample s;
    s.name = c.name();
    s.family = c.family;
    s.axes = c.axes;
    s.median_s = 1e-5;
    return s;
  }

  std::variant<Counters, NotMeasured> count(const Case& c) override {
    counted.push_back(c.name());
    if (!counters_work) return NotMeasured{c.name(), "the driver forbids it"};
    return Counters{1e6, 0.5, 0.25};
  }
  bool can_count() const override { return counters_work; }
  bool alive() const override { return asked.size() < dies_at; }

  std::vector<std::string> asked, counted;
  bool counters_work = true;
  std::size_t dies_at = 1000000;
};

RunPlan quick_plan() {
  RunPlan plan;
  for (const Case& c : all_cases()) {
    if (c.in(Suite::quick)) plan.cases.push_back(c);
  }
  return plan;
}

}  // namespace

TEST_CASE("a run measures each case once and notes what it could not") {
  FakeMeasurer gpu;
  ProfileData p;
  const RunPlan plan = quick_plan();
  CHECK(run_cases(gpu, plan, p, {}) == RunEnd::complete);
  CHECK(gpu.asked.size() == plan.cases.size());
  CHECK(p.samples.size() + p.not_measured.size() == plan.cases.size());
  REQUIRE(p.not_measured.size() == 1);
  CHECK(p.not_measured[0].why == "no router here");
}

TEST_CASE("Ctrl-C keeps what is measured, and resuming measures only the rest") {
  FakeMeasurer gpu;
  ProfileData p;
  const RunPlan plan = quick_plan();
  int saves = 0;
  RunHooks hooks;
  hooks.interrupted = [&] { return gpu.asked.size() == 7; };
  hooks.save = [&](const ProfileData&) { ++saves; };
  CHECK(run_cases(gpu, plan, p, hooks) == RunEnd::interrupted);
  CHECK(p.samples.size() == 7);
  CHECK(saves == 1);

  FakeMeasurer again;
  CHECK(run_cases(again, plan, p, {}) == RunEnd::complete);
  CHECK(again.asked.size() == plan.cases.size() - 7);
  FakeMeasurer third;
  run_cases(third, plan, p, {});
  CHECK(third.asked.empty());
  RunPlan retry = plan;
  retry.retry = true;
  run_cases(third, retry, p, {});
  CHECK(third.asked.size() == 1);  // the router
}

TEST_CASE("a budget of time ends a run between cases") {
  FakeMeasurer gpu;
  ProfileData p;
  RunPlan plan = quick_plan();
  plan.budget_s = 10;
  RunHooks hooks;
  hooks.seconds = [&] { return 3.0 * static_cast<double>(gpu.asked.size()); };  // three seconds a case
  CHECK(run_cases(gpu, plan, p, hooks) == RunEnd::out_of_time);
  CHECK(p.samples.size() == 4);  // 0, 3, 6 and 9 seconds were within the budget
}

TEST_CASE(
    "counters come after all times, for quick cases that have a time, and a driver that forbids them is asked once") {
  FakeMeasurer gpu;
  ProfileData p;
  RunPlan plan = quick_plan();
  for (const Case& c : all_cases()) {
    if (c.family == KernelFamily::adamw && !c.quick) plan.cases.push_back(c);
  }
  run_cases(gpu, plan, p, {});
  CHECK(gpu.counted.empty());

  FakeMeasurer forbidden;
  forbidden.counters_work = false;
  CHECK(count_cases(forbidden, plan, p, {}).find("the driver forbids it") != std::string::npos);
  CHECK(forbidden.counted.size() == 1);

  CHECK(count_cases(gpu, plan, p, {}).empty());
  for (const Sample& s : p.samples) {
    const bool slow_adamw = s.family == KernelFamily::adamw && s.axes[KernelAxis::elements] != 256e6;
    CHECK(s.counters.has_value() == !slow_adamw);
  }
  const std::size_t once = gpu.counted.size();
  CHECK(count_cases(gpu, plan, p, {}).empty());
  CHECK(gpu.counted.size() == once);  // what is known is not asked again

  plan.count = RunPlan::Count::none;
  ProfileData bare;
  run_cases(gpu, plan, bare, {});
  CHECK(count_cases(gpu, plan, bare, {}).empty());
  CHECK(gpu.counted.size() == once);
}

TEST_CASE("a fault that stays with the process ends the run, and the next one goes on behind it") {
  FakeMeasurer gpu;
  gpu.dies_at = 5;
  ProfileData p;
  const RunPlan plan = quick_plan();
  CHECK(run_cases(gpu, plan, p, {}) == RunEnd::device_lost);
  CHECK(p.samples.size() + p.not_measured.size() == 5);
  FakeMeasurer again;
  CHECK(run_cases(again, plan, p, {}) == RunEnd::complete);
  CHECK(again.asked.size() == plan.cases.size() - 5);
}
