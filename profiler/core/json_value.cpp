// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/json_value.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>

namespace sextant::profile {

namespace {

constexpr int max_depth = 64;
constexpr std::size_t chunk = std::size_t{1} << 16;

bool is_space(int c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  for (const auto& [name, v] : members) {
    if (name == key) return &v;
  }
  return nullptr;
}

std::optional<double> JsonValue::as_number() const {
  if (type == Type::number) return number;
  if (type != Type::string) return std::nullopt;
  double v = 0;
  const auto [end, error] = std::from_chars(string.data(), string.data() + string.size(), v);
  if (error != std::errc{} || end != string.data() + string.size()) return std::nullopt;
  return v;
}

std::string_view JsonValue::text_or(std::string_view other) const {
  return type == Type::string ? std::string_view(string) : other;
}

ByteSource bytes_of(std::string_view text) {
  auto at = std::make_shared<std::size_t>(0);
  return [text, at](char* out, std::size_t size) {
    const std::size_t n = std::min(size, text.size() - *at);
    if (n > 0) std::memcpy(out, text.data() + *at, n);
    *at += n;
    return n;
  };
}

int JsonReader::peek() {
  if (at_ == end_) {
    buffer_.resize(chunk);
    consumed_ += end_;
    at_ = 0;
    end_ = source_(buffer_.data(), buffer_.size());
    if (end_ == 0) return -1;
  }
  return static_cast<unsigned char>(buffer_[at_]);
}

int JsonReader::take() {
  const int c = peek();
  if (c >= 0) ++at_;
  return c;
}

int JsonReader::peek_solid() {
  while (is_space(peek())) ++at_;
  return peek();
}

bool JsonReader::fail(std::string_view what) {
  if (fault_.empty()) fault_ = "byte " + std::to_string(consumed_ + at_) + ": " + std::string(what);
  return false;
}

bool JsonReader::expect(char c) {
  if (peek_solid() != static_cast<unsigned char>(c)) {
    return fail(peek() < 0 ? "the file ends early" : std::string("expected '") + c + "'");
  }
  ++at_;
  return true;
}

bool JsonReader::next_is(char c) { return peek_solid() == static_cast<unsigned char>(c); }

bool JsonReader::read_escape(std::string& out) {
  const int c = take();
  switch (c) {
    case 'n': out += '\n'; return true;
    case 't': out += '\t'; return true;
    case 'r': out += '\r'; return true;
    case 'b': out += '\b'; return true;
    case 'f': out += '\f'; return true;
    case 'u': {
      unsigned code = 0;
      for (int i = 0; i < 4; ++i) {
        const int h = take();
        if (h >= '0' && h <= '9') {
          code = code * 16 + static_cast<unsigned>(h - '0');
        } else if ((h | 32) >= 'a' && (h | 32) <= 'f') {
          code = code * 16 + static_cast<unsigned>((h | 32) - 'a' + 10);
        } else {
          return fail("\\u needs four hexadecimal digits");
        }
      }
      append_utf8(out, code);
      return true;
    }
    default:
      if (c < 0) return fail("the file ends inside a string");
      out += static_cast<char>(c);
      return true;
  }
}

bool JsonReader::read_string(std::string& out) {
  if (!expect('"')) return false;
  out.clear();
  for (;;) {
    const int c = take();
    if (c < 0) return fail("the file ends inside a string");
    if (c == '"') return true;
    if (c == '\\') {
      if (!read_escape(out)) return false;
    } else {
      out += static_cast<char>(c);  // control characters too: Kineto writes kernel names as they come
    }
  }
}

bool JsonReader::read_word(JsonValue& out) {
  std::string word;
  for (int c = peek(); c >= 0 && !is_space(c) && std::strchr(",]}:", c) == nullptr; c = peek()) {
    word += static_cast<char>(take());
    if (word.size() > 64) return fail("not a JSON value");
  }
  if (word == "true" || word == "false") {
    out.type = JsonValue::Type::boolean;
    out.boolean = word == "true";
    return true;
  }
  if (word == "null" || word == "NaN" || word == "Infinity" || word == "-Infinity") return true;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out.number);
  if (word.empty() || error != std::errc{} || end != word.data() + word.size()) return fail("not a JSON value");
  out.type = JsonValue::Type::number;
  return true;
}

bool JsonReader::read(JsonValue& out, int depth) {
  if (depth > max_depth) return fail("nested deeper than 64");
  switch (peek_solid()) {
    case -1: return fail("the file ends early");
    case '"': out.type = JsonValue::Type::string; return read_string(out.string);
    case '{':
      out.type = JsonValue::Type::object;
      return each_member([&](const std::string& key) {
        out.members.emplace_back(key, JsonValue{});
        return read(out.members.back().second, depth + 1);
      });
    case '[':
      out.type = JsonValue::Type::array;
      return each_item([&] {
        out.items.emplace_back();
        return read(out.items.back(), depth + 1);
      });
    default: return read_word(out);
  }
}

std::optional<JsonValue> JsonReader::value() {
  JsonValue out;
  if (!read(out, 0)) return std::nullopt;
  return out;
}

bool JsonReader::skip() { return value().has_value(); }

bool JsonReader::each_member(const std::function<bool(const std::string&)>& visit) {
  if (!expect('{')) return false;
  if (next_is('}')) return expect('}');
  for (;;) {
    std::string key;
    if (!read_string(key) || !expect(':') || !visit(key)) return false;
    if (next_is('}')) return expect('}');
    if (!expect(',')) return false;
    if (next_is('}')) return expect('}');  // a trailing comma
  }
}

bool JsonReader::each_item(const std::function<bool()>& visit) {
  if (!expect('[')) return false;
  if (next_is(']')) return expect(']');
  for (;;) {
    if (!visit()) return false;
    if (next_is(']')) return expect(']');
    if (!expect(',')) return false;
    if (next_is(']')) return expect(']');
  }
}

}  // namespace sextant::profile
