// SPDX-License-Identifier: Apache-2.0
// Writes JSON without third parties: the device side builds on machines that have only a compiler.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sextant::profile {

/// The shortest decimal text that reads back as the same double; "null" for what JSON cannot hold.
[[nodiscard]] std::string number_text(double value);

/// The text as a JSON string, quotes included; control characters are escaped, bytes above 127 pass through.
[[nodiscard]] std::string quoted(std::string_view text);

/// Builds one document. Objects and arrays are indented, except those begun as `flat`, which stay on one line.
class JsonWriter {
 public:
  JsonWriter& begin_object(bool flat = false) { return open('{', flat); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array(bool flat = false) { return open('[', flat); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& value(double v) { return raw(number_text(v)); }
  JsonWriter& value(int v) { return raw(std::to_string(v)); }
  JsonWriter& value(std::int64_t v) { return raw(std::to_string(v)); }
  JsonWriter& value(std::uint64_t v) { return raw(std::to_string(v)); }
  JsonWriter& value(bool v) { return raw(v ? "true" : "false"); }
  JsonWriter& value(std::string_view v) { return raw(quoted(v)); }
  JsonWriter& value(const char* v) { return raw(quoted(v)); }

  template <class T>
  JsonWriter& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }

  /// The document so far, with a final newline.
  [[nodiscard]] std::string text() const { return text_ + "\n"; }

 private:
  struct Level {
    bool flat;
    bool empty = true;
  };

  JsonWriter& open(char bracket, bool flat);
  JsonWriter& close(char bracket);
  JsonWriter& raw(std::string_view text);
  void new_line();
  void separate();

  std::string text_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace sextant::profile
