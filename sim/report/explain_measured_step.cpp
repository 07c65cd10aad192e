// SPDX-License-Identifier: Apache-2.0
#include "sim/report/explain_measured_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/explain.hpp"
#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"
#include "sim/report/term_rows.hpp"

namespace sextant::sim::report {

namespace {

constexpr std::string_view row_prefix = "measured/";
constexpr std::string_view set_prefix = "measured-set/";
constexpr std::size_t most_parameters = 8;
constexpr std::size_t most_rows = 5;

void prediction_terms(Report& r, const StepEstimate& step) {
  Table t = terms_table("Where the predicted time goes");
  for (const TermInfo& info : term_table()) {
    const Seconds time = step.terms[info.term];
    if (time.value() == 0) continue;
    t.rows.push_back(term_row(std::string(info.title), time, step.time, info));
  }
  std::stable_sort(t.rows.begin(), t.rows.end(),
                   [](const auto& a, const auto& b) { return std::get<double>(a[2]) > std::get<double>(b[2]); });
  r.add(std::move(t));
}

Report explain_row(const ValidationRow& row, const ValidationBeside& set, const Calibration& calibration,
                   std::string_view tag) {
  Report r;
  r.format = "sextant/explain/1";
  r.title = row.id;
  r.subtitle = fmt::format("{}; {}", run_title(row.run), layout_text(row.run));
  r.add(Fact{.key = "tag", .value = std::string(tag)});
  r.add(Figure{.key = "value",
               .label = "predicted",
               .value = row.band.mid.value(),
               .unit = Unit::seconds,
               .band = Band<double>{row.band.low.value(), row.band.mid.value(), row.band.high.value()},
               .band_key = "band"});
  r.add(Figure{.key = "measured",
               .label = "measured",
               .value = row.measured.value(),
               .unit = Unit::seconds,
               .note = row.errors.in_band ? "inside the band" : "outside the band"});
  r.add(Figure{.key = "error",
               .label = "error",
               .value = row.errors.error,
               .unit = Unit::change,
               .note = "predicted / measured - 1"});
  if (!row.publisher.empty()) r.add(Fact{"publisher", "measured by", row.publisher});
  r.add(Fact{
      "source", "source",
      fmt::format("{}, {}, {} ({})", row.source.title, row.source.where, row.source.date, name_of(row.source.trust))});
  r.add(Fact{"at", "kept in", row.line > 0 ? fmt::format("{}:{}", row.file, row.line) : row.file});
  r.add(Fact{"set", "set", set.name == "fit" ? "calibrated on" : set.title + "; never fitted"});
  if (!row.suspect.empty()) r.add(Fact{"suspect", "doubtful because", row.suspect});
  if (!row.reasons.empty())
    r.add(List{.key = "infeasible", .title = "Sextant would not run it", .points = row.reasons});
  r.add(Figure{.key = "baseline",
               .label = "one MFU would be off by",
               .value = row.errors.baseline,
               .unit = Unit::change,
               .note = "dense peak x a constant, stretched by the pipeline bubble"});
  prediction_terms(r, row.estimate);
  r.add(List{.key = "band_reasons", .title = "Why the band is this wide", .points = row.uncertainty});
  Prediction p;
  p.step = row.estimate;
  std::vector<Influence> list = influences({row.run, p, calibration}, std::nullopt);
  if (list.size() > most_parameters) list.resize(most_parameters);
  r.add(influence_table(calibration, list, "Calibrated parameters that move it most"));
  return r;
}

void group_table(Report& r, const Validation& v) {
  Table t{.key = "groups",
          .title = "By property",
          .columns = {{"group", "rows that are", Unit::text},
                      {"n", "rows", Unit::count},
                      {"median_abs_error", "median", Unit::share},
                      {"p90_abs_error", "", Unit::share},
                      {"bias", "bias", Unit::change},
                      {"coverage_80", "in band", Unit::share}}};
  for (const ValidationGroup& g : v.groups) {
    if (g.property == "publisher") continue;
    const ErrorSummary& s = g.summary;
    t.rows.push_back({g.property + " " + g.value, static_cast<double>(s.n), s.errors.median, s.errors.p90,
                      s.errors.bias, s.coverage});
  }
  r.add(std::move(t));
}

void worst_rows(Report& r, const Validation& v) {
  std::vector<const ValidationRow*> rows;
  for (const ValidationRow& row : v.rows) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const ValidationRow* a, const ValidationRow* b) {
    return std::abs(a->errors.error) > std::abs(b->errors.error);
  });
  if (rows.size() > most_rows) rows.resize(most_rows);
  Table t{.key = "worst",
          .title = "Furthest off",
          .columns = {{"id", "measurement", Unit::text},
                      {"error", "error", Unit::change},
                      {"suspect", "doubtful because", Unit::text}}};
  for (const ValidationRow* row : rows) t.rows.push_back({row->id, row->errors.error, row->suspect});
  r.add(std::move(t));
}

Report explain_set(const ValidationBeside& set, const Calibration& calibration, std::string_view tag) {
  const ErrorSummary& s = set.validation.summary;
  Report r;
  r.format = "sextant/explain/1";
  r.title = set.name == "fit" ? "rows that the calibration is fitted to" : set.title;
  r.subtitle = fmt::format("calibration {}, {} observations", calibration.id, calibration.rows);
  r.add(Fact{.key = "tag", .value = std::string(tag)});
  const auto figure = [&r](const char* key, const char* label, double value, Unit unit, const char* note) {
    r.add(Figure{.key = key, .label = label, .value = value, .unit = unit, .note = note});
  };
  figure("value", "median error", s.errors.median, Unit::share, "half of the rows are nearer");
  figure("n", "rows", s.n, Unit::count, "");
  figure("p90_abs_error", "p90", s.errors.p90, Unit::share, "nine rows in ten are nearer");
  figure("bias", "bias", s.errors.bias, Unit::change, "median with its sign");
  figure("coverage_80", "in band", s.coverage, Unit::share, "of the rows lie in their 80 % band");
  figure("half_width_80", "band +-", std::expm1(s.half_width), Unit::share, "median of the bands");
  figure("baseline_median_abs_error", "one MFU", s.baseline.median, Unit::share,
         "median error of the dense peak x a constant, stretched by the pipeline bubble");
  r.add(Fact{"formula", "error is", "predicted / measured step time - 1"});
  r.add(
      Fact{"fitted", "these rows", set.name == "fit" ? "are those the calibration is fitted to" : "are never fitted"});
  group_table(r, set.validation);
  worst_rows(r, set.validation);
  return r;
}

}  // namespace

std::string measured_step_tag(std::string_view row) { return std::string(row_prefix) + std::string(row); }
std::string measured_set_tag(std::string_view set) { return std::string(set_prefix) + std::string(set); }
bool explains_measured(std::string_view tag) { return tag.starts_with(row_prefix) || tag.starts_with(set_prefix); }

Report explain_measured(const std::vector<ValidationBeside>& sets, const Calibration& calibration,
                        std::string_view tag) {
  for (const ValidationBeside& set : sets) {
    if (measured_set_tag(set.name) == tag) return explain_set(set, calibration, tag);
    for (const ValidationRow& row : set.validation.rows) {
      if (measured_step_tag(row.id) == tag) return explain_row(row, set, calibration, tag);
    }
  }
  return {};
}

}  // namespace sextant::sim::report
