// SPDX-License-Identifier: Apache-2.0
#include "sim/uncertainty/conflicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "hardware/kernel_names.hpp"

namespace sextant::sim {

namespace {

using hardware::name_in;

constexpr double least_range = 0.05;

template <class Names, class Set>
std::string words(const Names& names, const Set& set) {
  std::string text;
  for (const auto& [name, value] : names) {
    if (set.has(value)) text += fmt::format("{}{}", text.empty() ? "" : "+", name);
  }
  return text;
}

std::string model_of(const models::ModelSpec& m) {
  std::string text = fmt::format("{}x{} vocab {}", m.layers(), m.hidden, m.vocab);
  for (const models::Layer& k : m.kinds) {
    text += fmt::format(" ({}/{}x{} {} {}/{}x{})", k.attention.heads, k.attention.kv_heads, k.attention.head_dim,
                        k.mlp.ffn, k.mlp.experts_per_token, k.mlp.experts, k.mlp.expert_ffn);
  }
  return text;
}

std::string features_of(const Features& features) {
  std::string text;
  for (unsigned i = 0; i <= static_cast<unsigned>(Feature::flash_attention_2); ++i) {
    text += features.has(static_cast<Feature>(i)) ? '1' : '0';
  }
  return text;
}

}  // namespace

std::string configuration_of(const Run& run) {
  const Parallelism& p = run.parallelism;
  const Recompute& r = run.recompute;
  return fmt::format(
      "{} {} x {}, {} a node, {:.2f} GB/s a GPU; {}; {}; tp {} cp {} pp {} vp {} ep {} etp {} dp {} {}{} shards {}/{}; "
      "{} x {} by {}; recompute {} {} {}{}; routing {}; features {}",
      run.stack.id, run.cluster.gpus, run.cluster.gpu.id, run.cluster.gpus_per_node,
      run.cluster.nic_per_gpu.value() * 1e-9, name_in(precision_names, run.precision), model_of(run.model), p.tp, p.cp,
      p.pp, p.vp, p.ep, p.etp, p.dp, name_in(schedule_names, p.schedule), p.sequence_parallel ? " sp" : "",
      name_in(sharding_names, p.sharding), p.sharding_group, run.batch.global_sequences, run.batch.seq_len,
      run.batch.micro_sequences, name_in(recompute_mode_names, r.mode), words(module_names, r.modules), r.layers,
      r.silent ? " silent" : "", name_in(routing_names, run.routing), features_of(run.features));
}

std::vector<Conflict> conflicts_among(std::vector<MeasuredConfiguration> steps) {
  std::stable_sort(steps.begin(), steps.end(),
                   [](const auto& a, const auto& b) { return a.configuration < b.configuration; });
  std::vector<Conflict> found;
  for (auto first = steps.begin(); first != steps.end();) {
    const auto end =
        std::find_if(first, steps.end(), [&](const auto& s) { return s.configuration != first->configuration; });
    const auto [least, most] =
        std::minmax_element(first, end, [](const auto& a, const auto& b) { return a.step < b.step; });
    const double range = std::log(most->step / least->step);
    if (range > least_range) {
      found.push_back({first->configuration, static_cast<int>(std::distance(first, end)), range / 2});
    }
    first = end;
  }
  return found;
}

double half_range_of(const Run& run, const std::vector<Conflict>& conflicts) {
  const std::string own = configuration_of(run);
  const auto at = std::lower_bound(conflicts.begin(), conflicts.end(), own,
                                   [](const Conflict& c, const std::string& text) { return c.configuration < text; });
  return at != conflicts.end() && at->configuration == own ? at->half_range : 0.0;
}

}  // namespace sextant::sim
