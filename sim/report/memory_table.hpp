// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/memory/memory.hpp"
#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// The terms of the fullest GPU. Columns "tag", "title", "gb", "share" (of the capacity).
[[nodiscard]] Table memory_table(const MemoryEstimate& memory);

}  // namespace sextant::sim::report
