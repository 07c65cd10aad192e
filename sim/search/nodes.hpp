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

/// Every branch of one cluster size that divides and whose states fit, least bound first.
[[nodiscard]] std::vector<Node> nodes_of(Composer& composer, const Space& space, Counts& counts);

}  // namespace sextant::sim::search
