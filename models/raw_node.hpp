// SPDX-License-Identifier: Apache-2.0
// A part of a document left as written, for a reader further up. Include only in loaders.
#pragma once

#include "base/json/shape.hpp"

namespace sextant::models {

/// Points into the document that was read.
struct RawNode {
  const json::Node* node = nullptr;
};

}  // namespace sextant::models

template <>
struct sextant::json::Value<sextant::models::RawNode> {
  static bool read(const Cursor& c, const Range&, models::RawNode& out) {
    out.node = &c.node();
    return true;
  }
  static Json write(const models::RawNode&, const Range&) { return nullptr; }
  static Json describe(const Range&) { return {{"type", {"object", "string"}}}; }
};
