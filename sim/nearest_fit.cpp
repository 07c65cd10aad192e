// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "sim/api.hpp"

namespace sextant::sim {

namespace {

/// One thing to change; false where it would change nothing or cannot be.
struct Change {
  std::string (*apply)(Run& run);
};

std::string micro_batch(Run& run) {
  if (run.batch.micro_sequences == 1) return {};
  run.batch.micro_sequences = 1;
  return "micro-batches of one sequence";
}

std::string shard_optimizer(Run& run) {
  if (run.parallelism.sharding != Sharding::none || run.parallelism.dp == 1) return {};
  run.parallelism.sharding = Sharding::zero1;
  return "sharding zero1";
}

std::string recompute_attention(Run& run) {
  if (run.recompute.mode != RecomputeMode::none) return {};
  run.recompute.mode = RecomputeMode::selective;
  run.recompute.modules.add(Module::core_attn);
  run.recompute.modules.add(Module::layernorm);
  return "recompute selective:core_attn,layernorm";
}

std::string recompute_all(Run& run) {
  if (run.recompute.mode == RecomputeMode::full) return {};
  run.recompute.mode = RecomputeMode::full;
  return "recompute full";
}

/// Twice as many ranks of one degree, out of dp.
std::string doubled(Run& run, int Parallelism::*degree, std::string_view name) {
  Parallelism& p = run.parallelism;
  if (p.dp % 2 != 0) return {};
  p.*degree *= 2;
  p.dp /= 2;
  Diagnostics faults;
  layout_faults(run, {}, faults);
  if (!faults.empty()) return {};
  return fmt::format("{} {}, dp {}", name, p.*degree, p.dp);
}

std::string more_stages(Run& run) { return doubled(run, &Parallelism::pp, "pp"); }
std::string more_tensor(Run& run) {
  if (run.parallelism.tp * 2 > run.cluster.nvlink_domain) return {};
  return doubled(run, &Parallelism::tp, "tp");
}

std::string more_expert(Run& run) {
  if (!run.model.has_experts()) return {};
  run.parallelism.ep *= 2;
  Diagnostics faults;
  layout_faults(run, {}, faults);
  return faults.empty() ? fmt::format("ep {}", run.parallelism.ep) : std::string{};
}

std::string shard_parameters(Run& run) {
  if (run.parallelism.sharding == Sharding::zero3 || run.parallelism.pp > 1 || run.parallelism.dp == 1) return {};
  run.parallelism.sharding = Sharding::zero3;
  run.parallelism.sharding_group = 0;
  return "sharding zero3";
}

// Cheapest in time first.
constexpr std::array<Change, 8> changes{{{micro_batch},
                                         {shard_optimizer},
                                         {recompute_attention},
                                         {more_expert},
                                         {more_stages},
                                         {more_tensor},
                                         {shard_parameters},
                                         {recompute_all}}};

}  // namespace

std::string nearest_fit(const Run& run) {
  for (const Change& first : changes) {
    Run changed = run;
    const std::string words = first.apply(changed);
    if (words.empty()) continue;
    const MemoryEstimate m = memory(changed);
    if (m.fits()) return fmt::format("{}: {:.1f} GB", words, m.total() / memory_gb);
  }
  // Two at a time, where no single change is enough.
  for (const Change& first : changes) {
    for (const Change& second : changes) {
      Run changed = run;
      const std::string a = first.apply(changed);
      const std::string b = a.empty() ? a : second.apply(changed);
      if (a.empty() || b.empty()) continue;
      const MemoryEstimate m = memory(changed);
      if (m.fits()) return fmt::format("{} and {}: {:.1f} GB", a, b, m.total() / memory_gb);
    }
  }
  return {};
}

}  // namespace sextant::sim
