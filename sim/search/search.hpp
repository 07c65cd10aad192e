// SPDX-License-Identifier: Apache-2.0
// Finds the fastest layouts of a run on clusters of given sizes: branch and bound over a Space. Divisibility and memory
// come before time, bounds before the executor, which decides among what is left. The answer, the counts included, does
// not depend on the number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "sim/search/shortlist.hpp"
#include "sim/search/space.hpp"

namespace sextant::sim::search {

/// Why a configuration, or a group of them, is not among the results.
enum class Rejection : std::uint8_t {
  divisibility,  ///< degrees that do not divide the GPUs, the model or the sequence
  batch,         ///< dp x micro-batch does not divide the batch asked for
  stack,         ///< the stack does not run it
  schedule,      ///< the schedule refuses the shape
  memory,
  slower,  ///< a lower bound of its step is above what was found
  count_
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Rejection::count_)> rejection_names{
    "divisibility", "batch", "stack", "schedule", "memory", "slower"};

/// Everything that was looked at, each thing once.
struct Counts {
  std::array<std::int64_t, static_cast<std::size_t>(Rejection::count_)> rejected{};
  std::int64_t costed = 0;  ///< steps worked out by the executor
  std::int64_t fits = 0;    ///< whole configurations found to fit in memory, costed or not
  std::int64_t groups = 0;  ///< of `rejected`: degrees or shapes rejected with all that could be chosen beside them

  void reject(Rejection why, std::int64_t times = 1) { rejected[static_cast<std::size_t>(why)] += times; }
  [[nodiscard]] std::int64_t considered() const;
  Counts& operator+=(const Counts& o);
};

struct SizeResult {
  int gpus = 0;
  Shortlist found;
  Counts counts;
};

struct Options {
  std::size_t top = 10;
  double slack = 1.25;  ///< of the front: how much slower than the fastest
  int threads = 1;
  std::function<void(double)> progress;  ///< called after each batch of branches with the share done, on this thread
  std::function<void(const SizeResult&)> found;  ///< called after each cluster size, before `progress`
  std::function<bool()> cancelled;  ///< asked by all threads before each branch; what was found until then is returned
};

/// Searches each cluster size. `base` says everything the space does not.
[[nodiscard]] std::vector<SizeResult> search(const Run& base, const Space& space, const std::vector<int>& sizes,
                                             const Parameters& parameters, const Options& options = {});

}  // namespace sextant::sim::search
