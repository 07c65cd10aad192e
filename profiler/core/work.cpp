// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/case.hpp"

namespace sextant::profile {

Work work_of(const Case& c) { return hardware::work_of(c.family, c.dtype, c.pass, c.axes); }

double footprint_bytes(const Case& c) {
  constexpr double slack = 256.0 * 1048576.0;  // library workspaces, the buffer that empties the cache
  return 1.1 * work_of(c).bytes + slack;
}

}  // namespace sextant::profile
