// SPDX-License-Identifier: Apache-2.0
// Campaigns as files state them. Internal to the readers of this folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json/shape.hpp"
#include "sim/campaign/campaign.hpp"
#include "sim/run/shapes.hpp"

namespace sextant::sim {

/// A part of a run as written; it is read once it lies over the campaign's.
struct RunPart {
  json::Node node;
  bool stated = false;
};

struct StatedGeneration {
  std::string engine = "vllm";
  std::optional<int> gpus;
  int tp = 8;
  int ep = 1;
  std::optional<Precision> precision;
  double tokens_per_step = 1;
};

struct StatedRl {
  RlWork work;
  StatedGeneration generation;
};

struct StatedTeacher {
  RunPart run;
  Samples samples;
  double per_kept = 1;
  StatedGeneration generation;
};

/// Degrees that a stage may leave to the search.
enum class Degree : std::uint8_t { tp, pp, vp, cp, ep, dp };
inline constexpr std::array<std::pair<std::string_view, Degree>, 6> degree_names{{{"tp", Degree::tp},
                                                                                  {"pp", Degree::pp},
                                                                                  {"vp", Degree::vp},
                                                                                  {"cp", Degree::cp},
                                                                                  {"ep", Degree::ep},
                                                                                  {"dp", Degree::dp}}};

struct StatedStage {
  Stage stage;
  RunPart run;
  std::optional<double> tokens_b;
  std::optional<double> steps;
  std::optional<double> first_sequences;
  std::vector<Degree> search;
  std::optional<StatedRl> rl;
  std::optional<StatedTeacher> teacher;
};

struct StatedCampaign {
  Campaign campaign;
  RunPart run;
  std::vector<StatedStage> stages;
};

enum class Placement : std::uint8_t { colocated, separate };
inline constexpr std::array<std::pair<std::string_view, Placement>, 2> placement_names{
    {{"colocated", Placement::colocated}, {"separate", Placement::separate}}};

inline constexpr std::array<std::pair<std::string_view, models::HoursAre>, 3> hours_are_names{
    {{"unknown", models::HoursAre::unknown},
     {"throughput", models::HoursAre::throughput},
     {"bill", models::HoursAre::bill}}};

/// The campaign's run with a stage's keys in place of its own; null takes a key away.
[[nodiscard]] json::Node laid_over(const json::Node& base, const RunPart& part);

/// RL and generation state no batch: their sequences are the samples.
void add_batch(json::Node& run, double seq_len, double sequences);

/// The run at `node`, completed; faults carry `prefix` before their pointer and go to `faults`.
[[nodiscard]] std::optional<Run> run_at(const json::Node& node, const std::string& file, const std::string& prefix,
                                        const Catalogue& catalogue, Diagnostics& faults);

/// What `rl` states, its serving engine looked up.
[[nodiscard]] std::optional<RlWork> rl_at(StatedRl stated, const json::Cursor& at, const Catalogue& catalogue);
[[nodiscard]] std::optional<Generation> generation_at(const StatedGeneration& stated, const json::Cursor& at,
                                                      const Catalogue& catalogue);

}  // namespace sextant::sim

namespace sextant::json {

template <>
struct ShapeOf<sim::StatedRl> {
  static const Shape<sim::StatedRl>& get();
};
template <>
struct ShapeOf<sim::StatedCampaign> {
  static const Shape<sim::StatedCampaign>& get();
};
template <>
struct Value<sim::RunPart> {
  static bool read(const Cursor& c, const Range&, sim::RunPart& out);
  static Json write(const sim::RunPart&, const Range&) { return nullptr; }
  static Json describe(const Range&);
};

}  // namespace sextant::json
