// SPDX-License-Identifier: Apache-2.0
// The options of a run in the words files write them by.
#pragma once

#include <string>
#include <string_view>

#include "base/source.hpp"
#include "sim/run/run.hpp"
#include "sim/workload/op.hpp"

namespace sextant::sim::report {

[[nodiscard]] std::string_view name_of(Precision v);
[[nodiscard]] std::string_view name_of(Sharding v);
[[nodiscard]] std::string_view name_of(Schedule v);
[[nodiscard]] std::string_view name_of(RecomputeMode v);
[[nodiscard]] std::string_view name_of(Module v);
[[nodiscard]] std::string_view name_of(Routing v);
[[nodiscard]] std::string_view name_of(AttentionKernel v);
[[nodiscard]] std::string_view name_of(OpName v);
[[nodiscard]] std::string_view name_of(Trust v);

/// "recompute layernorm, mla_up_proj"
[[nodiscard]] std::string recompute_text(const Recompute& recompute);

}  // namespace sextant::sim::report
