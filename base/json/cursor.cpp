// SPDX-License-Identifier: Apache-2.0
#include "base/json/cursor.hpp"

#include <cmath>

namespace sextant::json {

namespace {

std::string escaped(std::string_view key) {  // RFC 6901
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string shown(const Node& n) {
  constexpr std::size_t longest = 40;
  switch (n.type) {
    case Type::string: return "\"" + n.string.substr(0, longest) + (n.string.size() > longest ? "...\"" : "\"");
    case Type::boolean: return n.boolean ? "true" : "false";
    case Type::number: {
      char text[32];
      std::snprintf(text, sizeof text, "%.10g", n.number);
      return text;
    }
    case Type::null:
    case Type::array:
    case Type::object: break;
  }
  return std::string(name(n.type));
}

}  // namespace

std::string Cursor::pointer() const {
  if (parent_ == nullptr) return {};
  const bool in_array = parent_->node_->type == Type::array;
  return parent_->pointer() + "/" + (in_array ? std::to_string(index_) : escaped(key_));
}

void Cursor::fault(std::string message, std::string hint) const {
  faults_->add({*file_, node_->line, pointer(), std::move(message), std::move(hint)});
}

void Cursor::fault_at(std::string_view key, std::string message, std::string hint) const {
  int line = node_->line;
  for (const Member& m : node_->members) {
    if (m.key == key) line = m.line;
  }
  faults_->add({*file_, line, pointer() + "/" + escaped(key), std::move(message), std::move(hint)});
}

bool Cursor::expected(std::string_view what) const {
  fault("expected " + std::string(what) + ", found " + shown(*node_));
  return false;
}

}  // namespace sextant::json
