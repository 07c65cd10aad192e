// SPDX-License-Identifier: Apache-2.0
// Internal: the functions behind the rows of kinds.cpp.
#pragma once

#include "cli/kinds/kinds.hpp"

namespace sextant::cli {

using sim::report::Report;

[[nodiscard]] Report list_models(Session&);
[[nodiscard]] Report list_gpus(Session&);
[[nodiscard]] Report list_nodes(Session&);
[[nodiscard]] Report list_fabrics(Session&);
[[nodiscard]] Report list_clusters(Session&);
[[nodiscard]] Report list_grids(Session&);
[[nodiscard]] Report list_stacks(Session&);
[[nodiscard]] Report list_runs(Session&);
[[nodiscard]] Report list_campaigns(Session&);
[[nodiscard]] Report list_sweeps(Session&);
[[nodiscard]] Report list_claims(Session&);
[[nodiscard]] Report list_observations(Session&);
[[nodiscard]] Report list_profiles(Session&);
[[nodiscard]] Report list_prices(Session&);

[[nodiscard]] std::optional<Shown> show_model(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_gpu(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_node(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_fabric(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_cluster(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_grid(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_stack(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_run(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_campaign(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_sweep(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_claim(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_observation(Session&, const std::string&, const ShowOptions&);
[[nodiscard]] std::optional<Shown> show_profile(Session&, const std::string&, const ShowOptions&);

[[nodiscard]] std::string model_schema_text();
[[nodiscard]] std::string gpu_schema_text();
[[nodiscard]] std::string node_schema_text();
[[nodiscard]] std::string fabric_schema_text();
[[nodiscard]] std::string cluster_schema_text();
[[nodiscard]] std::string grid_schema_text();
[[nodiscard]] std::string stack_schema_text();
[[nodiscard]] std::string run_schema_text();
[[nodiscard]] std::string campaign_schema_text();
[[nodiscard]] std::string sweep_schema_text();
[[nodiscard]] std::string claim_schema_text();
[[nodiscard]] std::string observation_schema_text();
[[nodiscard]] std::string price_schema_text();

}  // namespace sextant::cli
