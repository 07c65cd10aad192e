// SPDX-License-Identifier: Apache-2.0
#include "base/json/write_node.hpp"

#include <cmath>
#include <cstdint>

namespace sextant::json {

nlohmann::ordered_json to_json(const Node& node) {
  using Json = nlohmann::ordered_json;
  switch (node.type) {
    case Type::null: return nullptr;
    case Type::boolean: return node.boolean;
    case Type::number:
      // Above 2^53 not every integer is a double.
      if (node.integral && std::abs(node.number) <= 9007199254740992.0) return static_cast<std::int64_t>(node.number);
      return node.number;
    case Type::string: return node.string;
    case Type::array: {
      Json list = Json::array();
      for (const Node& item : node.items) list.push_back(to_json(item));
      return list;
    }
    case Type::object: {
      Json object = Json::object();
      for (const Member& m : node.members) object[m.key] = to_json(m.value);
      return object;
    }
  }
  return nullptr;
}

}  // namespace sextant::json
