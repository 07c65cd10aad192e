// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/workload/op.hpp"

namespace sextant::sim::report {

/// What people know an operator's size by: "4096 x 7168 x 2048", "1 x 4096 tokens, 128 heads of 160", "58.7 MB + 117
/// MB".
[[nodiscard]] std::string shape_text(const Op& op);

}  // namespace sextant::sim::report
