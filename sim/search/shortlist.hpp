// SPDX-License-Identifier: Apache-2.0
// The best that a search has found so far on one cluster size: the fastest layouts, and what trades time for memory.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "sim/search/candidate.hpp"

namespace sextant::sim::search {

/// A candidate with its step.
struct Found {
  Candidate candidate;
  Seconds step;
  Bytes headroom;  ///< of the fullest GPU
};

/// Headroom as users weigh it: in steps of 4 GB, and more than 16 GB is of no use.
[[nodiscard]] int headroom_steps(Bytes headroom);

/// Faster, then more headroom, then the simpler choice: a total order.
[[nodiscard]] bool better(const Found& a, const Found& b);

/// So many layouts that none is left out.
inline constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

class Shortlist {
 public:
  /// `top`: layouts to keep; `slack`: how much slower than the fastest a trade of time for memory may be.
  explicit Shortlist(std::size_t top = 10, double slack = 1.25) : top_(top), slack_(slack) {}

  /// Whether nothing is ever hopeless.
  [[nodiscard]] bool keeps_all() const { return top_ == everything; }

  /// Takes part in the ranking. The result does not depend on the order of calls.
  void add(const Found& found);

  /// Whether nothing that takes `step` or longer, and leaves `headroom` or less, can get on the list any more.
  [[nodiscard]] bool hopeless(Seconds step, Bytes headroom) const;

  /// The fastest layouts, each with its best recompute and sharding.
  [[nodiscard]] const std::vector<Found>& layouts() const { return layouts_; }
  /// Fastest first, each with more headroom than all before it.
  [[nodiscard]] const std::vector<Found>& front() const { return front_; }

 private:
  void add_layout(const Found& found);
  void add_to_front(const Found& found);

  std::size_t top_;
  double slack_;
  std::vector<Found> layouts_;
  std::vector<Found> front_;
};

}  // namespace sextant::sim::search
