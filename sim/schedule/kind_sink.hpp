// SPDX-License-Identifier: Apache-2.0
// Internal: a schedule written down as kinds of items, what they need and what they make.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/schedule/program.hpp"

namespace sextant::sim::schedule {

/// Items of one pass and chunk (or pair of chunks) on one device. What they make are rows, each of the messages of one
/// pass of one virtual stage: a forward's, an input gradient's. Parts that an item does not have read of the row
/// `source`, where everything is made, and make the row `sink`, of which nothing ever is.
struct alignas(64) Kind {
  Op op{};                          ///< of micro-batch 0
  std::uint32_t forward_from = 0;   ///< row whose message the forward waits for
  std::uint32_t forward = 0;        ///< row that it makes
  std::uint32_t gradient_from = 0;  ///< row whose message the input gradient waits for
  std::uint32_t gradient = 0;       ///< row that it makes
  std::uint32_t weight = 0;         ///< stage x chunks + chunk of its weight gradient; past their end: none
  bool forward_sent = false;        ///< whether another virtual stage waits for the forward
  bool gradient_sent = false;       ///< and for the input gradient
};

/// Rows: forwards by place (route and virtual stage), input gradients by place, source, sink.
struct Rows {
  std::uint32_t places = 0;
  std::uint32_t virtual_stages = 0;

  [[nodiscard]] std::uint32_t source() const { return 2 * places; }
  [[nodiscard]] std::uint32_t sink() const { return 2 * places + 1; }
  [[nodiscard]] std::uint32_t size() const { return 2 * places + 2; }
};

/// How many items of a kind there are on its device.
struct KindCount {
  std::int32_t before = 0;    ///< the part that repeats
  std::int32_t repeated = 0;  ///< in one repetition
  std::int32_t all = 0;
};

/// One device's items.
struct KindList {
  std::size_t first = 0;  ///< in KindSink::items
  std::size_t end = 0;    ///< behind them; one more, kind 0, follows
  Steady steady;
};

/// Takes the passes of one stage after the other, as ItemSink does. Buffers are used again for the next schedule.
class KindSink {
 public:
  void begin(const Layout& layout, int microbatches);
  void end() {
    end_stage();
    number_overlaps();
  }

  void begin_stage() {
    if (!lists.empty()) end_stage();
    lists.push_back({next_, next_, {}});
    known_.assign((4 + chunks_) * chunks_, 0);
    first_kind_ = kinds.size();
  }
  void forward(int chunk) { put(Pass::forward, chunk); }
  std::uint16_t backward(Pass pass, int chunk) {
    put(pass, chunk);
    return 0;
  }
  void weight_gradient(int chunk, std::uint16_t) { put(Pass::weight_gradient, chunk); }
  void forward_backward(int chunk, int back) {
    const std::size_t code = (4 + static_cast<std::size_t>(chunk)) * chunks_ + static_cast<std::size_t>(back);
    put(code, {Pass::forward_backward, static_cast<std::uint16_t>(chunk), 0, static_cast<std::uint16_t>(back), 0});
  }
  void begin_repetition();
  void end_repetition();
  void end_repetitions(int times) { lists.back().steady.repeats = times; }

  [[nodiscard]] std::size_t stages() const { return lists.size(); }
  /// Route and virtual stage of a stage's chunk.
  [[nodiscard]] std::uint32_t place(std::size_t stage, std::size_t chunk) const {
    return place_[stage * chunks_ + chunk];
  }

  Rows rows;
  std::vector<Kind> kinds;           ///< of the stages in turn; the first is one that never runs
  std::vector<KindCount> counts;     ///< by kind
  std::vector<std::uint32_t> items;  ///< kinds of the stages' items in turn
  std::vector<KindList> lists;       ///< by stage
  std::vector<Overlap> overlaps;     ///< all pairs of virtual stages that run overlapped, ascending

 private:
  void put(Pass pass, int chunk) {
    const auto narrow = static_cast<std::uint16_t>(chunk);
    put(static_cast<std::size_t>(pass) * chunks_ + narrow, {pass, narrow, 0, 0, 0});
  }
  void put(std::size_t code, const Item& item) {
    std::uint32_t& kind = known_[code];
    if (kind == 0) kind = add_kind(item);
    std::int32_t& count = counts[kind].all;
    if (count == microbatches_) return;  // a micro-batch that the step does not have
    ++count;
    items[next_++] = kind;
  }
  std::uint32_t add_kind(const Item& item);
  void end_stage();
  void number_overlaps();

  /// As Layout::hop_index().
  [[nodiscard]] std::uint16_t hop_of(Site upstream) const {
    return static_cast<std::uint16_t>(upstream.route * last_ + upstream.virtual_stage);
  }

  int last_ = 0;                ///< virtual stage
  std::uint16_t free_hop_ = 0;  ///< index of the hop that takes no time
  std::uint32_t none_ = 0;      ///< stages x chunks
  std::size_t chunks_ = 0;
  std::int32_t microbatches_ = 0;  ///< of a route
  std::size_t next_ = 0;
  std::size_t first_kind_ = 0;        ///< of the stage
  std::vector<std::uint32_t> known_;  ///< by code of pass and chunks: kind on the stage, 0 where not met
  std::vector<std::uint32_t> place_;  ///< by stage and chunk
  std::vector<Site> site_;            ///< by stage and chunk
  std::vector<Overlap> overlap_;      ///< by kind, of pairs
};

}  // namespace sextant::sim::schedule
