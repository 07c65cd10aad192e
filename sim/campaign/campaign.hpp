// SPDX-License-Identifier: Apache-2.0
// A whole training campaign: stages in sequence, each its own work, batch and layout.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/catalogue.hpp"
#include "base/json/cursor.hpp"
#include "base/source.hpp"
#include "models/claim.hpp"
#include "sim/campaign/batch_ramp.hpp"
#include "sim/campaign/goodput.hpp"
#include "sim/campaign/layouts.hpp"
#include "sim/campaign/serving.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

enum class StageKind : std::uint8_t { pretrain, context_extension, sft, rl, distillation };

inline constexpr std::array<std::pair<std::string_view, StageKind>, 5> stage_kind_names{
    {{"pretrain", StageKind::pretrain},
     {"context-extension", StageKind::context_extension},
     {"sft", StageKind::sft},
     {"rl", StageKind::rl},
     {"distillation", StageKind::distillation}}};

[[nodiscard]] std::string_view name_of(StageKind kind);

/// Samples that a model writes: lengths are lognormal and cut at the longest allowed.
struct Samples {
  double count = 0;       ///< of one rollout, or of a teacher in all
  double per_prompt = 1;  ///< samples that share a prompt, and its prefill
  double prompt_tokens = 0;
  double response_tokens = 0;  ///< mean, the cut ones included
  double longest = 0;          ///< tokens after which a response is cut; 0: four times the mean
  double spread = 0.7;         ///< standard deviation of the logarithm of the uncut length
};

/// How samples are generated.
struct Generation {
  ServingEngine engine;
  std::optional<int> gpus;  ///< that generate; absent: all of the run's
  int tp = 8;               ///< GPUs that share attention
  int ep = 1;               ///< GPUs that share the experts, at least tp where it is above 1
  std::optional<Precision> precision;
  double tokens_per_step = 1;  ///< accepted by speculative decoding
};

enum class RlAlgorithm : std::uint8_t { grpo, dapo, ppo };

inline constexpr std::array<std::pair<std::string_view, RlAlgorithm>, 3> rl_algorithm_names{
    {{"grpo", RlAlgorithm::grpo}, {"dapo", RlAlgorithm::dapo}, {"ppo", RlAlgorithm::ppo}}};

/// Reinforcement learning: rollouts, each generated, scored, and trained on.
struct RlWork {
  RlAlgorithm algorithm = RlAlgorithm::grpo;
  double rollouts = 1;         ///< generate-and-train rounds of the stage
  double generated_share = 1;  ///< samples generated for one trained on (DAPO drops prompts without signal)
  Samples samples;
  int minibatch_sequences = 0;     ///< sequences of one optimizer step
  int policy_lag = 0;              ///< rounds that generation may run ahead; above 0 both go on at once
  bool separate = false;           ///< generation has GPUs of its own; else both take turns on all of them
  double reward_tokens_share = 0;  ///< tokens that a reward model of the policy's size reads, of those generated
  double epochs = 1;
  std::optional<double> packed_tokens;  ///< tokens of a packed micro-batch; absent: one sample each
  Generation generation;

  /// Forward passes over the samples besides training: old log-probs and, but for DAPO, a reference; PPO's critic too.
  [[nodiscard]] double forward_passes() const;
  /// Trained models: PPO trains a critic of the policy's size.
  [[nodiscard]] double trained_models() const;
};

/// A teacher writes what a student is trained on.
struct TeacherWork {
  Run run;              ///< the teacher's model on the GPUs that serve it
  Samples samples;      ///< kept ones
  double per_kept = 1;  ///< samples written for one kept
  Generation generation;
};

struct Stage {
  std::string name;
  StageKind kind = StageKind::pretrain;
  std::string line;           ///< the published line it is part of; empty: none
  Run run;                    ///< at the stage's largest batch
  bool layout_stated = true;  ///< else the fastest layouts that fit are searched
  LayoutFreedom freedom;
  std::vector<BatchSlice> slices;  ///< empty: nothing is trained beside `rl`
  std::optional<RlWork> rl;
  std::optional<TeacherWork> teacher;
  double work_uncertainty = 0;  ///< half width of the 80 % band of the stage's work, relative
  std::string uncertain_because;
  std::vector<std::string> notes;
  std::optional<Source> source;

  [[nodiscard]] double tokens() const;  ///< trained on
};

/// GPU-hours that the publisher gives for a line of the bill.
struct PublishedLine {
  std::string line;
  double gpu_hours = 0;
  std::string explanation;  ///< why it lies outside the band, where it does
  Source source;
};

/// What a campaign's figures never hold, with published multipliers; shown beside the bill, never in it.
struct LeftOut {
  std::string what;
  std::optional<double> low;  ///< times the final run's cost
  std::optional<double> high;
  std::optional<Source> source;
};

struct Campaign {
  std::string id;
  std::string title;
  std::string publisher;
  std::string date;                                        ///< of the prices: "2024-12"
  std::string grid;                                        ///< catalogue id; empty: not said
  models::HoursAre hours_are = models::HoursAre::unknown;  ///< what the published lines are
  std::optional<double> usd_per_gpu_hour;                  ///< that the publisher reckons with
  std::vector<Stage> stages;
  std::vector<PublishedLine> published;
  std::vector<LeftOut> left_out;
  Reliability reliability;
  std::vector<std::string> notes;
  Source source;
};

inline constexpr std::string_view campaign_folder = "models/data/campaigns/";

/// Reads a campaign; every fault is reported with its place.
[[nodiscard]] std::optional<Campaign> read_campaign(const json::Cursor& at, const Catalogue& catalogue);

}  // namespace sextant::sim
