// SPDX-License-Identifier: Apache-2.0
// Published training budgets.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/json/node.hpp"
#include "base/source.hpp"
#include "models/model.hpp"
#include "models/native.hpp"

namespace sextant::models {

inline constexpr std::string_view claim_folder = "models/data/claims/";

enum class ClaimStage { pretrain, context_extension, sft, rl, distillation, total };

struct ClaimHardware {
  std::string gpu;  ///< "": not stated
  std::optional<int> gpus;
  std::optional<int> gpus_per_node;
  std::string inter_node;  ///< as the source words it
};

struct ClaimParallelism {
  std::optional<int> tp, pp, vp, cp, ep, etp, dp;
  std::string sharding;
  std::string schedule;
  std::string note;
};

/// What published GPU-hours are: tokens over throughput, or everything that was paid for, interruptions included.
enum class HoursAre { unknown, throughput, bill };

/// A part of a claim's training: another claim, a stretch of steps with its own batch, or hours taken as they stand.
struct ClaimPart {
  std::string claim;  ///< id of a claim; then the rest is empty
  std::string name;
  std::optional<double> tokens_b;
  std::optional<double> steps;
  std::optional<int> seq_len;
  std::optional<double> first_sequences;   ///< of a batch that grows evenly over the part's tokens
  std::optional<double> global_sequences;  ///< at the end
  std::optional<double> gpu_hours;         ///< not simulated
};

/// The figures as published; units are in the names.
struct ClaimedFigures {
  std::optional<double> gpu_hours;
  std::optional<double> gpu_hours_derived;  ///< worked out from other published figures
  std::optional<double> gpu_hours_per_trillion_tokens;
  std::optional<double> gpu_hours_rl;
  std::optional<double> gpu_hours_on_policy_distillation;
  std::optional<double> gpu_years;
  std::optional<double> gpus;
  std::optional<double> days;
  std::optional<double> cost_usd;
  std::optional<double> usd_per_gpu_hour;
  std::optional<double> usd_per_gpu_hour_implied;
  std::optional<double> cost_cny_per_trillion_tokens_low_end;
  std::optional<double> cost_cny_per_trillion_tokens_high_end;
  std::optional<double> training_flop;
  std::optional<double> mfu_pct;
  std::optional<double> hfu_pct;
  std::optional<double> tflops_per_gpu;
  std::optional<double> tokens_per_s_per_gpu;
  std::map<std::string, double> tokens_per_day_b;  ///< by what they were measured on
  std::optional<double> energy_mwh;
  std::optional<double> power_w;
  std::optional<double> power_w_per_gpu_measured;
  std::map<std::string, std::vector<double>> others;  ///< further figures and ranges, by name
};

struct Claim {
  std::string id;
  std::string publisher;
  StatedModel model;      ///< what the claim states of it
  json::Node model_node;  ///< as written
  ClaimStage stage = ClaimStage::pretrain;
  std::optional<double> tokens_b;
  ClaimHardware hardware;
  std::optional<int> seq_len;
  std::optional<double> batch_tokens;
  std::string precision;  ///< "": not stated
  ClaimParallelism parallelism;
  std::string stack;                  ///< "": not stated
  std::string software_date;          ///< "YYYY-MM"; "": the source's date
  std::vector<std::string> features;  ///< as in runs
  HoursAre hours_are = HoursAre::unknown;
  std::string campaign;                     ///< id of the campaign that describes the work; "": none
  std::vector<std::string> campaign_lines;  ///< published lines of it that the claim speaks of; empty: all
  std::vector<ClaimPart> stages;            ///< empty: one stage of `tokens_b` at one batch
  ClaimedFigures claimed;
  std::vector<std::string> covers;
  std::vector<std::string> leaves_out;
  std::vector<std::string> remarks;
  Source source;
  int line = 0;
  std::string file;
};

[[nodiscard]] std::string_view name(ClaimStage stage);

/// Reads a file that holds one claim or an array of them. Faulty claims are reported and left out.
[[nodiscard]] std::vector<Claim> read_claims(std::string_view text, const std::string& file, Diagnostics& faults);

/// All claims of the catalogue, by id.
[[nodiscard]] std::vector<Claim> list_claims(const Catalogue& catalogue, Diagnostics& faults);

/// A catalogue id, or the path of a claim file (its first claim); a fault with the nearest ids otherwise.
[[nodiscard]] std::optional<Claim> load_claim(const Catalogue& catalogue, const std::string& id_or_path,
                                              Diagnostics& faults);

/// The structure of the claimed model, from the claim or the catalogue; nothing where neither knows it.
[[nodiscard]] std::optional<Model> model_of_claim(const Catalogue& catalogue, const Claim& claim);

}  // namespace sextant::models
