// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "profiler/core/arguments.hpp"
#include "profiler/core/case.hpp"

namespace sextant::profile {

/// The cases that --suite, --model and --only name; all without them. Nothing and a fault for a name that is not known.
[[nodiscard]] std::optional<std::vector<Case>> selected_cases(const Arguments& arguments, std::string& fault);

}  // namespace sextant::profile
