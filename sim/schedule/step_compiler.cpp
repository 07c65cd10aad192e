// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/step_compiler.hpp"

#include <algorithm>
#include <cassert>
#include <concepts>
#include <limits>
#include <utility>

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
  number_starts();
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
  items_.resize(order.size() + stages_);
  made_.resize(sink_ + 1);
  cursor_.resize(stages_);
  behind_.resize(stages_);
  next_.resize(stages_);
  ready_.resize(stages_);
  weights_.assign(stages_ * chunks_ + 1, 0);
  weights_.back() = std::numeric_limits<std::int32_t>::min();
}

// Items by kind.

void StepCompiler::count_items(const Order& order) {
  kinds_.assign(1, {{}, sink_, sink_, sink_, sink_, static_cast<std::uint32_t>(stages_ * chunks_)});
  counts_.assign(1, {});
  overlap_.assign(1, {});
  first_item_.clear();
  std::size_t next = 0;
  for (std::size_t s = 0; s < stages_; ++s) {
    first_item_.push_back(next);
    const std::size_t first_kind = kinds_.size();
    const std::vector<Item>& items = order.items[s];
    const auto count = [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i) {
        const std::uint32_t kind = kind_of(order, s, items[i]);
        items_[next++] = kind;
        ++counts_[kind].all;
      }
    };
    const bool repeats = order.period > 0 && order.steady[s].repeats > 0;
    const std::size_t begin = repeats ? at(order.steady[s].begin) : 0;
    const std::size_t end = repeats ? begin + at(order.steady[s].length) : 0;
    count(0, begin);
    for (std::size_t k = first_kind; k < counts_.size(); ++k) counts_[k].before = counts_[k].all;
    count(begin, end);
    for (std::size_t k = first_kind; k < counts_.size(); ++k) counts_[k].repeated = counts_[k].all - counts_[k].before;
    count(end, items.size());
    items_[next++] = 0;
  }
  first_item_.push_back(next);
}

std::uint32_t StepCompiler::kind_of(const Order& order, std::size_t stage, const Item& item) {
  const std::size_t code = item.pass == Pass::forward_backward ? (4 + item.chunk) * chunks_ + item.backward_chunk
                                                               : static_cast<std::size_t>(item.pass) * chunks_ + item.chunk;
  std::uint32_t& kind = kind_at_[stage * (4 + chunks_) * chunks_ + code];
  if (kind == unset) {
    kind = static_cast<std::uint32_t>(kinds_.size());
    kinds_.push_back(new_kind(order, stage, item));
    counts_.emplace_back();
  }
  return kind;
}

StepCompiler::Kind StepCompiler::new_kind(const Order& order, std::size_t stage, const Item& item) {
  const Layout& layout = order.layout;
  const int last = layout.virtual_stages() - 1;
  const auto free_hop = static_cast<std::uint16_t>(layout.hops());
  Kind k{{static_cast<std::uint32_t>(stage), 0, 0, 0, 0, 0, free_hop, free_hop},
         source_,
         sink_,
         source_,
         sink_,
         static_cast<std::uint32_t>(stages_ * chunks_)};
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
    k.op.duration = unset;
    program_.overlaps_.push_back({forward.virtual_stage, backward.virtual_stage});
  } else {
    k.op.duration = static_cast<std::uint32_t>(static_cast<int>(item.pass) * (last + 1) + forward.virtual_stage);
  }
  overlap_.push_back({forward.virtual_stage, backward.virtual_stage});
  return k;
}

/// All pairs of virtual stages that run overlapped, in ascending order.
void StepCompiler::number_overlaps() {
  std::vector<Overlap>& all = program_.overlaps_;
  if (all.empty()) return;
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (std::size_t i = 1; i < kinds_.size(); ++i) {
    if (kinds_[i].op.duration != unset) continue;
    const auto number = std::lower_bound(all.begin(), all.end(), overlap_[i]) - all.begin();
    kinds_[i].op.duration = program_.no_item() + 1 + static_cast<std::uint32_t>(number);
  }
}

void StepCompiler::add_occupations() {
  program_.occupations_.reserve(kinds_.size() - 1);
  for (std::size_t i = 1; i < kinds_.size(); ++i) {
    const Op& op = kinds_[i].op;
    program_.occupations_.push_back(
        {op.stage, op.duration, op.hop0, op.hop1, counts_[i].all, loops_ ? counts_[i].repeated : 0});
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
  for (std::size_t i = 1; i < kinds_.size(); ++i) {
    const Kind& k = kinds_[i];
    const std::int32_t early = counts_[i].before + (further_[k.op.stage] > 0 ? counts_[i].repeated : 0);
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

// Slots: clocks; gradient ready; messages by row and micro-batch, of which the source's are 0 and the sink's never read.

void StepCompiler::number_slots() {
  std::fill(weights_.begin(), weights_.end() - 1, 0);
  auto next = static_cast<std::uint32_t>(stages_);
  program_.gradient_ready_slot_.resize(stages_ * chunks_);
  for (std::uint32_t& slot : program_.gradient_ready_slot_) slot = next++;
  first_message_slot_ = next;
  const auto virtual_stages = static_cast<std::uint32_t>(program_.layout_.virtual_stages());
  const auto slots_of = [&](std::uint32_t row) { return first_message_slot_ + row * microbatches_; };
  const auto sent_to = [&](std::uint32_t row, bool sends) { return slots_of(sends ? row : sink_); };
  for (Kind& k : kinds_) {
    k.op.in0 = slots_of(k.forward_from);
    k.op.in1 = slots_of(k.gradient_from);
    k.op.out0 = sent_to(k.forward, k.forward < places_ && (k.forward + 1) % virtual_stages != 0);
    k.op.out1 = sent_to(k.gradient, k.gradient < source_ && k.gradient % virtual_stages != 0);
  }
  program_.zero_ = {slots_of(source_), microbatches_};
  program_.slots_ = slots_of(sink_) + microbatches_;
}

/// When a device's first input is there.
void StepCompiler::number_starts() {
  program_.start_slot_.resize(stages_);
  for (std::size_t s = 0; s < stages_; ++s) {
    const Kind& k = kinds_[items_[first_item_[s]]];
    program_.start_slot_[s] = k.forward_from != source_ ? k.op.in0 : k.op.in1;
  }
}

/// Puts the messages under way behind the body where those were that were under way before it; what runs behind it looks
/// for them there.
void StepCompiler::carry_over() {
  const auto virtual_stages = static_cast<std::uint32_t>(program_.layout_.virtual_stages());
  const auto carry = [&](std::uint32_t row, std::uint32_t consumer) {
    const std::uint32_t slots = first_message_slot_ + row * microbatches_;
    // Ascending, so that no slot is overwritten before it is read.
    for (auto j = static_cast<std::uint32_t>(at_loop_[consumer]); j < static_cast<std::uint32_t>(at_loop_[row]); ++j) {
      program_.moves_.push_back({slots + j + static_cast<std::uint32_t>(shift_), slots + j});
    }
  };
  for (std::uint32_t place = 0; place < places_; ++place) {
    if ((place + 1) % virtual_stages != 0) carry(place, place + 1);
    if (place % virtual_stages != 0) carry(places_ + place, places_ + place - 1);
  }
  const auto shift = static_cast<std::uint32_t>(shift_);
  for (Kind& k : kinds_) {
    k.op.in0 -= k.forward == sink_ ? 0 : shift;
    k.op.out0 -= k.forward == sink_ ? 0 : shift;
    k.op.in1 -= k.gradient == sink_ ? 0 : shift;
    k.op.out1 -= k.gradient == sink_ ? 0 : shift;
  }
}

// Emission. Devices take turns; an item runs in a turn when what it needs was made in an earlier one, so that
// neighbours in the sequence are independent and the processor can overlap them.

std::size_t StepCompiler::limit(const Order& order, int part, std::size_t stage) const {
  if (part == 2) return first_item_[stage + 1] - 1;
  const Steady& steady = order.steady[stage];
  return first_item_[stage] + at(steady.begin + steady.length * (further_[stage] + part));
}

/// Ends each device's items with the part, by the kind that never runs.
std::size_t StepCompiler::begin_part(const Order& order, int part) {
  std::size_t left = 0;
  for (std::size_t s = 0; s < stages_; ++s) {
    if (part == 0 || !loops_) cursor_[s] = first_item_[s];
    const std::size_t end = limit(order, part, s);
    left += end - cursor_[s];
    behind_[s] = std::exchange(items_[end], 0);
    next_[s] = items_[cursor_[s]];
  }
  return left;
}

void StepCompiler::end_part(const Order& order, int part) {
  for (std::size_t s = 0; s < stages_; ++s) items_[limit(order, part, s)] = behind_[s];
}

void StepCompiler::emit_part(const Order& order, int part, Ops& ops) {
  std::size_t left = begin_part(order, part);
  ops.resize(left + (part == 2 ? stages_ * chunks_ : 0));
  Op* op = ops.data();
  const Kind* const kinds = kinds_.data();
  const std::uint32_t* const items = items_.data();
  std::int32_t* const made = made_.data();
  std::int32_t* const weights = weights_.data();
  std::uint32_t* const next = next_.data();
  std::uint32_t* const ready = ready_.data();
  std::size_t* const cursor = cursor_.data();
  const std::size_t stages = stages_;
  const std::uint32_t sink = sink_;
  const auto microbatches = static_cast<std::int32_t>(microbatches_);
  while (left > 0) {
    std::size_t count = 0;
    for (std::size_t s = 0; s < stages; ++s) {
      const Kind& k = kinds[next[s]];
      ready[count] = static_cast<std::uint32_t>(s);
      count += (made[k.forward_from] > made[k.forward]) & (made[k.gradient_from] > made[k.gradient]) ? 1U : 0U;
    }
    assert(count > 0);
    left -= count;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t s = ready[i];
      const Kind& k = kinds[next[s]];
      next[s] = items[++cursor[s]];
      const auto forward = static_cast<std::uint32_t>(made[k.forward]);
      const auto gradient = static_cast<std::uint32_t>(made[k.gradient]);
      made[k.forward] = static_cast<std::int32_t>(forward + 1);
      made[k.gradient] = static_cast<std::int32_t>(gradient + 1);
      made[sink] = 0;
      *op++ = {k.op.stage,    k.op.in0 + forward, k.op.in1 + gradient, k.op.out0 + forward, k.op.out1 + gradient,
               k.op.duration, k.op.hop0,          k.op.hop1};
      if (++weights[k.weight] == microbatches) leave_gradient_ready(k.weight, op);
    }
  }
  ops.resize(static_cast<std::size_t>(op - ops.data()));
  end_part(order, part);
}

/// The last weight gradient of a chunk, behind which `next` lies, leaves its end in a slot of its own.
void StepCompiler::leave_gradient_ready(std::size_t place, Op*& next) const {
  const std::uint32_t slot = program_.gradient_ready_slot_[place];
  const std::uint32_t waste = first_message_slot_ + sink_ * microbatches_;
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
}

}  // namespace sextant::sim::schedule
