// SPDX-License-Identifier: Apache-2.0
// A claim as written. Include only in loaders.
#pragma once

#include <string>

#include "models/citation.hpp"
#include "models/claim.hpp"
#include "models/raw_node.hpp"

namespace sextant::models {

struct RawClaim : Claim {
  RawNode raw_model;
  Citation citation;
  std::string verified;        ///< how the figures were read, in place of source.trust
  std::string what_it_covers;  ///< free text in place of covers, leaves_out and remarks
};

}  // namespace sextant::models

template <>
struct sextant::json::ShapeOf<sextant::models::RawClaim> {
  static const Shape<models::RawClaim>& get();
};
