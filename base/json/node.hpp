// SPDX-License-Identifier: Apache-2.0
// JSON values that remember the line they stand on, so that every fault can name its place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"

namespace sextant::json {

enum class Type { null, boolean, number, string, array, object };

[[nodiscard]] std::string_view name(Type type);

struct Member;

/// One JSON value. Only the fields that belong to `type` are meaningful.
struct Node {
  Type type = Type::null;
  int line = 0;
  bool boolean = false;
  bool integral = false;  ///< the number was written without fraction or exponent
  double number = 0.0;
  std::string string;
  std::vector<Node> items;
  std::vector<Member> members;  ///< in the order of the file

  /// The member's value, or nullptr; JSON null counts as absent.
  [[nodiscard]] const Node* find(std::string_view key) const;
};

struct Member {
  std::string key;
  int line = 0;
  Node value;
};

struct ParseOptions {
  /// Other people's files hold `Infinity` and `NaN` (ecosystem: Nemotron-H); they are read as null, that is, absent.
  bool non_finite_as_null = false;
  /// Files made by other programs may repeat a key with the same meaning; ours may not.
  bool allow_duplicate_keys = false;
};

inline constexpr std::size_t max_file_bytes = std::size_t{64} << 20;
inline constexpr int max_depth = 64;

/// Parses `text`; on any fault (syntax, duplicate key, depth, size, non-finite number) adds diagnostics that name
/// `file` and the line, and returns nothing. A byte-order mark, CRLF and a missing final newline are accepted.
[[nodiscard]] std::optional<Node> parse(std::string_view text, const std::string& file, Diagnostics& faults,
                                        ParseOptions options = {});

}  // namespace sextant::json
