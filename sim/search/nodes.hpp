// SPDX-License-Identifier: Apache-2.0
// The branches of a search: degrees and a micro-batch, with what no choice of the rest can beat.
#pragma once

#include <vector>

#include "sim/search/composer.hpp"
#include "sim/search/search.hpp"

namespace sextant::sim::search {

struct Node {
  Precision precision = Precision::bf16;
  Parallelism degrees;
  int micro_sequences = 1;
  Seconds bound;   ///< no step below it is faster
  Bytes headroom;  ///< no GPU below it has more left
};

/// Degrees that layer costs depend on: branches of one trunk share them.
struct Trunk {
  Precision precision = Precision::bf16;
  int tp = 1;
  int cp = 1;
};
[[nodiscard]] std::vector<Trunk> trunks_of(const Space& space);

/// Every branch of a trunk that divides and whose states fit on the composer's cluster.
[[nodiscard]] std::vector<Node> nodes_of(const Trunk& trunk, Composer& composer, const Space& space, Counts& counts);

}  // namespace sextant::sim::search
