// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/dependencies.hpp"

#include <fmt/core.h>

#include <array>

namespace sextant::sim::schedule {

Dependencies::Dependencies(const Order& order)
    : layout_(order.layout),
      virtual_stages_(order.layout.virtual_stages()),
      microbatches_(order.microbatches_per_route()),
      places_(order.layout.routes() * order.layout.virtual_stages()),
      stage_of_(at(places_)),
      position_(3 * at(places_) * at(microbatches_), none) {
  for (int stage = 0; stage < layout_.stages; ++stage) {
    for (int chunk = 0; chunk < layout_.chunks; ++chunk) {
      const Site site = layout_.site(chunk, stage);
      place_.push_back(site.route * virtual_stages_ + site.virtual_stage);
      stage_of_[at(place_.back())] = stage;
    }
  }
  const auto in_range = [&](int chunk, int microbatch) { return chunk < layout_.chunks && microbatch < microbatches_; };
  for (int stage = 0; stage < layout_.stages; ++stage) {
    const std::vector<Item>& items = order.items[at(stage)];
    for (int i = 0; i < static_cast<int>(items.size()); ++i) {
      const Item& item = items[at(i)];
      if (!in_range(item.chunk, item.microbatch) || !in_range(backward_chunk(item), backward_microbatch(item))) {
        faults_.push_back(fmt::format("stage {}, item {}: there is no such chunk or micro-batch", stage, i));
        continue;
      }
      const Made products = made(stage, item);
      add(stage, i, products.forward);
      add(stage, i, products.input_gradient);
      add(stage, i, products.weight_gradient);
    }
  }
}

void Dependencies::add(int stage, int position, std::int32_t product) {
  if (product == none) return;
  if (position_[at(product)] != none) {
    faults_.push_back(fmt::format("stage {}, item {}: {} runs twice", stage, position, name(product)));
  }
  position_[at(product)] = position;
}

Made Dependencies::made(int stage, const Item& item) const {
  Made m;
  if (has_forward(item.pass)) m.forward = index(Product::forward, place(stage, item.chunk), item.microbatch);
  if (item.pass == Pass::forward) return m;
  const std::int32_t back = place(stage, backward_chunk(item));
  const int microbatch = backward_microbatch(item);
  if (has_input_gradient(item.pass)) m.input_gradient = index(Product::input_gradient, back, microbatch);
  if (has_weight_gradient(item.pass)) m.weight_gradient = index(Product::weight_gradient, back, microbatch);
  return m;
}

Needed Dependencies::needed(int stage, const Item& item) const {
  Needed n;
  if (has_forward(item.pass)) {
    const std::int32_t here = place(stage, item.chunk);
    if (here % virtual_stages_ > 0) n.forward_message = index(Product::forward, here - 1, item.microbatch);
  }
  if (item.pass == Pass::forward) return n;
  const std::int32_t here = place(stage, backward_chunk(item));
  const int microbatch = backward_microbatch(item);
  if (item.pass == Pass::weight_gradient) {
    n.own_input_gradient = index(Product::input_gradient, here, microbatch);
    return n;
  }
  n.own_forward = index(Product::forward, here, microbatch);
  if (here % virtual_stages_ < virtual_stages_ - 1) {
    n.gradient_message = index(Product::input_gradient, here + 1, microbatch);
  }
  return n;
}

std::int32_t Dependencies::consumer(std::int32_t product) const {
  const std::int32_t virtual_stage = product / microbatches_ % virtual_stages_;
  std::int32_t next = none;
  switch (static_cast<Product>(product / microbatches_ / places_)) {
    case Product::forward:
      if (virtual_stage < virtual_stages_ - 1) next = product + microbatches_;
      break;
    case Product::input_gradient:
      if (virtual_stage > 0) next = product - microbatches_;
      break;
    case Product::weight_gradient: break;
  }
  return next != none && position(next) != none ? next : none;
}

std::string Dependencies::name(std::int32_t product) const {
  static constexpr std::array<const char*, 3> kinds{"forward", "input gradient", "weight gradient"};
  const std::int32_t place = product / microbatches_ % places_;
  const int route = place / virtual_stages_;
  return fmt::format("{} of virtual stage {}, micro-batch {}", kinds[at(product / microbatches_ / places_)],
                     place % virtual_stages_, product % microbatches_ + route * microbatches_);
}

}  // namespace sextant::sim::schedule
