// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/from_campaign.hpp"

#include <algorithm>
#include <cmath>

#include "models/counts.hpp"
#include "sim/campaign/compare.hpp"
#include "sim/claims/physics.hpp"
#include "sim/uncertainty/step_band.hpp"

namespace sextant::sim {

namespace {

std::optional<Campaign> campaign_of(const models::Claim& claim, const Catalogue& catalogue, Diagnostics& faults) {
  for (const std::string& path : catalogue.list(campaign_folder)) {
    const std::string stem = path.substr(campaign_folder.size(), path.size() - campaign_folder.size() - 5);
    if (folded_id(stem) != folded_id(claim.campaign)) continue;
    const auto node = json::parse(*catalogue.text(path), path, faults);
    return node ? read_campaign(json::Cursor(*node, path, faults), catalogue) : std::nullopt;
  }
  return std::nullopt;
}

/// Forward FLOPs of the tokens that are written.
double generation_flops(const Stage& stage) {
  const auto written = [](const Run& run, const Samples& s, double rounds) {
    return 2 * models::parameter_counts(run.model).active_without_embedding * s.count * s.response_tokens * rounds;
  };
  double flops = 0;
  if (stage.rl) flops += written(stage.run, stage.rl->samples, stage.rl->rollouts * stage.rl->generated_share);
  if (stage.teacher) flops += written(stage.teacher->run, stage.teacher->samples, stage.teacher->per_kept);
  return flops;
}

CampaignStage stage_of(const Stage& stage, const Calibration& calibration) {
  const StageHours cost = stage_cost(stage, calibration);
  CampaignStage out;
  out.name = stage.name;
  out.tokens = cost.tokens;
  out.seq_len = cost.run.batch.seq_len;
  const double factor = std::exp(cost.half_width * tail_ratio);
  out.gpu_hours = {cost.gpu_hours.mid / factor, cost.gpu_hours.mid, cost.gpu_hours.mid * factor};
  out.flops = models::flops_per_token(cost.run.model, cost.run.batch.seq_len).value() * cost.tokens;
  out.floor_hours = hours_at(out.flops + generation_flops(stage), fastest_peak(cost.run.cluster.gpu));
  out.assumed = stage.uncertain_because;
  return out;
}

}  // namespace

std::vector<CampaignStage> stages_from_campaign(const models::Claim& claim, const std::string& on_gpu,
                                                const Catalogue& catalogue, const Calibration& calibration,
                                                Diagnostics& faults) {
  std::vector<CampaignStage> out;
  auto campaign = campaign_of(claim, catalogue, faults);
  if (campaign && !on_gpu.empty()) {
    CampaignMove move;
    campaign = moved_to(*campaign, on_gpu, false, catalogue, move, faults);
  }
  if (!campaign) return out;
  const auto& lines = claim.campaign_lines;
  for (const Stage& stage : campaign->stages) {
    if (lines.empty() || std::find(lines.begin(), lines.end(), stage.line) != lines.end()) {
      out.push_back(stage_of(stage, calibration));
    }
  }
  return out;
}

}  // namespace sextant::sim
