// SPDX-License-Identifier: Apache-2.0
// From an id to the file that holds it. Internal to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/catalogue.hpp"
#include "base/json/node.hpp"
#include "hardware/catalogue.hpp"

namespace sextant::hardware {

[[nodiscard]] std::string_view folder(Kind kind);

/// The path of the file whose id or alias is `id`. Looks at file names first, then at the texts; parses none.
[[nodiscard]] std::optional<std::string> locate(const Catalogue& catalogue, Kind kind, std::string_view id);

/// The parsed file at `path`; faults of syntax are reported.
[[nodiscard]] std::optional<json::Node> parse_file(const Catalogue& catalogue, const std::string& path,
                                                   Diagnostics& faults);

/// `unknown GPU "h80"` with the nearest id or alias.
void report_unknown(const Catalogue& catalogue, Kind kind, std::string_view id, Diagnostics& faults,
                    const Diagnostic& place, std::string hint_when_none_is_near = {});

}  // namespace sextant::hardware
