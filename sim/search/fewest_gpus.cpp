// SPDX-License-Identifier: Apache-2.0
#include "sim/search/fewest_gpus.hpp"

#include <algorithm>

namespace sextant::sim::search {

namespace {

constexpr int most_gpus = 1 << 20;
constexpr int most_doublings = 12;
constexpr int most_between = 32;

class Sizes {
 public:
  Sizes(const Run& base, const Space& space, const Parameters& parameters, int threads,
        const std::function<bool()>& cancelled)
      : base_(base), space_(space), parameters_(parameters) {
    options_.top = 1;
    options_.threads = threads;
    options_.cancelled = cancelled;
  }

  std::optional<Found> fastest_on(int gpus) const {
    const std::vector<SizeResult> results = search(base_, space_, {gpus}, parameters_, options_);
    if (results.empty()) return std::nullopt;
    const std::vector<Found>& layouts = results.front().found.layouts();
    return layouts.empty() ? std::nullopt : std::optional(layouts.front());
  }

 private:
  const Run& base_;
  const Space& space_;
  const Parameters& parameters_;
  Options options_;
};

}  // namespace

std::optional<FewestGpus> fewest_gpus(const Run& base, const Space& space, int from, const Parameters& parameters,
                                      int threads, const std::function<bool()>& cancelled) {
  const Sizes sizes(base, space, parameters, threads, cancelled);
  const int node = std::max(1, base.cluster.gpus_per_node);
  int below = from;
  for (int i = 0; i < most_doublings && below <= most_gpus / 2; ++i, below *= 2) {
    const std::optional<Found> fits = sizes.fastest_on(2 * below);
    if (!fits) continue;
    const int nodes = below / node;
    const int step = std::max(1, nodes / most_between) * node;
    for (int gpus = below / node * node + step; gpus < 2 * below; gpus += step) {
      if (const std::optional<Found> fewer = sizes.fastest_on(gpus)) return FewestGpus{gpus, *fewer, step == node};
    }
    return FewestGpus{2 * below, *fits, step == node};
  }
  return std::nullopt;
}

}  // namespace sextant::sim::search
