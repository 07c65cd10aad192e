// SPDX-License-Identifier: Apache-2.0
// Columns of a table as texts, made to fit a line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sextant::sim::report {

struct TextColumn {
  std::string title;
  std::string unit;  ///< of all its numbers, where it stands in the title and not behind each
  std::vector<std::string> texts;
  std::size_t width = 0;
  bool right = false;  ///< numbers
  bool bar = false;
};

/// Narrows columns until a line of `width` holds them, as far as that goes: first units that all numbers of a column
/// share move into its title, then texts are broken at spaces, widest first, and last the names in the first column
/// hang over: a name that is too long gets a line of its own. What fits stays as it is.
void fit(std::vector<TextColumn>& columns, std::size_t width);

/// The lines of a title, and of a row: of texts that were broken, one below the other.
[[nodiscard]] std::vector<std::string> title_lines(const std::vector<TextColumn>& columns);
[[nodiscard]] std::vector<std::string> row_lines(const std::vector<TextColumn>& columns, std::size_t row,
                                                 std::size_t width);

}  // namespace sextant::sim::report
