// SPDX-License-Identifier: Apache-2.0
#include "sim/report/text_table.hpp"

#include <algorithm>

#include "sim/report/text_layout.hpp"

namespace sextant::sim::report {

namespace {

constexpr std::size_t least_wrap = 21;  ///< the last column is broken to no less
constexpr std::size_t least_name = 4;   ///< of the first column, for names that hang over
constexpr std::size_t least_shared = 2;

bool is_text(const TextColumn& c) { return !c.right && !c.bar; }

/// The columns with two spaces around each but the last, which is broken where it is a text.
std::size_t needed(const std::vector<TextColumn>& columns) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const TextColumn& c = columns[i];
    const bool broken = i + 1 == columns.size() && is_text(c);
    n += 2 + (broken ? std::min(c.width, least_wrap) : c.width);
  }
  return n;
}

std::size_t longest_word(const std::string& text) {
  std::size_t longest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    longest = std::max(longest, display_width(text.substr(at, end - at)));
    at = end + 1;
  }
  return longest;
}

std::size_t least_width(const TextColumn& c) {
  std::size_t least = display_width(c.title);
  for (const std::string& text : c.texts) least = std::max(least, longest_word(text));
  return least;
}

/// "312 TFLOP/s" below "16-bit dense" becomes "312" below "16-bit dense" and "TFLOP/s".
void share_unit(TextColumn& c) {
  std::string unit;
  for (const std::string& text : c.texts) {
    const std::size_t space = text.rfind(' ');
    if (text.empty() || text == "-") continue;
    if (space == std::string::npos || (!unit.empty() && text.substr(space + 1) != unit)) return;
    unit = text.substr(space + 1);
  }
  if (unit.size() < least_shared) return;
  c.unit = unit;
  c.width = std::max(display_width(c.title), display_width(unit));
  for (std::string& text : c.texts) {
    if (text.size() > unit.size()) text.resize(text.size() - unit.size() - 1);
    c.width = std::max(c.width, display_width(text));
  }
}

void narrow(TextColumn& c, std::size_t& excess, std::size_t least) {
  if (c.width <= least) return;
  const std::size_t by = std::min(excess, c.width - least);
  c.width -= by;
  excess -= by;
}

std::string cell(const TextColumn& c, const std::string& text) {
  return " " + (c.right ? padded_left(text, c.width) : padded_right(text, c.width)) + " ";
}

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

void fit(std::vector<TextColumn>& columns, std::size_t width) {
  if (needed(columns) <= width) return;
  for (TextColumn& c : columns) {
    if (c.right) share_unit(c);
  }
  std::vector<TextColumn*> texts;
  for (std::size_t i = 1; i < columns.size(); ++i) {
    if (is_text(columns[i])) texts.push_back(&columns[i]);
  }
  std::stable_sort(texts.begin(), texts.end(),
                   [](const TextColumn* a, const TextColumn* b) { return a->width > b->width; });
  for (TextColumn* c : texts) {
    const std::size_t n = needed(columns);
    if (n <= width) return;
    std::size_t excess = n - width;
    narrow(*c, excess, least_width(*c));
  }
  const std::size_t n = needed(columns);
  if (n <= width || columns.empty() || !is_text(columns.front())) return;
  std::size_t excess = n - width;
  narrow(columns.front(), excess, least_name);
}

std::vector<std::string> title_lines(const std::vector<TextColumn>& columns) {
  std::string title = " ";
  std::string unit = " ";
  for (const TextColumn& c : columns) {
    title += cell(c, c.bar ? "" : c.title);
    unit += cell(c, c.unit);
  }
  std::vector<std::string> lines{trimmed(title)};
  if (!trimmed(unit).empty()) lines.push_back(trimmed(unit));
  return lines;
}

std::vector<std::string> row_lines(const std::vector<TextColumn>& columns, std::size_t row, std::size_t width) {
  std::vector<std::string> lines;
  std::vector<std::vector<std::string>> parts;
  std::size_t at = 2;
  std::size_t height = 1;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const TextColumn& c = columns[i];
    const std::string& text = c.texts[row];
    const bool last = i + 1 == columns.size();
    const std::size_t room =
        last && is_text(c)
            ? (width > at + least_wrap ? width - at : std::min(least_wrap, std::max(c.width, least_name)))
            : c.width;
    if (i == 0 && !last && display_width(text) > c.width) {
      lines.push_back("  " + text);
      parts.push_back({""});
    } else if (is_text(c) && display_width(text) > room) {
      parts.push_back(wrapped(text, room));
    } else {
      parts.push_back({text});
    }
    height = std::max(height, parts.back().size());
    at += c.width + 2;
  }
  for (std::size_t k = 0; k < height; ++k) {
    std::string line = " ";
    for (std::size_t i = 0; i < columns.size(); ++i) line += cell(columns[i], k < parts[i].size() ? parts[i][k] : "");
    lines.push_back(trimmed(line));
  }
  return lines;
}

}  // namespace sextant::sim::report
