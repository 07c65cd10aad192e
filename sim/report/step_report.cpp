// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

constexpr double smallest_shown_share = 0.004;
constexpr std::string_view convention = "causal attention, no recompute, vs dense bf16 peak";

Band<double> plain(const Band<Seconds>& b) { return {b.low.value(), b.mid.value(), b.high.value()}; }

/// The band of a quantity that falls as the step time grows.
Band<double> inverse(const Band<Seconds>& time, Seconds mid, double value) {
  return {value * (mid / time.high), value, value * (mid / time.low)};
}

/// What the share of measured shapes means for this run.
std::string coverage_note(const Run& run, const Coverage& c) {
  if (!(c.measured > 0)) return fmt::format("no near kernel of {} is known", run.cluster.gpu.id);
  return fmt::format("of FLOPs, {} timed by them", c.timed > 0 ? format(c.timed, Unit::share) : "none");
}

void headline(Report& r, const Run& run, const Prediction& p) {
  const Efficiency& e = p.efficiency;
  r.add(Figure{.key = "step_time_s",
               .label = "step time",
               .value = p.step.time.value(),
               .unit = Unit::seconds,
               .band = plain(p.band),
               .band_key = "step_time_band_s"});
  r.add(Figure{.key = "tokens_per_s_per_gpu",
               .label = "throughput per GPU",
               .value = e.tokens_per_s_per_gpu,
               .unit = Unit::tokens_per_s,
               .band = inverse(p.band, p.step.time, e.tokens_per_s_per_gpu),
               .band_key = "tokens_per_s_per_gpu_band"});
  r.add(Figure{.key = "model_tflops_per_gpu", .value = e.model_rate.value() / 1e12, .unit = Unit::teraflop_per_s});
  r.add(Figure{.key = "mfu",
               .label = "MFU",
               .value = e.mfu,
               .unit = Unit::share,
               .band = inverse(p.band, p.step.time, e.mfu),
               .band_key = "mfu_band",
               .note = fmt::format("{:.0f} of {:.0f} TFLOP/s", e.model_rate.value() / 1e12, e.peak.value() / 1e12)});
  r.add(Figure{.key = "hfu",
               .label = "HFU",
               .value = e.hfu,
               .unit = Unit::share,
               .note = run.model.mtp_layers > 0 ? "with what is recomputed and MTP" : "with what is recomputed"});
  const Coverage& c = p.coverage.all;
  r.add(Figure{.key = "coverage/measured_flop_share",
               .label = "measured shapes",
               .value = c.measured,
               .unit = Unit::share,
               .note = coverage_note(run, c)});
  const MemoryEstimate& m = p.memory;
  r.add(Figure{.label = "memory",
               .value = m.total() / memory_gb,
               .unit = Unit::gigabytes,
               .note = fmt::format("of {:.1f} GB, pipeline rank {}", m.capacity / memory_gb, m.worst)});
  r.add(Figure{.key = "flops_per_token", .value = e.flops_per_token.model.value(), .unit = Unit::flop});
  r.add(Fact{.key = "flop_convention", .value = std::string(convention)});
  const auto other = [&](const char* key, Flops per_token) {
    r.add(Figure{.key = std::string("mfu_other_conventions/") + key, .value = e.share(per_token), .unit = Unit::share});
  };
  other("full_attention", e.flops_per_token.full_attention);
  other("with_mtp", e.flops_per_token.with_mtp);
  other("six_n", e.flops_per_token.six_n);
}

void obstacles(Report& r, const Prediction& p) {
  r.add(Flag{.key = "feasible", .value = p.feasible()});
  List reasons{.key = "reasons", .audience = Audience::programs};
  for (const Infeasible& o : p.obstacles) {
    reasons.points.push_back(o.reason + (o.hint.empty() ? "" : "; nearest change: " + o.hint));
    r.add(Verdict{"Infeasible: " + o.reason + ".", Verdict::Mood::bad});
    if (!o.hint.empty()) r.add(Verdict{"Nearest change: " + o.hint + ".", Verdict::Mood::neutral});
  }
  r.add(std::move(reasons));
}

/// The formula, and which profiles went before it.
std::string why(const TermInfo& info, const StepCoverage& step) {
  std::string text(info.formula);
  const Coverage* c = step.of(info.term);
  if (c == nullptr || !(c->timed > 0)) return text;
  for (const Coverage::Part& part : c->parts) {
    if (!part.timed) continue;
    text += fmt::format("; {} of its FLOPs took the time that {} measured, {:.2f} factors of two away on average",
                        format(part.share, Unit::share), part.profile, part.distance);
  }
  return text;
}

/// The profiles that a step's coverage rests on.
void measured_parts(Report& r, const Coverage& c) {
  r.add(Figure{.key = "coverage/timed_flop_share", .value = c.timed, .unit = Unit::share});
  r.add(Figure{.key = "coverage/mean_distance", .value = c.distance, .unit = Unit::number});
  Table t{.key = "coverage/profiles",
          .columns = {{"profile", "", Unit::text},
                      {"flop_share", "", Unit::share},
                      {"distance", "", Unit::number},
                      {"timed", "", Unit::text}},
          .audience = Audience::programs};
  for (const Coverage::Part& part : c.parts) t.rows.push_back({part.profile, part.share, part.distance, part.timed});
  r.add(std::move(t));
}

/// The terms twice: all of them in their own order for programs, the large ones by size for people.
void terms(Report& r, const Prediction& p) {
  const StepEstimate& step = p.step;
  Table all{.key = "terms",
            .columns = {{"tag", "", Unit::text},
                        {"seconds", "", Unit::seconds},
                        {"share", "", Unit::share},
                        {"title", "", Unit::text},
                        {"why", "", Unit::text}},
            .audience = Audience::programs};
  Table large{
      .title = "Where the step goes",
      .columns = {{"", " ", Unit::text}, {"", " ", Unit::seconds}, {"", " ", Unit::share}, {"", "", Unit::share, true}},
      .audience = Audience::people};
  std::vector<const TermInfo*> order;
  Seconds small;
  int small_count = 0;
  for (const TermInfo& info : term_table()) {
    const Seconds t = step.terms[info.term];
    const double share = t / step.time;
    all.rows.push_back({std::string(info.tag), t.value(), share, std::string(info.title), why(info, p.coverage)});
    if (share >= smallest_shown_share || share <= -smallest_shown_share) {
      order.push_back(&info);
    } else if (t.value() != 0) {
      small += t;
      ++small_count;
    }
  }
  std::sort(order.begin(), order.end(),
            [&](const TermInfo* a, const TermInfo* b) { return step.terms[a->term] > step.terms[b->term]; });
  const double widest = order.empty() ? 1.0 : step.terms[order.front()->term] / step.time;
  const auto row = [&](std::string title, Seconds t) {
    const double share = t / step.time;
    large.rows.push_back({std::move(title), t.value(), share, share / widest});
  };
  for (const TermInfo* info : order) row(std::string(info->title), step.terms[info->term]);
  if (small_count > 0) row(fmt::format("{} smaller", small_count), small);
  r.add(std::move(all)).add(std::move(large));
}

void memory_figures(Report& r, const MemoryEstimate& m) {
  const auto gb = [](Bytes b) { return b / memory_gb; };
  r.add(Figure{.key = "memory_gb/total", .value = gb(m.total()), .unit = Unit::gigabytes});
  for (std::size_t i = 0; i < memory_class_names.size(); ++i) {
    r.add(Figure{.key = "memory_gb/" + std::string(memory_class_names[i]),
                 .value = gb(m.fullest().of(static_cast<MemoryClass>(i))),
                 .unit = Unit::gigabytes});
  }
  r.add(Figure{.key = "memory_gb/capacity", .value = gb(m.capacity), .unit = Unit::gigabytes});
  Table stages{.key = "memory_gb/per_stage",
               .columns = {{"stage", "", Unit::count}, {"total", "", Unit::gigabytes}},
               .audience = Audience::programs};
  for (const std::string_view name : memory_class_names) {
    stages.columns.push_back({std::string(name), "", Unit::gigabytes});
  }
  for (std::size_t s = 0; s < m.ranks.size(); ++s) {
    std::vector<Cell> row{static_cast<double>(s), gb(m.ranks[s].sum())};
    for (std::size_t i = 0; i < memory_class_names.size(); ++i) {
      row.emplace_back(gb(m.ranks[s].of(static_cast<MemoryClass>(i))));
    }
    stages.rows.push_back(std::move(row));
  }
  r.add(std::move(stages));
  Table classes{.title = fmt::format("Memory of the fullest GPU, {:.1f} GB", gb(m.capacity)),
                .columns = {{"", " ", Unit::text},
                            {"", " ", Unit::gigabytes},
                            {"", " ", Unit::share},
                            {"", "", Unit::share, true}},
                .audience = Audience::people};
  for (const MemoryTermInfo& info : memory_term_table()) {
    const Bytes b = m.fullest()[info.term];
    const double share = b / m.capacity;
    if (share >= smallest_shown_share) classes.rows.push_back({std::string(info.title), gb(b), share, share});
  }
  const double free = 1.0 - m.total() / m.capacity;
  classes.rows.push_back({std::string(free >= 0 ? "free" : "missing"), std::abs(gb(m.capacity - m.total())),
                          std::abs(free), std::monostate{}});
  r.add(std::move(classes));
}

void pipeline_figures(Report& r, const Run& run, const StepEstimate& step) {
  r.add(Figure{.key = "pipeline/bubble_s", .value = step.bubble.value(), .unit = Unit::seconds});
  r.add(Fact{.key = "pipeline/schedule", .value = std::string(name_of(run.parallelism.schedule))});
  r.add(Figure{.key = "pipeline/stages", .value = static_cast<double>(run.parallelism.pp), .unit = Unit::count});
  r.add(Figure{.key = "pipeline/microbatches", .value = step.microbatches, .unit = Unit::number});
  r.add(Figure{.key = "pipeline/busiest_rank", .value = static_cast<double>(step.busiest_rank), .unit = Unit::count});
}

/// Why the stated schedule cannot run this shape; the step then assumes one forward and one backward at a time.
std::string schedule_refusal(const Run& run) {
  if (run.parallelism.pp == 1) return {};
  const schedule::Schedule& row = schedule_row(run.parallelism.schedule);
  const int chunks = row.chunks > 0 ? row.chunks : run.parallelism.vp;
  return row.refusal({run.parallelism.pp, chunks, static_cast<int>(std::lround(run.microbatches())), 0});
}

void remarks(Report& r, const Run& run, const Prediction& p, const Calibration& calibration) {
  List assumed{.key = "assumptions", .title = "Assumed, because the run does not say", .points = {}};
  for (const Assumption& a : run.assumptions) assumed.points.push_back(text_of(a));
  r.add(std::move(assumed));
  List band{.key = "band_reasons", .title = "Why the band is this wide", .points = p.uncertainty.why()};
  r.add(std::move(band));
  List notes{.key = "notes", .title = "Notes", .points = run.notes};
  const std::string refusal = schedule_refusal(run);
  if (!refusal.empty()) notes.points.push_back("1F1B is timed instead of the stated schedule: " + refusal);
  if (calibration.rows == 0) notes.points.emplace_back("no calibration: every parameter is at its prior");
  r.add(std::move(notes));
}

}  // namespace

std::string text_of(const Assumption& a) {
  // What a cluster took from its usual node says so itself.
  return a.why == "cluster" ? a.what : a.what + " (" + a.why + ")";
}

std::string run_title(const Run& run) {
  return fmt::format("{} on {} x {}", run.name, grouped(run.cluster.gpus), run.cluster.gpu.id);
}

std::string layout_text(const Run& run) {
  const Parallelism& p = run.parallelism;
  std::string out;
  const auto degree = [&out](std::string_view name, int n, bool always = false) {
    if (n > 1 || always) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, n);
  };
  degree("tp", p.tp);
  degree("pp", p.pp);
  degree("vp", p.vp);
  degree("cp", p.cp);
  degree("ep", p.ep);
  if (run.model.has_experts()) degree("etp", p.etp);
  degree("dp", p.dp, true);
  if (p.pp > 1) out += fmt::format(", {}", name_of(p.schedule));
  out += fmt::format(", {}", p.sharding == Sharding::none ? "no sharding" : name_of(p.sharding));
  return out;
}

Report step_report(const Run& run, const Prediction& p, const Calibration& calibration) {
  Report r;
  r.format = "sextant/step/1";
  r.title = run_title(run);
  r.subtitle = fmt::format("{}; {}, {} x {} tokens a step; {}; {}", layout_text(run), name_of(run.precision),
                           grouped(run.batch.global_sequences), grouped(run.batch.seq_len),
                           recompute_text(run.recompute), run.stack.title);
  obstacles(r, p);
  headline(r, run, p);
  terms(r, p);
  memory_figures(r, p.memory);
  pipeline_figures(r, run, p.step);
  measured_parts(r, p.coverage.all);
  remarks(r, run, p, calibration);
  return r;
}

}  // namespace sextant::sim::report
