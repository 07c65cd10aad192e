// SPDX-License-Identifier: Apache-2.0
#include "models/citation.hpp"

namespace sextant::json {

const Shape<models::Citation>& ShapeOf<models::Citation>::get() {
  using C = models::Citation;
  static const Shape<C> shape =
      Shape<C>("source")
          .optional("publisher", &C::publisher, "who published the figure, with the release of the software")
          .required("title", &C::title, "what the figure was read in")
          .required("where", &C::where, "table, section, URL or commit")
          .required("date", &C::date, "when it was published or measured")
          .optional("trust", &C::trust, "measured, vendor, paper, derived or assumed")
          .optional("verified", &C::verified, "how it was read, in place of trust, e.g. \"read in the source\"");
  return shape;
}

}  // namespace sextant::json

namespace sextant::models {

std::optional<Trust> trust_of(std::string_view verified) {
  const auto says = [&](std::string_view words) { return verified.find(words) != std::string_view::npos; };
  if (says("leak") || says("from memory")) return Trust::assumed;
  if (says("secondary source")) return Trust::derived;
  if (says("read in the source") || says("read in a copy of the paper")) return Trust::paper;
  return std::nullopt;
}

std::optional<Source> source_from(const Citation& citation, const std::string& verified, const json::Cursor& at) {
  std::optional<Trust> trust = citation.trust ? citation.trust : trust_of(verified);
  // It was read somewhere and the words are not ours: no better than second hand.
  if (!trust && !verified.empty()) trust = Trust::derived;
  if (!trust) {
    at.fault("the key \"trust\" is missing: measured, vendor, paper, derived or assumed",
             "a row says how far its figure can be relied on");
    return std::nullopt;
  }
  return Source{citation.title, citation.where, citation.date, *trust};
}

}  // namespace sextant::models
