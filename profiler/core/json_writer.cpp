// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace sextant::profile {

std::string number_text(double value) {
  if (!std::isfinite(value)) return "null";
  constexpr double exact_integers = 9007199254740992.0;
  if (value == std::floor(value) && std::abs(value) < exact_integers)
    return std::to_string(static_cast<long long>(value));
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), end.ptr);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (u < 0x20 || u == 0x7f) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04x", u);
      out += code.data();
    } else {
      out += c;
    }
  }
  return out + "\"";
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  text_ += quoted(name) + ": ";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::open(char bracket, bool flat) {
  separate();
  const bool inherited = !levels_.empty() && levels_.back().flat;
  text_ += bracket;
  levels_.push_back({flat || inherited});
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.flat && !level.empty) new_line();
  text_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view text) {
  separate();
  text_ += text;
  return *this;
}

void JsonWriter::new_line() {
  text_ += '\n';
  text_.append(2 * levels_.size(), ' ');
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (!level.empty) text_ += level.flat ? ", " : ",";
  if (!level.flat) new_line();
  level.empty = false;
}

}  // namespace sextant::profile
