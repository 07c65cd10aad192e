// SPDX-License-Identifier: Apache-2.0
#include "sim/search/sizes.hpp"

#include <algorithm>

namespace sextant::sim::search {

std::vector<int> cluster_sizes(int least, int most, int gpus_per_node) {
  const auto whole = [gpus_per_node](long long n) { return n < gpus_per_node || n % gpus_per_node == 0; };
  std::vector<int> sizes{least, most};
  for (long long n = 1; n <= most; n *= 2) {
    for (const long long size : {n, 3 * n}) {
      if (size > least && size < most && whole(size)) sizes.push_back(static_cast<int>(size));
    }
  }
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

}  // namespace sextant::sim::search
