// SPDX-License-Identifier: Apache-2.0
// The only clock of the pipeline: gives times to an order.
#pragma once

#include <variant>
#include <vector>

#include "base/quantity.hpp"
#include "sim/schedule/program.hpp"

namespace sextant::sim::schedule {

/// Time of one micro-batch on each virtual stage. A whole backward takes input + weight gradient.
struct StageCosts {
  std::vector<Seconds> forward;          ///< by virtual stage
  std::vector<Seconds> input_gradient;   ///< by virtual stage
  std::vector<Seconds> weight_gradient;  ///< by virtual stage
  std::vector<Seconds> pair;             ///< by Program::overlaps(); empty: forward + backward, nothing gained
};

/// Time of a message between consecutive virtual stages, either direction.
struct Links {
  std::vector<Seconds> hop;  ///< by Layout::hop_index(); empty: free. 0 where both ends are one device
  /// Whether a send holds the sender's compute up for the whole hop (Megatron-LM before overlap_p2p_comm, DeepSpeed).
  /// Sending in both directions at once takes the longer hop. The receiver never waits longer than for the arrival:
  /// where both sides exchange, as in 1F1B's steady state, both have sent meanwhile.
  bool blocking = false;
};

/// Equal hops between devices, none within one.
[[nodiscard]] Links uniform_links(const Layout& layout, Seconds hop, bool blocking = false);
/// The same into links whose buffer is used again; sends do not block.
void uniform_links(const Layout& layout, Seconds hop, Links& links);

/// One item with its times.
struct TimedItem {
  int stage = 0;
  Item item;
  Seconds start;
  Seconds end;
  Seconds forward_hop;   ///< of the message that leaves when a forward ends; 0 where none does
  Seconds gradient_hop;  ///< of the message that leaves when an input gradient ends
};

struct StageTimes {
  Seconds start;    ///< its first item begins
  Seconds end;      ///< its last item ends (and is sent, where sends block)
  Seconds busy;     ///< computing
  Seconds sending;  ///< held up by its sends, where they block

  bool operator==(const StageTimes&) const = default;
};

struct Timeline {
  Layout layout;
  int microbatches = 0;
  Seconds makespan;  ///< from the first forward to the end of the last item of any device
  std::vector<StageTimes> stages;
  std::vector<Seconds> gradient_ready;  ///< by stage x chunks + chunk: end of its last weight gradient
  std::vector<TimedItem> items;         ///< each device's in turn, none before its inputs; only where asked for

  /// Time the device neither computes nor is held up by sends.
  [[nodiscard]] Seconds bubble(int stage) const {
    const StageTimes& s = stages[static_cast<std::size_t>(stage)];
    return makespan - s.busy - s.sending;
  }
  [[nodiscard]] int busiest_stage() const;
  /// Idle time of the busiest device: what the step takes beyond its work.
  [[nodiscard]] Seconds bubble() const { return bubble(busiest_stage()); }
  /// Longest time from a device's first item to its last. Steps follow each other at this distance where the optimizer
  /// does not wait for all devices (2401.10241, section 4: post-validation).
  [[nodiscard]] Seconds longest_span() const;
};

/// Buffers that a repeated execute() uses again, so that it allocates nothing. One per thread.
struct Workspace {
  Timeline timeline;
  std::vector<double> slots;
  std::vector<double> before;
  std::vector<double> durations;
  std::vector<double> hops;
};

enum class Keep : std::uint8_t { times, items };

/// Runs a step of `microbatches` (which `program.runs`). The reference is into the workspace.
///
/// Once all clocks and messages under way have moved on by one and the same time from one repetition of the middle to
/// the next, every further repetition does the same (the times are max-plus linear in that state), so they are added
/// without being run. Where costs do not settle, every repetition is run; the result is the same up to rounding.
const Timeline& execute(const Program& program, int microbatches, const StageCosts& costs, const Links& links,
                        Workspace& workspace, Keep keep = Keep::times);

/// Compiles and runs an order, keeping all items.
[[nodiscard]] std::variant<Timeline, Deadlock> execute(const Order& order, const StageCosts& costs, const Links& links);

}  // namespace sextant::sim::schedule
