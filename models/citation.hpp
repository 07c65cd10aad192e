// SPDX-License-Identifier: Apache-2.0
// A source as observations and claims write it: with its publisher, and with `trust` or with a remark on how it was
// read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json/shape.hpp"
#include "base/source.hpp"

namespace sextant::models {

struct Citation {
  std::string publisher;
  std::string title;
  std::string where;
  std::string date;
  std::optional<Trust> trust;
  std::string verified;  ///< e.g. "read in the source"; stands in for `trust`
};

/// What a remark on how a figure was read is worth: read in the source or a copy of it: paper; second-hand: derived;
/// from memory or leaked: assumed. Nothing for other remarks.
[[nodiscard]] std::optional<Trust> trust_of(std::string_view verified);

/// The source, with its trust. Reports a citation that states neither trust nor a known remark.
[[nodiscard]] std::optional<Source> source_from(const Citation& citation, const std::string& verified,
                                                const json::Cursor& at);

}  // namespace sextant::models

template <>
struct sextant::json::ShapeOf<sextant::models::Citation> {
  static const Shape<models::Citation>& get();
};
