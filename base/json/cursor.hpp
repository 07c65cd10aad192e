// SPDX-License-Identifier: Apache-2.0
// A place in a JSON document: the node, how it was reached, and where faults about it go.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.hpp"
#include "base/json/node.hpp"

namespace sextant::json {

/// Cheap to make (the pointer text is only built when a fault is reported). A child refers to its parent, which must
/// outlive it; readers pass cursors down the stack.
class Cursor {
 public:
  Cursor(const Node& root, const std::string& file, Diagnostics& faults)
      : node_(&root), file_(&file), faults_(&faults) {}

  [[nodiscard]] const Node& node() const { return *node_; }
  [[nodiscard]] const std::string& file() const { return *file_; }
  [[nodiscard]] Diagnostics& faults() const { return *faults_; }
  [[nodiscard]] std::string pointer() const;

  [[nodiscard]] Cursor member(std::string_view key, const Node& value) const { return {*this, value, key, 0}; }
  [[nodiscard]] Cursor item(std::size_t index) const { return {*this, node_->items[index], {}, index}; }

  /// Reports a fault at this place.
  void fault(std::string message, std::string hint = {}) const;
  /// Reports a fault at a key of this object, on the key's own line when it is there.
  void fault_at(std::string_view key, std::string message, std::string hint = {}) const;
  /// Reports `expected X, found Y`; returns false so that readers can `return cursor.expected(...)`.
  bool expected(std::string_view what) const;

 private:
  Cursor(const Cursor& parent, const Node& node, std::string_view key, std::size_t index)
      : node_(&node), file_(parent.file_), faults_(parent.faults_), parent_(&parent), key_(key), index_(index) {}

  const Node* node_;
  const std::string* file_;
  Diagnostics* faults_;
  const Cursor* parent_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
};

}  // namespace sextant::json
