// SPDX-License-Identifier: Apache-2.0
// When enough repetitions have been timed. Pure functions of the times, so that they can be tested without a GPU.
#pragma once

#include <span>
#include <string_view>

namespace sextant::profile {

struct StopLimits {
  int min_samples = 12;
  int max_samples = 400;
  double max_seconds = 0.6;       ///< of measured time, all repetitions together
  double relative_error = 0.005;  ///< of the median
  int settled_samples = 48;       ///< fewest before noise may be called settled
  double settled_change = 0.05;   ///< the spread's relative change that still counts as none
};

enum class Stop {
  go_on,
  precise,  ///< the median is known to `relative_error`
  settled,  ///< the spread no longer changes: it is the machine's noise, more repetitions show the same
  samples,  ///< cap
  seconds,  ///< cap
};

[[nodiscard]] std::string_view name_of(Stop stop);

/// What to do after the repetitions timed so far, in the order they ran.
[[nodiscard]] Stop decide(std::span<const double> seconds, const StopLimits& limits = {});

/// How many repetitions to run before deciding again: a tenth of those run, at least 4, at most 32, and not beyond the
/// caps.
[[nodiscard]] int next_batch(std::span<const double> seconds, const StopLimits& limits = {});

/// Signs that the GPU slowed down while a case ran.
struct ThrottleEvidence {
  double slowdown = 1;     ///< median of the last quarter of the repetitions over that of the first
  double clock_ratio = 1;  ///< SM clock after over before; 1 where it is not known
};

struct ThrottleLimits {
  double slowdown = 1.05;
  double clock_ratio = 0.93;
};

[[nodiscard]] ThrottleEvidence throttle_evidence(std::span<const double> seconds, double clock_before,
                                                 double clock_after);
[[nodiscard]] bool throttled(const ThrottleEvidence& evidence, const ThrottleLimits& limits = {});

}  // namespace sextant::profile
