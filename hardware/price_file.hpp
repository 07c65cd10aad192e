// SPDX-License-Identifier: Apache-2.0
// A file under hardware/data/prices, as written. Internal to this folder.
#pragma once

#include "hardware/shapes.hpp"

namespace sextant::hardware {

/// A row whose source is an entry of the file's "sources", with a place of its own ("where").
template <class Row>
struct Sourced {
  Row row;
  std::string source;
  std::string where;
};

struct PriceFile {
  std::map<std::string, Source> sources;
  std::vector<Sourced<PriceRow>> rental;
  std::vector<Sourced<PurchaseRow>> purchase;
  Prices rest;
};

}  // namespace sextant::hardware

namespace sextant::json {
template <>
struct ShapeOf<hardware::PriceFile> {
  static const Shape<hardware::PriceFile>& get();
};
}  // namespace sextant::json
