// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/json/cursor.hpp"
#include "sim/run/stack.hpp"

namespace sextant::sim {

[[nodiscard]] std::optional<Stack> read_stack(const json::Cursor& at);

/// The stack of an id or alias; an unknown one is a fault at `place`.
[[nodiscard]] std::optional<Stack> find_stack(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                              const Diagnostic& place = {"command line", 0, "", "", ""});

[[nodiscard]] std::vector<Stack> list_stacks(const Catalogue& catalogue, Diagnostics& faults);

/// The attention kernel the stack used at `date` ("YYYY-MM").
[[nodiscard]] AttentionKernel attention_at(const Stack& stack, std::string_view date);

}  // namespace sextant::sim
