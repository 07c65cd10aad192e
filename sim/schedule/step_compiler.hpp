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
  /// Items of one pass and chunk (or pair of chunks) on one device. Parts that an item does not have read of the row
  /// `source_`, where everything is made, and make the row `sink_`, of which nothing ever is.
  struct alignas(64) Kind {
    Op op;                        ///< of micro-batch 0
    std::uint32_t forward_from;   ///< row whose message the forward waits for
    std::uint32_t forward;        ///< row that it makes
    std::uint32_t gradient_from;  ///< row whose message the input gradient waits for
    std::uint32_t gradient;       ///< row that it makes
    std::uint32_t weight;         ///< stage x chunks + chunk of its weight gradient; past their end: none
  };
  /// How many items of a kind there are on its device.
  struct Count {
    std::int32_t before = 0;    ///< the part that repeats
    std::int32_t repeated = 0;  ///< in one repetition
    std::int32_t all = 0;       ///< with one repetition after the other
  };
  static constexpr std::uint32_t unset = 0xffffffff;

  void begin(const Order& order);
  void count_items(const Order& order);
  std::uint32_t kind_of(const Order& order, std::size_t stage, const Item& item);
  [[nodiscard]] Kind new_kind(const Order& order, std::size_t stage, const Item& item);
  void number_overlaps();
  void add_occupations();

  [[nodiscard]] bool find_loop(const Order& order);
  [[nodiscard]] bool close(const Order& order);
  [[nodiscard]] std::size_t stage_of_row(const Order& order, std::uint32_t row) const;
  [[nodiscard]] bool weight_gradients_lie_behind() const;

  void number_slots();
  void number_starts();
  void carry_over();

  [[nodiscard]] std::size_t limit(const Order& order, int part, std::size_t stage) const;
  [[nodiscard]] std::size_t begin_part(const Order& order, int part);
  void end_part(const Order& order, int part);
  void emit_part(const Order& order, int part, Ops& ops);
  void leave_gradient_ready(std::size_t place, Op*& next) const;

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
  std::vector<Count> counts_;              ///< by kind
  std::vector<Overlap> overlap_;           ///< by kind, of pairs
  std::vector<std::uint32_t> items_;       ///< kinds of the stages' items in turn, each with one more behind them
  std::vector<std::size_t> first_item_;    ///< by stage, and the end

  // Rows: forwards by place, then input gradients by place, then source and sink.
  std::uint32_t source_ = 0;
  std::uint32_t sink_ = 0;
  std::vector<std::int32_t> made_;       ///< by row: micro-batches so far
  std::vector<std::int32_t> at_loop_;    ///< by row: micro-batches before the loop
  std::vector<std::int32_t> further_;    ///< by stage: repetitions before the loop
  std::vector<std::int32_t> weights_;    ///< by stage and chunk: weight gradients so far
  std::vector<std::uint32_t> next_;      ///< by stage: kind of its next item
  std::vector<std::size_t> cursor_;      ///< by stage: its next item
  std::vector<std::uint32_t> behind_;    ///< by stage: kind of the first item behind the part
  std::vector<std::uint32_t> ready_;     ///< stages that run in the present turn
  std::uint32_t first_message_slot_ = 0;
};

}  // namespace sextant::sim::schedule
