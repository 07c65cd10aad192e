// SPDX-License-Identifier: Apache-2.0
// Stands in where cuDNN's header was not there to build with.
#include "profiler/cuda/operation.hpp"

namespace sextant::profile {

MadeOperation make_attention(const Gpu&, const Case& c) {
  return not_measured(c,
                      "this program was built without cuDNN; attention then runs through PyTorch "
                      "(profiler/torch/attention.py, which scripts/measure.sh calls)");
}

}  // namespace sextant::profile
