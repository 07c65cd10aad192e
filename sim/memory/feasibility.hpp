// SPDX-License-Identifier: Apache-2.0
// Whether a run can exist at all: degrees that fit the cluster and the model, and memory. Infeasible is a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/memory/memory.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// What a layout must obey; rows of one table, in this order.
enum class LayoutRule : std::uint8_t {
  degrees,
  ranks,
  heads,
  key_value_heads,
  ffn_width,
  experts,
  expert_ranks,
  expert_width,
  sequence,
  batch,
  stages,
  shard_group,
};

/// Why a run cannot be, with numbers.
struct Infeasible {
  enum class Kind : std::uint8_t { divisibility, memory };

  Kind kind = Kind::divisibility;
  std::string tag;     ///< "layout/heads", "memory"
  std::string reason;  ///< "tp 12 does not divide 64 heads"
  std::string hint;    ///< "tp 8 or 16 does"; may be empty
};

/// The first rule that the run breaks. Allocates nothing: a search asks before it asks for memory or time.
[[nodiscard]] std::optional<LayoutRule> broken_rule(const Run& run);

/// Every broken rule in words.
[[nodiscard]] std::vector<Infeasible> layout_faults(const Run& run);

/// A changed run that fits, and what it takes.
struct Remedy {
  std::string change;  ///< "full recompute", "pp 16 with dp 8"
  Run run;
  Bytes total;
};

/// Changes a run's users would try, least harm first: shard the optimizer, sequence parallelism, selective recompute,
/// smaller micro-batches, more pp, ep, tp or cp, full recompute, ZeRO-3; each alone, then two of them, then all. The
/// first that fits.
[[nodiscard]] std::optional<Remedy> find_remedy(const Run& run);

/// "needs 96.2 GB of 79.6 GB on pipeline rank 0: activations 61.3 GB, optimizer 20.1 GB, ...", with the nearest fit as
/// the hint. Nothing when the estimate fits.
[[nodiscard]] std::optional<Infeasible> memory_fault(const Run& run, const MemoryEstimate& estimate);

/// Layout faults, and memory where the layout is whole.
[[nodiscard]] std::vector<Infeasible> infeasibilities(const Run& run);

}  // namespace sextant::sim
