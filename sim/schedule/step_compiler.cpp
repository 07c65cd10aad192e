// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/step_compiler.hpp"

#include <algorithm>
#include <cassert>
#include <concepts>
#include <limits>

namespace sextant::sim::schedule {

namespace {

std::size_t at(std::integral auto i) { return static_cast<std::size_t>(i); }

constexpr std::int32_t always = std::numeric_limits<std::int32_t>::max();

}  // namespace

Program StepCompiler::compile(Order order) {
  begin(order);
  count_items(order);
  number_overlaps();
  loops_ = find_loop(order);
  program_.period_ = loops_ ? order.period : 0;
  number_slots();
  add_occupations();
  std::fill(made_.begin(), made_.end(), 0);
  made_[source_] = always;
  if (loops_) {
    emit_part(order, 0, program_.prologue_);
    emit_part(order, 1, program_.body_);
    carry_over();
    emit_part(order, 2, program_.epilogue_);
  } else {
    emit_part(order, 2, program_.prologue_);
  }
  program_.slots_ = next_slot_;
  program_.items_ = std::move(order.items);
  return std::move(program_);
}

void StepCompiler::begin(const Order& order) {
  const Layout& layout = order.layout;
  program_ = {};
  program_.layout_ = layout;
  program_.microbatches_ = order.microbatches;
  stages_ = at(layout.stages);
  chunks_ = at(layout.chunks);
  places_ = static_cast<std::uint32_t>(layout.routes() * layout.virtual_stages());
  microbatches_ = static_cast<std::uint32_t>(order.microbatches_per_route());
  shift_ = order.period / layout.routes();
  source_ = 2 * places_;
  sink_ = source_ + 1;
  place_.clear();
  for (int stage = 0; stage < layout.stages; ++stage) {
    for (int chunk = 0; chunk < layout.chunks; ++chunk) {
      const Site site = layout.site(chunk, stage);
      place_.push_back(static_cast<std::uint32_t>(site.route * layout.virtual_stages() + site.virtual_stage));
    }
  }
  kind_at_.assign(stages_ * (4 + chunks_) * chunks_, unset);
  items_.resize(order.size());
  made_.resize(sink_ + 1);
  weights_.assign(stages_ * chunks_ + 1, 0);
  weights_.back() = std::numeric_limits<std::int32_t>::min();
}

// Items by kind.

void StepCompiler::count_items(const Order& order) {
  kinds_.clear();
  kinds_.push_back({{}, sink_, sink_, sink_, sink_, 0, {}, 0, 0, 0});
  first_kind_.clear();
  first_item_.clear();
  std::size_t next = 0;
  for (std::size_t s = 0; s < stages_; ++s) {
    first_kind_.push_back(static_cast<std::uint32_t>(kinds_.size()));
    first_item_.push_back(next);
    const std::vector<Item>& items = order.items[s];
    const auto count = [&](std::size_t from, std::size_t to, std::int32_t Kind::*part) {
      for (std::size_t i = from; i < to; ++i) {
        const std::uint32_t kind = kind_of(order, s, items[i]);
        items_[next++] = kind;
        ++(kinds_[kind].*part);
      }
    };
    const Steady steady = order.period > 0 ? order.steady[s] : Steady{};
    const std::size_t end = steady.repeats > 0 ? at(steady.begin + steady.length) : 0;
    count(0, steady.repeats > 0 ? at(steady.begin) : 0, &Kind::before);
    count(end - (steady.repeats > 0 ? at(steady.length) : 0), end, &Kind::repeated);
    count(end, items.size(), &Kind::behind);
  }
  first_kind_.push_back(static_cast<std::uint32_t>(kinds_.size()));
  first_item_.push_back(next);
}

std::uint32_t StepCompiler::kind_of(const Order& order, std::size_t stage, const Item& item) {
  const std::size_t code = item.pass == Pass::forward_backward ? (4 + item.chunk) * chunks_ + item.backward_chunk
                                                               : static_cast<std::size_t>(item.pass) * chunks_ + item.chunk;
  std::uint32_t& kind = kind_at_[stage * (4 + chunks_) * chunks_ + code];
  if (kind == unset) {
    kind = static_cast<std::uint32_t>(kinds_.size());
    add_kind(order, stage, item);
  }
  return kind;
}

void StepCompiler::add_kind(const Order& order, std::size_t stage, const Item& item) {
  const Layout& layout = order.layout;
  const int last = layout.virtual_stages() - 1;
  const auto free_hop = static_cast<std::uint16_t>(layout.hops());
  Kind k{{static_cast<std::uint32_t>(stage), 0, 0, 0, 0, 0, free_hop, free_hop},
         source_,
         sink_,
         source_,
         sink_,
         static_cast<std::uint32_t>(stages_ * chunks_),
         {},
         0,
         0,
         0};
  const Site forward = layout.site(item.chunk, static_cast<int>(stage));
  const Site backward = layout.site(backward_chunk(item), static_cast<int>(stage));
  const std::uint32_t forward_place = place_[stage * chunks_ + item.chunk];
  const std::uint32_t backward_place = place_[stage * chunks_ + backward_chunk(item)];
  if (has_forward(item.pass)) {
    k.forward = forward_place;
    if (forward.virtual_stage > 0) k.forward_from = k.forward - 1;
    if (forward.virtual_stage < last) k.op.hop0 = static_cast<std::uint16_t>(layout.hop_index(forward));
  }
  if (has_input_gradient(item.pass)) {
    k.gradient = places_ + backward_place;
    if (backward.virtual_stage < last) k.gradient_from = k.gradient + 1;
    if (backward.virtual_stage > 0) {
      k.op.hop1 = static_cast<std::uint16_t>(layout.hop_index({backward.route, backward.virtual_stage - 1}));
    }
  }
  if (has_weight_gradient(item.pass)) k.weight = static_cast<std::uint32_t>(stage * chunks_ + backward_chunk(item));
  if (item.pass == Pass::forward_backward) {
    k.overlap = {forward.virtual_stage, backward.virtual_stage};
    k.op.duration = unset;
    program_.overlaps_.push_back(k.overlap);
  } else {
    k.op.duration = static_cast<std::uint32_t>(static_cast<int>(item.pass) * (last + 1) + forward.virtual_stage);
  }
  kinds_.push_back(k);
}

/// All pairs of virtual stages that run overlapped, in ascending order.
void StepCompiler::number_overlaps() {
  std::vector<Overlap>& all = program_.overlaps_;
  if (all.empty()) return;
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (Kind& k : kinds_) {
    if (k.op.duration != unset) continue;
    const auto number = std::lower_bound(all.begin(), all.end(), k.overlap) - all.begin();
    k.op.duration = program_.no_item() + 1 + static_cast<std::uint32_t>(number);
  }
}

void StepCompiler::add_occupations() {
  program_.occupations_.reserve(kinds_.size() - 1);
  for (std::size_t i = 1; i < kinds_.size(); ++i) {
    const Kind& k = kinds_[i];
    program_.occupations_.push_back({k.op.stage, k.op.duration, k.op.hop0, k.op.hop1, k.before + k.repeated + k.behind,
                                     loops_ ? k.repeated : 0});
  }
}

// The loop.

/// The fewest repetitions of each device before the loop with which nothing before it needs anything behind it, as
/// find_loop() in loop.hpp.
bool StepCompiler::find_loop(const Order& order) {
  if (order.period == 0) return false;
  further_.assign(stages_, 0);
  for (std::size_t s = 0; s < stages_; ++s) {
    const Steady& steady = order.steady[s];
    if (steady.length < 1 || steady.repeats < 1) return false;
    // Something must run before the loop, so that the device's start is known.
    if (steady.begin == 0) further_[s] = 1;
    if (further_[s] >= steady.repeats) return false;
  }
  at_loop_.assign(made_.size(), 0);
  for (const Kind& k : kinds_) {
    const std::int32_t early = k.before + (further_[k.op.stage] > 0 ? k.repeated : 0);
    at_loop_[k.forward] += early;
    at_loop_[k.gradient] += early;
    weights_[k.weight] += early;
  }
  at_loop_[source_] = always;
  at_loop_[sink_] = 0;
  return close(order) && weight_gradients_lie_behind();
}

bool StepCompiler::close(const Order& order) {
  bool moved = true;
  const auto move_on = [&](std::uint32_t row, std::int32_t least) {
    const std::size_t stage = stage_of_row(order, row);
    while (at_loop_[row] < least) {
      for (std::size_t c = 0; c < chunks_; ++c) {
        at_loop_[place_[stage * chunks_ + c]] += shift_;
        at_loop_[places_ + place_[stage * chunks_ + c]] += shift_;
        weights_[stage * chunks_ + c] += shift_;
      }
      moved = true;
      if (++further_[stage] >= order.steady[stage].repeats) return false;
    }
    return true;
  };
  while (moved) {
    moved = false;
    for (const Kind& k : kinds_) {
      if (at_loop_[k.forward] > at_loop_[k.forward_from] && !move_on(k.forward_from, at_loop_[k.forward])) return false;
      if (at_loop_[k.gradient] > at_loop_[k.gradient_from] && !move_on(k.gradient_from, at_loop_[k.gradient])) {
        return false;
      }
    }
  }
  return true;
}

std::size_t StepCompiler::stage_of_row(const Order& order, std::uint32_t row) const {
  const auto place = static_cast<int>(row % places_);
  const int virtual_stages = order.layout.virtual_stages();
  return at(order.layout.stage_of({place / virtual_stages, place % virtual_stages}));
}

/// The last weight gradient of each chunk must lie behind the loop: it is recorded where it runs once.
bool StepCompiler::weight_gradients_lie_behind() const {
  for (std::size_t i = 0; i < stages_ * chunks_; ++i) {
    if (weights_[i] + shift_ >= static_cast<std::int32_t>(microbatches_)) return false;
  }
  return true;
}

// Slots: clocks; live messages; always 0; never read; gradient ready; first inputs and other messages.

void StepCompiler::number_slots() {
  std::fill(weights_.begin(), weights_.end() - 1, 0);
  slot_.assign(made_.size() * microbatches_, unset);
  next_slot_ = static_cast<std::uint32_t>(stages_);
  live_.clear();
  if (loops_) {
    for_each_message_row([&](std::uint32_t row, std::uint32_t consumer) {
      const std::int32_t first = at_loop_[consumer];
      if (first == at_loop_[row]) return;
      live_.push_back({row, first, at_loop_[row], next_slot_});
      for (std::int32_t j = first; j < at_loop_[row]; ++j) slot_[row * microbatches_ + at(j)] = next_slot_++;
    });
  }
  program_.live_ = next_slot_ - static_cast<std::uint32_t>(stages_);
  zero_ = next_slot_++;
  waste_ = next_slot_++;
  program_.gradient_ready_slot_.resize(stages_ * chunks_);
  for (std::uint32_t& slot : program_.gradient_ready_slot_) slot = next_slot_++;
  program_.start_slot_.assign(stages_, zero_);
  first_message_slot_ = next_slot_;
  const auto fill = [&](std::uint32_t row, std::uint32_t slot) {
    std::fill_n(slot_.begin() + static_cast<std::ptrdiff_t>(row * microbatches_), microbatches_, slot);
  };
  fill(source_, zero_);
  fill(sink_, waste_);
  const auto virtual_stages = static_cast<std::uint32_t>(program_.layout_.virtual_stages());
  for (std::uint32_t route = 0; route < places_; route += virtual_stages) {
    fill(route + virtual_stages - 1, waste_);
    fill(places_ + route, waste_);
  }
  free_.clear();
}

/// Puts the messages under way behind the body where those were that were under way before it.
void StepCompiler::carry_over() {
  for (const Live& l : live_) {
    // Ascending, so that no live slot is overwritten before it is read.
    for (std::int32_t j = l.first; j < l.end; ++j) {
      std::uint32_t& slot = slot_[l.row * microbatches_ + at(j + shift_)];
      const std::uint32_t to = l.slot + static_cast<std::uint32_t>(j - l.first);
      program_.moves_.push_back({slot, to});
      slot = to;
    }
  }
}

// Emission. Devices take turns; an item runs in a turn when what it needs was made in an earlier one, so that
// neighbours in the sequence are independent and the processor can overlap them.

void StepCompiler::emit_part(const Order& order, int part, std::vector<Op>& ops) {
  cursor_.resize(stages_);
  limit_.resize(stages_);
  next_.resize(stages_);
  ready_.resize(stages_);
  std::size_t left = 0;
  for (std::size_t s = 0; s < stages_; ++s) {
    if (part == 0 || !loops_) cursor_[s] = first_item_[s];
    limit_[s] = first_item_[s + 1];
    if (part < 2) {
      const Steady& steady = order.steady[s];
      limit_[s] = first_item_[s] + at(steady.begin + steady.length * (further_[s] + part));
    }
    next_[s] = cursor_[s] < limit_[s] ? items_[cursor_[s]] : 0;
    left += limit_[s] - cursor_[s];
  }
  ops.reserve(left + (part == 2 ? stages_ * chunks_ : 0));
  while (left > 0) {
    std::size_t count = 0;
    for (std::size_t s = 0; s < stages_; ++s) {
      const Kind& k = kinds_[next_[s]];
      ready_[count] = static_cast<std::uint32_t>(s);
      const bool ready = (made_[k.forward_from] > made_[k.forward]) & (made_[k.gradient_from] > made_[k.gradient]);
      count += ready ? 1U : 0U;
    }
    assert(count > 0);
    for (std::size_t i = 0; i < count; ++i) emit(ready_[i], ops);
    left -= count;
  }
}

void StepCompiler::emit(std::size_t s, std::vector<Op>& ops) {
  const Kind& k = kinds_[next_[s]];
  Op op = k.op;
  const std::size_t forward = at(made_[k.forward]);
  const std::size_t gradient = at(made_[k.gradient]);
  const bool first = cursor_[s] == first_item_[s];
  op.in0 = receive(k.forward_from * microbatches_ + forward, first);
  op.in1 = receive(k.gradient_from * microbatches_ + gradient, first);
  if (first) program_.start_slot_[s] = op.in0 != zero_ ? op.in0 : op.in1;
  op.out0 = send(k.forward * microbatches_ + forward);
  op.out1 = send(k.gradient * microbatches_ + gradient);
  ++made_[k.forward];
  ++made_[k.gradient];
  made_[sink_] = 0;
  ops.push_back(op);
  if (++weights_[k.weight] == static_cast<std::int32_t>(microbatches_)) record_gradient_ready(k.weight, ops);
  const std::size_t next = ++cursor_[s];
  next_[s] = next < limit_[s] ? items_[next] : 0;
}

/// The slot to read a message from, which is then free for others.
std::uint32_t StepCompiler::receive(std::size_t message, bool keep) {
  const std::uint32_t slot = slot_[message];
  if (slot >= first_message_slot_ && !keep) free_.push_back(slot);
  return slot;
}

/// The slot to write a message to.
std::uint32_t StepCompiler::send(std::size_t message) {
  std::uint32_t& slot = slot_[message];
  if (slot != unset) return slot;
  if (free_.empty()) return slot = next_slot_++;
  slot = free_.back();
  free_.pop_back();
  return slot;
}

/// The last weight gradient of a chunk leaves its end in a slot of its own.
void StepCompiler::record_gradient_ready(std::size_t place, std::vector<Op>& ops) {
  const std::uint32_t slot = program_.gradient_ready_slot_[place];
  Op& op = ops.back();
  if (op.out0 == waste_) {
    op.out0 = slot;
  } else if (op.out1 == waste_) {
    op.out1 = slot;
  } else {
    // Both ends of the op are taken by messages: an empty op behind it.
    const auto free_hop = static_cast<std::uint16_t>(program_.layout_.hops());
    ops.push_back({op.stage, zero_, zero_, slot, waste_, program_.no_item(), free_hop, free_hop});
  }
}

}  // namespace sextant::sim::schedule
