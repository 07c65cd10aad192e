// SPDX-License-Identifier: Apache-2.0
// How large a cluster has to be before anything fits.
#pragma once

#include <optional>

#include "sim/search/search.hpp"

namespace sextant::sim::search {

struct FewestGpus {
  int gpus = 0;
  Found fastest;      ///< of the layouts that fit there
  bool exact = true;  ///< every smaller cluster of whole nodes was tried
};

/// The fewest GPUs above `from` on which a configuration of the space fits, in whole nodes where a node's worth is
/// reached. Sizes double until one fits; then at most some thirty between it and the one before it are tried, all of
/// them where there are no more. Nothing where no size up to 2^20 GPUs helps: the batch or the model is in the way.
/// Where it is `cancelled`, what it says is of what was tried.
[[nodiscard]] std::optional<FewestGpus> fewest_gpus(const Run& base, const Space& space, int from,
                                                    const Parameters& parameters, int threads = 1,
                                                    const std::function<bool()>& cancelled = {});

}  // namespace sextant::sim::search
