// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "profiler/core/measurer.hpp"

namespace sextant::profile {

namespace {

constexpr int cases_between_saves = 10;

std::set<std::string> names_done(const ProfileData& profile, bool retry) {
  std::set<std::string> done;
  for (const Sample& s : profile.samples) done.insert(s.name);
  if (!retry) {
    for (const NotMeasured& m : profile.not_measured) done.insert(m.name);
  }
  return done;
}

void note(ProfileData& profile, std::variant<Sample, NotMeasured> result) {
  ProfileData one;
  if (auto* sample = std::get_if<Sample>(&result)) {
    one.samples.push_back(std::move(*sample));
  } else {
    one.not_measured.push_back(std::get<NotMeasured>(std::move(result)));
  }
  merge(profile, one);
}

Sample* sample_named(ProfileData& profile, const std::string& name) {
  const auto found =
      std::find_if(profile.samples.begin(), profile.samples.end(), [&](const Sample& s) { return s.name == name; });
  return found != profile.samples.end() ? &*found : nullptr;
}

}  // namespace

RunEnd run_cases(Measurer& measurer, const RunPlan& plan, ProfileData& profile, const RunHooks& hooks) {
  const std::set<std::string> done = names_done(profile, plan.retry);
  std::vector<const Case*> wanted;
  for (const Case& c : plan.cases) {
    if (done.count(c.name()) == 0) wanted.push_back(&c);
  }
  const int total = static_cast<int>(wanted.size());
  const double begin = hooks.seconds ? hooks.seconds() : 0;
  RunEnd end = RunEnd::complete;
  for (int i = 0; i < total; ++i) {
    if (hooks.interrupted && hooks.interrupted()) {
      end = RunEnd::interrupted;
      break;
    }
    if (plan.budget_s > 0 && hooks.seconds && hooks.seconds() - begin > plan.budget_s) {
      end = RunEnd::out_of_time;
      break;
    }
    const Case& c = *wanted[static_cast<std::size_t>(i)];
    if (hooks.progress) hooks.progress(i, total, c.name());
    note(profile, measurer.measure(c));
    if (!measurer.alive()) {
      end = RunEnd::device_lost;
      break;
    }
    if (hooks.save && i % cases_between_saves == cases_between_saves - 1) hooks.save(profile);
  }
  if (hooks.progress && end == RunEnd::complete) hooks.progress(total, total, "done");
  if (hooks.save) hooks.save(profile);
  return end;
}

std::string count_cases(Measurer& measurer, const RunPlan& plan, ProfileData& profile, const RunHooks& hooks) {
  const auto wanted = [&](const Case& c) {
    return plan.count == RunPlan::Count::all || (plan.count == RunPlan::Count::quick && c.quick);
  };
  const double begin = hooks.seconds ? hooks.seconds() : 0;
  std::string fault;
  for (const Case& c : plan.cases) {
    if (hooks.interrupted && hooks.interrupted()) break;
    if (plan.budget_s > 0 && hooks.seconds && hooks.seconds() - begin > plan.budget_s) break;
    Sample* sample = wanted(c) ? sample_named(profile, c.name()) : nullptr;
    if (sample == nullptr || sample->counters) continue;
    const auto counted = measurer.count(c);
    if (const auto* why = std::get_if<NotMeasured>(&counted)) {
      if (fault.empty()) fault = why->name + ": " + why->why;
      if (!measurer.can_count()) break;
    } else {
      sample->counters = std::get<Counters>(counted);
    }
  }
  if (hooks.save) hooks.save(profile);
  return fault;
}

}  // namespace sextant::profile
