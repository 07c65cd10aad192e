// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/loop.hpp"

namespace sextant::sim::schedule {

namespace {

/// Moves each device's begin on by whole repetitions until nothing before a begin needs anything behind one. An item is
/// looked at once per rule: begins only move on, so what held once holds.
class LoopSearch {
 public:
  LoopSearch(const Order& order, const Dependencies& dependencies)
      : order_(order),
        dependencies_(dependencies),
        begin_(order.steady.size()),
        closed_(begin_.size()),
        closed_next_(begin_.size()) {}

  std::optional<Loop> run() {
    for (std::size_t s = 0; s < begin_.size(); ++s) {
      begin_[s] = order_.steady[s].begin;
      // Something must run before the loop, so that the device's start is known.
      if (begin_[s] == 0) begin_[s] = order_.steady[s].length;
      if (!fits(s)) return std::nullopt;
    }
    do {
      moved_ = false;
      for (std::size_t s = 0; s < begin_.size(); ++s) {
        if (!close(s, closed_[s], false) || !close(s, closed_next_[s], true)) return std::nullopt;
      }
    } while (moved_);
    return result();
  }

 private:
  /// Whether the loop lies within the part that repeats.
  [[nodiscard]] bool fits(std::size_t s) const {
    const Steady& steady = order_.steady[s];
    return steady.length > 0 && begin_[s] + steady.length <= steady.begin + steady.length * steady.repeats;
  }

  [[nodiscard]] int end(std::size_t s, bool next) const { return begin_[s] + (next ? order_.steady[s].length : 0); }

  /// Looks at the items of stage `s` from `checked` to the begin (or to the begin of the next repetition).
  bool close(std::size_t s, int& checked, bool next) {
    for (; checked < end(s, next); ++checked) {
      const Node& node = dependencies_.node(s, static_cast<std::size_t>(checked));
      if (!include(node.forward_message, next) || !include(node.gradient_message, next)) return false;
    }
    return true;
  }

  bool include(std::int32_t product, bool next) {
    if (product == none) return true;
    const std::int32_t position = dependencies_.position(product);
    if (position == none) return false;
    const auto s = static_cast<std::size_t>(dependencies_.stage(product));
    while (position >= end(s, next)) {
      begin_[s] += order_.steady[s].length;
      moved_ = true;
      if (!fits(s)) return false;
    }
    return true;
  }

  [[nodiscard]] std::optional<Loop> result() const {
    Loop loop{begin_, {}};
    for (std::size_t s = 0; s < begin_.size(); ++s) {
      loop.length.push_back(order_.steady[s].length);
      // The last weight gradient of each chunk must lie behind the loop: it is recorded where it runs once.
      std::vector<bool> seen(static_cast<std::size_t>(order_.layout.chunks));
      int left = order_.layout.chunks;
      for (std::size_t i = order_.items[s].size(); left > 0 && i-- > static_cast<std::size_t>(end(s, true));) {
        const Item& item = order_.items[s][i];
        if (!has_weight_gradient(item.pass) || seen[backward_chunk(item)]) continue;
        seen[backward_chunk(item)] = true;
        --left;
      }
      if (left > 0) return std::nullopt;
    }
    return loop;
  }

  const Order& order_;
  const Dependencies& dependencies_;
  std::vector<int> begin_;
  std::vector<int> closed_;
  std::vector<int> closed_next_;
  bool moved_ = false;
};

/// Whether the items said to repeat do.
bool repeats(const Order& order, std::size_t s) {
  const Steady& steady = order.steady[s];
  const std::vector<Item>& items = order.items[s];
  const auto shift = static_cast<std::uint16_t>(order.period / order.layout.routes());
  if (steady.begin < 0 || steady.length < 1 || steady.repeats < 1) return false;
  const long long end = steady.begin + static_cast<long long>(steady.length) * steady.repeats;
  if (end > static_cast<long long>(items.size())) return false;
  for (auto i = static_cast<std::size_t>(steady.begin + steady.length); i < static_cast<std::size_t>(end); ++i) {
    Item expected = items[i - static_cast<std::size_t>(steady.length)];
    expected.microbatch = static_cast<std::uint16_t>(expected.microbatch + shift);
    if (expected.pass == Pass::forward_backward) {
      expected.backward_microbatch = static_cast<std::uint16_t>(expected.backward_microbatch + shift);
    }
    if (expected != items[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<Loop> find_loop(const Order& order, const Dependencies& dependencies) {
  if (order.period == 0 || order.steady.size() != order.items.size()) return std::nullopt;
  for (std::size_t s = 0; s < order.items.size(); ++s) {
    if (!repeats(order, s)) return std::nullopt;
  }
  return LoopSearch(order, dependencies).run();
}

}  // namespace sextant::sim::schedule
