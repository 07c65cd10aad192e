// SPDX-License-Identifier: Apache-2.0
// One training configuration with nothing left open: what the simulator evaluates.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "hardware/cluster.hpp"
#include "models/model_spec.hpp"
#include "sim/run/options.hpp"
#include "sim/run/stack.hpp"

namespace sextant::sim {

class MeasuredKernels;

/// Degrees of parallelism. Attention splits the world into tp x cp x dp x pp, experts into etp x ep x edp x pp.
struct Parallelism {
  int tp = 1;
  int pp = 1;
  int vp = 1;  ///< model chunks a device holds
  int cp = 1;
  int ep = 1;
  int etp = 1;
  int dp = 1;
  bool sequence_parallel = false;
  Sharding sharding = Sharding::none;
  int sharding_group = 0;  ///< ranks that share one copy of the sharded state; 0: all data-parallel ranks
  Schedule schedule = Schedule::one_f_one_b;

  bool operator==(const Parallelism&) const = default;

  /// Ranks that hold the same experts.
  [[nodiscard]] int edp() const { return std::max(1, dp * cp * tp / (ep * etp)); }
};

struct Batch {
  int seq_len = 0;
  int global_sequences = 0;
  int micro_sequences = 1;  ///< sequences in one micro-batch of one data-parallel rank

  bool operator==(const Batch&) const = default;
};

struct Recompute {
  RecomputeMode mode = RecomputeMode::none;
  Modules modules;      ///< of selective recompute
  int layers = 0;       ///< of block recompute: layers a stage recomputes in full
  bool silent = false;  ///< the run did not say, and runs of its stack differ

  bool operator==(const Recompute&) const = default;
};

/// A choice the run left open and how it was made.
struct Assumption {
  std::string what;
  std::string why;
};

struct Run {
  std::string name;
  models::ModelSpec model;
  hardware::Cluster cluster;
  Stack stack;
  Precision precision = Precision::bf16;
  Parallelism parallelism;
  Batch batch;
  Recompute recompute;
  Routing routing = Routing::unknown;
  bool deduplicates_across_domains = false;  ///< a dispatch that leaves an NVLink domain sends one copy a node
  int node_limit = 0;                        ///< nodes a token's experts may lie on; 0: any
  Features features;
  Task task = Task::pretrain;
  std::string software_date;  ///< "YYYY-MM"
  AttentionKernel attention = AttentionKernel::fused;
  std::shared_ptr<const MeasuredKernels> measured;  ///< kernels measured on the GPU; no statement of the run's
  std::vector<Assumption> assumptions;
  std::vector<std::string> notes;  ///< feature words that were not understood, and the like

  /// Micro-batches of one pipeline in a step; fractional where the batch does not divide.
  [[nodiscard]] double microbatches() const {
    return std::max(1.0, static_cast<double>(batch.global_sequences) /
                             (static_cast<double>(parallelism.dp) * batch.micro_sequences));
  }
};

/// Whether one micro-batch's expert dispatch and combine run beside another's compute.
[[nodiscard]] bool overlaps_exchange(const Run& run);

/// Whether two runs are the same to the simulator: everything a file can state but remarks.
[[nodiscard]] bool same_run(const Run& a, const Run& b);

}  // namespace sextant::sim
