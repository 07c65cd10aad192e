// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/stopping.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "profiler/core/statistics.hpp"

namespace sextant::profile {

namespace {

/// Whether the spread of the first 64 % and 80 % of the repetitions is that of all of them.
bool noise_settled(std::span<const double> seconds, const StopLimits& limits) {
  if (seconds.size() < static_cast<std::size_t>(limits.settled_samples)) return false;
  const double now = relative_spread(seconds);
  for (const double share : {0.64, 0.8}) {
    const auto n = static_cast<std::size_t>(share * static_cast<double>(seconds.size()));
    if (std::abs(relative_spread(seconds.first(n)) - now) > limits.settled_change * now) return false;
  }
  return true;
}

double total(std::span<const double> seconds) { return std::accumulate(seconds.begin(), seconds.end(), 0.0); }

}  // namespace

std::string_view name_of(Stop stop) {
  switch (stop) {
    case Stop::go_on: return "go on";
    case Stop::precise: return "precise";
    case Stop::settled: return "settled";
    case Stop::samples: return "sample cap";
    case Stop::seconds: return "time cap";
  }
  return "";
}

Stop decide(std::span<const double> seconds, const StopLimits& limits) {
  const auto n = static_cast<int>(seconds.size());
  if (n >= limits.max_samples) return Stop::samples;
  const bool enough = n >= limits.min_samples;
  if (enough && median_relative_error(seconds) < limits.relative_error) return Stop::precise;
  if (enough && noise_settled(seconds, limits)) return Stop::settled;
  // A slow case needs fewer repetitions than the minimum when those already took the whole allowance.
  if (n > 0 && total(seconds) >= limits.max_seconds && n >= std::min(limits.min_samples, 6)) return Stop::seconds;
  return Stop::go_on;
}

int next_batch(std::span<const double> seconds, const StopLimits& limits) {
  const auto n = static_cast<int>(seconds.size());
  int batch = std::clamp(n / 10, 4, 32);
  if (n < limits.min_samples) batch = std::max(batch, std::min(limits.min_samples - n, 32));
  batch = std::min(batch, limits.max_samples - n);
  if (n > 0) {
    const double each = total(seconds) / n;
    const double left = std::max(0.0, limits.max_seconds - total(seconds));
    batch = std::min(batch, std::max(1, static_cast<int>(left / each) + 1));
  }
  return std::max(batch, 1);
}

ThrottleEvidence throttle_evidence(std::span<const double> seconds, double clock_before, double clock_after) {
  ThrottleEvidence evidence;
  const std::size_t quarter = seconds.size() / 4;
  if (quarter >= 3) {
    const double first = median(seconds.first(quarter));
    if (first > 0) evidence.slowdown = median(seconds.last(quarter)) / first;
  }
  if (clock_before > 0 && clock_after > 0) evidence.clock_ratio = clock_after / clock_before;
  return evidence;
}

bool throttled(const ThrottleEvidence& evidence, const ThrottleLimits& limits) {
  return evidence.slowdown > limits.slowdown || evidence.clock_ratio < limits.clock_ratio;
}

}  // namespace sextant::profile
