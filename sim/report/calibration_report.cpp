// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"
#include "sim/uncertainty/tornado.hpp"

namespace sextant::sim::report {

Table parameter_table_of(const Calibration& c, std::span<const Parameter> only) {
  Table t{.key = "parameters",
          .columns = {{"tag", "parameter", Unit::text},
                      {"value", "value", Unit::number},
                      {"sigma", "+-", Unit::share},
                      {"prior", "prior", Unit::number},
                      {"prior_sigma", "+-", Unit::share},
                      {"unit", "unit", Unit::text},
                      {"grade", "grade", Unit::text},
                      {"meaning", "meaning", Unit::text},
                      {"source", "", Unit::text},
                      {"fitted", "", Unit::text}}};
  for (const ParameterInfo& info : parameter_table()) {
    if (!only.empty() && std::find(only.begin(), only.end(), info.parameter) == only.end()) continue;
    const std::optional<double> sigma = posterior_sigma(c, info.parameter);
    t.rows.push_back({std::string(info.tag), c.parameters[info.parameter], sigma ? Cell{*sigma} : Cell{}, info.prior,
                      info.sigma, std::string(info.unit), std::string(name_of(grade_of(c, info))),
                      std::string(info.meaning), std::string(info.source), sigma.has_value()});
  }
  return t;
}

Report calibration_report(const Calibration& c) {
  Report r;
  r.format = "sextant/calibration-report/1";
  r.title = "Calibration " + c.id;
  r.subtitle = c.rows > 0 ? fmt::format("{} observations, {} parameters fitted; {}, {}", c.rows, c.fitted.size(),
                                        c.source.title, c.source.date)
                          : "no observations: every parameter is at its prior";
  r.add(Fact{.key = "id", .value = c.id});
  r.add(Figure{.key = "observations", .value = static_cast<double>(c.rows), .unit = Unit::count});
  Table t = parameter_table_of(c, {});
  t.main = true;
  r.add(std::move(t));
  Table widths{
      .key = "widths",
      .title = "The model's own error by regime, half widths of the 80 % band",
      .columns = {{"half_width", "+-", Unit::share}, {"rows", "rows", Unit::count}, {"regime", "regime", Unit::text}}};
  for (const LearnedWidth& w : c.widths)
    widths.rows.push_back({std::expm1(w.half_width), static_cast<double>(w.rows), w.regime});
  r.add(std::move(widths));
  r.add(List{.title = "",
             .points = {"value and prior are medians; +- is one standard deviation of the logarithm; a "
                        "parameter without one stays at its prior, because no row identifies it"},
             .audience = Audience::people});
  return r;
}

}  // namespace sextant::sim::report
