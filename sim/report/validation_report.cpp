// SPDX-License-Identifier: Apache-2.0
#include "sim/report/validation_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "sim/step/terms.hpp"

namespace sextant::sim::report {

namespace {

constexpr std::string_view baseline_note =
    "one MFU: the dense 16-bit peak times a constant, stretched by the pipeline bubble; the constant is fitted to "
    "these "
    "rows. Classes are GPU architecture, FP8 or not, dense or MoE";

/// A key of one level, where '/' would begin another.
std::string level(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

void add_number(Report& report, std::string key, double value, Unit unit = Unit::number) {
  report.add(Figure{std::move(key), "", value, unit, std::nullopt, "", "", Audience::programs});
}

/// The keys that scripts read; people get tables.
void add_summary(Report& report, const std::string& at, const ErrorSummary& s) {
  add_number(report, at + "/n", s.n, Unit::count);
  add_number(report, at + "/median_abs_error", s.errors.median);
  add_number(report, at + "/mean_abs_error", s.errors.mean);
  add_number(report, at + "/p90_abs_error", s.errors.p90);
  add_number(report, at + "/bias", s.errors.bias);
  add_number(report, at + "/coverage_80", s.coverage);
  add_number(report, at + "/half_width_80", std::expm1(s.half_width), Unit::share);
  add_number(report, at + "/baseline_median_abs_error", s.baseline.median);
  add_number(report, at + "/baseline_mean_abs_error", s.baseline.mean);
  add_number(report, at + "/baseline_p90_abs_error", s.baseline.p90);
  add_number(report, at + "/baseline_by_class_median_abs_error", s.baseline_by_class.median);
}

Table rows_table(const std::vector<ValidationRow>& rows, std::string key) {
  Table t{std::move(key), "", {}, {}, Audience::programs, true};
  t.columns = {{"id", "row", Unit::text},
               {"measured_s", "measured", Unit::seconds},
               {"predicted_s", "predicted", Unit::seconds},
               {"low_s", "low", Unit::seconds},
               {"high_s", "high", Unit::seconds},
               {"error", "error", Unit::change},
               {"predicted_memory_gb", "predicted memory", Unit::gigabytes},
               {"measured_memory_gb", "measured memory", Unit::gigabytes},
               {"infeasible", "infeasible", Unit::text},
               {"baseline_error", "baseline", Unit::change},
               {"publisher", "publisher", Unit::text},
               {"suspect", "doubtful because", Unit::text},
               {"reasons", "infeasible because", Unit::text}};
  for (const ValidationRow& r : rows) {
    const auto memory = [](const std::optional<double>& gb) { return gb ? Cell{*gb} : Cell{}; };
    t.rows.push_back({r.id, r.measured.value(), r.band.mid.value(), r.band.low.value(), r.band.high.value(),
                      r.errors.error, memory(r.predicted_memory_gb), memory(r.measured_memory_gb), r.infeasible,
                      r.errors.baseline, r.publisher.empty() ? Cell{} : Cell{r.publisher},
                      r.suspect.empty() ? Cell{} : Cell{r.suspect}, r.reasons.empty() ? Cell{} : Cell{r.reasons}});
  }
  return t;
}

std::vector<Cell> statistics_row(std::string name, int n, const ErrorStatistics& s, Cell coverage) {
  return {static_cast<double>(n), s.median, s.mean, s.p90, s.bias, std::move(coverage), std::move(name)};
}

Table summary_table(const ErrorSummary& s) {
  Table t{"", "Step time, predicted / measured - 1", {}, {}, Audience::people};
  t.columns = {{"", "rows", Unit::count}, {"", "median", Unit::share}, {"", "mean", Unit::share},
               {"", "p90", Unit::share},  {"", "bias", Unit::change},  {"", "in 80 % band", Unit::share},
               {"", "by", Unit::text}};
  t.rows.push_back(statistics_row("Sextant", s.n, s.errors, s.coverage));
  t.rows.push_back(statistics_row("one MFU x bubble", s.n, s.baseline, {}));
  t.rows.push_back(statistics_row("an MFU for each class", s.n, s.baseline_by_class, {}));
  return t;
}

std::vector<Column> group_columns(std::string title) {
  return {{"", "rows", Unit::count},    {"", "median", Unit::share},       {"", "mean", Unit::share},
          {"", "p90", Unit::share},     {"", "bias", Unit::change},        {"", "in band", Unit::share},
          {"", "one MFU", Unit::share}, {"", std::move(title), Unit::text}};
}

std::vector<Cell> group_row(const ErrorSummary& s, std::string name) {
  return {static_cast<double>(s.n), s.errors.median, s.errors.mean, s.errors.p90, s.errors.bias, s.coverage,
          s.baseline.median,        std::move(name)};
}

void add_beside_table(Report& report, const std::vector<ValidationBeside>& beside) {
  if (beside.empty()) return;
  Table t{"", "Never fitted", group_columns("set"), {}, Audience::people};
  for (const ValidationBeside& b : beside) t.rows.push_back(group_row(b.validation.summary, b.name + ": " + b.title));
  report.add(std::move(t));
}

std::vector<Column> left_out_columns() {
  return {{"", "rows", Unit::count},    {"", "median", Unit::share},      {"", "mean", Unit::share},
          {"", "p90", Unit::share},     {"", "bias", Unit::change},       {"", "in band", Unit::share},
          {"", "band +-", Unit::share}, {"", "of these rows", Unit::text}};
}

std::vector<Cell> left_out_row(const ErrorSummary& s, std::string name) {
  return {static_cast<double>(s.n), s.errors.median, s.errors.mean, s.errors.p90, s.errors.bias, s.coverage,
          std::expm1(s.half_width), std::move(name)};
}

/// Errors of refits, one table a kind of fold.
void add_left_out(Report& report, const Validation& v, const ValidationLeftOut& left_out) {
  std::vector<RowError> errors;
  std::vector<Seconds> predicted;
  for (const LeftOutRow& row : left_out.rows) {
    errors.push_back(row.errors);
    predicted.push_back(row.band.mid);
  }
  const std::string by(name_of(left_out.by));
  const std::string at = "left_out/" + level(by);
  const ErrorSummary all = summarise(errors);
  add_number(report, at + "/folds", static_cast<double>(left_out.folds), Unit::count);
  add_summary(report, at + "/summary", all);
  if (left_out.coverage_of_unseen_widths)
    add_number(report, at + "/coverage_80_of_unseen_widths", *left_out.coverage_of_unseen_widths, Unit::share);
  const PairOrder order = pair_order(v.rows, predicted);
  add_number(report, at + "/layout_pairs", order.pairs, Unit::count);
  add_number(report, at + "/layout_pairs_ordered_right", order.right, Unit::count);
  Table t{"",
          fmt::format("Each row predicted without its {} ({} refits)", by, left_out.folds),
          left_out_columns(),
          {},
          Audience::people};
  t.rows.push_back(left_out_row(all, "all"));
  for (const ValidationGroup& g : grouped(v.rows, errors)) {
    add_summary(report, at + "/groups/" + level(g.property + "=" + g.value), g.summary);
    if (g.property != "publisher") t.rows.push_back(left_out_row(g.summary, g.property + " " + g.value));
  }
  report.add(std::move(t));
  Table rows{at + "/rows", "", {}, {}, Audience::programs, true};
  rows.columns = {{"id", "row", Unit::text},
                  {"predicted_s", "predicted", Unit::seconds},
                  {"low_s", "low", Unit::seconds},
                  {"high_s", "high", Unit::seconds},
                  {"error", "error", Unit::change}};
  for (std::size_t i = 0; i < left_out.rows.size(); ++i) {
    const Band<Seconds>& b = left_out.rows[i].band;
    rows.rows.push_back({v.rows[i].id, b.mid.value(), b.low.value(), b.high.value(), errors[i].error});
  }
  report.add(std::move(rows));
  List list{"", "", {}, Audience::people};
  list.points.push_back(fmt::format("{} of {} pairs of layouts more than 5 % apart ordered right ({:.1f} %)",
                                    order.right, order.pairs, 100 * order.share()));
  if (left_out.coverage_of_unseen_widths) {
    list.points.push_back(fmt::format("{:.1f} % in the band when its widths are learned without the {}, too",
                                      100 * *left_out.coverage_of_unseen_widths, by));
  }
  report.add(std::move(list));
}

/// One table a property.
void add_group_tables(Report& report, const std::vector<ValidationGroup>& groups) {
  for (std::size_t i = 0; i < groups.size();) {
    const std::string property = groups[i].property;
    Table t{"", i == 0 ? "By property" : "", group_columns(property), {}, Audience::people};
    for (; i < groups.size() && groups[i].property == property; ++i) {
      t.rows.push_back(group_row(groups[i].summary, groups[i].value));
    }
    report.add(std::move(t));
  }
}

std::string largest_terms(const ValidationRow& row) {
  constexpr std::size_t shown = 4;
  std::vector<const TermInfo*> terms;
  for (const TermInfo& info : term_table()) terms.push_back(&info);
  std::partial_sort(terms.begin(), terms.begin() + shown, terms.end(), [&](const TermInfo* a, const TermInfo* b) {
    return row.estimate.terms[a->term] > row.estimate.terms[b->term];
  });
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const double share = row.estimate.terms[terms[i]->term] / row.estimate.time;
    text += fmt::format("{}{} {:.0f} %", i == 0 ? "" : ", ", terms[i]->tag, 100 * share);
  }
  return text;
}

List worst_list(const std::vector<ValidationRow>& rows, int count) {
  std::vector<const ValidationRow*> order;
  for (const ValidationRow& r : rows) order.push_back(&r);
  const auto size = std::min(order.size(), static_cast<std::size_t>(std::max(0, count)));
  const auto distance = [](const ValidationRow* r) { return std::abs(std::log1p(r->errors.error)); };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(size), order.end(),
                    [&](const auto* a, const auto* b) { return distance(a) > distance(b); });
  List list{"", "Rows furthest off", {}, Audience::people};
  for (std::size_t i = 0; i < size; ++i) {
    const ValidationRow& r = *order[i];
    std::string text =
        fmt::format("{}: {} for {} measured, {}; {}", r.id, format(r.band.mid.value(), Unit::seconds),
                    format(r.measured.value(), Unit::seconds), format(r.errors.error, Unit::change), largest_terms(r));
    if (!r.errors.in_band) text += "; outside its band";
    if (!r.suspect.empty()) text += "; doubtful: " + r.suspect;
    for (const std::string& reason : r.reasons) text += "; " + reason;
    list.points.push_back(std::move(text));
  }
  return list;
}

/// Memory, where rows state it; on the rows that do.
void add_memory(Report& report, const std::vector<ValidationRow>& rows) {
  std::vector<double> errors;
  for (const ValidationRow& r : rows) {
    if (r.predicted_memory_gb && r.measured_memory_gb)
      errors.push_back(*r.predicted_memory_gb / *r.measured_memory_gb - 1);
  }
  if (errors.empty()) return;
  const ErrorStatistics s = statistics(errors);
  const auto n = static_cast<double>(errors.size());
  add_number(report, "memory/n", n, Unit::count);
  add_number(report, "memory/median_abs_error", s.median);
  add_number(report, "memory/mean_abs_error", s.mean);
  add_number(report, "memory/p90_abs_error", s.p90);
  add_number(report, "memory/bias", s.bias);
  Table t{"", "Memory of the fullest GPU", {}, {}, Audience::people};
  t.columns = {{"", "rows", Unit::count},
               {"", "median", Unit::share},
               {"", "mean", Unit::share},
               {"", "p90", Unit::share},
               {"", "bias", Unit::change}};
  t.rows.push_back({n, s.median, s.mean, s.p90, s.bias});
  report.add(std::move(t));
}

}  // namespace

std::string_view name_of(LeftOutBy by) {
  for (const auto& [name, value] : left_out_names) {
    if (value == by) return name;
  }
  return {};
}

Report validation_report(const Validation& v, const ValidationView& view) {
  Report report{"sextant/validation/1", view.title, view.subtitle};
  report.add(summary_table(v.summary));
  add_beside_table(report, view.beside);
  report.add(rows_table(v.rows, "rows"));
  add_summary(report, "summary", v.summary);
  for (const ValidationGroup& g : v.groups)
    add_summary(report, "groups/" + level(g.property + "=" + g.value), g.summary);
  for (const ValidationBeside& b : view.beside) {
    const std::string at = "never_fitted/" + level(b.name);
    add_summary(report, at + "/summary", b.validation.summary);
    report.add(rows_table(b.validation.rows, at + "/rows"));
  }
  add_group_tables(report, v.groups);
  for (const ValidationLeftOut& l : view.left_out) add_left_out(report, v, l);
  add_memory(report, v.rows);
  if (view.worst > 0) report.add(worst_list(v.rows, view.worst));
  std::vector<std::string> notes = v.notes;
  notes.emplace_back(baseline_note);
  report.add(List{"notes", "Notes", std::move(notes)});
  report.add(Figure{"seconds", "", view.seconds, Unit::number, std::nullopt, "", "", Audience::programs});
  return report;
}

}  // namespace sextant::sim::report
