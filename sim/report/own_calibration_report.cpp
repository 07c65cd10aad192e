// SPDX-License-Identifier: Apache-2.0
#include "sim/report/own_calibration_report.hpp"

#include <fmt/format.h>

#include <cmath>

namespace sextant::sim::report {

namespace {

Cell width_of(const Calibration& c, Parameter p) {
  const std::optional<double> sigma = posterior_sigma(c, p);
  return sigma ? Cell{*sigma} : Cell{};
}

Table parameters_table(const Calibration& shipped, const Calibration& refitted, std::span<const Parameter> moved) {
  Table t{.key = "parameters",
          .title = "Parameters of the stack",
          .columns = {{"before", "before", Unit::number},
                      {"before_sigma", "+-", Unit::share},
                      {"after", "after", Unit::number},
                      {"after_sigma", "+-", Unit::share},
                      {"tag", "parameter", Unit::text},
                      {"meaning", "", Unit::text}}};
  for (const Parameter p : moved) {
    const ParameterInfo& info = parameter_table()[static_cast<std::size_t>(p)];
    t.rows.push_back({shipped.parameters[p], width_of(shipped, p), refitted.parameters[p], width_of(refitted, p),
                      std::string(info.tag), std::string(info.meaning)});
  }
  return t;
}

Table rows_table(const Validation& before, const Validation& after) {
  Table t{.key = "rows",
          .title = "Your rows, predicted / measured - 1",
          .columns = {{"measured_s", "measured", Unit::seconds},
                      {"error_before", "before", Unit::change},
                      {"half_width_before", "band +-", Unit::share},
                      {"error_after", "after", Unit::change},
                      {"half_width_after", "band +-", Unit::share},
                      {"id", "row", Unit::text}},
          .main = true};
  for (std::size_t i = 0; i < before.rows.size(); ++i) {
    const ValidationRow& b = before.rows[i];
    const ValidationRow& a = after.rows[i];
    t.rows.push_back({b.measured.value(), b.errors.error, std::expm1(b.errors.half_width), a.errors.error,
                      std::expm1(a.errors.half_width), b.id});
  }
  return t;
}

}  // namespace

Report own_calibration_report(const Validation& before, const Validation& after, const Calibration& shipped,
                              const Calibration& refitted, std::span<const Parameter> moved) {
  Report r;
  r.format = "sextant/own-calibration/1";
  r.title = fmt::format("{} rows of your own on top of calibration \"{}\"", before.rows.size(), shipped.id);
  r.subtitle = "only what belongs to the stack is fitted; the shipped values and their widths are the priors";
  const auto figure = [&](const char* key, const char* label, double value) {
    r.add(Figure{.key = key, .label = label, .value = value, .unit = Unit::share});
  };
  figure("before/median_abs_error", "median error before", before.summary.errors.median);
  figure("after/median_abs_error", "after", after.summary.errors.median);
  figure("before/half_width", "80 % band before, +-", std::expm1(before.summary.half_width));
  figure("after/half_width", "after, +-", std::expm1(after.summary.half_width));
  r.add(rows_table(before, after));
  r.add(parameters_table(shipped, refitted, moved));
  r.add(List{.title = "",
             .points = {"the rows are those the fit has seen: keep some back and hold them against the new file with "
                        "sextant validate ROWS --profile FILE",
                        "--write FILE keeps the calibration; give it to any command with --profile FILE"},
             .audience = Audience::people});
  return r;
}

}  // namespace sextant::sim::report
