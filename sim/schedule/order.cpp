// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/order.hpp"

#include <fmt/core.h>

#include <array>

namespace sextant::sim::schedule {

Site Layout::site(int chunk, int stage) const {
  switch (placement) {
    case Placement::loop: return {0, chunk * stages + stage};
    case Placement::vee: return {0, chunk == 0 ? stage : 2 * stages - 1 - stage};
    case Placement::bidirectional: return {chunk, chunk == 0 ? stage : stages - 1 - stage};
  }
  return {};
}

int Layout::stage_of(Site at) const {
  switch (placement) {
    case Placement::loop: return at.virtual_stage % stages;
    case Placement::vee: return at.virtual_stage < stages ? at.virtual_stage : 2 * stages - 1 - at.virtual_stage;
    case Placement::bidirectional: return at.route == 0 ? at.virtual_stage : stages - 1 - at.virtual_stage;
  }
  return 0;
}

int Layout::chunk_of(Site at) const {
  return placement == Placement::bidirectional ? at.route : at.virtual_stage / stages;
}

Layout::Ends Layout::hop_ends(int hop) const {
  const int route = hop / (virtual_stages() - 1);
  const int upstream = hop % (virtual_stages() - 1);
  return {stage_of({route, upstream}), stage_of({route, upstream + 1})};
}

std::size_t Order::size() const {
  std::size_t n = 0;
  for (const auto& list : items) n += list.size();
  return n;
}

namespace {

/// Counts how often each (kind, stage, chunk, micro-batch) runs; kinds are forward, input and weight gradient.
class Coverage {
 public:
  explicit Coverage(const Order& order)
      : order_(order),
        per_chunk_(static_cast<std::size_t>(order.microbatches_per_route())),
        count_(3 * static_cast<std::size_t>(order.layout.stages * order.layout.chunks) * per_chunk_) {}

  void add(int stage, const Item& item) {
    if (has_forward(item.pass)) add(0, stage, item.chunk, item.microbatch);
    if (has_input_gradient(item.pass)) add(1, stage, backward_chunk(item), backward_microbatch(item));
    if (has_weight_gradient(item.pass)) add(2, stage, backward_chunk(item), backward_microbatch(item));
  }

  std::vector<std::string> faults() && {
    static constexpr std::array<const char*, 3> kinds{"forward", "input gradient", "weight gradient"};
    const auto chunks = static_cast<std::size_t>(order_.layout.chunks);
    for (std::size_t i = 0; i < count_.size(); ++i) {
      if (count_[i] == 1) continue;
      const std::size_t place = i / per_chunk_;
      const std::size_t stage = place / chunks % static_cast<std::size_t>(order_.layout.stages);
      faults_.push_back(fmt::format("stage {}: {} of chunk {}, micro-batch {} runs {} times, expected once", stage,
                                    kinds[place / chunks / static_cast<std::size_t>(order_.layout.stages)],
                                    place % chunks, i % per_chunk_, count_[i]));
    }
    return std::move(faults_);
  }

 private:
  void add(int kind, int stage, int chunk, int microbatch) {
    if (chunk >= order_.layout.chunks || microbatch >= order_.microbatches_per_route()) {
      faults_.push_back(fmt::format("stage {}: there is no chunk {}, micro-batch {}", stage, chunk, microbatch));
      return;
    }
    const int place = (kind * order_.layout.stages + stage) * order_.layout.chunks + chunk;
    ++count_[static_cast<std::size_t>(place) * per_chunk_ + static_cast<std::size_t>(microbatch)];
  }

  const Order& order_;
  std::size_t per_chunk_;
  std::vector<int> count_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> shape_faults(const Order& order) {
  const Layout& layout = order.layout;
  if (layout.stages < 1 || layout.chunks < 1) {
    return {fmt::format("{} stages of {} chunks, expected at least 1", layout.stages, layout.chunks)};
  }
  if (static_cast<long long>(layout.stages) * layout.chunks > max_virtual_stages) {
    return {fmt::format("{} stages of {} chunks are more than {} virtual stages", layout.stages, layout.chunks,
                        max_virtual_stages)};
  }
  if (layout.placement != Placement::loop && layout.chunks != 2) {
    return {fmt::format("{} chunks, this placement has 2", layout.chunks)};
  }
  if (order.microbatches < layout.routes() || order.microbatches % layout.routes() != 0) {
    return {fmt::format("{} micro-batches do not spread over {} routes", order.microbatches, layout.routes())};
  }
  if (3LL * layout.stages * layout.chunks * order.microbatches > max_items) {
    return {fmt::format("{} stages x {} chunks x {} micro-batches are more than Sextant lays out", layout.stages,
                        layout.chunks, order.microbatches)};
  }
  if (order.items.size() != static_cast<std::size_t>(layout.stages)) {
    return {fmt::format("items of {} stages, expected {}", order.items.size(), layout.stages)};
  }
  return {};
}

std::vector<std::string> coverage_faults(const Order& order) {
  if (std::vector<std::string> faults = shape_faults(order); !faults.empty()) return faults;
  Coverage coverage(order);
  for (std::size_t s = 0; s < order.items.size(); ++s) {
    for (const Item& item : order.items[s]) coverage.add(static_cast<int>(s), item);
  }
  return std::move(coverage).faults();
}

std::string item_name(const Item& item, const Layout& layout, int microbatches) {
  const auto part = [&](char letter, int chunk, int microbatch) {
    const int number = microbatch + layout.site(chunk, 0).route * (microbatches / layout.routes());
    return layout.chunks == 1 ? fmt::format("{}{}", letter, number) : fmt::format("{}{}.{}", letter, number, chunk);
  };
  switch (item.pass) {
    case Pass::forward: return part('F', item.chunk, item.microbatch);
    case Pass::backward: return part('B', item.chunk, item.microbatch);
    case Pass::input_gradient: return part('I', item.chunk, item.microbatch);
    case Pass::weight_gradient: return part('W', item.chunk, item.microbatch);
    case Pass::forward_backward:
      return part('F', item.chunk, item.microbatch) + "&" + part('B', item.backward_chunk, item.backward_microbatch);
  }
  return {};
}

}  // namespace sextant::sim::schedule
