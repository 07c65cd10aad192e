// SPDX-License-Identifier: Apache-2.0
// What the files of this folder give the table in commands.cpp.
#pragma once

#include "cli/command.hpp"

namespace sextant::cli {

[[nodiscard]] Runner declare_calibrate(CLI::App& app);
[[nodiscard]] Runner declare_check(CLI::App& app);
[[nodiscard]] Runner declare_compare(CLI::App& app);
[[nodiscard]] Runner declare_completion(CLI::App& app);
[[nodiscard]] Runner declare_cost(CLI::App& app);
[[nodiscard]] Runner declare_explain(CLI::App& app);
[[nodiscard]] Runner declare_layer(CLI::App& app);
[[nodiscard]] Runner declare_list(CLI::App& app);
[[nodiscard]] Runner declare_plan(CLI::App& app);
[[nodiscard]] Runner declare_report(CLI::App& app);
[[nodiscard]] Runner declare_schema(CLI::App& app);
[[nodiscard]] Runner declare_show(CLI::App& app);
[[nodiscard]] Runner declare_simulate(CLI::App& app);
[[nodiscard]] Runner declare_sweep(CLI::App& app);
[[nodiscard]] Runner declare_trace(CLI::App& app);
[[nodiscard]] Runner declare_validate(CLI::App& app);

}  // namespace sextant::cli
