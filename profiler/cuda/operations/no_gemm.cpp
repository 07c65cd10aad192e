// SPDX-License-Identifier: Apache-2.0
// Stands in where cuBLASLt's headers were not there to build with.
#include "profiler/cuda/operation.hpp"

namespace sextant::profile {

MadeOperation make_gemm(const Gpu&, const Case& c) {
  return not_measured(c, "this program was built without cuBLASLt");
}
MadeOperation make_grouped_gemm(const Gpu&, const Case& c) {
  return not_measured(c, "this program was built without cuBLASLt");
}

}  // namespace sextant::profile
