// SPDX-License-Identifier: Apache-2.0
#include "models/hf/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sextant::models::hf {

namespace {

bool same(const json::Node& a, const json::Node& b) {
  if (a.type != b.type) return false;
  switch (a.type) {
    case json::Type::number: return a.number == b.number;
    case json::Type::boolean: return a.boolean == b.boolean;
    case json::Type::string: return a.string == b.string;
    default: return true;
  }
}

/// The number a node stands for: itself, or the common value of a list's items.
const json::Node* scalar(const json::Node& node) {
  if (node.type != json::Type::array || node.items.empty()) return &node;
  for (const json::Node& item : node.items) {
    if (!same(item, node.items.front())) return &node;
  }
  return &node.items.front();
}

std::string leaf(std::string_view key) { return std::string(key.substr(key.rfind('.') + 1)); }

}  // namespace

const json::Node* Config::find_one(std::string_view key) const {
  const json::Node* node = &text_.node();
  while (node != nullptr && node->type == json::Type::object) {
    const std::size_t dot = key.find('.');
    node = node->find(key.substr(0, dot));
    if (dot == std::string_view::npos) return node;
    key.remove_prefix(dot + 1);
  }
  return nullptr;
}

std::string_view Config::present(std::string_view keys) const {
  std::string_view found;
  for_each_word(keys, [&](std::string_view key) {
    if (found.empty() && find_one(key) != nullptr) found = key;
  });
  return found;
}

const json::Node* Config::find(std::string_view keys) {
  const json::Node* first = nullptr;
  std::string_view first_key;
  for_each_word(keys, [&](std::string_view key) {
    understood_.insert(std::string(key));
    const json::Node* node = find_one(key);
    if (node == nullptr) return;
    if (first == nullptr) {
      first = node;
      first_key = key;
    } else if (!same(*first, *node)) {
      fault(key, fmt::format("differs from \"{}\", which names the same thing", first_key));
    }
  });
  return first;
}

void Config::understand(std::string_view keys) {
  for_each_word(keys, [&](std::string_view key) { understood_.insert(std::string(key)); });
}

void Config::fault(std::string_view key, std::string message, std::string hint) {
  good_ = false;
  const std::size_t dot = key.find('.');
  const std::string_view head = key.substr(0, dot);
  const json::Node* node = text_.node().find(head);
  if (dot == std::string_view::npos || node == nullptr) {
    text_.fault_at(head, std::move(message), std::move(hint));
  } else {
    text_.member(head, *node).fault_at(key.substr(dot + 1), std::move(message), std::move(hint));
  }
}

void Config::missing(std::string_view key) {
  good_ = false;
  text_.fault(fmt::format("the key \"{}\" is missing", key));
}

std::optional<int> Config::integer(std::string_view keys, Bounds bounds) {
  const json::Node* found = find(keys);
  if (found == nullptr) return std::nullopt;
  const json::Node& node = *scalar(*found);
  const bool whole = node.type == json::Type::number && std::floor(node.number) == node.number;
  if (!whole || node.number < bounds.min || node.number > bounds.max) {
    const bool list = node.type == json::Type::array;
    fault(present(keys),
          list ? "differs between layers, which Sextant does not model for this architecture"
               : fmt::format("expected an integer of at least {} and at most {}", bounds.min, bounds.max));
    return std::nullopt;
  }
  return static_cast<int>(node.number);
}

std::optional<bool> Config::boolean(std::string_view keys) {
  const json::Node* node = find(keys);
  if (node == nullptr) return std::nullopt;
  if (node->type != json::Type::boolean) {
    fault(present(keys), "expected true or false");
    return std::nullopt;
  }
  return node->boolean;
}

std::optional<std::vector<int>> Config::integers(std::string_view keys, std::size_t size) {
  const json::Node* node = find(keys);
  if (node == nullptr || node->type != json::Type::array) return std::nullopt;
  std::vector<int> list;
  for (const json::Node& item : node->items) {
    if (item.type != json::Type::number || std::floor(item.number) != item.number || std::abs(item.number) > 1e6) {
      fault(present(keys), "expected a list of integers");
      return std::nullopt;
    }
    list.push_back(static_cast<int>(item.number));
  }
  if (size > 0 && list.size() != size) {
    fault(present(keys), fmt::format("has {} items for {} layers", list.size(), size));
    return std::nullopt;
  }
  return list;
}

int Config::number(std::string_view name, const Number& number, Bounds bounds) {
  const std::optional<int> value = number.keys.empty() ? std::nullopt : integer(number.keys, bounds);
  if (value) {
    record(name, fmt::format("{}", *value), Provenance::Origin::file, std::string(present(number.keys)));
    return *value;
  }
  if (number.fallback == required) {
    if (present(number.keys).empty()) missing(number.keys.substr(0, number.keys.find('|')));
    return 1;
  }
  if (number.fallback > 0) {
    record(name, fmt::format("{}", number.fallback), Provenance::Origin::class_default, std::string(model_.family));
    if (!number.keys.empty()) {
      note(fmt::format("{} is not in the file: {}, the default of {}, assumed",
                       leaf(number.keys.substr(0, number.keys.find('|'))), number.fallback, model_.family));
    }
  }
  return number.fallback;
}

bool Config::yes(std::string_view name, const Switch& value) {
  const std::optional<bool> stated = value.keys.empty() ? std::nullopt : boolean(value.keys);
  const bool result = stated.value_or(value.fallback);
  if (stated) {
    record(name, result ? "true" : "false", Provenance::Origin::file, std::string(present(value.keys)));
  } else if (result) {
    record(name, "true", Provenance::Origin::class_default, model_.family);
  }
  return result;
}

bool Config::tied(const Switch& value) {
  std::optional<bool> stated = boolean(value.keys);
  if (!stated && outer_ != nullptr) {
    if (const json::Node* node = outer_->node().find(value.keys);
        node != nullptr && node->type == json::Type::boolean) {
      stated = node->boolean;
    }
  }
  const bool result = stated.value_or(value.fallback);
  const char* text = result ? "true" : "false";
  if (stated) {
    record("tied_embeddings", text, Provenance::Origin::file, std::string(value.keys));
  } else {
    record("tied_embeddings", text, Provenance::Origin::class_default, model_.family);
    note(fmt::format("{} is not in the file: {}, the default of {}, assumed", value.keys, text, model_.family));
  }
  return result;
}

void Config::derived(std::string_view name, int value, std::string rule) {
  record(name, fmt::format("{}", value), Provenance::Origin::derived, std::move(rule));
}

void Config::record(std::string_view name, std::string value, Provenance::Origin origin, std::string where) {
  Provenance row{std::string(name), std::move(value), origin, std::move(where)};
  for (Provenance& known : model_.provenance) {
    if (known.key == row.key) {
      known = std::move(row);
      return;
    }
  }
  model_.provenance.push_back(std::move(row));
}

}  // namespace sextant::models::hf
