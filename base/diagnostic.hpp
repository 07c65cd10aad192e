// SPDX-License-Identifier: Apache-2.0
// Input faults are values: readers collect all of them, commands print them and leave with exit code 2.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sextant {

/// One fault in one place of one file.
struct Diagnostic {
  std::string file;     ///< path or catalogue name; "command line" for flags
  int line = 0;         ///< 1-based; 0 when the whole file is meant
  std::string pointer;  ///< JSON pointer of the value, may be empty
  std::string message;  ///< what is wrong and what was expected
  std::string hint;     ///< what to do, e.g. `did you mean "bf16_flop_per_s"?`; may be empty

  /// `file:line: /pointer: message; hint`
  [[nodiscard]] std::string text() const;
};

/// All faults found while reading one input.
class Diagnostics {
 public:
  void add(Diagnostic d) { list_.push_back(std::move(d)); }
  void append(const Diagnostics& other) { list_.insert(list_.end(), other.list_.begin(), other.list_.end()); }

  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] std::span<const Diagnostic> list() const { return list_; }
  [[nodiscard]] std::string text() const;  ///< one line per fault

 private:
  std::vector<Diagnostic> list_;
};

/// The candidate nearest to `word` by edit distance, else the shortest that begins with it, or "" when none is near
/// enough to be what was meant.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// `did you mean "x"?` for the nearest candidate, else "".
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace sextant
