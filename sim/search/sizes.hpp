// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace sextant::sim::search {

/// Cluster sizes worth a look from `least` to `most`: both ends, powers of two and three times powers of two, in whole
/// nodes where a node's worth is reached. Ascending.
[[nodiscard]] std::vector<int> cluster_sizes(int least, int most, int gpus_per_node);

}  // namespace sextant::sim::search
