// SPDX-License-Identifier: Apache-2.0
#include "base/json/shape.hpp"

#include <algorithm>

namespace sextant::json {

namespace {

std::string shown(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", v);
  return text;
}

std::string described(const Range& r, bool integral) {
  std::string what = integral ? "an integer" : "a number";
  const bool has_min = std::isfinite(r.min);
  const bool has_max = std::isfinite(r.max);
  if (has_min) what += (r.min_excluded ? " above " : " of at least ") + shown(r.min);
  if (has_max) what += std::string(has_min ? " and" : "") + " at most " + shown(r.max);
  return what;
}

}  // namespace

bool read_number(const Cursor& c, const Range& range, bool integral, double& out) {
  const Node& n = c.node();
  if (n.type != Type::number) return c.expected(described(range, integral));
  const bool whole = std::floor(n.number) == n.number;
  const bool in_range = n.number <= range.max && (range.min_excluded ? n.number > range.min : n.number >= range.min);
  if ((integral && !whole) || !in_range) return c.expected(described(range, integral));
  out = n.number * range.unit;
  return true;
}

Json describe_number(const Range& range, bool integral) {
  Json d = {{"type", integral ? "integer" : "number"}};
  if (std::isfinite(range.min)) d[range.min_excluded ? "exclusiveMinimum" : "minimum"] = range.min;
  if (std::isfinite(range.max)) d["maximum"] = range.max;
  return d;
}

bool refuse_unknown_keys(const Cursor& c, std::span<const std::string_view> known) {
  bool good = true;
  for (const Member& m : c.node().members) {
    if (std::find(known.begin(), known.end(), m.key) == known.end()) {
      c.fault_at(m.key, "unknown key", did_you_mean(m.key, known));
      good = false;
    }
  }
  return good;
}

const Shape<Source>& ShapeOf<Source>::get() {
  static const Shape<Source> shape =
      Shape<Source>("source")
          .required("title", &Source::title, "what the figure was read in")
          .required("where", &Source::where, "table, section, URL or commit")
          .required("date", &Source::date, "when it was published or measured")
          .required("trust", &Source::trust, "measured, vendor, paper, derived or assumed");
  return shape;
}

}  // namespace sextant::json
