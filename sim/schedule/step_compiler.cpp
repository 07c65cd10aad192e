// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/step_compiler.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace sextant::sim::schedule {

namespace {

std::size_t at(std::int32_t i) { return static_cast<std::size_t>(i); }

constexpr std::int32_t always = std::numeric_limits<std::int32_t>::max();

}  // namespace

Program StepCompiler::compile(const Schedule& row, const Shape& shape) {
  begin(row, reduced(row, shape));
  loops_ = find_loop();
  if (!loops_) program_.period_ = 0;
  number_slots();
  number_starts();
  add_occupations();
  std::fill(made_.begin(), made_.end(), 0);
  made_[kinds_.rows.source()] = always;
  if (loops_) {
    emit_part(0, program_.prologue_);
    emit_part(1, program_.body_);
    carry_over();
    emit_part(2, program_.epilogue_);
  } else {
    emit_part(2, program_.prologue_);
  }
  return std::move(program_);
}

void StepCompiler::begin(const Schedule& row, const Shape& shape) {
  const Layout layout = row.layout(shape);
  kinds_.begin(layout, shape.microbatches);
  row.write(shape, kinds_);
  kinds_.end();

  program_ = {};
  program_.layout_ = layout;
  program_.microbatches_ = shape.microbatches;
  program_.period_ = row.period(shape);
  program_.build_ = row.build;
  program_.shape_ = shape;
  program_.overlaps_ = kinds_.overlaps;
  stages_ = kinds_.stages();
  chunks_ = at(layout.chunks);
  microbatches_ = static_cast<std::uint32_t>(shape.microbatches / layout.routes());
  shift_ = program_.period_ / layout.routes();
  made_.resize(kinds_.rows.size());
  weights_.assign(stages_ * chunks_ + 1, 0);
  weights_.back() = std::numeric_limits<std::int32_t>::min();
  next_.resize(stages_);
  cursor_.resize(stages_);
  behind_.resize(stages_);
  ready_.resize(stages_);
}

void StepCompiler::add_occupations() {
  program_.occupations_.reserve(kinds_.kinds.size() - 1);
  for (std::size_t i = 1; i < kinds_.kinds.size(); ++i) {
    const Op& op = kinds_.kinds[i].op;
    const KindCount& count = kinds_.counts[i];
    program_.occupations_.push_back({op.stage, op.duration, op.hop0, op.hop1, count.all, loops_ ? count.repeated : 0});
  }
}

// The loop.

/// The fewest repetitions of each device before the loop with which nothing before it needs anything behind it: what
/// find_loop() of loop.hpp finds item by item.
bool StepCompiler::find_loop() {
  if (program_.period_ == 0) return false;
  further_.assign(stages_, 0);
  for (std::size_t s = 0; s < stages_; ++s) {
    const Steady& steady = kinds_.lists[s].steady;
    if (steady.length < 1 || steady.repeats < 1) return false;
    // Something must run before the loop, so that the device's start is known.
    if (steady.begin == 0) further_[s] = 1;
    if (further_[s] >= steady.repeats) return false;
  }
  at_loop_.assign(made_.size(), 0);
  for (std::size_t i = 1; i < kinds_.kinds.size(); ++i) {
    const Kind& k = kinds_.kinds[i];
    const KindCount& count = kinds_.counts[i];
    const std::int32_t early = count.before + (further_[k.op.stage] > 0 ? count.repeated : 0);
    at_loop_[k.forward] += early;
    at_loop_[k.gradient] += early;
    weights_[k.weight] += early;
  }
  at_loop_[kinds_.rows.source()] = always;
  at_loop_[kinds_.rows.sink()] = 0;
  return close() && weight_gradients_lie_behind();
}

bool StepCompiler::close() {
  const std::vector<std::int32_t> before = further_;
  for (const Kind& k : kinds_.kinds) {
    if (!move_on(k.forward_from, at_loop_[k.forward]) || !move_on(k.gradient_from, at_loop_[k.gradient])) return false;
  }
  return further_ == before || close();
}

/// Adds repetitions of a row's device until `least` of its messages are made.
bool StepCompiler::move_on(std::uint32_t row, std::int32_t least) {
  if (at_loop_[row] >= least) return true;
  const auto place = static_cast<int>(row % kinds_.rows.places);
  const auto virtual_stages = static_cast<int>(kinds_.rows.virtual_stages);
  const std::size_t stage = at(program_.layout_.stage_of({place / virtual_stages, place % virtual_stages}));
  while (at_loop_[row] < least) {
    for (std::size_t c = 0; c < chunks_; ++c) {
      at_loop_[kinds_.place(stage, c)] += shift_;
      at_loop_[kinds_.rows.places + kinds_.place(stage, c)] += shift_;
      weights_[stage * chunks_ + c] += shift_;
    }
    if (++further_[stage] >= kinds_.lists[stage].steady.repeats) return false;
  }
  return true;
}

/// The last weight gradient of each chunk must lie behind the loop: it is recorded where it runs once.
bool StepCompiler::weight_gradients_lie_behind() const {
  return std::all_of(weights_.begin(), weights_.end() - 1,
                     [&](std::int32_t before) { return before + shift_ < static_cast<std::int32_t>(microbatches_); });
}

// Slots: clocks; gradient ready; messages by row and micro-batch, of which the source's are 0 and the sink's never
// read.

void StepCompiler::number_slots() {
  std::fill(weights_.begin(), weights_.end() - 1, 0);
  auto next = static_cast<std::uint32_t>(stages_);
  program_.gradient_ready_slot_.resize(stages_ * chunks_);
  for (std::uint32_t& slot : program_.gradient_ready_slot_) slot = next++;
  first_message_slot_ = next;
  const Rows& rows = kinds_.rows;
  for (Kind& k : kinds_.kinds) {
    k.op.in0 = slots_of(k.forward_from);
    k.op.in1 = slots_of(k.gradient_from);
    k.op.out0 = slots_of(k.forward_sent ? k.forward : rows.sink());
    k.op.out1 = slots_of(k.gradient_sent ? k.gradient : rows.sink());
  }
  program_.zero_ = {slots_of(rows.source()), microbatches_};
  program_.slots_ = slots_of(rows.sink()) + microbatches_;
}

/// When a device's first input is there.
void StepCompiler::number_starts() {
  program_.start_slot_.resize(stages_);
  for (std::size_t s = 0; s < stages_; ++s) {
    const Kind& k = kinds_.kinds[kinds_.items[kinds_.lists[s].first]];
    program_.start_slot_[s] = k.forward_from != kinds_.rows.source() ? k.op.in0 : k.op.in1;
  }
}

/// Puts the messages under way behind the body where those were that were under way before it. What runs behind it
/// counts on from there.
void StepCompiler::carry_over() {
  const Rows& rows = kinds_.rows;
  const auto shift = static_cast<std::uint32_t>(shift_);
  program_.moves_.reserve(2 * stages_ * chunks_);
  const auto carry = [&](std::uint32_t row, std::uint32_t consumer) {
    // Ascending, so that no slot is overwritten before it is read.
    for (std::int32_t j = at_loop_[consumer]; j < at_loop_[row]; ++j) {
      const std::uint32_t to = slots_of(row) + static_cast<std::uint32_t>(j);
      program_.moves_.push_back({to + shift, to});
    }
  };
  for (std::uint32_t first = 0; first < rows.places; first += rows.virtual_stages) {
    for (std::uint32_t upstream = first; upstream + 1 < first + rows.virtual_stages; ++upstream) {
      carry(upstream, upstream + 1);
      carry(rows.places + upstream + 1, rows.places + upstream);
    }
  }
  for (std::uint32_t row = 0; row < rows.source(); ++row) made_[row] -= shift_;
}

// Emission. Devices take turns; an item runs in a turn when what it needs was made in an earlier one, so that
// neighbours in the sequence are independent and the processor can overlap them.

std::size_t StepCompiler::limit(int part, std::size_t stage) const {
  const KindList& list = kinds_.lists[stage];
  if (part == 2) return list.end;
  return list.first + at(list.steady.begin + list.steady.length * (further_[stage] + part));
}

/// Ends each device's items with the part, by the kind that never runs.
std::size_t StepCompiler::begin_part(int part) {
  std::size_t left = 0;
  for (std::size_t s = 0; s < stages_; ++s) {
    if (part == 0 || !loops_) cursor_[s] = &kinds_.items[kinds_.lists[s].first];
    std::uint32_t* const end = &kinds_.items[limit(part, s)];
    left += static_cast<std::size_t>(end - cursor_[s]);
    behind_[s] = std::exchange(*end, 0);
    next_[s] = &kinds_.kinds[*cursor_[s]];
  }
  return left;
}

void StepCompiler::end_part(int part) {
  for (std::size_t s = 0; s < stages_; ++s) kinds_.items[limit(part, s)] = behind_[s];
}

void StepCompiler::emit_part(int part, Ops& ops) {
  std::size_t left = begin_part(part);
  ops.resize(left + (part == 2 ? stages_ * chunks_ : 0));
  Op* op = ops.data();
  const Kind* const kinds = kinds_.kinds.data();
  std::int32_t* const made = made_.data();
  std::int32_t* const weights = weights_.data();
  const Kind** const next = next_.data();
  std::uint32_t* const ready = ready_.data();
  const std::uint32_t** const cursor = cursor_.data();
  const auto stages = static_cast<std::uint32_t>(stages_);
  const std::uint32_t sink = kinds_.rows.sink();
  const auto microbatches = static_cast<std::int32_t>(microbatches_);
  while (left > 0) {
    std::size_t count = 0;
    for (std::uint32_t s = 0; s < stages; ++s) {
      const Kind& k = *next[s];
      ready[count] = s;
      count += (made[k.forward_from] > made[k.forward]) & (made[k.gradient_from] > made[k.gradient]) ? 1U : 0U;
    }
    assert(count > 0);
    left -= count;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t s = ready[i];
      const Kind& k = *next[s];
      next[s] = kinds + *++cursor[s];
      const auto forward = static_cast<std::uint32_t>(made[k.forward]);
      const auto gradient = static_cast<std::uint32_t>(made[k.gradient]);
      made[k.forward] = static_cast<std::int32_t>(forward + 1);
      made[k.gradient] = static_cast<std::int32_t>(gradient + 1);
      made[sink] = 0;
      *op++ = {k.op.stage,           k.op.in0 + forward, k.op.in1 + gradient, k.op.out0 + forward,
               k.op.out1 + gradient, k.op.duration,      k.op.hop0,           k.op.hop1};
      if (++weights[k.weight] == microbatches) op = leave_gradient_ready(k.weight, op);
    }
  }
  ops.resize(static_cast<std::size_t>(op - ops.data()));
  end_part(part);
}

/// The last weight gradient of a chunk, behind which `next` lies, leaves its end in a slot of its own.
Op* StepCompiler::leave_gradient_ready(std::size_t place, Op* next) const {
  const std::uint32_t slot = program_.gradient_ready_slot_[place];
  const std::uint32_t waste = slots_of(kinds_.rows.sink());
  Op& op = *(next - 1);
  if (op.out0 >= waste) {
    op.out0 = slot;
  } else if (op.out1 >= waste) {
    op.out1 = slot;
  } else {
    // Both ends of the op are taken by messages: an empty op behind it.
    const auto free_hop = static_cast<std::uint16_t>(program_.layout_.hops());
    const std::uint32_t zero = program_.zero_.first;
    *next++ = {op.stage, zero, zero, slot, waste, program_.no_item(), free_hop, free_hop};
  }
  return next;
}

}  // namespace sextant::sim::schedule
