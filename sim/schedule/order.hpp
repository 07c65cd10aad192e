// SPDX-License-Identifier: Apache-2.0
// A pipeline schedule as pure order: which pass of which micro-batch each device runs, one after the other. An order
// has no times; executor.hpp gives it times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sextant::sim::schedule {

/// The work of one item. A backward pass is the gradient with respect to the input (the paper's B, "dgrad") and to the
/// weights (W, "wgrad"); zero-bubble schedules run them apart (Qi et al., Zero Bubble Pipeline Parallelism,
/// 2401.10241).
enum class Pass : std::uint8_t {
  forward,
  backward,          ///< input and weight gradient in one
  input_gradient,    ///< lets the previous stage go on
  weight_gradient,   ///< nobody waits for it
  forward_backward,  ///< a forward of one chunk overlapped with a whole backward of another
};

/// One thing that a device does.
struct Item {
  Pass pass = Pass::forward;
  std::uint16_t chunk = 0;                ///< model chunk of this device, from 0
  std::uint16_t microbatch = 0;           ///< within the chunk's route, from 0
  std::uint16_t backward_chunk = 0;       ///< of the backward half of an overlapped pair
  std::uint16_t backward_microbatch = 0;  ///< of the backward half of an overlapped pair

  bool operator==(const Item&) const = default;
};

[[nodiscard]] constexpr bool has_forward(Pass p) { return p == Pass::forward || p == Pass::forward_backward; }
/// Whether the pass ends with the gradient that the previous stage waits for.
[[nodiscard]] constexpr bool has_input_gradient(Pass p) {
  return p == Pass::backward || p == Pass::input_gradient || p == Pass::forward_backward;
}
[[nodiscard]] constexpr bool has_weight_gradient(Pass p) {
  return p == Pass::backward || p == Pass::weight_gradient || p == Pass::forward_backward;
}
/// Chunk and micro-batch of the backward part, whatever the pass.
[[nodiscard]] constexpr std::uint16_t backward_chunk(const Item& i) {
  return i.pass == Pass::forward_backward ? i.backward_chunk : i.chunk;
}
[[nodiscard]] constexpr std::uint16_t backward_microbatch(const Item& i) {
  return i.pass == Pass::forward_backward ? i.backward_microbatch : i.microbatch;
}

/// How model chunks lie on devices.
enum class Placement : std::uint8_t {
  loop,           ///< chunk c of device s is virtual stage c * p + s (Megatron; one chunk: the plain pipeline)
  vee,            ///< chunk 0 of device s is virtual stage s, chunk 1 is 2p - 1 - s (ZB-V, DualPipeV)
  bidirectional,  ///< chunk 0 is virtual stage s, chunk 1 a second copy of p - 1 - s for the other direction (DualPipe)
};

/// Where a chunk lies in the model. Micro-batches of one route visit virtual stages 0, 1, ... in turn; a bidirectional
/// schedule has two routes, each with half of the micro-batches and its own copy of the weights.
struct Site {
  int route = 0;
  int virtual_stage = 0;

  bool operator==(const Site&) const = default;
};

/// The shape that placement depends on.
struct Layout {
  int stages = 1;  ///< devices in the pipeline, p
  int chunks = 1;  ///< model chunks on each device, v
  Placement placement = Placement::loop;

  [[nodiscard]] int routes() const { return placement == Placement::bidirectional ? 2 : 1; }
  [[nodiscard]] int virtual_stages() const { return stages * chunks / routes(); }
  [[nodiscard]] Site site(int chunk, int stage) const;
  [[nodiscard]] int stage_of(Site site) const;
  [[nodiscard]] int chunk_of(Site site) const;

  /// Hops between consecutive virtual stages, all routes: hop h joins virtual stages h mod (V - 1) and the next one.
  [[nodiscard]] int hops() const { return routes() * (virtual_stages() - 1); }
  [[nodiscard]] int hop_index(Site upstream) const {
    return upstream.route * (virtual_stages() - 1) + upstream.virtual_stage;
  }
  /// Devices at both ends of a hop, in forward direction; equal where a V turns.
  struct Ends {
    int from;
    int to;
  };
  [[nodiscard]] Ends hop_ends(int hop) const;
};

/// The part of a device's items that repeats: items [begin, begin + repeats * length), each repetition the one before
/// it with every micro-batch number grown by the order's period.
struct Steady {
  int begin = 0;
  int length = 0;
  int repeats = 0;
};

struct Order {
  Layout layout;
  int microbatches = 0;                  ///< in one step, all routes together
  int period = 0;                        ///< micro-batches (all routes) in one repetition of `steady`; 0: none
  std::vector<std::vector<Item>> items;  ///< by stage, in the order they run
  std::vector<Steady> steady;            ///< by stage; empty when period is 0

  [[nodiscard]] int microbatches_per_route() const { return microbatches / layout.routes(); }
  [[nodiscard]] std::size_t size() const;
};

/// Bounds that keep an order within memory whatever the input.
inline constexpr int max_virtual_stages = 4096;
inline constexpr int max_microbatches = 65535;
inline constexpr long long max_items = 1LL << 24;

/// What is wrong with the outer shape: no stages, lists missing, larger than the bounds. Empty when nothing is.
[[nodiscard]] std::vector<std::string> shape_faults(const Order& order);

/// What keeps an order from being one training step, as sentences: items out of range, a forward, input gradient or
/// weight gradient of a micro-batch and virtual stage that is missing or runs twice. Empty when all is there once.
[[nodiscard]] std::vector<std::string> coverage_faults(const Order& order);

/// "F3.1" (forward of micro-batch 3, chunk 1), "B", "I" (input gradient), "W", "F3.0&B1.1". The chunk is left out when
/// a device has one. Micro-batches of the second route count on from the first's.
[[nodiscard]] std::string item_name(const Item& item, const Layout& layout, int microbatches);

}  // namespace sextant::sim::schedule
