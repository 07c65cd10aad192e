// SPDX-License-Identifier: Apache-2.0
#include "sim/report/waterfall.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

#include "models/counts.hpp"
#include "sim/campaign/goodput.hpp"
#include "sim/report/explain_campaign.hpp"
#include "sim/report/reports.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim::report {

namespace {

/// Share of core attention in the forward FLOPs of the layers: the same on every rank.
double attention_share(const Run& run) {
  double all = 0;
  double attention = 0;
  for (int i = 0; i < run.model.layers(); ++i) {
    for (const Op& op : expand_layer(run, run.model.layer(i), 1.0)) {
      if (op.kind == OpKind::linear || op.kind == OpKind::grouped_linear) all += op.count * op.gemm.flops().value();
      if (op.kind != OpKind::core_attention) continue;
      all += op.attention.causal_flops().value();
      attention += op.attention.causal_flops().value();
    }
  }
  return all > 0 ? attention / all : 0.0;
}

constexpr double smallest_shown_share = 0.004;

/// Losses that are whole terms of the step.
struct Loss {
  std::string_view title;
  std::array<Term, 5> terms;
  int count;
};

constexpr std::array<Loss, 11> losses{{
    {"Memory-bound kernels", {Term::elementwise, Term::cast, Term::embedding, Term::accumulation}, 4},
    {"Recompute", {Term::recompute}, 1},
    {"Launches and host", {Term::host, Term::engine}, 2},
    {"TP and CP, exposed", {Term::tensor_comm, Term::context_comm}, 2},
    {"EP, exposed", {Term::expert_comm}, 1},
    {"PP sends, exposed", {Term::pipeline_comm}, 1},
    {"DP, exposed", {Term::gradient_comm, Term::shard_comm}, 2},
    {"Pipeline bubble", {Term::bubble}, 1},
    {"Optimizer", {Term::optimizer}, 1},
    {"Stragglers", {Term::straggler}, 1},
    {"Fixed time", {Term::fixed}, 1},
}};

std::string_view tag_of(Term term) { return term_table()[static_cast<std::size_t>(term)].tag; }

class Builder {
 public:
  explicit Builder(const Prediction& p) : p_(p) {
    table_ = {.key = "waterfall",
              .title = "From the hardware's ideal to the step",
              .columns = {{"title", " ", Unit::text},
                          {"tag", "", Unit::text},
                          {"from_s", "", Unit::seconds},
                          {"to_s", "", Unit::seconds},
                          {"seconds", "time", Unit::seconds},
                          {"share", "of the step", Unit::share}}};
  }

  void end(std::string_view title, std::string_view tag, Seconds to) {
    table_.rows.push_back({std::string(title), std::string(tag), 0.0, to.value(), to.value(), to / p_.step.time});
    at_ = to;
  }
  void loss(std::string_view title, std::string_view tag, Seconds time) {
    const Seconds to = at_ + time;
    table_.rows.push_back(
        {std::string(title), std::string(tag), at_.value(), to.value(), time.value(), time / p_.step.time});
    at_ = to;
  }
  Table take() { return std::move(table_); }

 private:
  const Prediction& p_;
  Table table_;
  Seconds at_;
};

}  // namespace

Table waterfall(const Run& run, const Prediction& p, const std::optional<hardware::ReliabilityDefaults>& reliability) {
  const Terms& t = p.step.terms;
  const Seconds ideal = p.step.time * p.efficiency.mfu;
  const double share = attention_share(run);
  // The head's FLOPs are matrix products; attention's share is of the layers alone.
  const double layers =
      models::flops_per_token(run.model, run.batch.seq_len, {.head = false}) / p.efficiency.flops_per_token.model;
  const Seconds ideal_attention = ideal * (share * layers);
  Builder b(p);
  b.end("Ideal: model FLOPs at peak", "mfu", ideal);
  b.loss("Matrix products below peak", tag_of(Term::gemm),
         t[Term::gemm] + t[Term::grouped_gemm] + t[Term::head] - (ideal - ideal_attention));
  b.loss("Attention below peak", tag_of(Term::attention), t[Term::attention] - ideal_attention);
  Seconds small;
  for (const Loss& loss : losses) {
    Seconds time;
    for (int i = 0; i < loss.count; ++i) time += t[loss.terms[static_cast<std::size_t>(i)]];
    if (std::abs(time / p.step.time) < smallest_shown_share) {
      small += time;
    } else {
      b.loss(loss.title, tag_of(loss.terms.front()), time);
    }
  }
  if (small.value() != 0) b.loss("Smaller losses", "overview", small);
  b.end("Predicted step", "step_time_s", p.step.time);
  if (reliability) {
    const FailureModel failures = failure_model(run, {}, *reliability, reliability->failures_per_1000_node_days.mid);
    const Seconds whole = p.step.time / goodput(failures).effective;
    b.loss("Failures and checkpoints", goodput_tag, whole - p.step.time);
    b.end("Step with failures", goodput_tag, whole);
  }
  return b.take();
}

Report explain_failures(const Run& run, const Prediction& p,
                        const std::optional<hardware::ReliabilityDefaults>& reliability, DisplayUnits units) {
  Report r;
  if (!reliability) return r;
  const FailureModel failures = failure_model(run, {}, *reliability, reliability->failures_per_1000_node_days.mid);
  const Goodput g = goodput(failures);
  r.format = "sextant/explain/1";
  r.title = "what failures and checkpoints add to a step";
  r.subtitle = fmt::format("{}; {}", run_title(run), layout_text(run));
  r.add(Fact{.key = "tag", .value = std::string(goodput_tag)});
  r.add(Figure{.key = "value",
               .label = "value",
               .value = (p.step.time / g.effective - p.step.time).value(),
               .unit = Unit::seconds,
               .note = fmt::format("{} / {} - {}", format(p.step.time.value(), Unit::seconds),
                                   format(g.effective, Unit::share), format(p.step.time.value(), Unit::seconds))});
  add_goodput(r, {failures, g, {}, reliability, units});
  return r;
}

}  // namespace sextant::sim::report
