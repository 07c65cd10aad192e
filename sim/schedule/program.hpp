// SPDX-License-Identifier: Apache-2.0
// An order made ready to run: its items in one sequence that respects all dependencies, its repeating middle as a loop.
// Made once per shape, run for any costs and any number of micro-batches that differs by whole periods.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/schedule/activations.hpp"
#include "sim/schedule/order.hpp"
#include "sim/schedule/schedules.hpp"

namespace sextant::sim::schedule {

/// Virtual stages whose forward and backward run overlapped on one device.
struct Overlap {
  int forward_virtual_stage = 0;
  int backward_virtual_stage = 0;

  auto operator<=>(const Overlap&) const = default;
};

/// One item as the executor sees it. Times lie in numbered slots, the first of which are the devices' clocks:
///   end = max(slot[stage], slot[in0], slot[in1]) + duration;  slot[stage] = end;  slot[outN] = end + hopN
struct Op {
  std::uint32_t stage;
  std::uint32_t in0;
  std::uint32_t in1;
  std::uint32_t out0;
  std::uint32_t out1;
  std::uint32_t duration;  ///< index of the duration table: 4 passes x virtual stages, zero, overlaps
  std::uint16_t hop0;      ///< 0 .. Layout::hops() - 1; hops(): takes no time
  std::uint16_t hop1;
};

/// Leaves elements that a vector makes by itself unset, for those that are all written at once.
template <class T>
struct Unset : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = Unset<U>;
  };
  template <class U>
  void construct(U*) {}
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    std::construct_at(at, std::forward<Arguments>(arguments)...);
  }
};
using Ops = std::vector<Op, Unset<Op>>;

/// How often a device spends a duration and, where sending blocks it, the longer of two hops.
struct Occupation {
  std::uint32_t stage;
  std::uint32_t duration;
  std::uint16_t hop0;
  std::uint16_t hop1;
  std::int32_t once;      ///< outside the loop, and the first time through it
  std::int32_t per_loop;  ///< each further time
};

/// What compile() makes and execute() reads. Treat it as a value; only the accessors are for others.
class Program {
 public:
  [[nodiscard]] const Layout& layout() const { return layout_; }
  /// Micro-batches of the order it was made from: the fewest it runs.
  [[nodiscard]] int microbatches() const { return microbatches_; }
  [[nodiscard]] bool loops() const { return !body_.empty(); }
  /// Micro-batches (all routes) of one time through the loop.
  [[nodiscard]] int period() const { return period_; }
  /// Whether it runs a step of so many: those it was made from, or more by whole periods where it loops.
  [[nodiscard]] bool runs(int microbatches) const;
  [[nodiscard]] std::size_t size() const { return prologue_.size() + body_.size() + epilogue_.size(); }

  /// Pairs of virtual stages whose overlapped time StageCosts::pair gives, in its order (ascending).
  [[nodiscard]] const std::vector<Overlap>& overlaps() const { return overlaps_; }

  /// What the devices hold in flight; the same for any costs and any number of micro-batches it runs. Worked out from
  /// the items when asked for.
  [[nodiscard]] Activations activations() const;

 private:
  friend class Compiler;
  friend class StepCompiler;
  friend class Execution;

  struct Move {
    std::uint32_t from;
    std::uint32_t to;
  };

  /// By stage: what is behind its ops, one after the other, but those of no item.
  [[nodiscard]] std::vector<std::vector<Item>> items() const { return build_ ? build_(shape_).items : items_; }
  /// Duration of an op that only leaves a time in a slot; no item is behind it.
  [[nodiscard]] std::uint32_t no_item() const { return static_cast<std::uint32_t>(4 * layout_.virtual_stages()); }

  Layout layout_;
  int microbatches_ = 0;
  int period_ = 0;
  Ops prologue_;
  Ops body_;
  Ops epilogue_;
  std::vector<std::vector<Item>> items_;  ///< as items(); empty where `build_` makes them
  Order (*build_)(const Shape&) = nullptr;
  Shape shape_;              ///< for `build_`
  std::vector<Move> moves_;  ///< after the body: messages to where its next time looks for them
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  Range zero_;  ///< slots that are always 0
  std::uint32_t slots_ = 0;
  std::vector<std::uint32_t> start_slot_;           ///< by stage: when its first input is there
  std::vector<std::uint32_t> gradient_ready_slot_;  ///< by stage and chunk
  std::vector<Overlap> overlaps_;
  std::vector<Occupation> occupations_;
};

/// Why an order cannot run to its end.
struct Deadlock {
  struct Stuck {
    int stage = 0;
    int position = 0;  ///< of the item in its device's list
    Item item;
    std::string waits_for;  ///< e.g. "forward of virtual stage 3, micro-batch 7, which no device runs"
  };
  std::vector<std::string> faults;  ///< items out of range or run twice; nothing was tried then
  std::vector<Stuck> stuck;         ///< the next item of each device that does not get to its end

  [[nodiscard]] std::string text() const;  ///< one line each
};

enum class Loops : std::uint8_t { find, unroll };

/// Makes an order ready. With `Loops::find` the program also runs more micro-batches where `order.steady` allows it:
/// the builder vouches that the order of more differs by further repetitions only. `Loops::unroll` never does.
[[nodiscard]] std::variant<Program, Deadlock> compile(const Order& order, Loops loops = Loops::find);

/// The program that runs the shape (which the schedule must not refuse), made from as few micro-batches as show its
/// repeating middle. Shapes with the same reduced() have the same program.
[[nodiscard]] Program compile(const Schedule& schedule, const Shape& shape);

}  // namespace sextant::sim::schedule
