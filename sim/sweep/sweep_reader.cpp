// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "sim/run/schema.hpp"
#include "sim/sweep/axis_reader.hpp"
#include "sim/sweep/schema.hpp"
#include "sim/sweep/sweep.hpp"

namespace sextant::json {

template <>
struct ShapeOf<sim::sweep::Sweep> {
  static const Shape<sim::sweep::Sweep>& get() {
    using sim::sweep::Sweep;
    static const Shape<Sweep> shape =
        Shape<Sweep>("sweep")
            .custom(
                "format", "sextant/sweep/1", false,
                [](const Cursor& c, Sweep&) {
                  const bool right = c.node().type == Type::string && c.node().string == "sextant/sweep/1";
                  return right || c.expected("\"sextant/sweep/1\"");
                },
                nullptr,
                [] {
                  return Json{{"const", "sextant/sweep/1"}};
                })
            .optional("title", &Sweep::title, "for people")
            .optional("notes", &Sweep::notes, "for people")
            .custom(
                "run", "the run that the axes change: a run, a file beside this one, or a catalogue id", true,
                [](const Cursor& c, Sweep& out) {
                  if (c.node().type != Type::object && c.node().type != Type::string) {
                    return c.expected("a run, or the name of one");
                  }
                  out.run = c.node();
                  return true;
                },
                nullptr,
                [] {
                  return Json{{"oneOf", {Json{{"type", "string"}}, sim::run_schema()}}};
                })
            .custom(
                "axes", "what changes; every combination is a point, the last axis changes fastest", true,
                [](const Cursor& c, Sweep& out) {
                  if (c.node().type != Type::array || c.node().items.empty()) return c.expected("a list of axes");
                  bool good = true;
                  for (std::size_t i = 0; i < c.node().items.size(); ++i) {
                    auto axis = sim::sweep::read_axis(c.item(i));
                    good = axis.has_value() && good;
                    if (axis) out.axes.push_back(std::move(*axis));
                  }
                  return good;
                },
                nullptr,
                [] {
                  return Json{{"type", "array"}, {"items", ShapeOf<sim::sweep::StatedAxis>::get().schema()}};
                });
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::sim::sweep {

namespace {

/// Two axes for one place: the second would hide the first.
bool fields_differ(const json::Cursor& at, const Sweep& sweep) {
  std::map<std::string, std::size_t> seen;
  const json::Cursor axes = at.member("axes", *at.node().find("axes"));
  bool good = true;
  for (std::size_t i = 0; i < sweep.axes.size(); ++i) {
    for (const std::string& field : sweep.axes[i].fields) {
      const auto [place, fresh] = seen.emplace(field, i);
      if (fresh) continue;
      axes.item(i).fault(fmt::format("{} has values already, from axis {}", field, place->second));
      good = false;
    }
  }
  return good;
}

}  // namespace

std::uint64_t Sweep::points() const {
  std::uint64_t n = 1;
  for (const Axis& axis : axes) {
    n *= axis.steps.size();
    if (n > most_points) return n;
  }
  return n;
}

std::optional<Sweep> read_sweep(const json::Cursor& at) {
  Sweep sweep;
  if (!json::ShapeOf<Sweep>::get().read(at, sweep) || !fields_differ(at, sweep)) return std::nullopt;
  if (sweep.points() > most_points) {
    at.fault_at("axes", fmt::format("more than {} points", most_points), "fewer values, or several sweeps");
    return std::nullopt;
  }
  return sweep;
}

std::vector<FieldValue> values_of(const Sweep& sweep, std::uint64_t point) {
  std::vector<std::size_t> step(sweep.axes.size());
  for (std::size_t a = sweep.axes.size(); a-- > 0;) {
    step[a] = static_cast<std::size_t>(point % sweep.axes[a].steps.size());
    point /= sweep.axes[a].steps.size();
  }
  std::vector<FieldValue> values;
  for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
    const Axis& axis = sweep.axes[a];
    for (std::size_t f = 0; f < axis.fields.size(); ++f) values.push_back({axis.fields[f], axis.steps[step[a]][f]});
  }
  return values;
}

json::Json sweep_schema() { return json::ShapeOf<Sweep>::get().schema(); }

}  // namespace sextant::sim::sweep
