// SPDX-License-Identifier: Apache-2.0
// A run as a file or a command line states it: much may be left out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "base/json/cursor.hpp"
#include "hardware/cluster.hpp"
#include "models/model.hpp"
#include "sim/run/options.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

struct StatedParallelism {
  std::optional<int> tp, pp, vp, cp, ep, etp, dp;
  std::optional<bool> sequence_parallel;
  std::optional<Sharding> sharding;
  std::optional<int> sharding_group;
  std::optional<Schedule> schedule;
};

struct StatedBatch {
  int seq_len = 0;
  int global_sequences = 0;
  std::optional<int> micro_sequences;
};

struct StatedRecompute {
  RecomputeMode mode = RecomputeMode::none;
  std::optional<Modules> modules;
  std::optional<int> layers;
};

struct StatedRun {
  std::optional<models::Model> model;
  std::optional<hardware::Cluster> cluster;
  std::string stack = "megatron-core";
  bool stack_stated = false;
  std::optional<Precision> precision;
  StatedParallelism parallelism;
  std::optional<StatedBatch> batch;
  std::optional<StatedRecompute> recompute;
  std::optional<Routing> routing;
  std::vector<std::string> features;
  std::optional<Task> task;
  std::string software_date;
};

/// Reads the bare run object or one with `"format": "sextant/run/1"`; every fault is reported. Models and clusters may
/// be catalogue ids; `{"hf_config": path}` is relative to the file.
[[nodiscard]] std::optional<StatedRun> read_run(const json::Cursor& at, const Catalogue& catalogue);

/// Fills what is open as the stack's users would, each choice named in `assumptions`. Reports an unknown stack.
[[nodiscard]] std::optional<Run> complete(const StatedRun& stated, const Catalogue& catalogue, Diagnostics& faults,
                                          const Diagnostic& place);

}  // namespace sextant::sim
