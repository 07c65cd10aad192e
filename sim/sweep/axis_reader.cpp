// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/axis_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sextant::json {

namespace {

using sim::sweep::StatedAxis;

bool is_pointer(const std::string& text) {
  return text.size() > 1 && text.front() == '/' && text.back() != '/' && text.find("//") == std::string::npos;
}

bool pointers_are_right(const Cursor& c, const StatedAxis& a) {
  if (a.field.has_value() == !a.fields.empty()) {
    c.fault("expected either \"field\" or \"fields\"",
            R"("field": "/parallelism/tp" is one, "fields" change together)");
    return false;
  }
  const auto check = [&c](const char* key, const std::string& text) {
    if (is_pointer(text)) return true;
    c.fault_at(key, fmt::format("\"{}\" is no place in a run", text.substr(0, 60)),
               "write it as \"/parallelism/tp\"; sextant schema run shows the fields");
    return false;
  };
  bool good = !a.field || check("field", *a.field);
  for (const std::string& text : a.fields) good = check("fields", text) && good;
  return good;
}

/// Exactly one way to say what the values are.
bool values_are_said_once(const Cursor& c, const StatedAxis& a) {
  const bool range = a.from || a.to || a.step || a.factor || a.points || a.scale || a.multiple_of;
  if (range == (c.node().find("values") != nullptr)) {
    c.fault("expected either \"values\" or a range",
            "a range is \"from\" and \"to\" with \"step\", \"factor\" or \"points\"");
    return false;
  }
  if (!range) return true;
  if (!a.from || !a.to || (a.step.has_value() + a.factor.has_value() + a.points.has_value()) != 1) {
    c.fault("a range needs \"from\", \"to\" and one of \"step\", \"factor\" and \"points\"");
    return false;
  }
  if (!a.fields.empty()) {
    c.fault_at("fields", "fields that change together need \"values\"", "one row of values a step");
    return false;
  }
  return true;
}

/// Whether the range ends, and where it should.
bool range_is_right(const Cursor& c, const StatedAxis& a) {
  if (!a.from || !a.to) return true;
  if (*a.to < *a.from) {
    c.fault_at("to", fmt::format("{} is below \"from\", {}", *a.to, *a.from));
    return false;
  }
  const bool ratio = a.factor || a.scale == sim::sweep::Scale::log;
  if (ratio && !(*a.from > 0)) {
    c.fault_at("from", "a range by ratios begins above 0");
    return false;
  }
  if (a.scale && !a.points) {
    c.fault_at("scale", "goes with \"points\"", "\"step\" is linear and \"factor\" is geometric");
    return false;
  }
  const double count = a.step     ? (*a.to - *a.from) / *a.step
                       : a.factor ? std::log(*a.to / *a.from) / std::log(*a.factor)
                                  : static_cast<double>(*a.points);
  if (count <= sim::sweep::most_values) return true;
  c.fault(fmt::format("{:.0f} values, more than {:.0f}", count, sim::sweep::most_values));
  return false;
}

}  // namespace

const Shape<StatedAxis>& ShapeOf<StatedAxis>::get() {
  using A = StatedAxis;
  static const Shape<A> shape =
      Shape<A>("axis")
          .optional("field", &A::field, "where in a run the values go, e.g. /cluster/gpus")
          .optional("fields", &A::fields, "fields that change together; a step of \"values\" is a row then")
          .custom(
              "values", "the values, one a step", false,
              [](const Cursor& c, A& out) {
                if (c.node().type != Type::array) return c.expected("a list of values");
                if (c.node().items.empty()) c.fault("the list of values is empty");
                out.values = c.node().items;
                return !out.values.empty();
              },
              nullptr,
              [] {
                return Json{{"type", "array"}, {"minItems", 1}};
              })
          .optional("from", &A::from, "first value of a range")
          .optional("to", &A::to, "the range's end; the last value may lie below it")
          .optional("step", &A::step, "from a value to the next", positive())
          .optional("factor", &A::factor, "from a value to the next, e.g. 2", Range{1.0, 1e9, true, 1.0})
          .optional("points", &A::points, "values in all, both ends among them", between(2, sim::sweep::most_values))
          .optional("scale", &A::scale, "of \"points\": linear, or log for equal ratios")
          .optional("multiple_of", &A::multiple_of, "values are rounded to multiples of it, equal ones count once",
                    positive())
          .check([](const Cursor& c, const A& a) {
            const bool fields = pointers_are_right(c, a);
            return values_are_said_once(c, a) && range_is_right(c, a) && fields;
          });
  return shape;
}

}  // namespace sextant::json

namespace sextant::sim::sweep {

namespace {

/// Steps that reach the end but for rounding do reach it.
constexpr double rounding = 1e-9;

double value_at(const StatedAxis& a, double i) {
  if (a.step) return *a.from + i * *a.step;
  if (a.factor) return *a.from * std::pow(*a.factor, i);
  const double share = i / (*a.points - 1);
  if (i == 0) return *a.from;
  if (share == 1) return *a.to;
  if (a.scale == Scale::log) return *a.from * std::pow(*a.to / *a.from, share);
  return *a.from + share * (*a.to - *a.from);
}

std::size_t steps_of(const StatedAxis& a) {
  if (a.points) return static_cast<std::size_t>(*a.points);
  const double last = a.step ? (*a.to - *a.from) / *a.step : std::log(*a.to / *a.from) / std::log(*a.factor);
  return static_cast<std::size_t>(std::floor(last * (1 + rounding) + rounding)) + 1;
}

/// A row of values for `fields`; a fault where it has another length.
bool row_of(const json::Cursor& at, std::size_t fields, std::vector<json::Node>& row) {
  if (at.node().type != json::Type::array || at.node().items.size() != fields) {
    at.fault(fmt::format("expected a list of {} values, one a field", fields));
    return false;
  }
  row = at.node().items;
  return true;
}

}  // namespace

std::vector<double> range_values(const StatedAxis& a) {
  std::vector<double> out;
  for (std::size_t i = 0; i < steps_of(a); ++i) {
    double v = value_at(a, static_cast<double>(i));
    if (a.multiple_of) v = std::round(v / *a.multiple_of) * *a.multiple_of;
    if (out.empty() || out.back() != v) out.push_back(v);
  }
  return out;
}

std::optional<Axis> read_axis(const json::Cursor& at) {
  StatedAxis stated;
  if (!json::ShapeOf<StatedAxis>::get().read(at, stated)) return std::nullopt;
  Axis axis;
  axis.line = at.node().line;
  axis.fields = stated.field ? std::vector<std::string>{*stated.field} : stated.fields;
  axis.listed = !stated.values.empty();
  bool good = true;
  if (!axis.listed) {
    for (const double v : range_values(stated)) {
      axis.steps.push_back({number_node(v)});
      axis.steps.back().front().line = axis.line;
    }
  } else if (stated.field) {
    for (const json::Node& v : stated.values) axis.steps.push_back({v});
  } else {
    const json::Cursor values = at.member("values", *at.node().find("values"));
    axis.steps.resize(stated.values.size());
    for (std::size_t i = 0; i < axis.steps.size(); ++i) {
      good = row_of(values.item(i), axis.fields.size(), axis.steps[i]) && good;
    }
  }
  return good ? std::optional(std::move(axis)) : std::nullopt;
}

}  // namespace sextant::sim::sweep
