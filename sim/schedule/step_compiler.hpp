// SPDX-License-Identifier: Apache-2.0
// Internal: the quick way from the order of a schedule of the table to a program.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/schedule/program.hpp"

namespace sextant::sim::schedule {

/// Compiles orders that are whole training steps which can run, and in which each chunk takes its micro-batches in
/// turn, pass by pass: what the builders of schedules.cpp make. Then the micro-batch of an item follows from how many of
/// its sort have run, and so does whether its inputs are there. compile(Order) takes any order, finds what is wrong with
/// it, and gives the same times.
///
/// Buffers are used again from one order to the next.
class StepCompiler {
 public:
  [[nodiscard]] Program compile(Order order);

 private:
  /// Items of one pass and chunk (or pair of chunks) on one device. Parts of an item that there are not read of the
  /// row `source_`, where everything is made, and make the row `sink_`, of which nothing ever is.
  struct Kind {
    Op op;                        ///< without the slots of messages
    std::uint32_t forward_from;   ///< row whose message the forward waits for
    std::uint32_t forward;        ///< row that it makes
    std::uint32_t gradient_from;  ///< row whose message the input gradient waits for
    std::uint32_t gradient;       ///< row that it makes
    std::uint32_t weight;         ///< stage x chunks + chunk of its weight gradient; past their end: none
    Overlap overlap;              ///< of a pair
    std::int32_t before;          ///< items before the repeating part,
    std::int32_t repeated;        ///< in one repetition,
    std::int32_t behind;          ///< and behind its first one
  };
  static constexpr std::uint32_t unset = 0xffffffff;

  /// Messages of one row that are under way when the loop begins, and their first slot.
  struct Live {
    std::uint32_t row;
    std::int32_t first;
    std::int32_t end;
    std::uint32_t slot;
  };

  void begin(const Order& order);
  void count_items(const Order& order);
  std::uint32_t kind_of(const Order& order, std::size_t stage, const Item& item);
  void add_kind(const Order& order, std::size_t stage, const Item& item);
  void number_overlaps();
  void add_occupations();

  [[nodiscard]] bool find_loop(const Order& order);
  [[nodiscard]] bool close(const Order& order);
  [[nodiscard]] std::size_t stage_of_row(const Order& order, std::uint32_t row) const;
  [[nodiscard]] bool weight_gradients_lie_behind() const;

  /// Calls `visit` for each row that is messages, with the row that they are for.
  template <class Visit>
  void for_each_message_row(Visit visit) const {
    const auto virtual_stages = static_cast<std::uint32_t>(program_.layout_.virtual_stages());
    for (std::uint32_t place = 0; place < places_; ++place) {
      if ((place + 1) % virtual_stages != 0) visit(place, place + 1);
      if (place % virtual_stages != 0) visit(places_ + place, places_ + place - 1);
    }
  }
  void number_slots();
  void carry_over();

  void emit_part(const Order& order, int part, std::vector<Op>& ops);
  void emit(std::size_t stage, std::vector<Op>& ops);
  std::uint32_t receive(std::size_t message, bool keep);
  std::uint32_t send(std::size_t message);
  void record_gradient_ready(std::size_t place, std::vector<Op>& ops);

  Program program_;
  std::size_t stages_ = 0;
  std::size_t chunks_ = 0;
  std::uint32_t places_ = 0;        ///< routes x virtual stages
  std::uint32_t microbatches_ = 0;  ///< of a route
  std::int32_t shift_ = 0;          ///< micro-batches of a route in one repetition
  bool loops_ = false;
  std::vector<std::uint32_t> place_;  ///< by stage and chunk

  std::vector<std::uint32_t> kind_at_;     ///< by stage and code: index of kinds_
  std::vector<Kind> kinds_;                ///< of the stages in turn; the first is one that never runs
  std::vector<std::uint32_t> first_kind_;  ///< by stage, and the end
  std::vector<std::uint32_t> items_;       ///< kinds of the stages' items in turn
  std::vector<std::size_t> first_item_;    ///< by stage, and the end

  // Rows: forwards by place, then input gradients by place, then source and sink.
  std::uint32_t source_ = 0;
  std::uint32_t sink_ = 0;
  std::vector<std::int32_t> made_;       ///< by row: micro-batches so far
  std::vector<std::int32_t> at_loop_;    ///< by row: micro-batches before the loop
  std::vector<std::int32_t> further_;    ///< by stage: repetitions before the loop
  std::vector<std::int32_t> weights_;    ///< by stage and chunk: weight gradients so far
  std::vector<std::uint32_t> slot_;      ///< by row and micro-batch
  std::vector<Live> live_;
  std::vector<std::uint32_t> free_;      ///< slots
  std::vector<std::uint32_t> next_;      ///< by stage: kind of its next item
  std::vector<std::size_t> cursor_;      ///< by stage: its next item
  std::vector<std::size_t> limit_;       ///< by stage: end of the part
  std::vector<std::uint32_t> ready_;     ///< stages that run in the present turn
  std::uint32_t next_slot_ = 0;
  std::uint32_t zero_ = 0;
  std::uint32_t waste_ = 0;
  std::uint32_t first_message_slot_ = 0;
};

}  // namespace sextant::sim::schedule
