// SPDX-License-Identifier: Apache-2.0
#include "sim/report/profile_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/report/names.hpp"

namespace sextant::sim::report {

namespace {

constexpr std::size_t most_shown = 8;  // of one table's shapes, to people

template <class T>
std::string word(T value) {
  return std::string(hardware::name_of(value));
}

std::string table_name(const TableResiduals& t) {
  const std::string name = word(t.family) + " " + word(t.dtype);
  return t.pass == hardware::KernelPass::none ? name : name + " " + word(t.pass);
}

Cell known(double v) { return v > 0 ? Cell{v} : Cell{}; }

Table tables(const std::vector<TableResiduals>& residuals) {
  Table t{.key = "tables",
          .title = "Against the roof and the closed form, by kernel (medians)",
          .columns = {{"", "kernel", Unit::text},
                      {"family", "", Unit::text},
                      {"dtype", "", Unit::text},
                      {"pass", "", Unit::text},
                      {"shapes", "shapes", Unit::count},
                      {"shortest_s", "", Unit::seconds},
                      {"longest_s", "", Unit::seconds},
                      {"median_roof_share", "roof", Unit::share},
                      {"best_roof_share", "", Unit::share},
                      {"form_shapes", "", Unit::count},
                      {"median_form_over_measured", "form", Unit::share},
                      {"median_deviation", "off", Unit::share},
                      {"p90_deviation", "p90", Unit::share},
                      {"median_shape_deviation", "shape", Unit::share}}};
  for (const TableResiduals& r : residuals) {
    const auto formed = [&r](double v) { return r.formed > 0 ? Cell{v} : Cell{}; };
    t.rows.push_back({table_name(r), word(r.family), word(r.dtype), word(r.pass), static_cast<double>(r.shapes.size()),
                      r.shapes.front().measured.value(), r.shapes.back().measured.value(), known(r.median_roof_share),
                      known(r.best_roof_share), static_cast<double>(r.formed), formed(r.median_ratio),
                      formed(r.median_deviation), formed(r.p90_deviation), formed(r.median_shape_error)});
  }
  return t;
}

Table all_shapes(const std::vector<TableResiduals>& residuals) {
  Table t{.key = "samples",
          .columns = {{"family", "", Unit::text},
                      {"dtype", "", Unit::text},
                      {"pass", "", Unit::text},
                      {"shape", "", Unit::text},
                      {"measured_s", "", Unit::seconds},
                      {"spread", "", Unit::share},
                      {"flops", "", Unit::flop},
                      {"bytes", "", Unit::bytes},
                      {"flop_per_s", "", Unit::flop_per_s},
                      {"bytes_per_s", "", Unit::bytes_per_s},
                      {"roof_share", "", Unit::share},
                      {"bound", "", Unit::text},
                      {"form_s", "", Unit::seconds},
                      {"form_over_measured", "", Unit::number}},
          .audience = Audience::programs,
          .main = true};
  for (const TableResiduals& r : residuals) {
    for (const ShapeResidual& s : r.shapes) {
      t.rows.push_back({word(r.family), word(r.dtype), word(r.pass), s.shape, s.measured.value(), known(s.spread),
                        known(s.flops), known(s.bytes), known(s.flops / s.measured.value()),
                        known(s.bytes / s.measured.value()), known(s.roof_share),
                        s.roof_share > 0 ? Cell{std::string(s.memory_bound ? "memory" : "compute")} : Cell{},
                        s.form ? Cell{s.form->value()} : Cell{}, s.form ? Cell{s.ratio()} : Cell{}});
    }
  }
  return t;
}

/// "655 TFLOP/s" or "2,710 GB/s", whichever roof is nearer.
std::string rate_text(const ShapeResidual& s) {
  const double seconds = s.measured.value();
  if (s.flops > 0 && !s.memory_bound) return format(s.flops / seconds, Unit::flop_per_s);
  return s.bytes > 0 ? format(s.bytes / seconds, Unit::bytes_per_s) : std::string();
}

/// Some of a table's shapes, from the shortest to the longest.
Table some_shapes(const TableResiduals& r) {
  const std::size_t shown = std::min(most_shown, r.shapes.size());
  Table t{.title = table_name(r),
          .columns = {{"", "shape", Unit::text},
                      {"", "measured", Unit::seconds},
                      {"", "rate", Unit::text},
                      {"", "roof", Unit::share},
                      {"", "form", Unit::share}},
          .audience = Audience::people};
  if (shown < r.shapes.size()) t.title += fmt::format(", {} of {} shapes", shown, r.shapes.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t at = shown > 1 ? i * (r.shapes.size() - 1) / (shown - 1) : 0;
    const ShapeResidual& s = r.shapes[at];
    t.rows.push_back(
        {s.shape, s.measured.value(), rate_text(s), known(s.roof_share), s.form ? Cell{s.ratio()} : Cell{}});
  }
  return t;
}

bool has(const std::vector<TableResiduals>& residuals, bool (*what)(const TableResiduals&)) {
  return std::any_of(residuals.begin(), residuals.end(), what);
}

}  // namespace

Report kernel_profile_report(const hardware::KernelProfile& p, const std::vector<TableResiduals>& residuals) {
  Report r;
  r.format = "sextant/profile-summary/1";
  r.title = p.name.empty() ? p.id : p.name;
  r.subtitle =
      fmt::format("{}; {}, {}, {} ({})", p.id, p.source.title, p.source.where, p.source.date, name_of(p.source.trust));
  r.add(Fact{"id", "", p.id});
  r.add(Fact{"gpu", "GPU", p.gpu.empty() ? "not in the catalogue: no roof, no form" : p.gpu});
  if (!p.same_kernels.empty()) r.add(Fact{"", "holds for", fmt::format("{}", fmt::join(p.same_kernels, ", "))});
  r.add(Figure{.key = "shapes", .label = "shapes", .value = static_cast<double>(p.size()), .unit = Unit::count});
  r.add(tables(residuals));
  r.add(all_shapes(residuals));
  for (const TableResiduals& t : residuals) r.add(some_shapes(t));
  List notes{"note", "Note", {}};
  if (!p.note.empty()) notes.points.push_back(p.note);
  if (has(residuals, [](const TableResiduals& t) { return t.best_roof_share > 0; })) {
    notes.points.emplace_back(
        "roof: least time under the data sheet's dense peak and HBM rate, over the measured time");
  }
  if (has(residuals, [](const TableResiduals& t) { return t.formed > 0; })) {
    notes.points.emplace_back(
        "form: time of the closed form, with a training step's calibrated rates and the part to itself, over the "
        "measured time; off: how far from 100 %, p90: of the worst tenth; shape: what is left when the form is brought "
        "to the table's level");
  }
  if (has(residuals, [](const TableResiduals& t) { return t.shapes.size() > most_shown; })) {
    notes.points.emplace_back("--json and --format csv hold every shape");
  }
  if (!notes.points.empty()) r.add(std::move(notes));
  return r;
}

Report roof_figures(const hardware::Accelerator& gpu) {
  Report r;
  const FlopRate peak = gpu.peak.bf16 > FlopRate{} ? gpu.peak.bf16 : gpu.peak.fp16;
  const auto add = [&r](std::string key, std::string label, double value, Unit unit) {
    r.add(Figure{.key = std::move(key), .label = std::move(label), .value = value, .unit = unit});
  };
  add("peak_flop_per_s", "dense 16-bit peak", peak.value(), Unit::flop_per_s);
  if (gpu.peak.fp8 > FlopRate{}) add("peak_fp8_flop_per_s", "dense 8-bit peak", gpu.peak.fp8.value(), Unit::flop_per_s);
  add("hbm_bytes_per_s", "HBM", gpu.hbm.value(), Unit::bytes_per_s);
  add("ridge_flop_per_byte", "ridge", hardware::ridge_point(gpu), Unit::flop_per_byte);
  return r;
}

}  // namespace sextant::sim::report
