// SPDX-License-Identifier: Apache-2.0
#include "sim/search/composer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/memory/in_flight.hpp"
#include "sim/search/bound.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim::search {

namespace {

StepParts empty_parts(const Run& run, const Parameters& parameters) {
  return {device_of(run, parameters),
          Communication(run, parameters),
          {},
          {},
          1,
          expert_imbalance(run.routing, parameters),
          {},
          {},
          {},
          {},
          {},
          pair_contention(run.stack, parameters)};
}

}  // namespace

Composer::Composer(const Run& base, const Space& space, const Parameters& parameters)
    : run_(base),
      space_(space),
      parameters_(parameters),
      devices_(precision_names.size()),
      classes_(space.recompute.size()),
      kinds_(space.recompute.size()),
      parts_(empty_parts(base, parameters)) {
  parts_.layers.resize(base.model.kinds.size());
}

Candidate Composer::candidate() const {
  return {run_.cluster.gpus, run_.precision, run_.parallelism, run_.batch.micro_sequences, run_.recompute};
}

void Composer::resize(int gpus) {
  if (run_.cluster.gpus == gpus) return;
  run_.cluster = hardware::resized(std::move(run_.cluster), gpus);
  parts_.communication = Communication(run_, parameters_);
  family_ = nullptr;
}

void Composer::lay_out(Precision precision, const Parallelism& degrees, int micro_sequences) {
  run_.precision = precision;
  run_.parallelism = degrees;
  run_.batch.micro_sequences = micro_sequences;
  parts_.communication.lay_out(degrees);
  parts_.microbatches = run_.microbatches();
  std::optional<Device>& device = devices_[static_cast<std::size_t>(precision)];
  if (!device) device = device_of(run_, parameters_);
  parts_.device = *device;
  parts_.hop = pipeline_hop(run_, parts_.communication);
  const LayerFamily* family = &costs_.get(
      layer_key(run_), [&] { return layer_family(run_, parts_.device, parts_.communication, parameters_); });
  if (family != family_) {
    for (std::vector<KindMemory>& k : kinds_) k.clear();
  }
  family_ = family;
  parts_.ends = family->ends;
  class_ = nullptr;
  class_count_ = 0;
  stages_stale_ = true;
}

std::span<const TimeClass> Composer::time_classes() {
  if (class_count_ == 0) find_time_classes();
  return {classes_.data(), class_count_};
}

/// Equal to the bit, so that their steps are.
void Composer::find_time_classes() {
  const std::size_t kinds = run_.model.kinds.size();
  std::vector<Seconds> extra(kinds);
  for (std::size_t i = 0; i < space_.recompute.size(); ++i) {
    run_.recompute = space_.recompute[i];
    for (std::size_t k = 0; k < kinds; ++k) extra[k] = recompute_time(family_->layers[k], run_);
    TimeClass* const end = classes_.data() + class_count_;
    TimeClass* found = std::find_if(classes_.data(), end, [&](const TimeClass& c) { return c.extra == extra; });
    if (found == end) {
      ++class_count_;
      found->extra = extra;
      found->choice.clear();
    }
    found->choice.push_back(i);
  }
  std::stable_sort(classes_.data(), classes_.data() + class_count_, [](const TimeClass& a, const TimeClass& b) {
    return std::accumulate(a.extra.begin(), a.extra.end(), Seconds{}) <
           std::accumulate(b.extra.begin(), b.extra.end(), Seconds{});
  });
}

const StageLayout& Composer::stage_layout_of(int stages) {
  for (const KnownLayout& known : layouts_) {
    if (known.stages == stages) return known.layout;
  }
  return layouts_.emplace_back(KnownLayout{stages, stage_layout(run_.model, stages)}).layout;
}

bool Composer::fills_stages(const Pipelining& pipelining) const {
  Parallelism p = run_.parallelism;
  p.schedule = pipelining.schedule;
  p.vp = pipelining.vp;
  return search::fills_stages(run_.model, p);
}

bool Composer::pipeline(const Pipelining& pipelining) {
  Parallelism& p = run_.parallelism;
  p.schedule = pipelining.schedule;
  p.vp = pipelining.vp;
  if (p.pp > 1) {
    const int whole = static_cast<int>(std::lround(parts_.microbatches));
    const schedule::Schedule& row = schedule_row(p.schedule);
    if (!row.refusal({p.pp, chunks_per_rank(p), whole, 0}).empty()) return false;
  }
  parts_.layout = stage_layout_of(virtual_stages(p));
  memory_.ranks = rank_parameters(run_, parts_.layout);
  memory_.in_flight = in_flight(run_);
  parts_.state = largest(memory_.ranks);
  stages_stale_ = true;
  return true;
}

void Composer::recompute(const TimeClass& time_class, std::size_t choice) {
  run_.recompute = space_.recompute[choice];
  choice_ = choice;
  if (class_ == &time_class) return;
  class_ = &time_class;
  for (std::size_t k = 0; k < parts_.layers.size(); ++k) {
    parts_.layers[k] = with_recompute(family_->layers[k], time_class.extra[k]);
  }
  stages_stale_ = true;
}

void Composer::shard(const ShardChoice& shards) {
  const bool before = gathers_parameters(run_) || scatters_each_microbatch(run_);
  run_.parallelism.sharding = shards.sharding;
  run_.parallelism.sharding_group = shards.group;
  const bool after = gathers_parameters(run_) || scatters_each_microbatch(run_);
  if (before || after) stages_stale_ = true;
}

std::optional<Bytes> Composer::headroom() {
  std::vector<KindMemory>& kinds = kinds_[choice_];
  if (kinds.empty()) {
    for (const models::Layer& layer : run_.model.kinds) kinds.push_back(kind_memory(run_, layer));
  }
  memory_.kinds = kinds;
  const Bytes capacity = run_.cluster.gpu.memory;
  // To the byte: see MemoryEstimate::fits().
  const Bytes most_used =
      space_.ignores_memory ? Bytes{std::numeric_limits<double>::max()} : capacity - space_.reserve + Bytes{1.0};
  const int ranks = run_.parallelism.pp;
  suspect_ = std::min(suspect_, ranks - 1);
  Bytes most;
  // The rank that was too full before is likely so again: most candidates that do not fit are seen at the first look.
  for (int i = 0; i < ranks; ++i) {
    const int rank = i == 0 ? suspect_ : i <= suspect_ ? i - 1 : i;
    const Bytes total = rank_memory(run_, parts_.layout, memory_, rank).sum();
    if (total > most_used) {
      suspect_ = rank;
      return std::nullopt;
    }
    most = max(most, total);
  }
  return capacity - most;
}

void Composer::cost_stages_now() {
  if (!stages_stale_) return;
  cost_stages(run_, parameters_, parts_);
  stages_stale_ = false;
  pipe_stale_ = true;
}

Seconds Composer::around(Seconds makespan) const {
  const Seconds fixed{parameters_[Parameter::step_fixed_time]};
  return (makespan + fixed) * ((1.0 + straggler_share(run_, parameters_)) * rounding_down);
}

Seconds Composer::bound() {
  cost_stages_now();
  return around(makespan_bound(run_, parts_));
}

StepEstimate Composer::step() {
  cost_stages_now();
  if (pipe_stale_) {
    pipeline_input(run_, parts_, workspace_.input);
    pipe_ = run_pipeline(workspace_.input, workspace_.pipeline);
    pipe_stale_ = false;
  }
  return assemble(run_, parameters_, parts_, pipe_);
}

}  // namespace sextant::sim::search
