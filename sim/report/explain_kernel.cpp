// SPDX-License-Identifier: Apache-2.0
#include "sim/report/explain_kernel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/explain.hpp"
#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

using hardware::KernelFamily;

constexpr std::string_view prefix = "kernel/";
constexpr double nudge = 1e-3;             // relative change of a parameter
constexpr double least_elasticity = 5e-4;  // below it a parameter does not count as an input
constexpr std::size_t most_shapes = 5;     // of a table, furthest off

std::string table_tag(const hardware::KernelProfile& p, std::size_t table) {
  return fmt::format("{}{}/{}", prefix, p.id, table);
}
std::string shape_tag(const hardware::KernelProfile& p, std::size_t table, std::size_t shape) {
  return fmt::format("{}/{}", table_tag(p, table), shape);
}

struct FormText {
  std::string formula;
  std::string source;
};

FormText of_term(Term term) {
  const TermInfo& info = term_table()[static_cast<std::size_t>(term)];
  return {std::string(info.formula), std::string(info.source)};
}

FormText form_text(KernelFamily family) {
  switch (family) {
    case KernelFamily::gemm:
    case KernelFamily::sustained: return of_term(Term::gemm);
    case KernelFamily::grouped_gemm: return of_term(Term::grouped_gemm);
    case KernelFamily::attention: return of_term(Term::attention);
    case KernelFamily::rms_norm:
    case KernelFamily::rope:
    case KernelFamily::swiglu:
    case KernelFamily::permute:
    case KernelFamily::unpermute: return {"fewest bytes / (e HBM)", "roofline; e calibrated per stack"};
    case KernelFamily::all_reduce:
    case KernelFamily::all_gather:
    case KernelFamily::reduce_scatter:
    case KernelFamily::all_to_all:
      return {"latency of the algorithm's steps + bytes / bandwidth of the slowest link, NVLink or network",
              "NCCL's cost model"};
    case KernelFamily::expert_dispatch:
    case KernelFamily::expert_combine:
      return {"bytes of one copy a destination node over the network, and of its copies inside the node over NVLink",
              "DeepEP's byte definition"};
    default: return {};
  }
}

std::string name_of(const TableResiduals& t) {
  const std::string name = fmt::format("{} {}", hardware::name_of(t.family), hardware::name_of(t.dtype));
  return t.pass == hardware::KernelPass::none ? name : fmt::format("{} {}", name, hardware::name_of(t.pass));
}

std::string cited(const Source& s) {
  return fmt::format("{}, {}, {} ({})", s.title, s.where, s.date, report::name_of(s.trust));
}

class KernelExplanation {
 public:
  KernelExplanation(const ExplainedProfile& e, const TableResiduals& t) : e_(e), t_(t) {}

  Report shape(std::size_t i, std::string_view tag) {
    const ShapeResidual& s = t_.shapes[i];
    head(fmt::format("{}, {}", name_of(t_), s.shape), tag);
    r_.add(Figure{.key = "value",
                  .label = "measured",
                  .value = s.measured.value(),
                  .unit = Unit::seconds,
                  .note = s.spread > 0 ? fmt::format("half the runs within {}", format(s.spread, Unit::share)) : ""});
    const Source& source = source_of(s);
    r_.add(Fact{"measured_source", "by", cited(source)});
    if (s.roof_share > 0) roof(s);
    form(s);
    Table in = input_table(inputs(s));
    in.title = "Inputs";
    r_.add(std::move(in));
    if (s.form) r_.add(influences(s));
    return std::move(r_);
  }

  Report table(std::string_view tag) {
    head(fmt::format("{}, {} shapes", name_of(t_), t_.shapes.size()), tag);
    const auto figure = [this](const char* key, const char* label, double value, std::string note) {
      r_.add(Figure{.key = key, .label = label, .value = value, .unit = Unit::share, .note = std::move(note)});
    };
    if (t_.median_roof_share > 0) figure("value", "roof", t_.median_roof_share, "median of least / measured time");
    if (t_.formed > 0) {
      figure("form", "form", t_.median_ratio, "median of the closed form's / measured time");
      figure("deviation", "off", t_.median_deviation, "median of |form / measured - 1|");
      figure("p90_deviation", "p90", t_.p90_deviation, "nine in ten shapes are nearer");
      figure("shape_deviation", "shape", t_.median_shape_error, "what is left when the form is brought to this level");
    }
    r_.add(Fact{"formula", "roof", roof_formula});
    add_form_text();
    r_.add(Fact{"measured_source", "by", cited(e_.profile.source)});
    furthest();
    return std::move(r_);
  }

 private:
  static constexpr const char* roof_formula =
      "max(FLOPs / dense peak, fewest bytes / HBM rate) / measured time, peaks of the data sheet";

  void head(std::string title, std::string_view tag) {
    r_.format = "sextant/explain/1";
    r_.title = std::move(title);
    r_.subtitle = fmt::format("{} on {}", e_.profile.id, e_.profile.gpu.empty() ? "an unknown part" : e_.profile.gpu);
    r_.add(Fact{.key = "tag", .value = std::string(tag)});
  }

  [[nodiscard]] const Source& source_of(const ShapeResidual& s) const {
    const int i = e_.profile.tables[t_.table].samples[s.sample].source;
    return i < 0 ? e_.profile.source : e_.profile.sources[static_cast<std::size_t>(i)];
  }

  void roof(const ShapeResidual& s) {
    r_.add(Figure{.key = "roof",
                  .label = "roof",
                  .value = s.roof_share,
                  .unit = Unit::share,
                  .note = s.memory_bound ? "bound by memory" : "bound by compute"});
    r_.add(Fact{"roof_formula", "roof is", roof_formula});
  }

  void form(const ShapeResidual& s) {
    if (!s.form) {
      r_.add(Fact{"form", "form", "the model has no closed form for this call"});
      return;
    }
    r_.add(Figure{.key = "form_s", .label = "model", .value = s.form->value(), .unit = Unit::seconds});
    r_.add(Figure{.key = "form",
                  .label = "form",
                  .value = s.ratio(),
                  .unit = Unit::share,
                  .note = "the model's time / the measured time"});
    add_form_text();
  }

  void add_form_text() {
    const FormText text = form_text(t_.family);
    if (text.formula.empty()) return;
    r_.add(Fact{"form_formula", "model is", text.formula});
    r_.add(Fact{"source", "source", text.source});
  }

  [[nodiscard]] std::vector<Input> inputs(const ShapeResidual& s) const {
    std::vector<Input> list;
    if (s.flops > 0) {
      list.push_back({"FLOPs", s.flops, Unit::flop, "of the shape"});
      list.push_back({"rate reached", s.flops / s.measured.value(), Unit::flop_per_s, "FLOPs / measured time"});
    }
    if (s.bytes > 0) {
      list.push_back({"bytes", s.bytes, Unit::bytes, "fewest that the call must move"});
      list.push_back({"traffic reached", s.bytes / s.measured.value(), Unit::bytes_per_s, "bytes / measured time"});
    }
    if (!(s.roof_share > 0) || !e_.usual) return list;
    if (s.peak.value() > 0) list.push_back({"dense peak", s.peak.value(), Unit::flop_per_s, "data sheet"});
    const hardware::Accelerator& gpu = e_.usual->gpu;
    list.push_back({"HBM", gpu.hbm.value(), Unit::bytes_per_s, "data sheet", gpu.source_of("hbm_bytes_per_s")});
    list.push_back({"least time", s.roof_share * s.measured.value(), Unit::seconds, "under both roofs"});
    return list;
  }

  /// How the closed form moves with the calibrated parameters.
  [[nodiscard]] Table influences(const ShapeResidual& s) const {
    hardware::KernelProfile one;
    one.gpu = e_.profile.gpu;
    one.tables = {e_.profile.tables[t_.table]};
    one.tables.front().samples = {e_.profile.tables[t_.table].samples[s.sample]};
    std::vector<Influence> list;
    for (const ParameterInfo& info : parameter_table()) {
      Parameters changed = e_.calibration.parameters;
      changed[info.parameter] *= 1.0 + nudge;
      const auto moved = profile_residuals(one, e_.usual ? &*e_.usual : nullptr, changed);
      const double elasticity = (*moved.front().shapes.front().form / *s.form - 1.0) / nudge;
      if (std::abs(elasticity) > least_elasticity) list.push_back({info.parameter, elasticity});
    }
    std::sort(list.begin(), list.end(),
              [](const Influence& a, const Influence& b) { return std::abs(a.elasticity) > std::abs(b.elasticity); });
    return influence_table(e_.calibration, list, "Calibrated parameters that move the model's time");
  }

  void furthest() {
    std::vector<const ShapeResidual*> formed;
    for (const ShapeResidual& s : t_.shapes) {
      if (s.form) formed.push_back(&s);
    }
    std::stable_sort(formed.begin(), formed.end(), [](const ShapeResidual* a, const ShapeResidual* b) {
      return std::abs(std::log(a->ratio())) > std::abs(std::log(b->ratio()));
    });
    if (formed.size() > most_shapes) formed.resize(most_shapes);
    Table t{.key = "furthest",
            .title = "Shapes where the model is furthest off",
            .columns = {{"shape", "shape", Unit::text},
                        {"measured_s", "measured", Unit::seconds},
                        {"form_s", "model", Unit::seconds},
                        {"form", "form", Unit::share}}};
    for (const ShapeResidual* s : formed) {
      t.rows.push_back({s->shape, s->measured.value(), s->form->value(), s->ratio()});
    }
    if (!t.rows.empty()) r_.add(std::move(t));
  }

  const ExplainedProfile& e_;
  const TableResiduals& t_;
  Report r_;
};

}  // namespace

Table with_kernel_tags(const hardware::KernelProfile& profile, const std::vector<TableResiduals>& residuals, Table t) {
  t.columns.insert(t.columns.begin(), {"tag", "", Unit::text});
  std::size_t row = 0;
  const auto put = [&](std::string tag) {
    if (row < t.rows.size()) t.rows[row].insert(t.rows[row].begin(), Cell{std::move(tag)});
    ++row;
  };
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    if (t.key == "tables") {
      put(table_tag(profile, i));
      continue;
    }
    for (std::size_t k = 0; k < residuals[i].shapes.size(); ++k) put(shape_tag(profile, i, k));
  }
  return t;
}

bool explains_kernel(std::string_view tag) { return tag.starts_with(prefix); }

Report explain_kernel(const ExplainedProfile& e, std::string_view tag) {
  for (std::size_t i = 0; i < e.residuals.size(); ++i) {
    const std::string table = table_tag(e.profile, i);
    KernelExplanation explanation(e, e.residuals[i]);
    if (tag == table) return explanation.table(tag);
    if (!tag.starts_with(table + "/")) continue;
    for (std::size_t k = 0; k < e.residuals[i].shapes.size(); ++k) {
      if (shape_tag(e.profile, i, k) == tag) return explanation.shape(k, tag);
    }
  }
  return {};
}

}  // namespace sextant::sim::report
