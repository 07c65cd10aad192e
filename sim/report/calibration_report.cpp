// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/reports.hpp"

namespace sextant::sim::report {

Table parameter_table_of(const Calibration& c, std::span<const Parameter> only) {
  Table t{.key = "parameters",
          .columns = {{"tag", "parameter", Unit::text},
                      {"value", "value", Unit::number},
                      {"sigma", "+-", Unit::share},
                      {"prior", "prior", Unit::number},
                      {"prior_sigma", "+-", Unit::share},
                      {"unit", "unit", Unit::text},
                      {"meaning", "", Unit::text},
                      {"source", "", Unit::text},
                      {"fitted", "", Unit::text}}};
  for (const ParameterInfo& info : parameter_table()) {
    if (!only.empty() && std::find(only.begin(), only.end(), info.parameter) == only.end()) continue;
    const std::optional<double> sigma = posterior_sigma(c, info.parameter);
    t.rows.push_back({std::string(info.tag), c.parameters[info.parameter], sigma ? Cell{*sigma} : Cell{}, info.prior,
                      info.sigma, std::string(info.unit), std::string(info.meaning), std::string(info.source),
                      sigma.has_value()});
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
  r.add(List{.title = "",
             .points = {"value and prior are medians; +- is one standard deviation of the logarithm; a "
                        "parameter without one stays at its prior, because no row identifies it"},
             .audience = Audience::people});
  return r;
}

}  // namespace sextant::sim::report
