// SPDX-License-Identifier: Apache-2.0
#include "sim/report/layer_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/describe.hpp"
#include "sim/report/names.hpp"
#include "sim/report/operator_text.hpp"
#include "sim/report/reports.hpp"
#include "sim/validation/error_summary.hpp"

namespace sextant::sim::report {

namespace {

constexpr double least_shown_share = 1e-4;  // of a layer, to people

const LayerTime& of_group(const std::vector<LayerTime>& layers, const models::LayerGroup& group) {
  return *std::find_if(layers.begin(), layers.end(), [&](const LayerTime& t) { return t.kind == group.index; });
}

Table summary(const std::vector<models::LayerGroup>& groups, const std::vector<LayerTime>& layers) {
  Table t{.key = "layers",
          .columns = {{"layer", "layer", Unit::text},
                      {"count", "of them", Unit::count},
                      {"parameters", "parameters", Unit::parameters},
                      {"forward_s", "forward", Unit::seconds},
                      {"input_gradient_s", "input grad.", Unit::seconds},
                      {"weight_gradient_s", "weight grad.", Unit::seconds},
                      {"backward_s", "backward", Unit::seconds},
                      {"gpu_forward_s", "", Unit::seconds},
                      {"gpu_backward_s", "", Unit::seconds}},
          .main = true};
  for (const models::LayerGroup& g : groups) {
    const LayerTime& l = of_group(layers, g);
    t.rows.push_back({g.kind, static_cast<double>(g.count), l.parameters.total(), l.forward.sum().value(),
                      l.input_gradient.sum().value(), l.weight_gradient.sum().value(), l.backward().value(),
                      l.gpu_forward().value(), l.gpu_backward().value()});
  }
  return t;
}

/// Programs get one table of all kinds, people one a kind.
Table terms(const std::string& kind, const LayerTime& l) {
  Table t{.title = fmt::format("A layer of kind \"{}\", by term", kind),
          .columns = {{"", "term", Unit::text},
                      {"", "forward", Unit::seconds},
                      {"", "input grad.", Unit::seconds},
                      {"", "weight grad.", Unit::seconds}},
          .audience = Audience::people};
  const auto known = [](Seconds s) { return s.value() > 0 ? Cell{s.value()} : Cell{}; };
  const Seconds whole = l.forward.sum() + l.backward();
  for (const TermInfo& info : term_table()) {
    const Seconds all = l.forward[info.term] + l.input_gradient[info.term] + l.weight_gradient[info.term];
    if (all < whole * least_shown_share) continue;
    t.rows.push_back({std::string(info.tag), known(l.forward[info.term]), known(l.input_gradient[info.term]),
                      known(l.weight_gradient[info.term])});
  }
  return t;
}

Table all_terms(const std::vector<models::LayerGroup>& groups, const std::vector<LayerTime>& layers) {
  Table t{.key = "terms",
          .columns = {{"layer", "", Unit::text},
                      {"tag", "", Unit::text},
                      {"forward_s", "", Unit::seconds},
                      {"input_gradient_s", "", Unit::seconds},
                      {"weight_gradient_s", "", Unit::seconds},
                      {"why", "", Unit::text}},
          .audience = Audience::programs};
  for (const models::LayerGroup& g : groups) {
    const LayerTime& l = of_group(layers, g);
    for (const TermInfo& info : term_table()) {
      const Seconds parts[] = {l.forward[info.term], l.input_gradient[info.term], l.weight_gradient[info.term]};
      if (!((parts[0] + parts[1] + parts[2]).value() > 0)) continue;
      t.rows.push_back({g.kind, std::string(info.tag), parts[0].value(), parts[1].value(), parts[2].value(),
                        std::string(info.formula)});
    }
  }
  return t;
}

Table operators(const std::vector<models::LayerGroup>& groups, const std::vector<LayerTime>& layers) {
  Table t{.key = "operators",
          .title = "Operators, each as if alone",
          .columns = {{"layer", "layer", Unit::text},
                      {"operator", "operator", Unit::text},
                      {"shape", "M x N x K, or size", Unit::text},
                      {"forward_s", "forward", Unit::seconds},
                      {"", "backward", Unit::seconds},
                      {"input_gradient_s", "", Unit::seconds},
                      {"weight_gradient_s", "", Unit::seconds}}};
  for (const models::LayerGroup& g : groups) {
    for (const OperatorTime& o : of_group(layers, g).operators) {
      t.rows.push_back({g.kind, std::string(name_of(o.op.name)), shape_text(o.op), o.forward.value(),
                        (o.input_gradient + o.weight_gradient).value(), o.input_gradient.value(),
                        o.weight_gradient.value() > 0 ? Cell{o.weight_gradient.value()} : Cell{}});
    }
  }
  return t;
}

double tokens(const Run& run) { return static_cast<double>(run.batch.micro_sequences) * run.batch.seq_len; }

/// The degrees that split a layer.
std::string degrees_text(const Parallelism& p) {
  std::string text;
  for (const auto& [name, degree] :
       {std::pair{"tp", p.tp}, std::pair{"cp", p.cp}, std::pair{"ep", p.ep}, std::pair{"etp", p.etp}}) {
    if (degree > 1) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, degree);
  }
  return text.empty() ? "whole on one GPU" : text;
}

std::string kernels_text(const MeasuredLayer& m) {
  std::string text = m.compiled ? "fused" : "as written";
  if (!m.grouped_mm) text += ", experts one by one";
  return text;
}

}  // namespace

Report layer_report(const Run& run, const std::vector<LayerTime>& layers) {
  const std::vector<models::LayerGroup> groups = models::layer_groups(run.model);
  Report r;
  r.format = "sextant/layer/1";
  r.title = fmt::format("One layer of {} on {}", run.name, run.cluster.gpu.id);
  r.subtitle = fmt::format("{} tokens, {}, {}; {}", format(tokens(run), Unit::count), name_of(run.precision),
                           degrees_text(run.parallelism), run.stack.title);
  r.add(Fact{.key = "model", .value = run.name});
  r.add(Fact{.key = "gpu", .value = run.cluster.gpu.id});
  r.add(Fact{.key = "stack", .value = run.stack.id});
  r.add(Fact{.key = "precision", .value = std::string(name_of(run.precision))});
  r.add(Figure{.key = "tokens", .value = tokens(run), .unit = Unit::count});
  r.add(summary(groups, layers));
  for (const models::LayerGroup& g : groups) r.add(terms(g.kind, of_group(layers, g)));
  r.add(all_terms(groups, layers));
  r.add(operators(groups, layers));
  List assumptions{.key = "assumptions", .audience = Audience::programs};
  for (const Assumption& a : run.assumptions) assumptions.points.push_back(text_of(a));
  r.add(std::move(assumptions));
  List notes{.key = "notes", .title = "Notes", .points = run.notes};
  notes.points.emplace_back("what a step's layer_cost says: one micro-batch on one rank, calibrated on training steps");
  r.add(std::move(notes));
  return r;
}

Report layer_comparison_report(const std::vector<ComparedLayer>& rows) {
  Report r;
  r.format = "sextant/layer-comparison/1";
  r.title = "Layers, predicted against measured";
  Table t{.key = "rows",
          .columns = {{"model", "model", Unit::text},
                      {"gpu", "", Unit::text},
                      {"tokens", "tokens", Unit::count},
                      {"kernels", "kernels", Unit::text},
                      {"attention", "", Unit::text},
                      {"stack", "", Unit::text},
                      {"pass", "pass", Unit::text},
                      {"measured_s", "measured", Unit::seconds},
                      {"predicted_s", "predicted", Unit::seconds},
                      {"error", "error", Unit::change}},
          .main = true};
  std::vector<double> errors;
  std::vector<std::string> where;
  for (const ComparedLayer& c : rows) {
    const MeasuredLayer& m = c.measured;
    const auto add = [&](const char* pass, Seconds measured, Seconds predicted) {
      errors.push_back(predicted / measured - 1);
      t.rows.push_back({m.model, c.run.cluster.gpu.id, static_cast<double>(m.tokens), kernels_text(m), m.attention,
                        c.run.stack.id, std::string(pass), measured.value(), predicted.value(), errors.back()});
    };
    add("forward", m.forward, c.predicted.gpu_forward());
    add("backward", m.backward, c.predicted.gpu_backward());
    const std::string place = fmt::format("{}, {}", c.run.cluster.gpu.id, c.run.stack.title);
    if (std::find(where.begin(), where.end(), place) == where.end()) where.push_back(place);
  }
  r.subtitle = fmt::format("{}", fmt::join(where, "; "));
  const ErrorStatistics s = statistics(errors);
  const double worst =
      *std::max_element(errors.begin(), errors.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  r.add(Figure{.key = "n", .label = "passes", .value = static_cast<double>(errors.size()), .unit = Unit::count});
  r.add(Figure{.key = "median_abs_error", .label = "median error", .value = s.median, .unit = Unit::share});
  r.add(Figure{.key = "worst_error", .label = "worst error", .value = worst, .unit = Unit::change});
  r.add(std::move(t));
  r.add(
      List{.title = "Notes",
           .points = {"predicted: the GPU's time, the host running ahead, experts equally loaded, nothing recomputed, "
                      "no fp32 accumulation: what profiler/torch/moe_layer.py times",
                      "error: predicted / measured - 1"},
           .audience = Audience::people});
  return r;
}

}  // namespace sextant::sim::report
