// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/executor.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace sextant::sim::schedule {

/// One run of a program. Everything lies in the workspace.
class Execution {
 public:
  Execution(const Program& program, int microbatches, const StageCosts& costs, const Links& links, Workspace& workspace)
      : program_(program),
        costs_(costs),
        links_(links),
        work_(workspace),
        further_(program.loops() ? (microbatches - program.microbatches_) / program.period_ : 0) {
    work_.timeline.layout = program.layout_;
    work_.timeline.microbatches = microbatches;
    work_.timeline.items.clear();
    // A message is written before it is read.
    work_.slots.resize(program.slots_);
    std::fill_n(work_.slots.begin(), program.layout_.stages, 0.0);
    std::fill_n(work_.slots.begin() + program.zero_.first, program.zero_.count, 0.0);
    lay_out_durations();
    lay_out_hops();
  }

  void run(Keep keep) {
    if (links_.blocking) {
      keep == Keep::items ? run<true, true>() : run<true, false>();
    } else {
      keep == Keep::items ? run<false, true>() : run<false, false>();
    }
    summarise();
  }

 private:
  // A repetition counts as the one before moved on when no clock or message is off by more than this part of the time
  // run so far: rounding is 1e-16 an operation and some ten operations lie between. A drift of so little a repetition
  // would add up to the same part of the whole at most.
  static constexpr double settled_within = 1e-13;

  void lay_out_durations() {
    const auto stages = static_cast<std::size_t>(program_.layout_.virtual_stages());
    std::vector<double>& d = work_.durations;
    d.resize(4 * stages + 1 + program_.overlaps_.size());
    for (std::size_t v = 0; v < stages; ++v) {
      d[v] = costs_.forward[v].value();
      d[stages + v] = (costs_.input_gradient[v] + costs_.weight_gradient[v]).value();
      d[2 * stages + v] = costs_.input_gradient[v].value();
      d[3 * stages + v] = costs_.weight_gradient[v].value();
    }
    d[4 * stages] = 0.0;
    for (std::size_t i = 0; i < program_.overlaps_.size(); ++i) {
      const Overlap& o = program_.overlaps_[i];
      d[4 * stages + 1 + i] = costs_.pair.empty() ? d[static_cast<std::size_t>(o.forward_virtual_stage)] +
                                                        d[stages + static_cast<std::size_t>(o.backward_virtual_stage)]
                                                  : costs_.pair[i].value();
    }
  }

  void lay_out_hops() {
    const auto count = static_cast<std::size_t>(program_.layout_.hops());
    work_.hops.assign(count + 1, 0.0);
    if (links_.hop.empty()) return;
    for (std::size_t h = 0; h < count; ++h) work_.hops[h] = links_.hop[h].value();
  }

  template <bool Blocking, bool KeepItems>
  void run() {
    if constexpr (KeepItems) {
      items_ = program_.items();
      next_item_.assign(items_.size(), 0);
    }
    run_ops<Blocking, KeepItems>(program_.prologue_, 0);
    if (program_.loops()) run_loop<Blocking, KeepItems>();
    run_ops<Blocking, KeepItems>(program_.epilogue_, further_);
  }

  template <bool Blocking, bool KeepItems>
  void run_loop() {
    const std::vector<std::size_t> first_item = next_item_;
    int next_look = 0;  // ever rarer: costs that have not settled for long will take as long again
    for (int time = 0; time <= further_; ++time) {
      const bool look = !KeepItems && time == next_look && time < further_;
      if (look) note_state();
      if constexpr (KeepItems) next_item_ = first_item;
      run_ops<Blocking, KeepItems>(program_.body_, time);
      for (const Program::Move& m : program_.moves_) work_.slots[m.to] = work_.slots[m.from];
      if (!look) continue;
      next_look = time + 1 + time / 4;
      if (!moved_on_together()) continue;
      move_on((work_.slots[0] - work_.before[0]) * (further_ - time));
      return;
    }
  }

  // The state between repetitions: clocks, and the messages under way.

  void note_state() {
    const auto stages = static_cast<std::size_t>(program_.layout_.stages);
    work_.before.resize(stages + program_.moves_.size());
    double* next = std::copy_n(work_.slots.data(), stages, work_.before.data());
    for (const Program::Move& m : program_.moves_) *next++ = work_.slots[m.to];
  }

  [[nodiscard]] bool moved_on_together() const {
    const double* before = work_.before.data();
    const double* const slots = work_.slots.data();
    const double within = settled_within * slots[0];
    double least = slots[0] - before[0];
    double most = least;
    const auto apart = [&](double now) {
      const double moved = now - *before++;
      least = moved < least ? moved : least;
      most = moved > most ? moved : most;
      return most - least > within;
    };
    for (int s = 0; s < program_.layout_.stages; ++s) {
      if (apart(slots[s])) return false;
    }
    for (const Program::Move& m : program_.moves_) {
      if (apart(slots[m.to])) return false;
    }
    return true;
  }

  void move_on(double by) {
    for (int s = 0; s < program_.layout_.stages; ++s) work_.slots[static_cast<std::size_t>(s)] += by;
    for (const Program::Move& m : program_.moves_) work_.slots[m.to] += by;
  }

  /// `times`: repetitions of the loop that lie before these ops.
  template <bool Blocking, bool KeepItems>
  void run_ops(const Ops& ops, int times) {
    double* const slots = work_.slots.data();
    const double* const durations = work_.durations.data();
    const double* const hops = work_.hops.data();
    for (const Op& op : ops) {
      const double inputs = std::max(slots[op.in0], slots[op.in1]);
      const double start = std::max(slots[op.stage], inputs);
      const double end = start + durations[op.duration];
      const double hop0 = hops[op.hop0];
      const double hop1 = hops[op.hop1];
      slots[op.out0] = end + hop0;
      slots[op.out1] = end + hop1;
      slots[op.stage] = Blocking ? end + std::max(hop0, hop1) : end;
      if constexpr (KeepItems) {
        if (op.duration == program_.no_item()) continue;
        keep(op.stage, times, Seconds{start}, Seconds{end}, Seconds{hop0}, Seconds{hop1});
      }
    }
  }

  void keep(std::size_t stage, int times, Seconds start, Seconds end, Seconds hop0, Seconds hop1) {
    const Item& item = items_[stage][next_item_[stage]++];
    TimedItem timed{static_cast<int>(stage), item, start, end, hop0, hop1};
    const int shift = program_.period_ / program_.layout_.routes() * times;
    timed.item.microbatch = static_cast<std::uint16_t>(timed.item.microbatch + shift);
    if (timed.item.pass == Pass::forward_backward) {
      timed.item.backward_microbatch = static_cast<std::uint16_t>(timed.item.backward_microbatch + shift);
    }
    work_.timeline.items.push_back(timed);
  }

  void summarise() {
    Timeline& t = work_.timeline;
    const auto stages = static_cast<std::size_t>(program_.layout_.stages);
    t.stages.assign(stages, {});
    t.makespan = {};
    for (std::size_t s = 0; s < stages; ++s) {
      t.stages[s].start = Seconds{work_.slots[program_.start_slot_[s]]};
      t.stages[s].end = Seconds{work_.slots[s]};
      t.makespan = max(t.makespan, t.stages[s].end);
    }
    for (const Occupation& o : program_.occupations_) {
      const double count = o.once + static_cast<double>(o.per_loop) * further_;
      t.stages[o.stage].busy += Seconds{work_.durations[o.duration] * count};
      if (links_.blocking) {
        t.stages[o.stage].sending += Seconds{std::max(work_.hops[o.hop0], work_.hops[o.hop1]) * count};
      }
    }
    t.gradient_ready.clear();
    for (const std::uint32_t slot : program_.gradient_ready_slot_)
      t.gradient_ready.push_back(Seconds{work_.slots[slot]});
  }

  const Program& program_;
  const StageCosts& costs_;
  const Links& links_;
  Workspace& work_;
  int further_;  ///< repetitions beyond the loop's first
  // Where items are kept:
  std::vector<std::vector<Item>> items_;
  std::vector<std::size_t> next_item_;  ///< by stage
};

Links uniform_links(const Layout& layout, Seconds hop, bool blocking) {
  Links links;
  uniform_links(layout, hop, links);
  links.blocking = blocking;
  return links;
}

void uniform_links(const Layout& layout, Seconds hop, Links& links) {
  links.blocking = false;
  links.hop.assign(static_cast<std::size_t>(layout.hops()), hop);
  for (int h = 0; h < layout.hops(); ++h) {
    const Layout::Ends ends = layout.hop_ends(h);
    if (ends.from == ends.to) links.hop[static_cast<std::size_t>(h)] = Seconds{};
  }
}

int Timeline::busiest_stage() const {
  const auto less = [](const StageTimes& a, const StageTimes& b) { return a.busy < b.busy; };
  return static_cast<int>(std::max_element(stages.begin(), stages.end(), less) - stages.begin());
}

Seconds Timeline::longest_span() const {
  Seconds longest;
  for (const StageTimes& s : stages) longest = max(longest, s.end - s.start);
  return longest;
}

const Timeline& execute(const Program& program, int microbatches, const StageCosts& costs, const Links& links,
                        Workspace& workspace, Keep keep) {
  assert(program.runs(microbatches));
  assert(costs.forward.size() == static_cast<std::size_t>(program.layout().virtual_stages()));
  Execution(program, microbatches, costs, links, workspace).run(keep);
  return workspace.timeline;
}

std::variant<Timeline, Deadlock> execute(const Order& order, const StageCosts& costs, const Links& links) {
  std::variant<Program, Deadlock> made = compile(order, Loops::unroll);
  if (auto* deadlock = std::get_if<Deadlock>(&made)) return std::move(*deadlock);
  Workspace workspace;
  execute(std::get<Program>(made), order.microbatches, costs, links, workspace, Keep::items);
  return std::move(workspace.timeline);
}

}  // namespace sextant::sim::schedule
