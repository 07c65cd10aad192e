// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/compare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hardware/catalogue.hpp"
#include "sim/api.hpp"
#include "sim/memory/feasibility.hpp"

namespace sextant::sim {

namespace {

std::string_view word(Precision p) {
  for (const auto& [name, value] : precision_names) {
    if (value == p) return name;
  }
  return "";
}

void note_once(std::vector<std::string>& notes, std::string text) {
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(std::move(text));
}

class Move {
 public:
  Move(hardware::Accelerator gpu, bool search, const Catalogue& catalogue, Diagnostics& faults, CampaignMove& out)
      : gpu_(std::move(gpu)), search_(search), catalogue_(catalogue), faults_(faults), out_(out) {}

  bool stage(Stage& stage) {
    const Run before = stage.run;
    if (!cluster(stage.run) || (stage.teacher && !cluster(stage.teacher->run))) return false;
    precision(stage.run);
    if (stage.teacher) precision(stage.teacher->run);
    if (stage.rl) generation(stage.rl->generation);
    if (stage.teacher) generation(stage.teacher->generation);
    // What fits by the publisher's word and not by Sextant's count at home is no reason to change it here.
    const bool fitted = memory(before).fits();
    const bool fits = memory(stage.run).fits();
    if (search_ || (stage.layout_stated && (broken_rule(stage.run) || (fitted && !fits)))) {
      if (stage.layout_stated) ++out_.layouts_searched;
      stage.layout_stated = false;
      stage.freedom = {};
    }
    return true;
  }

 private:
  bool cluster(Run& run) {
    hardware::Cluster& c = run.cluster;
    if (c.gpu.id == gpu_.id) return true;
    auto usual = hardware::usual_cluster(catalogue_, gpu_, c.gpus, faults_);
    if (!usual) return false;
    if (usual->gpus_per_node == c.gpus_per_node && usual->nvlink_domain == c.nvlink_domain) {
      usual->nic_per_gpu = c.nic_per_gpu;
      usual->nics_per_node = c.nics_per_node;
      usual->fabric = c.fabric;
      usual->network = c.network;
      out_.same_network = true;
    }
    c = std::move(*usual);
    return true;
  }

  void precision(Run& run) {
    const Precision nearest = nearest_precision(gpu_, run.precision);
    if (nearest == run.precision) return;
    note_once(out_.notes, fmt::format("no {}: {} instead", word(run.precision), word(nearest)));
    run.precision = nearest;
  }

  void generation(Generation& how) {
    if (how.precision) how.precision = nearest_precision(gpu_, *how.precision);
  }

  hardware::Accelerator gpu_;
  bool search_;
  const Catalogue& catalogue_;
  Diagnostics& faults_;
  CampaignMove& out_;
};

}  // namespace

std::optional<Campaign> moved_to(const Campaign& campaign, const std::string& gpu, bool search,
                                 const Catalogue& catalogue, CampaignMove& out, Diagnostics& faults) {
  auto part = hardware::find_accelerator(catalogue, gpu, faults);
  if (!part) return std::nullopt;
  Campaign there = campaign;
  Move move(std::move(*part), search, catalogue, faults, out);
  for (Stage& stage : there.stages) {
    if (!move.stage(stage)) return std::nullopt;
  }
  if (out.layouts_searched > 0) {
    out.notes.push_back(fmt::format("{} of {} stages have another layout", out.layouts_searched, there.stages.size()));
  }
  return there;
}

std::optional<CampaignElsewhere> campaign_on(const Campaign& campaign, const std::string& gpu, const CostInputs& inputs,
                                             const CostOptions& options, bool search) {
  CampaignElsewhere out;
  const auto there = moved_to(campaign, gpu, search, inputs.catalogue, out.move, inputs.faults);
  if (!there) return std::nullopt;
  out.gpu = there->stages.front().run.cluster.gpu.id;
  auto cost = campaign_cost(*there, inputs, options);
  if (!cost) return std::nullopt;
  out.cost = std::move(*cost);
  return out;
}

}  // namespace sextant::sim
