// SPDX-License-Identifier: Apache-2.0
#include "sim/report/step_trace.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

#include "sim/report/explain_slice.hpp"
#include "sim/report/reports.hpp"
#include "sim/schedule/slices.hpp"

namespace sextant::sim::report {

namespace {

using schedule::Item;
using schedule::Pass;
using schedule::TimedItem;

enum LaneNumber : int { compute, exchange, send_forward, send_backward, step_end };

std::string_view category(Pass pass) {
  switch (pass) {
    case Pass::forward: return "forward";
    case Pass::backward: return "backward";
    case Pass::input_gradient: return "input gradient";
    case Pass::weight_gradient: return "weight gradient";
    case Pass::forward_backward: return "forward and backward";
  }
  return "";
}

std::string tag_of(Term term) { return std::string(term_table()[static_cast<std::size_t>(term)].tag); }

class StepTrace {
 public:
  StepTrace(const Run& run, const StepTimeline& step, const StepEstimate& estimate)
      : run_(run), parts_(step.parts), t_(step.timeline), estimate_(estimate) {}

  TraceDocument build() {
    names();
    for (const TimedItem& item : t_.items) compute_slice(item);
    for (std::size_t i = 0; i < t_.items.size(); ++i) sends(t_.items[i]);
    end_of_step();
    counters();
    return std::move(d_);
  }

 private:
  void names() {
    d_.lanes = {"compute", "expert exchange", "send forward", "send backward", "end of step"};
    for (int r = 0; r < t_.layout.stages; ++r) d_.ranks.push_back(fmt::format("pipeline rank {}", r));
    d_.about = {{"format", "sextant/trace/1"},
                {"run", run_title(run_)},
                {"layout", layout_text(run_)},
                {"micro-batches", fmt::format("{} shown, {:g} in the step", t_.microbatches, estimate_.microbatches)}};
  }

  [[nodiscard]] int virtual_stage(int rank, int chunk) const { return t_.layout.site(chunk, rank).virtual_stage; }
  [[nodiscard]] const PipelineStage& cost(int rank, int chunk) const {
    return parts_.stages[static_cast<std::size_t>(virtual_stage(rank, chunk))].time;
  }

  /// Rank, chunk, micro-batch, and whether it is the backward part: who consumes what.
  using Key = std::tuple<int, int, int, bool>;

  void compute_slice(const TimedItem& t) {
    const Item& item = t.item;
    const int stage = virtual_stage(t.stage, item.chunk);
    TraceRectangle slice{t.stage,
                         compute,
                         schedule::item_name(item, t_.layout, t_.microbatches),
                         std::string(category(item.pass)),
                         t.start,
                         t.end - t.start,
                         {}};
    slice.arguments = {
        {"micro-batch", item.microbatch}, {"virtual stage", stage}, {"layers", parts_.layout.layers(stage)}};
    slice.tag = slice_tag(t.stage, slice.name);
    if (schedule::has_forward(item.pass)) by_item_[{t.stage, item.chunk, item.microbatch, false}] = d_.slices.size();
    if (schedule::has_input_gradient(item.pass)) {
      by_item_[{t.stage, backward_chunk(item), backward_microbatch(item), true}] = d_.slices.size();
    }
    d_.slices.push_back(std::move(slice));
    exchange_slice(t);
  }

  /// Dispatch and combine of the item's layers, as long as they take alone.
  void exchange_slice(const TimedItem& t) {
    Seconds time;
    if (schedule::has_forward(t.item.pass)) time += cost(t.stage, t.item.chunk).forward_exchange;
    if (schedule::has_input_gradient(t.item.pass)) time += cost(t.stage, backward_chunk(t.item)).backward_exchange;
    time = min(time, t.end - t.start);
    if (!(time > Seconds{})) return;
    d_.slices.push_back(
        {t.stage, exchange, "dispatch and combine", "communication", t.start, time, {}, tag_of(Term::expert_comm)});
  }

  void sends(const TimedItem& t) {
    if (t.forward_hop > Seconds{}) send(t, t.item.chunk, t.item.microbatch, false, t.forward_hop);
    if (t.gradient_hop > Seconds{}) send(t, backward_chunk(t.item), backward_microbatch(t.item), true, t.gradient_hop);
  }

  void send(const TimedItem& t, int chunk, int microbatch, bool backward, Seconds hop) {
    schedule::Site site = t_.layout.site(chunk, t.stage);
    site.virtual_stage += backward ? -1 : 1;
    const int to = t_.layout.stage_of(site);
    const std::size_t from = d_.slices.size();
    d_.slices.push_back({t.stage,
                         backward ? send_backward : send_forward,
                         fmt::format("{} {} to rank {}", backward ? "gradient" : "activations", microbatch, to),
                         "communication",
                         t.end,
                         hop,
                         {},
                         tag_of(Term::pipeline_comm)});
    const auto receiver = by_item_.find({to, t_.layout.chunk_of(site), microbatch, backward});
    if (receiver != by_item_.end())
      d_.arrows.push_back({backward ? "gradient" : "activations", from, receiver->second});
  }

  /// What follows the pipeline, on every rank alike.
  void end_of_step() {
    for (int r = 0; r < t_.layout.stages; ++r) {
      Seconds at = t_.makespan;
      for (const Term term : {Term::gradient_comm, Term::optimizer, Term::fixed, Term::straggler}) {
        const Seconds time = estimate_.terms[term];
        if (!(time > Seconds{})) continue;
        const TermInfo& info = term_table()[static_cast<std::size_t>(term)];
        d_.slices.push_back({r, step_end, std::string(info.title), "step", at, time, {}, tag_of(term)});
        at += time;
      }
    }
  }

  void counters() {
    for (int r = 0; r < t_.layout.stages; ++r) {
      for (const schedule::HeldLevel& level : schedule::held_levels(t_, r)) {
        d_.counters.push_back({r, "activations in flight", "micro-batches", level.since,
                               static_cast<double>(level.held.until_weight_gradient)});
      }
    }
  }

  const Run& run_;
  const StepParts& parts_;
  const schedule::Timeline& t_;
  const StepEstimate& estimate_;
  TraceDocument d_;
  std::map<Key, std::size_t> by_item_;
};

}  // namespace

TraceDocument step_trace(const Run& run, const StepTimeline& step, const StepEstimate& estimate) {
  return StepTrace(run, step, estimate).build();
}

}  // namespace sextant::sim::report
