// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/diagnostic.hpp"
#include "cli/kinds/rows.hpp"

namespace sextant::cli {

namespace {

constexpr std::array<Kind, 14> rows{{
    {"models", "model", "models and their structure", list_models, show_model, model_schema_text},
    {"gpus", "gpu", "accelerators", list_gpus, show_gpu, gpu_schema_text},
    {"nodes", "node", "servers", list_nodes, show_node, node_schema_text},
    {"fabrics", "fabric", "networks between nodes", list_fabrics, show_fabric, fabric_schema_text},
    {"clusters", "cluster", "clusters", list_clusters, show_cluster, cluster_schema_text},
    {"grids", "grid", "electricity: carbon and tariffs", list_grids, show_grid, grid_schema_text},
    {"stacks", "stack", "training software", list_stacks, show_stack, stack_schema_text},
    {"runs", "run", "training configurations", list_runs, show_run, run_schema_text},
    {"campaigns", "campaign", "training campaigns, stage by stage", list_campaigns, show_campaign,
     campaign_schema_text},
    {"sweeps", "sweep", "runs over lists and ranges of fields", list_sweeps, show_sweep, sweep_schema_text},
    {"claims", "claim", "published budgets", list_claims, show_claim, claim_schema_text},
    {"observations", "observation", "measured runs", list_observations, show_observation, observation_schema_text},
    {"profiles", "profile", "calibrations and kernel profiles", list_profiles, show_profile, nullptr},
    {"prices", "price", "rental prices of GPUs", list_prices, nullptr, price_schema_text},
}};

}  // namespace

std::span<const Kind> kinds() { return rows; }

const Kind* find_kind(std::string_view name) {
  for (const Kind& k : rows) {
    if (k.plural == name || k.singular == name) return &k;
  }
  return nullptr;
}

std::string unknown_kind(std::string_view word) {
  std::vector<std::string_view> names;
  std::string list;
  for (const Kind& k : rows) {
    names.push_back(k.plural);
    list += (list.empty() ? "" : ", ") + std::string(k.plural);
  }
  for (const Kind& k : rows) names.push_back(k.singular);
  const std::string hint = did_you_mean(word, names);
  return fmt::format("\"{}\" is none of {}{}", word, list, hint.empty() ? "" : "; " + hint);
}

}  // namespace sextant::cli
