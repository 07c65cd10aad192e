// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hardware/catalogue.hpp"
#include "models/counts.hpp"
#include "sim/claims/figures.hpp"
#include "sim/claims/from_campaign.hpp"
#include "sim/claims/physics.hpp"
#include "sim/claims/utilisation.hpp"

namespace sextant::sim {

namespace {

using models::Claim;

constexpr std::size_t most_rows = 256;  // of a claim that names claims

Band<double> operator+(const Band<double>& a, const Band<double>& b) {
  return {a.low + b.low, a.mid + b.mid, a.high + b.high};
}

/// Hours that are paid for hours that train.
Band<double> paid(const Band<double>& trained, models::HoursAre hours) {
  const Band<double> share = goodput(hours);
  return {trained.low / share.high, trained.mid / share.mid, trained.high / share.low};
}

/// The claim moved to another GPU.
Claim moved(Claim claim, const std::string& gpu_id, const Catalogue& catalogue) {
  Diagnostics unknown;
  const auto gpu = hardware::find_accelerator(catalogue, gpu_id, unknown);
  claim.hardware.gpu = gpu_id;
  const auto precision = stated_precision(claim);
  if (gpu && precision && is_eight_bit_or_less(*precision) && !(gpu->peak.fp8.value() > 0)) claim.precision = "bf16";
  return claim;
}

class Simulator {
 public:
  Simulator(const SimulationInputs& inputs, std::string on_gpu) : in_(inputs), on_gpu_(std::move(on_gpu)) {}

  void add(const Claim& stated, int level) {
    const Claim claim = on_gpu_.empty() ? stated : moved(stated, on_gpu_, in_.catalogue);
    const std::size_t header = out_.rows.size();
    out_.rows.push_back({});
    chain_.push_back(folded_id(claim.id));
    Sum sum;
    for (const models::ClaimPart& part : claim.stages) {
      if (!part.claim.empty()) add_named(part.claim, level, sum);
    }
    add_own(claim, level, sum);
    settle(claim, level, header, sum);
    chain_.pop_back();
  }

  SimulatedClaim take() {
    std::sort(out_.missing.begin(), out_.missing.end());
    out_.missing.erase(std::unique(out_.missing.begin(), out_.missing.end()), out_.missing.end());
    return std::move(out_);
  }

 private:
  /// What the stages of one claim come to.
  struct Sum {
    std::optional<Band<double>> hours = Band<double>{};
    double tokens = 0;
    int stages = 0;

    void add(const std::optional<Band<double>>& h, double t) {
      hours = hours && h ? std::optional(*hours + *h) : std::nullopt;
      tokens += t;
      ++stages;
    }
  };

  void add_named(const std::string& id, int level, Sum& sum) {
    const bool within_itself = std::find(chain_.begin(), chain_.end(), folded_id(id)) != chain_.end();
    const auto claim = within_itself || out_.rows.size() > most_rows ? std::nullopt : named(id);
    if (!claim) {
      out_.missing.push_back("the claim \"" + id + "\"" + (within_itself ? ", which names itself" : ""));
      sum.add(std::nullopt, 0);
      return;
    }
    const std::size_t at = out_.rows.size();
    add(*claim, level + 1);
    sum.add(out_.rows[at].gpu_hours, out_.rows[at].tokens);
  }

  [[nodiscard]] std::optional<Claim> named(const std::string& id) {
    for (const std::string& path : in_.catalogue.list(models::claim_folder)) {
      if (folded_id(path).find(folded_id(id)) == std::string::npos) continue;
      for (Claim& claim : models::read_claims(*in_.catalogue.text(path), path, in_.faults)) {
        if (folded_id(claim.id) == folded_id(id)) return std::move(claim);
      }
    }
    return std::nullopt;
  }

  void add_own(const Claim& claim, int level, Sum& sum) {
    if (!claim.campaign.empty()) {
      add_campaign(claim, level, sum);
      return;
    }
    const ClaimSubject subject = subject_of(claim, in_.catalogue);
    const std::vector<StageWork> stages = stages_of(claim, subject.model ? &*subject.model : nullptr, out_.assumptions);
    if (stages.empty()) return;
    double tokens = 0;
    for (const StageWork& work : stages) tokens += work.tokens();
    std::vector<Setting> settings;
    if (subject.model && subject.gpu && tokens > 0) {
      settings = settings_of(subject, tokens, in_.catalogue, in_.calibration, in_.faults, out_.assumptions);
      for (Setting& s : settings) s.run.measured = measured_on(s.run.cluster.gpu.id, in_.profiles);
    }
    note_missing(subject, stages);
    for (const StageWork& work : stages) {
      StageRow row = stage(work, subject, claim, settings);
      row.level = level + 1;
      sum.add(row.gpu_hours, row.tokens);
      out_.rows.push_back(std::move(row));
    }
  }

  /// The stages of a campaign, 95 %, with what part of the hours trains.
  void add_campaign(const Claim& claim, int level, Sum& sum) {
    const auto stages = stages_from_campaign(claim, on_gpu_, in_.catalogue, in_.calibration, in_.faults);
    if (stages.empty()) out_.missing.push_back("the campaign \"" + claim.campaign + "\"");
    for (const CampaignStage& s : stages) {
      StageRow row;
      row.name = s.name;
      row.level = level + 1;
      row.tokens = s.tokens;
      row.seq_len = s.seq_len;
      row.gpu_hours = paid(s.gpu_hours, claim.hours_are);
      out_.tokens += s.tokens;
      out_.flops += s.flops;
      out_.floor_hours += s.floor_hours;
      out_.considered += 1;
      if (!s.assumed.empty()) out_.assumptions.push_back({s.name, s.assumed});
      sum.add(row.gpu_hours, row.tokens);
      out_.rows.push_back(std::move(row));
    }
  }

  /// A model whose structure nobody published, by the utilisation that runs of its kind reach.
  [[nodiscard]] std::optional<Band<double>> by_utilisation(const StageWork& work, const ClaimSubject& subject) {
    const double per_token = claimed_flops_per_token(subject.claim, nullptr, work.seq_len);
    if (subject.model || !subject.gpu || !(per_token > 0) || !(work.tokens() > 0)) return std::nullopt;
    const bool experts = subject.claim.model.kind == models::StatedKind::moe;
    const auto reached = measured_utilisation(subject.gpu->architecture, experts, in_.catalogue, in_.faults);
    if (!reached) return std::nullopt;
    const double hours = hours_at(per_token * work.tokens(), sixteen_bit_peak(*subject.gpu));
    out_.considered += 1;
    out_.assumptions.push_back(
        {fmt::format("{:.0f} to {:.0f} % of the dense 16-bit peak", 100 * reached->share.low,
                     100 * reached->share.high),
         fmt::format("the model's structure is not published; 95 % of {} measured runs{} on the architecture",
                     reached->rows, reached->of_its_kind ? " of its kind" : "")});
    return Band<double>{hours / reached->share.high, hours / reached->share.mid, hours / reached->share.low};
  }

  void note_missing(const ClaimSubject& subject, const std::vector<StageWork>& stages) {
    const bool works = std::any_of(stages.begin(), stages.end(), [](const auto& s) { return !s.stated_gpu_hours; });
    if (!works) return;
    const bool parameters = claimed_flops_per_token(subject.claim, nullptr, subject.seq_len) > 0;
    if (!subject.model && !parameters) out_.missing.push_back("the structure of the model, or its active parameters");
    if (!subject.gpu) {
      const std::string& gpu = subject.claim.hardware.gpu;
      out_.missing.push_back(gpu.empty() ? "the GPU"
                                         : "a description of the hardware (\"" + gpu + "\" is none Sextant models)");
    }
    for (const StageWork& s : stages) {
      if (!s.stated_gpu_hours && s.slices.empty()) out_.missing.push_back("the tokens trained on (" + s.name + ")");
    }
  }

  StageRow stage(const StageWork& work, const ClaimSubject& subject, const Claim& claim,
                 std::vector<Setting> settings) {
    StageRow row;
    row.name = work.name;
    row.tokens = work.tokens();
    row.seq_len = work.seq_len;
    if (work.stated_gpu_hours) {
      row.as_stated = true;
      row.gpu_hours = Band<double>{*work.stated_gpu_hours, *work.stated_gpu_hours, *work.stated_gpu_hours};
      out_.stated_hours += *work.stated_gpu_hours;
      return row;
    }
    count_flops(work, subject);
    if (!work.slices.empty()) row.simulation = simulated(work, std::move(settings));
    if (const auto reached = by_utilisation(work, subject)) {
      row.gpu_hours = paid(*reached, claim.hours_are);
    } else if (row.simulation) {
      row.gpu_hours = paid(row.simulation->gpu_hours, claim.hours_are);
      out_.considered += row.simulation->considered;
    } else if (!settings.empty() && !work.slices.empty()) {
      out_.missing.push_back("a layout that fits the stated GPUs (" + work.name + ")");
    }
    return row;
  }

  /// Under the stated layout; a stage of other sequences, or on other GPUs, first changes only what divides a sequence
  /// and the replicas, then everything.
  std::optional<SimulatedHours> simulated(const StageWork& work, std::vector<Setting> settings) {
    const bool adapts = work.own_layout || !on_gpu_.empty();
    if (adapts) {
      for (Setting& s : settings) {
        s.freedom.must_fit = true;
        if (work.own_layout) s.freedom.cp = s.freedom.dp = std::nullopt;
      }
    }
    auto hours = simulate_stage(work, settings, in_.calibration);
    if (hours || !adapts) return hours;
    for (Setting& s : settings) s.freedom = {};
    return simulate_stage(work, settings, in_.calibration);
  }

  void count_flops(const StageWork& work, const ClaimSubject& subject) {
    const models::Model* model = subject.model ? &*subject.model : nullptr;
    double flops = claimed_flops_per_token(subject.claim, model, work.seq_len) * work.tokens();
    if (!(flops > 0) && subject.claim.stages.empty()) flops = subject.claim.claimed.training_flop.value_or(0);
    out_.tokens += work.tokens();
    out_.flops += flops;
    if (!subject.gpu) return;
    const auto precision = stated_precision(subject.claim);
    out_.floor_hours += hours_at(flops, precision ? dense_peak(*subject.gpu, *precision) : fastest_peak(*subject.gpu));
  }

  /// The claim's own line, above its stages; a single stage without a part's name is that line itself.
  void settle(const Claim& claim, int level, std::size_t header, const Sum& sum) {
    StageRow& row = out_.rows[header];
    row.name = claim.id;
    row.level = level;
    row.tokens = sum.tokens;
    const auto hours = claimed_hours(claim, {});
    if (hours && on_gpu_.empty()) row.claimed = hours->mid;
    if (sum.stages > 0) row.gpu_hours = sum.hours;
    if (claim.stages.empty() && out_.rows.size() == header + 2) {
      row.simulation = std::move(out_.rows[header + 1].simulation);
      row.seq_len = out_.rows[header + 1].seq_len;
      out_.rows.pop_back();
    } else if (out_.rows.size() == header + 2 && out_.rows[header + 1].as_stated) {
      row.as_stated = true;
      out_.rows.pop_back();
    }
    if (level == 0 && out_.considered > 0) out_.gpu_hours = row.gpu_hours;
    if (level == 0 && out_.considered == 0 && out_.missing.empty()) {
      out_.missing.push_back("the tokens of a stage: all hours are taken as stated");
    }
  }

  const SimulationInputs& in_;
  std::string on_gpu_;
  SimulatedClaim out_;
  std::vector<std::string> chain_;  ///< the claims that are being added, outermost first
};

}  // namespace

SimulatedClaim simulate_claim(const Claim& claim, const SimulationInputs& inputs, const std::string& on_gpu) {
  Simulator simulator(inputs, on_gpu);
  simulator.add(claim, 0);
  return simulator.take();
}

}  // namespace sextant::sim
