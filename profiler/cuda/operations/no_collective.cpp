// SPDX-License-Identifier: Apache-2.0
// Stands in where NCCL's header was not there to build with.
#include "profiler/cuda/operation.hpp"

namespace sextant::profile {

MadeOperation make_collective(const Gpu& gpu, const Case& c) {
  return not_measured(c,
                      gpu.count < 2 ? "one GPU: collectives need two or more" : "this program was built without NCCL");
}

}  // namespace sextant::profile
