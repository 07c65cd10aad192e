// SPDX-License-Identifier: Apache-2.0
// Columns, wrapping and bars for text forms.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// Columns a UTF-8 text takes, one a code point.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The text cut at spaces into lines of at most `width` columns; a longer word stays whole.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);

[[nodiscard]] std::string padded_left(std::string_view text, std::size_t width);
[[nodiscard]] std::string padded_right(std::string_view text, std::size_t width);

/// A bar of `share` of `width` columns.
[[nodiscard]] std::string bar(double share, std::size_t width, bool unicode);

/// A cell as people read it.
[[nodiscard]] std::string cell_text(const Cell& cell, const Column& column);

/// Whether people see the column.
[[nodiscard]] inline bool shown(const Column& column) {
  return !column.title.empty() || column.bar || column.key.empty();
}

}  // namespace sextant::sim::report
