// SPDX-License-Identifier: Apache-2.0
#include "sim/report/explain_slice.hpp"

#include <fmt/format.h>

#include "sim/report/reports.hpp"
#include "sim/report/term_rows.hpp"
#include "sim/step/stage_terms.hpp"

namespace sextant::sim::report {

namespace {

using schedule::Item;
using schedule::Pass;
using schedule::TimedItem;

constexpr std::string_view prefix = "slice/";
constexpr double least_share = 1e-9;  // of a slice; below it a term is rounding

struct PassText {
  std::string_view name;
  std::string_view formula;
  std::string_view source;
};

constexpr PassText text_of(Pass pass) {
  switch (pass) {
    case Pass::forward:
      return {"forward", "sum of the forward passes of the stage's layers and of what else the stage holds", ""};
    case Pass::backward:
      return {"backward", "sum of the input and weight gradients of the stage's layers and of what else it holds", ""};
    case Pass::input_gradient:
      return {"input gradient", "backward pass less the weight gradients, which the schedule puts off",
              "arXiv:2401.10241"};
    case Pass::weight_gradient:
      return {"weight gradient", "weight gradients of the stage's linear layers; no other rank waits for them",
              "arXiv:2401.10241"};
    case Pass::forward_backward:
      return {"forward and backward",
              "max(compute, exchange) + a share of the shorter; compute and exchange are those of the forward and the "
              "backward together",
              "DualPipe: arXiv:2412.19437, section 3.2.1"};
  }
  return {};
}

class SliceExplanation {
 public:
  SliceExplanation(const Explained& e, const StepTimeline& step, const TimedItem& t)
      : e_(e), parts_(step.parts), timeline_(step.timeline), t_(t), item_(t.item) {}

  Report build(std::string_view tag, const std::string& name) {
    const PassText text = text_of(item_.pass);
    r_.title = fmt::format("{}: {} of micro-batch {}", name, text.name, number(item_.chunk, item_.microbatch));
    if (item_.pass == Pass::forward_backward) {
      r_.title =
          fmt::format("{}: forward of micro-batch {} with the backward of micro-batch {}", name,
                      number(item_.chunk, item_.microbatch), number(item_.backward_chunk, item_.backward_microbatch));
    }
    r_.subtitle = fmt::format("{}; {}", run_title(e_.run), layout_text(e_.run));
    r_.add(Fact{.key = "tag", .value = std::string(tag)});
    r_.add(Figure{.key = "value",
                  .label = "takes",
                  .value = duration().value(),
                  .unit = Unit::seconds,
                  .note = fmt::format("from {} after the step's beginning", format(t_.start.value(), Unit::seconds))});
    r_.add(Fact{"formula", "formula", std::string(text.formula)});
    if (!text.source.empty()) r_.add(Fact{"source", "source", std::string(text.source)});
    r_.add(input_table(inputs()));
    terms();
    r_.add(List{.title = "",
                .points = {"inputs, parameters and sources of a term: sextant explain RUN TAG, or Enter on it in the "
                           "table of the step"},
                .audience = Audience::people});
    return std::move(r_);
  }

 private:
  [[nodiscard]] Seconds duration() const { return t_.end - t_.start; }

  /// As names count micro-batches: those of the second route on from the first's.
  [[nodiscard]] int number(int chunk, int microbatch) const {
    const schedule::Layout& layout = timeline_.layout;
    return microbatch + layout.site(chunk, t_.stage).route * (timeline_.microbatches / layout.routes());
  }

  /// Virtual stages that a chunk of the rank runs: more than one where the schedule took chunks together.
  [[nodiscard]] std::vector<int> stages(int chunk) const {
    std::vector<int> list;
    const int n = timeline_.layout.virtual_stages();
    for (int s = timeline_.layout.site(chunk, t_.stage).virtual_stage; s < parts_.layout.virtual_stages; s += n) {
      list.push_back(s);
    }
    return list;
  }

  template <class Get>
  [[nodiscard]] auto sum(int chunk, Get get) const {
    decltype(get(0)) total{};
    for (const int s : stages(chunk)) total += get(s);
    return total;
  }
  [[nodiscard]] const PipelineStage& time(int stage) const {
    return parts_.stages[static_cast<std::size_t>(stage)].time;
  }
  [[nodiscard]] Seconds weight_gradient() const {
    return sum(backward_chunk(item_), [this](int s) { return time(s).weight_gradient; });
  }

  [[nodiscard]] std::vector<Input> inputs() const {
    const auto count = [](std::string name, double value, std::string note = {}) {
      return Input{.name = std::move(name), .value = value, .unit = Unit::count, .note = std::move(note)};
    };
    const Parallelism& par = e_.run.parallelism;
    std::vector<Input> list{count("pipeline rank", t_.stage, fmt::format("of {}", par.pp))};
    const bool pair = item_.pass == Pass::forward_backward;
    place(list, item_.chunk, pair ? "of the forward" : "");
    if (pair) place(list, item_.backward_chunk, "of the backward");
    list.push_back(count("tokens of the micro-batch on a rank",
                         static_cast<double>(e_.run.batch.micro_sequences) * e_.run.batch.seq_len / par.cp,
                         fmt::format("{} x {} / cp {}", e_.run.batch.micro_sequences, e_.run.batch.seq_len, par.cp)));
    if (pair) overlap(list);
    return list;
  }

  void place(std::vector<Input>& list, int chunk, const std::string& note) const {
    for (const int s : stages(chunk)) {
      list.push_back({"virtual stage", static_cast<double>(s), Unit::count,
                      fmt::format("{}{}of {}", note, note.empty() ? "" : "; ", parts_.layout.virtual_stages)});
      list.push_back({"its layers", static_cast<double>(parts_.layout.layers(s)), Unit::count, held(s)});
    }
  }

  [[nodiscard]] std::string held(int stage) const {
    std::string text = fmt::format("from layer {}", parts_.layout.first_layer[static_cast<std::size_t>(stage)]);
    if (stage == 0) text += ", and the embedding";
    if (stage == parts_.layout.virtual_stages - 1) {
      text += e_.run.model.mtp_layers > 0 ? ", and MTP modules and heads" : ", and the head";
    }
    return text;
  }

  /// What runs beside each other in a pair.
  void overlap(std::vector<Input>& list) const {
    const Seconds compute = sum(item_.chunk, [this](int s) { return time(s).forward_compute; }) +
                            sum(item_.backward_chunk, [this](int s) { return time(s).backward_compute; });
    const Seconds exchange = sum(item_.chunk, [this](int s) { return time(s).forward_exchange; }) +
                             sum(item_.backward_chunk, [this](int s) { return time(s).backward_exchange; });
    list.push_back({"compute", compute.value(), Unit::seconds, "without dispatch and combine"});
    list.push_back({"exchange", exchange.value(), Unit::seconds, "dispatch and combine, as if alone"});
  }

  /// Forward and backward terms that run in the item.
  [[nodiscard]] Terms all() const {
    Terms total;
    if (has_forward(item_.pass)) {
      total += sum(item_.chunk, [this](int s) { return stage_passes(e_.run, parts_, s).forward; });
    }
    if (has_input_gradient(item_.pass)) {
      total += sum(backward_chunk(item_), [this](int s) { return stage_passes(e_.run, parts_, s).backward; });
    }
    return total;
  }

  void row(std::string_view title, Seconds time, const TermInfo& info) {
    table_.rows.push_back(term_row(std::string(title), time, duration(), info));
    formulas_.points.push_back(fmt::format("{}: {} ({}; {})", title, info.formula, info.source, info.tag));
  }

  void terms() {
    table_ = terms_table("What it consists of");
    const Terms total = all();
    for (const TermInfo& info : term_table()) {
      if (total[info.term] > duration() * least_share) row(info.title, total[info.term], info);
    }
    const TermInfo& gemm = term_table()[static_cast<std::size_t>(Term::gemm)];
    if (item_.pass == Pass::weight_gradient) row("weight gradients", weight_gradient(), gemm);
    if (item_.pass == Pass::input_gradient) row("less the weight gradients", -weight_gradient(), gemm);
    if (item_.pass == Pass::forward_backward) {
      table_.rows.push_back({std::string(), std::string("less what runs beside each other"),
                             (duration() - total.sum()).value(), (duration() - total.sum()) / duration(),
                             std::string(text_of(item_.pass).formula), std::string(text_of(item_.pass).source)});
    }
    r_.add(std::move(table_));
    r_.add(std::move(formulas_));
  }

  const Explained& e_;
  const StepParts& parts_;
  const schedule::Timeline& timeline_;
  const TimedItem& t_;
  const Item& item_;
  Table table_;
  List formulas_{.title = "Formulas and where they come from", .audience = Audience::people};
  Report r_;
};

}  // namespace

std::string slice_tag(int rank, std::string_view name) { return fmt::format("{}{}/{}", prefix, rank, name); }

bool explains_slice(std::string_view tag) { return tag.starts_with(prefix); }

Report explain_slice(const Explained& e, const StepTimeline& step, std::string_view tag) {
  const schedule::Timeline& timeline = step.timeline;
  for (const TimedItem& t : timeline.items) {
    const std::string name = schedule::item_name(t.item, timeline.layout, timeline.microbatches);
    if (slice_tag(t.stage, name) != tag) continue;
    Report r = SliceExplanation(e, step, t).build(tag, name);
    r.format = "sextant/explain/1";
    return r;
  }
  Report r{"sextant/explain/1", "No such slice", "", {}};
  r.add(Verdict{"The step's pipeline no longer has what was asked for. Choose another slice."});
  return r;
}

}  // namespace sextant::sim::report
