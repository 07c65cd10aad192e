// SPDX-License-Identifier: Apache-2.0
// A lenient JSON reader for other programs' traces and for resuming a profile. Values are read one after another from a
// stream of bytes, so that a trace of a gigabyte needs the memory of one event.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sextant::profile {

struct JsonValue {
  enum class Type { null, boolean, number, string, array, object };

  Type type = Type::null;
  bool boolean = false;
  double number = 0;
  std::string string;
  std::vector<JsonValue> items;
  std::vector<std::pair<std::string, JsonValue>> members;

  /// The member's value, or nullptr.
  [[nodiscard]] const JsonValue* find(std::string_view key) const;
  /// A number, or a string that holds one (traces have both); nothing otherwise.
  [[nodiscard]] std::optional<double> as_number() const;
  [[nodiscard]] std::string_view text_or(std::string_view other) const;
};

/// Fills a buffer with the next bytes and returns how many; 0 at the end.
using ByteSource = std::function<std::size_t(char*, std::size_t)>;

/// Reads one document. Control characters inside strings, NaN and Infinity (as null) and duplicate keys are accepted;
/// depth is at most 64.
class JsonReader {
 public:
  explicit JsonReader(ByteSource source) : source_(std::move(source)) {}

  /// The whole next value. Nothing on a fault; then `fault()` says what, at which byte.
  [[nodiscard]] std::optional<JsonValue> value();

  /// Reads an object and hands each member to `visit`, which must consume its value by value(), skip(), each_member()
  /// or each_item(). False on a fault or when `visit` says so.
  bool each_member(const std::function<bool(const std::string& key)>& visit);
  bool each_item(const std::function<bool()>& visit);
  bool skip();

  /// Whether the next value begins with this character ('{', '[', ...).
  [[nodiscard]] bool next_is(char c);
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  int peek();
  int take();
  int peek_solid();  ///< after white space
  bool expect(char c);
  bool fail(std::string_view what);
  bool read(JsonValue& out, int depth);
  bool read_string(std::string& out);
  bool read_escape(std::string& out);
  bool read_word(JsonValue& out);

  ByteSource source_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::size_t consumed_ = 0;
  std::string fault_;
};

[[nodiscard]] ByteSource bytes_of(std::string_view text);

}  // namespace sextant::profile
