// SPDX-License-Identifier: Apache-2.0
// The same campaign on other GPUs, as many of them.
#pragma once

#include <string>
#include <vector>

#include "sim/campaign/cost.hpp"

namespace sextant::sim {

/// What had to change for a campaign to go to another GPU.
struct CampaignMove {
  std::vector<std::string> notes;
  bool same_network = false;  ///< nodes and network are the campaign's own, only the GPU changed
  int layouts_searched = 0;   ///< stages whose layout does not fit there and was searched
};

struct CampaignElsewhere {
  std::string gpu;
  CampaignMove move;
  CampaignCost cost;
};

/// The campaign with its clusters, layouts and precisions changed as `campaign_on` says. `search`: every layout is
/// searched anew, on the campaign's own GPU, too.
[[nodiscard]] std::optional<Campaign> moved_to(const Campaign& campaign, const std::string& gpu, bool search,
                                               const Catalogue& catalogue, CampaignMove& move, Diagnostics& faults);

/// Nodes of the same size keep the campaign's network, so that H800 against H100 changes NVLink and nothing else. A
/// stage keeps its layout where that fits, else the fastest that fits is searched; a precision the GPU lacks gives way
/// to the nearest.
[[nodiscard]] std::optional<CampaignElsewhere> campaign_on(const Campaign& campaign, const std::string& gpu,
                                                           const CostInputs& inputs, const CostOptions& options,
                                                           bool search = false);

}  // namespace sextant::sim
