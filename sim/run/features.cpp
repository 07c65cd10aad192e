// SPDX-License-Identifier: Apache-2.0
#include "sim/run/features.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace sextant::sim {

namespace {

/// How a row matches: the whole word, or a part of a longer description.
enum class Match : std::uint8_t { whole, part };

struct Row {
  std::string_view text;
  Match match;
  Feature feature;
};

// The first word of a feature is the one Sextant writes.
constexpr std::array<Row, 30> rows{{
    {"tp-comm-overlap", Match::whole, Feature::tp_overlap},
    {"async-tp", Match::whole, Feature::tp_overlap},
    {"tp/sp overlap", Match::part, Feature::tp_overlap},
    {"tp/ overlap", Match::part, Feature::tp_overlap},
    {"operator overlap", Match::part, Feature::tp_overlap},
    {"grad-reduce-overlap", Match::whole, Feature::grad_reduce_overlap},
    {"param-gather-overlap", Match::whole, Feature::param_gather_overlap},
    {"ep-a2a-overlap", Match::whole, Feature::ep_overlap},
    {"operator overlap", Match::part, Feature::ep_overlap},
    {"deepep", Match::part, Feature::node_dedup_dispatch},
    {"hybrid", Match::part, Feature::node_dedup_dispatch},
    {"hybridep", Match::whole, Feature::device_dispatch},
    {"alltoall-dispatcher", Match::whole, Feature::all_to_all_dispatch},
    {"a2a", Match::whole, Feature::all_to_all_dispatch},
    {"grouped-gemm", Match::whole, Feature::grouped_gemm},
    {"cuda-graph", Match::part, Feature::cuda_graph},
    {"cuda graph", Match::part, Feature::cuda_graph},
    {"torch.compile", Match::part, Feature::compiled},
    {"bf16-optimizer-fp32-grad-accum", Match::whole, Feature::fp32_gradients},
    {"fp32-gradients", Match::whole, Feature::fp32_gradients},
    {"node-limited-routing", Match::part, Feature::node_limited_routing},
    {"fp32 softmax", Match::whole, Feature::unfused_softmax},
    {"distributed-optimizer", Match::whole, Feature::distributed_optimizer},
    {"distributed optimizer", Match::whole, Feature::distributed_optimizer},
    {"flash-attention-2", Match::whole, Feature::flash_attention_2},
    {"sdpa flash v2", Match::part, Feature::flash_attention_2},
    {"flash attention 2", Match::part, Feature::flash_attention_2},
    {"flash-attention", Match::whole, Feature::flash_attention},
    {"flashattention", Match::part, Feature::flash_attention},
    {"xla-latency-hiding", Match::whole, Feature::param_gather_overlap},
}};

// Words that name what the other fields of a run already say.
constexpr std::array<std::string_view, 14> redundant{"1f1b",
                                                     "interleaved-1f1b",
                                                     "scatter-gather",
                                                     "sequence parallel",
                                                     "megatron-deepspeed",
                                                     "apex-fusedadam",
                                                     "force-balanced-routing",
                                                     "natural-routing-dropless",
                                                     "vboost",
                                                     "limit_all_gathers",
                                                     "fsdp+dp",
                                                     "geglu",
                                                     "dualpipe",
                                                     "pp-partition type:transformer|embedding"};

constexpr std::string_view node_limit_word = "node-limited-routing-";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

FeatureReading read_features(const std::vector<std::string>& words) {
  FeatureReading reading;
  for (const std::string& raw : words) {
    const std::string word = lower(raw);
    bool known = std::find(redundant.begin(), redundant.end(), word) != redundant.end();
    for (const Row& row : rows) {
      const bool hit = row.match == Match::whole ? word == row.text : word.find(row.text) != std::string::npos;
      if (!hit) continue;
      reading.features.add(row.feature);
      known = true;
    }
    if (word.rfind(node_limit_word, 0) == 0) {
      reading.node_limit = std::clamp(std::atoi(word.c_str() + node_limit_word.size()), 0, 4096);
    }
    if (word.find("mtp") != std::string::npos) {
      reading.mtp = true;
      known = true;
    }
    if (word.find("dualpipe") != std::string::npos) {
      reading.dualpipe = true;
      known = true;
    }
    if (!known) reading.unknown.push_back(raw);
  }
  return reading;
}

std::string_view word_of(Feature feature) {
  for (const Row& row : rows) {
    if (row.feature == feature) return row.text;
  }
  return "";
}

}  // namespace sextant::sim
