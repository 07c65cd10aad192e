// SPDX-License-Identifier: Apache-2.0
#include "sim/report/display_units.hpp"

#include <fmt/format.h>

namespace sextant::sim::report {

Unit shown_unit(Unit stored, DisplayUnits units) {
  if (units.hours && stored == Unit::days) return Unit::hours;
  if (units.cny && stored == Unit::usd) return Unit::cny;
  if (units.cny && stored == Unit::usd_per_gpu_hour) return Unit::cny_per_gpu_hour;
  return stored;
}

double shown_factor(Unit stored, DisplayUnits units) {
  if (shown_unit(stored, units) == stored) return 1.0;
  return stored == Unit::days ? hours_a_day : cny_per_usd;
}

std::string format(double value, Unit stored, DisplayUnits units) {
  return format(value * shown_factor(stored, units), shown_unit(stored, units));
}

Table in_units(Table t, DisplayUnits units) {
  for (std::size_t i = 0; i < t.columns.size(); ++i) {
    const double factor = shown_factor(t.columns[i].unit, units);
    if (factor == 1.0) continue;
    t.columns[i].unit = shown_unit(t.columns[i].unit, units);
    for (std::vector<Cell>& row : t.rows) {
      if (i >= row.size()) continue;
      if (auto* v = std::get_if<double>(&row[i])) *v *= factor;
    }
  }
  return t;
}

namespace {

struct Converter {
  DisplayUnits units;

  void operator()(Figure& f) const {
    const double factor = shown_factor(f.unit, units);
    f.value *= factor;
    if (f.band) f.band = f.band->map([factor](double v) { return v * factor; });
    f.unit = shown_unit(f.unit, units);
  }
  void operator()(Table& t) const { t = in_units(std::move(t), units); }
  void operator()(Chart& c) const {
    const double factor = shown_factor(c.unit, units);
    if (factor == 1.0) return;
    for (Chart::Mark& m : c.marks) {
      m.from *= factor;
      m.to *= factor;
      if (m.middle) *m.middle *= factor;
      if (m.against) *m.against *= factor;
    }
    c.unit = shown_unit(c.unit, units);
  }
  template <class Other>
  void operator()(Other&) const {}
};

}  // namespace

Report in_units(Report r, DisplayUnits units) {
  if (units.usual()) return r;
  for (Item& item : r.items) std::visit(Converter{units}, item);
  return r;
}

std::string rate_note(DisplayUnits units) {
  if (!units.cny) return "";
  return fmt::format("CNY at {:.2f} a US dollar, the average of 2024 (National Bureau of Statistics of China): assumed",
                     cny_per_usd);
}

}  // namespace sextant::sim::report
