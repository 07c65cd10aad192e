// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <optional>

#include "sim/schedule/dependencies.hpp"
#include "sim/schedule/loop.hpp"
#include "sim/schedule/program.hpp"
#include "sim/schedule/step_compiler.hpp"

namespace sextant::sim::schedule {

/// Turns an order into a sequence of ops. Devices take turns; an op runs in a turn when what it needs was made in an
/// earlier one, so that neighbours in the sequence are independent and the processor can overlap them.
///
/// With a loop the sequence has three parts: what runs before the loop, its first time, what runs behind it. Messages
/// that are under way when the loop begins have slots of their own ("live"); after the body, Moves put those that are
/// under way then where the next time, or the last part, looks for them.
class Compiler {
 public:
  Compiler(const Order& order, const Dependencies& dependencies, const std::optional<Loop>& loop)
      : order_(order),
        dependencies_(dependencies),
        loop_(loop),
        stages_(order.items.size()),
        chunks_(at(order.layout.chunks)),
        cursor_(stages_),
        waits_on_(stages_, none),
        turn_made_(at(dependencies.size())),
        slot_(at(dependencies.size()), unset),
        last_weight_gradient_(stages_ * chunks_, unset),
        free_hop_(static_cast<std::uint16_t>(order.layout.hops())) {
    program_.layout_ = order.layout;
    program_.microbatches_ = order.microbatches;
    program_.period_ = loop ? order.period : 0;
    number_slots();
    find_last_weight_gradients();
    find_overlaps();
    occupation_of_.assign(stages_ * codes(), unset);
  }

  /// False when the order cannot run to its end this way.
  [[nodiscard]] bool run() {
    const std::size_t all = order_.size();
    (loop_ ? program_.epilogue_ : program_.prologue_).reserve(all);
    if (loop_) {
      program_.prologue_.reserve(all);
      if (!emit(0, program_.prologue_) || !emit(1, program_.body_) || !carry_over()) return false;
      return emit(2, program_.epilogue_);
    }
    return emit(2, program_.prologue_);
  }

  [[nodiscard]] Program take_program() && {
    program_.slots_ = next_slot_;
    program_.items_ = order_.items;
    return std::move(program_);
  }

  [[nodiscard]] Deadlock deadlock() const {
    Deadlock d;
    for (std::size_t s = 0; s < stages_; ++s) {
      if (cursor_[s] == order_.items[s].size()) continue;
      const Item& item = order_.items[s][cursor_[s]];
      d.stuck.push_back({static_cast<int>(s), static_cast<int>(cursor_[s]), item, waits_for(s)});
    }
    return d;
  }

 private:
  static constexpr std::uint32_t unset = 0xffffffff;
  static std::size_t at(std::int32_t i) { return static_cast<std::size_t>(i); }

  // Parts: 0 before the loop, 1 its first time, 2 behind it (or all, without a loop).

  [[nodiscard]] std::size_t limit(std::size_t stage, int part) const {
    if (part == 2) return order_.items[stage].size();
    return at(loop_->begin[stage] + (part == 1 ? loop_->length[stage] : 0));
  }
  /// Calls `visit` for each message that is under way between `part` and the next, ascending.
  template <class Visit>
  void for_each_crossing(int part, Visit visit) const {
    for (std::int32_t row = 0; row < dependencies_.rows(); ++row) {
      const Dependencies::Range from = dependencies_.range(row);
      if (from.to_consumer == 0) continue;
      const auto made = static_cast<std::int32_t>(limit(at(from.stage), part));
      const auto used = static_cast<std::int32_t>(limit(at(dependencies_.stage(from.first + from.to_consumer)), part));
      for (std::int32_t p = from.first; p < from.first + from.count; ++p) {
        const std::int32_t position = dependencies_.position(p);
        if (position == none || position >= made) continue;
        const std::int32_t consumed = dependencies_.position(p + from.to_consumer);
        if (consumed != none && consumed >= used) visit(p);
      }
    }
  }

  // Slots: clocks; live messages; always 0; never read; gradient ready; first inputs and other messages.

  void number_slots() {
    next_slot_ = static_cast<std::uint32_t>(stages_);
    if (loop_) {
      live_slot_.assign(at(dependencies_.size()), unset);
      for_each_crossing(0, [&](std::int32_t p) { live_slot_[at(p)] = next_slot_++; });
    }
    live_ = next_slot_ - static_cast<std::uint32_t>(stages_);
    zero_ = next_slot_++;
    program_.zero_ = {zero_, 1};
    waste_ = next_slot_++;
    for (std::size_t i = 0; i < stages_ * chunks_; ++i) program_.gradient_ready_slot_.push_back(next_slot_++);
    program_.start_slot_.assign(stages_, zero_);
    first_message_slot_ = next_slot_;
  }

  void find_last_weight_gradients() {
    for (std::size_t s = 0; s < stages_; ++s) {
      for (std::size_t i = 0; i < order_.items[s].size(); ++i) {
        const Item& item = order_.items[s][i];
        if (!has_weight_gradient(item.pass)) continue;
        last_weight_gradient_[s * chunks_ + backward_chunk(item)] = static_cast<std::uint32_t>(i);
      }
    }
  }

  /// Puts the messages under way behind the body where those were that were under way before it.
  bool carry_over() {
    const std::int32_t shift = order_.period / order_.layout.routes();
    std::uint32_t carried = 0;
    bool known = true;
    // Products of one virtual stage are numbered by micro-batch. Ascending, so that no live slot is overwritten before
    // it is read.
    for_each_crossing(1, [&](std::int32_t p) {
      const std::uint32_t to = p < shift ? unset : live_slot_[at(p - shift)];
      known = known && to != unset;
      program_.moves_.push_back({slot_[at(p)], to});
      slot_[at(p)] = to;
      ++carried;
    });
    return known && carried == live_;
  }

  // Emission.

  [[nodiscard]] bool emit(int part, Ops& ops) {
    bool moved = true;
    while (moved) {
      moved = false;
      ++turn_;
      for (std::size_t s = 0; s < stages_; ++s) {
        if (cursor_[s] == limit(s, part) || !made_before(waits_on_[s])) continue;
        const Node& node = dependencies_.node(s, cursor_[s]);
        waits_on_[s] = first_missing(node);
        if (waits_on_[s] != none) continue;
        emit(s, order_.items[s][cursor_[s]], node, part, ops);
        moved = true;
      }
    }
    for (std::size_t s = 0; s < stages_; ++s) {
      if (cursor_[s] != limit(s, part)) return false;
    }
    return true;
  }

  [[nodiscard]] bool made_before(std::int32_t product) const {
    return product == none || (turn_made_[at(product)] != 0 && turn_made_[at(product)] < turn_);
  }
  /// Something the item needs that is not there yet; `none` where all is.
  [[nodiscard]] std::int32_t first_missing(const Node& n) const {
    for (const std::int32_t product : {n.forward_message, n.gradient_message, n.own_forward, n.own_input_gradient}) {
      if (!made_before(product)) return product;
    }
    return none;
  }

  void emit(std::size_t s, const Item& item, const Node& node, int part, Ops& ops) {
    Occupation& occupation = occupation_of(s, item);
    ++occupation.once;
    if (part == 1) ++occupation.per_loop;
    Op op{static_cast<std::uint32_t>(s), zero_, zero_, waste_, waste_, occupation.duration, free_hop_, free_hop_};
    const bool first = cursor_[s] == 0;
    op.in0 = receive(node.forward_message, first);
    op.in1 = receive(node.gradient_message, first);
    if (first) program_.start_slot_[s] = op.in0 != zero_ ? op.in0 : op.in1;

    op.out0 = send(node.makes_forward, part);
    op.out1 = send(node.makes_input_gradient, part);
    if (op.out0 != waste_) op.hop0 = occupation.hop0;
    if (op.out1 != waste_) op.hop1 = occupation.hop1;
    if (node.makes_weight_gradient != none) turn_made_[at(node.makes_weight_gradient)] = turn_;
    ops.push_back(op);
    if (has_weight_gradient(item.pass)) record_gradient_ready(s, item, ops);
    ++cursor_[s];
  }

  /// The slot to read a message from, which is then free for others.
  std::uint32_t receive(std::int32_t product, bool keep) {
    if (product == none) return zero_;
    const std::uint32_t slot = slot_[at(product)];
    if (slot >= first_message_slot_ && !keep) free_.push_back(slot);
    return slot;
  }

  /// The slot to write a product to.
  std::uint32_t send(std::int32_t product, int part) {
    if (product == none) return waste_;
    turn_made_[at(product)] = turn_;
    if (dependencies_.consumer(product) == none) return waste_;
    std::uint32_t& slot = slot_[at(product)];
    if (loop_ && part == 0) slot = live_slot_[at(product)];
    if (slot != unset) return slot;
    if (free_.empty()) return slot = next_slot_++;
    slot = free_.back();
    free_.pop_back();
    return slot;
  }

  /// The last weight gradient of a chunk leaves its end in a slot of its own.
  void record_gradient_ready(std::size_t s, const Item& item, Ops& ops) {
    const std::size_t place = s * chunks_ + backward_chunk(item);
    if (last_weight_gradient_[place] != cursor_[s]) return;
    const std::uint32_t slot = program_.gradient_ready_slot_[place];
    Op& op = ops.back();
    if (op.out0 == waste_) {
      op.out0 = slot;
    } else if (op.out1 == waste_) {
      op.out1 = slot;
    } else {
      // Both ends of the op are taken by messages: an empty op behind it. It is no item.
      ops.push_back({op.stage, zero_, zero_, slot, waste_, program_.no_item(), free_hop_, free_hop_});
    }
  }

  // Durations.

  /// Kinds of items on one device: four passes of each chunk, then pairs of chunks.
  [[nodiscard]] std::size_t codes() const { return 4 * chunks_ + chunks_ * chunks_; }
  [[nodiscard]] std::size_t code(const Item& item) const {
    if (item.pass == Pass::forward_backward) return (4 + item.chunk) * chunks_ + item.backward_chunk;
    return static_cast<std::size_t>(item.pass) * chunks_ + item.chunk;
  }

  Occupation& occupation_of(std::size_t s, const Item& item) {
    std::uint32_t& known = occupation_of_[s * codes() + code(item)];
    if (known == unset) {
      known = static_cast<std::uint32_t>(program_.occupations_.size());
      program_.occupations_.push_back(new_occupation(static_cast<int>(s), item));
    }
    return program_.occupations_[known];
  }

  Occupation new_occupation(int s, const Item& item) {
    const Layout& layout = order_.layout;
    const Site forward = layout.site(item.chunk, s);
    const Site backward = layout.site(backward_chunk(item), s);
    const int last = layout.virtual_stages() - 1;
    Occupation o{static_cast<std::uint32_t>(s), 0, free_hop_, free_hop_, 0, 0};
    if (item.pass == Pass::forward_backward) {
      o.duration =
          static_cast<std::uint32_t>(4 * (last + 1) + 1) + overlap({forward.virtual_stage, backward.virtual_stage});
    } else {
      o.duration = static_cast<std::uint32_t>(static_cast<int>(item.pass) * (last + 1) + forward.virtual_stage);
    }
    if (has_forward(item.pass) && forward.virtual_stage < last) {
      o.hop0 = static_cast<std::uint16_t>(layout.hop_index(forward));
    }
    if (has_input_gradient(item.pass) && backward.virtual_stage > 0) {
      o.hop1 = static_cast<std::uint16_t>(layout.hop_index({backward.route, backward.virtual_stage - 1}));
    }
    return o;
  }

  /// All pairs of virtual stages that run overlapped, in ascending order.
  void find_overlaps() {
    std::vector<bool> seen(stages_ * chunks_ * chunks_);
    for (std::size_t s = 0; s < stages_; ++s) {
      for (const Item& item : order_.items[s]) {
        const std::size_t chunk_pair = (s * chunks_ + item.chunk) * chunks_ + item.backward_chunk;
        if (item.pass != Pass::forward_backward || seen[chunk_pair]) continue;
        seen[chunk_pair] = true;
        const int stage = static_cast<int>(s);
        program_.overlaps_.push_back({order_.layout.site(item.chunk, stage).virtual_stage,
                                      order_.layout.site(item.backward_chunk, stage).virtual_stage});
      }
    }
    std::vector<Overlap>& all = program_.overlaps_;
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }

  [[nodiscard]] std::uint32_t overlap(Overlap pair) const {
    const std::vector<Overlap>& all = program_.overlaps_;
    return static_cast<std::uint32_t>(std::lower_bound(all.begin(), all.end(), pair) - all.begin());
  }

  [[nodiscard]] std::string waits_for(std::size_t s) const {
    const Node& n = dependencies_.node(s, cursor_[s]);
    for (const std::int32_t product : {n.forward_message, n.gradient_message, n.own_forward, n.own_input_gradient}) {
      if (product == none || turn_made_[at(product)] != 0) continue;
      const bool nobody = dependencies_.position(product) == none;
      return dependencies_.name(product) + (nobody ? ", which no device runs" : "");
    }
    return {};
  }

  const Order& order_;
  const Dependencies& dependencies_;
  const std::optional<Loop>& loop_;
  std::size_t stages_;
  std::size_t chunks_;
  Program program_;
  std::vector<std::size_t> cursor_;     ///< by stage: its next item
  std::vector<std::int32_t> waits_on_;  ///< by stage: what kept its next item back when it was last looked at
  std::uint32_t turn_ = 0;
  std::vector<std::uint32_t> turn_made_;             ///< by product; 0: not yet
  std::vector<std::uint32_t> slot_;                  ///< by product
  std::vector<std::uint32_t> live_slot_;             ///< by product
  std::vector<std::uint32_t> last_weight_gradient_;  ///< by stage and chunk: position
  std::vector<std::uint32_t> free_;
  std::uint32_t next_slot_ = 0;
  std::uint32_t live_ = 0;
  std::uint32_t zero_ = 0;
  std::uint32_t waste_ = 0;
  std::uint32_t first_message_slot_ = 0;
  std::uint16_t free_hop_;                    ///< index of the hop that takes no time
  std::vector<std::uint32_t> occupation_of_;  ///< by stage and code
};

Activations Program::activations() const {
  Order order;
  order.layout = layout_;
  order.items = items();
  return Activations(order);
}

bool Program::runs(int microbatches) const {
  if (microbatches == microbatches_) return true;
  return loops() && microbatches > microbatches_ && (microbatches - microbatches_) % period_ == 0;
}

std::string Deadlock::text() const {
  std::string out;
  for (const std::string& fault : faults) out += fault + "\n";
  for (const Stuck& s : stuck) out += fmt::format("stage {}, item {} waits for {}\n", s.stage, s.position, s.waits_for);
  return out;
}

std::variant<Program, Deadlock> compile(const Order& order, Loops loops) {
  if (std::vector<std::string> faults = shape_faults(order); !faults.empty()) return Deadlock{std::move(faults), {}};
  const Dependencies dependencies(order);
  if (!dependencies.faults().empty()) return Deadlock{dependencies.faults(), {}};
  const std::optional<Loop> loop = loops == Loops::find ? find_loop(order, dependencies) : std::nullopt;
  if (loop) {
    Compiler compiler(order, dependencies, loop);
    if (compiler.run()) return std::move(compiler).take_program();
  }
  const std::optional<Loop> no_loop;
  Compiler compiler(order, dependencies, no_loop);
  if (!compiler.run()) return compiler.deadlock();
  return std::move(compiler).take_program();
}

Program compile(const Schedule& row, const Shape& shape) {
  assert(row.refusal(shape).empty());
  return StepCompiler().compile(row, shape);
}

}  // namespace sextant::sim::schedule
