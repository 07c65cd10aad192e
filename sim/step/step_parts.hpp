// SPDX-License-Identifier: Apache-2.0
// What a step is assembled from: rates, layer costs, stage costs. `explain` and the trace read the same values.
#pragma once

#include <vector>

#include "sim/kernel/device.hpp"
#include "sim/kernel/gemm.hpp"
#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"
#include "sim/step/communication.hpp"
#include "sim/step/layer_cost.hpp"
#include "sim/step/overlap.hpp"
#include "sim/step/pipeline.hpp"
#include "sim/step/terms.hpp"
#include "sim/workload/stage_layout.hpp"
#include "sim/workload/state.hpp"

namespace sextant::sim {

/// One micro-batch on one virtual stage, by term and by pass.
struct StageCost {
  Terms terms;
  PipelineStage time;
};

/// What the model's ends take of one micro-batch beside their layers.
struct EndTimes {
  Seconds embedding;
  Seconds head;            ///< one head and its loss
  Seconds mtp_projection;  ///< of one MTP module
};
[[nodiscard]] EndTimes end_times(const Run& run, const Device& device);

struct StepParts {
  Device device;
  Communication communication;
  StageLayout layout;
  RankParameters state;  ///< parameters of the fullest pipeline rank
  double microbatches = 1;
  double imbalance = 1;           ///< tokens of the fullest expert rank over the mean
  std::vector<LayerCost> layers;  ///< by layer kind
  EndTimes ends;
  std::vector<StageCost> stages;  ///< by virtual stage
  Seconds hop;                    ///< one send between neighbouring pipeline ranks
  Seconds shard_exposed;          ///< per micro-batch and rank: ZeRO-3 traffic that compute does not hide
  Contention contention;          ///< of an overlapped forward and backward
};

[[nodiscard]] StepParts step_parts(const Run& run, const Parameters& parameters);

/// Works out `stages` and `shard_exposed` from the other parts, which a search has at hand.
void cost_stages(const Run& run, const Parameters& parameters, StepParts& parts);

/// One send of a micro-batch's hidden states between neighbouring pipeline ranks. Each of a stage's tensor-parallel
/// ranks sends its part; without sequence parallelism the parts are gathered where they arrive (Megatron-LM's
/// scatter_gather_tensors_in_pipeline, DeepSpeed's PartitionedTensor).
[[nodiscard]] Seconds pipeline_hop(const Run& run, const Communication& communication);

/// How long after its end the next rank has what a rank sends; nothing where the end waits for the send.
[[nodiscard]] Seconds edge(const Run& run, const StepParts& parts);

/// Adding the weight gradients of these many parameters to the main ones, once.
[[nodiscard]] Seconds accumulation_time(const Run& run, const Device& device, const Parameters& parameters,
                                        double count);

/// The rates at which the run's GPUs compute.
[[nodiscard]] Device device_of(const Run& run, const Parameters& parameters);

/// The pipeline's view of the parts.
[[nodiscard]] PipelineInput pipeline_input(const Run& run, const StepParts& parts);
/// The same into an input whose buffers are used again.
void pipeline_input(const Run& run, const StepParts& parts, PipelineInput& in);

/// Ranks that share one copy of ZeRO-3 state.
[[nodiscard]] int shard_group(const Run& run);
/// Whether parameters are gathered for every micro-batch (ZeRO-3, HSDP).
[[nodiscard]] bool gathers_parameters(const Run& run);
/// Whether gradients are scattered after every micro-batch though parameters stay (ZeRO-2 of some stacks).
[[nodiscard]] bool scatters_each_microbatch(const Run& run);
/// Bytes of a gradient as reduced.
[[nodiscard]] double reduced_gradient_bytes(const Run& run);

/// Share of peak bandwidth of kernels that stream over the whole state.
inline constexpr double state_hbm_share = 0.8;

}  // namespace sextant::sim
