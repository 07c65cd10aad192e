// SPDX-License-Identifier: Apache-2.0
// Internal: the quick way from a schedule of the table to a program.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/schedule/kind_sink.hpp"
#include "sim/schedule/program.hpp"

namespace sextant::sim::schedule {

/// Compiles what the builders of the table write: whole training steps that can run, in which each chunk takes its
/// micro-batches in turn, pass by pass. Then the micro-batch of an item follows from how many of its sort have run, and
/// so does whether its inputs are there. compile(Order) takes any order, finds what is wrong with it, and gives the
/// same times to the bit.
///
/// Buffers are used again from one schedule to the next.
class StepCompiler {
 public:
  /// The program of a shape that the schedule does not refuse.
  [[nodiscard]] Program compile(const Schedule& row, const Shape& shape);

 private:
  void begin(const Schedule& row, const Shape& shape);
  void add_occupations();

  [[nodiscard]] bool find_loop();
  [[nodiscard]] bool close();
  [[nodiscard]] bool move_on(std::uint32_t row, std::int32_t least);
  [[nodiscard]] bool weight_gradients_lie_behind() const;

  void number_slots();
  void number_starts();
  [[nodiscard]] std::uint32_t slots_of(std::uint32_t row) const { return first_message_slot_ + row * microbatches_; }
  void carry_over();

  [[nodiscard]] std::size_t limit(int part, std::size_t stage) const;
  [[nodiscard]] std::size_t begin_part(int part);
  void end_part(int part);
  void emit_part(int part, Ops& ops);
  [[nodiscard]] Op* leave_gradient_ready(std::size_t place, Op* next) const;

  Program program_;
  KindSink kinds_;
  std::size_t stages_ = 0;
  std::size_t chunks_ = 0;
  std::uint32_t microbatches_ = 0;  ///< of a route
  std::int32_t shift_ = 0;          ///< micro-batches of a route in one repetition
  bool loops_ = false;

  std::vector<std::int32_t> made_;     ///< by row: micro-batches so far
  std::vector<std::int32_t> at_loop_;  ///< by row: micro-batches before the loop
  std::vector<std::int32_t> further_;  ///< by stage: repetitions before the loop
  std::vector<std::int32_t> weights_;  ///< by stage and chunk: weight gradients so far; one more that counts for none
  std::vector<const Kind*> next_;      ///< by stage: kind of its next item
  std::vector<const std::uint32_t*> cursor_;  ///< by stage: its next item
  std::vector<std::uint32_t> behind_;         ///< by stage: kind of the first item behind the part
  std::vector<std::uint32_t> ready_;          ///< stages that run in the present turn
  std::uint32_t first_message_slot_ = 0;
};

}  // namespace sextant::sim::schedule
