// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/schedules.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/catalogue.hpp"
#include "sim/schedule/builders.hpp"

namespace sextant::sim::schedule {

namespace {

// Refusals.

std::string refuse_size(const Shape& s, int chunks) {
  if (s.stages < 1 || s.chunks < 1 || s.microbatches < 1) {
    return fmt::format("pp {}, vp {}, {} micro-batches: each must be at least 1", s.stages, s.chunks, s.microbatches);
  }
  if (static_cast<long long>(s.stages) * s.chunks > max_virtual_stages) {
    return fmt::format("pp {} x vp {} are more than {} virtual stages", s.stages, s.chunks, max_virtual_stages);
  }
  if (s.microbatches > max_microbatches) {
    return fmt::format("{} micro-batches in a step are more than {}", s.microbatches, max_microbatches);
  }
  if (chunks != 0 && s.chunks != chunks) {
    return fmt::format("this schedule has {} model chunk{} on a device, vp is {}", chunks, chunks == 1 ? "" : "s",
                       s.chunks);
  }
  return {};
}

std::string refuse_single_chunk(const Shape& s) { return refuse_size(s, 1); }
std::string refuse_two_chunks(const Shape& s) { return refuse_size(s, 2); }

/// Megatron-Core refuses last groups that are shorter than p ("it introduces dependency bubbles in the pipeline").
std::string refuse_interleaved(const Shape& s) {
  if (std::string why = refuse_size(s, 0); !why.empty()) return why;
  if (s.stages < 2 || s.chunks < 2)
    return fmt::format("interleaving needs pp >= 2 and vp >= 2, has {} and {}", s.stages, s.chunks);
  if (s.microbatches < s.stages) {
    return fmt::format("interleaving needs at least pp = {} micro-batches, has {}", s.stages, s.microbatches);
  }
  if (s.microbatch_group == 0) return {};
  if (s.microbatch_group < s.stages) {
    return fmt::format("micro-batch group {} is smaller than pp = {}", s.microbatch_group, s.stages);
  }
  const int rest = s.microbatches % s.microbatch_group;
  if (rest == 0 || rest >= s.stages) return {};
  return fmt::format("{} micro-batches in groups of {} leave {}, which is neither 0 nor at least pp = {}",
                     s.microbatches, s.microbatch_group, rest, s.stages);
}

std::string refuse_dualpipe(const Shape& s) {
  if (std::string why = refuse_size(s, 2); !why.empty()) return why;
  if (s.stages % 2 != 0) return fmt::format("DualPipe needs an even pp, has {}", s.stages);
  if (s.microbatches % 2 != 0)
    return fmt::format("DualPipe needs an even number of micro-batches, has {}", s.microbatches);
  if (s.microbatches >= 2 * s.stages) return {};
  return fmt::format("DualPipe needs at least 2 pp = {} micro-batches, has {}", 2 * s.stages, s.microbatches);
}

std::string refuse_dualpipe_v(const Shape& s) {
  if (std::string why = refuse_size(s, 2); !why.empty()) return why;
  if (s.microbatches >= 2 * s.stages) return {};
  return fmt::format("DualPipeV needs at least 2 pp = {} micro-batches, has {}", 2 * s.stages, s.microbatches);
}

// Periods, and where the middle shows.

int no_period(const Shape&) { return 0; }
int period_one(const Shape&) { return 1; }
int period_two(const Shape&) { return 2; }

int settled_never(const Shape& s) { return s.microbatches; }
int settled_one_chunk(const Shape& s) { return std::max(s.stages, 3); }
int settled_two_chunks(const Shape& s) { return std::max(2 * s.stages, 3); }
int settled_dualpipe(const Shape& s) { return std::max(2 * s.stages, 6); }
int settled_interleaved(const Shape& s) { return 3 * interleaved_group(s); }

// Idle time for equal virtual stages and free hops.

Seconds bubble_one_f_one_b(const Shape& s, const EqualCosts& c) { return (s.stages - 1) * c.total(); }

/// A pair that gains time shortens the work but not the way through the pipeline: both ends of it take two pairs.
Seconds bubble_interleaved_overlap(const Shape& s, const EqualCosts& c) {
  return (s.stages - 1) * (2.0 * c.pair - c.total());
}

/// The paper's F + B - W supposes that W is the shortest. A longer W leaves the forward (W > B) or the input gradient
/// (W > F) as the way through the pipeline.
Seconds bubble_zb_h1(const Shape& s, const EqualCosts& c) {
  return (s.stages - 1) * max(c.forward + c.input_gradient - c.weight_gradient, max(c.forward, c.input_gradient));
}

/// The papers call this zero: devices start and end one forward after another, which counts as idle while the optimizer
/// waits for all of them.
Seconds bubble_zbv(const Shape& s, const EqualCosts& c) { return (s.stages - 1) * max(c.forward, c.input_gradient); }

Seconds bubble_fold(int depth, const EqualCosts& c) {
  return (depth - 1) * (c.pair + c.backward() - 3 * c.weight_gradient);
}
Seconds bubble_dualpipe(const Shape& s, const EqualCosts& c) { return bubble_fold(s.stages / 2, c); }
Seconds bubble_dualpipe_v(const Shape& s, const EqualCosts& c) { return bubble_fold(s.stages, c); }

// Most activations held.

int peak_gpipe(const Shape& s, int) { return s.microbatches; }
int peak_one_f_one_b(const Shape& s, int stage) { return std::min(s.stages - stage, s.microbatches); }
int peak_interleaved(const Shape& s, int stage) {
  return std::min(interleaved_warmup(s, stage) + 1, s.microbatches * s.chunks);
}
int peak_interleaved_overlap(const Shape& s, int stage) {
  return std::min(interleaved_warmup(s, stage) + 2, s.microbatches * s.chunks);
}
int peak_zb_h1(const Shape& s, int) { return std::min(s.stages, s.microbatches); }
int peak_zbv(const Shape& s, int stage) {
  return std::min({2 * s.stages, 2 * s.microbatches, s.microbatches + 1 + stage});
}
int peak_dualpipe(const Shape& s, int) { return s.stages + 1; }
int peak_dualpipe_v(const Shape& s, int) { return 2 * s.stages + 1; }

constexpr std::array<Schedule, 8> rows{{
    {.id = ScheduleId::gpipe,
     .name = "gpipe",
     .aliases = {"fill-drain"},
     .requirements = "vp = 1",
     .source = "Huang et al., GPipe, arXiv:1811.06965",
     .bubble_formula = "(p - 1) (F + B + W)",
     .placement = Placement::loop,
     .chunks = 1,
     .weight_copies = 1,
     .refuse = refuse_single_chunk,
     .build = build_gpipe,
     .write = write_gpipe,
     .period = no_period,
     .settled = settled_never,
     .bubble = bubble_one_f_one_b,
     .peak_activations = peak_gpipe},
    {.id = ScheduleId::one_f_one_b,
     .name = "1f1b",
     .aliases = {"one-f-one-b", "pipedream-flush"},
     .requirements = "vp = 1",
     .source = "Narayanan et al., Megatron-LM, arXiv:2104.04473, section 2.2",
     .bubble_formula = "(p - 1) (F + B + W)",
     .placement = Placement::loop,
     .chunks = 1,
     .weight_copies = 1,
     .refuse = refuse_single_chunk,
     .build = build_one_f_one_b,
     .write = write_one_f_one_b,
     .period = period_one,
     .settled = settled_one_chunk,
     .bubble = bubble_one_f_one_b,
     .peak_activations = peak_one_f_one_b},
    {.id = ScheduleId::interleaved,
     .name = "interleaved-1f1b",
     .aliases = {"interleaved", "1f1b-interleaved"},
     .requirements = "pp >= 2, vp >= 2; micro-batches in groups of pp or more whose last has none or at least pp",
     .source = "Narayanan et al., Megatron-LM, arXiv:2104.04473, section 2.2; Megatron-Core schedules.py",
     .bubble_formula = "(p - 1) (F + B + W) of one chunk, 1/v of a device's work",
     .placement = Placement::loop,
     .chunks = 0,
     .weight_copies = 1,
     .refuse = refuse_interleaved,
     .build = build_interleaved,
     .write = write_interleaved,
     .period = interleaved_group,
     .settled = settled_interleaved,
     .bubble = bubble_one_f_one_b,
     .peak_activations = peak_interleaved},
    {.id = ScheduleId::interleaved_overlap,
     .name = "interleaved-1f1b-overlap",
     .aliases = {"combined-1f1b", "1f1b-overlap"},
     .requirements = "as interleaved-1f1b; each forward is overlapped with a backward",
     .source = "Megatron-Core combined_1f1b.py (--overlap-moe-expert-parallel-comm)",
     .bubble_formula = "(p - 1) (2 F&B - F - B - W) of one chunk",
     .placement = Placement::loop,
     .chunks = 0,
     .weight_copies = 1,
     .refuse = refuse_interleaved,
     .build = build_interleaved_overlap,
     .write = write_interleaved_overlap,
     .period = interleaved_group,
     .settled = settled_interleaved,
     .bubble = bubble_interleaved_overlap,
     .peak_activations = peak_interleaved_overlap},
    {.id = ScheduleId::zb_h1,
     .name = "zb-h1",
     .aliases = {"zb1p", "zero-bubble", "zb"},
     .requirements = "vp = 1",
     .source = "Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241, table 2",
     .bubble_formula = "(p - 1) max(F + B - W, F, B)",
     .placement = Placement::loop,
     .chunks = 1,
     .weight_copies = 1,
     .refuse = refuse_single_chunk,
     .build = build_zb_h1,
     .write = write_zb_h1,
     .period = period_one,
     .settled = settled_one_chunk,
     .bubble = bubble_zb_h1,
     .peak_activations = peak_zb_h1},
    {.id = ScheduleId::zbv,
     .name = "zbv",
     .aliases = {"zb-v", "zbv-zero-bubble"},
     .requirements = "vp = 2 (laid as a V)",
     .source = "Qi et al., Pipeline Parallelism with Controllable Memory, arXiv:2405.15362",
     .bubble_formula = "(p - 1) F where F = B = W; about (p - 1) max(F, B)",
     .placement = Placement::vee,
     .chunks = 2,
     .weight_copies = 1,
     .refuse = refuse_two_chunks,
     .build = build_zbv,
     .write = write_zbv,
     .period = period_one,
     .settled = settled_two_chunks,
     .bubble = bubble_zbv,
     .peak_activations = peak_zbv},
    {.id = ScheduleId::dualpipe,
     .name = "dualpipe",
     .aliases = {"dual-pipe"},
     .requirements =
         "pp even, vp = 2 (both directions), micro-batches even and at least 2 pp; two copies of the weights",
     .source = "DeepSeek-V3, arXiv:2412.19437, table 2; github.com/deepseek-ai/DualPipe dualpipe.py",
     .bubble_formula = "(p/2 - 1) (F&B + (B + W) - 3 W) of the middle devices, where F = B >= W",
     .placement = Placement::bidirectional,
     .chunks = 2,
     .weight_copies = 2,
     .refuse = refuse_dualpipe,
     .build = build_dualpipe,
     .write = write_dualpipe,
     .period = period_two,
     .settled = settled_dualpipe,
     .bubble = bubble_dualpipe,
     .peak_activations = peak_dualpipe},
    {.id = ScheduleId::dualpipe_v,
     .name = "dualpipev",
     .aliases = {"dual-pipe-v", "cut-in-half"},
     .requirements = "vp = 2 (laid as a V), at least 2 pp micro-batches",
     .source = "github.com/deepseek-ai/DualPipe dualpipev.py and README (its PP is 2 p)",
     .bubble_formula = "(p - 1) (F&B + (B + W) - 3 W) of the last device, where F = B >= W",
     .placement = Placement::vee,
     .chunks = 2,
     .weight_copies = 1,
     .refuse = refuse_dualpipe_v,
     .build = build_dualpipe_v,
     .write = write_dualpipe_v,
     .period = period_one,
     .settled = settled_two_chunks,
     .bubble = bubble_dualpipe_v,
     .peak_activations = peak_dualpipe_v},
}};

}  // namespace

std::span<const Schedule> schedules() { return rows; }

const Schedule& schedule(ScheduleId id) { return rows[static_cast<std::size_t>(id)]; }

std::string Schedule::refusal(const Shape& shape) const {
  if (std::string why = refuse(shape); !why.empty()) return why;
  const Shape small = reduced(*this, shape);
  if (3LL * small.stages * small.chunks * small.microbatches <= max_items) return {};
  return fmt::format("pp {} x vp {} x {} micro-batches are more than Sextant lays out", small.stages, small.chunks,
                     small.microbatches);
}

Shape reduced(const Schedule& row, const Shape& shape) {
  Shape small = shape;
  if (row.id == ScheduleId::interleaved || row.id == ScheduleId::interleaved_overlap) {
    small.microbatch_group = interleaved_group(shape);
  }
  const int period = row.period(small);
  const int settled = row.settled(small);
  if (period > 0 && small.microbatches > settled) {
    small.microbatches = settled + (small.microbatches - settled) % period;
  }
  return small;
}

const Schedule* find_schedule(std::string_view name) {
  const std::string wanted = folded_id(name);
  if (wanted.empty()) return nullptr;
  for (const Schedule& row : rows) {
    if (folded_id(row.name) == wanted) return &row;
    const auto same = [&](std::string_view alias) { return folded_id(alias) == wanted; };
    if (std::any_of(row.aliases.begin(), row.aliases.end(), same)) return &row;
  }
  return nullptr;
}

}  // namespace sextant::sim::schedule
