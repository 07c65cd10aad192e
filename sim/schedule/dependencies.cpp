// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/dependencies.hpp"

#include <fmt/core.h>

#include <array>
#include <bit>

namespace sextant::sim::schedule {

Dependencies::Dependencies(const Order& order)
    : layout_(order.layout),
      virtual_stages_(order.layout.virtual_stages()),
      microbatches_(order.microbatches_per_route()),
      row_bits_(std::bit_width(static_cast<unsigned>(microbatches_ - 1))),
      places_(order.layout.routes() * order.layout.virtual_stages()),
      position_((3 * at(places_)) << row_bits_, none) {
  lay_out_rows();
  nodes_.resize(order.size());
  first_node_.reserve(order.items.size());
  std::size_t next = 0;
  for (int stage = 0; stage < layout_.stages; ++stage) {
    first_node_.push_back(next);
    const std::vector<Item>& items = order.items[at(stage)];
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!in_range(items[i])) {
        faults_.push_back(fmt::format("stage {}, item {}: there is no such chunk or micro-batch", stage, i));
        continue;
      }
      fill(nodes_[next++], stage, items[i], static_cast<std::int32_t>(i));
    }
  }
}

void Dependencies::lay_out_rows() {
  rows_.resize(3 * at(places_));
  for (int stage = 0; stage < layout_.stages; ++stage) {
    for (int chunk = 0; chunk < layout_.chunks; ++chunk) {
      const Site site = layout_.site(chunk, stage);
      const std::int32_t here = site.route * virtual_stages_ + site.virtual_stage;
      place_.push_back(here);
      rows_[at(here)] = {stage, site.virtual_stage < virtual_stages_ - 1, 1 << row_bits_};
      rows_[at(places_ + here)] = {stage, site.virtual_stage > 0, -(1 << row_bits_)};
      rows_[at(2 * places_ + here)] = {stage, false, 0};
    }
  }
}

void Dependencies::runs_twice(int stage, int position, std::int32_t product) {
  faults_.push_back(fmt::format("stage {}, item {}: {} runs twice", stage, position, name(product)));
}

void Dependencies::add(int stage, std::int32_t position, std::int32_t product) {
  std::int32_t& known = position_[at(product)];
  if (known != none) runs_twice(stage, position, product);
  known = position;
}

void Dependencies::fill(Node& n, int stage, const Item& item, std::int32_t position) {
  if (has_forward(item.pass)) {
    const std::int32_t here = place(stage, item.chunk);
    n.makes_forward = index(Product::forward, here, item.microbatch);
    add(stage, position, n.makes_forward);
    // Who sends a gradient back has a stage before it.
    if (sends(Product::input_gradient, here)) n.forward_message = index(Product::forward, here - 1, item.microbatch);
    if (item.pass == Pass::forward) return;
  }
  const std::int32_t here = place(stage, backward_chunk(item));
  const int microbatch = backward_microbatch(item);
  if (has_weight_gradient(item.pass)) {
    n.makes_weight_gradient = index(Product::weight_gradient, here, microbatch);
    add(stage, position, n.makes_weight_gradient);
    if (item.pass == Pass::weight_gradient) {
      n.own_input_gradient = index(Product::input_gradient, here, microbatch);
      return;
    }
  }
  n.makes_input_gradient = index(Product::input_gradient, here, microbatch);
  add(stage, position, n.makes_input_gradient);
  n.own_forward = index(Product::forward, here, microbatch);
  if (sends(Product::forward, here)) n.gradient_message = index(Product::input_gradient, here + 1, microbatch);
}

std::string Dependencies::name(std::int32_t product) const {
  static constexpr std::array<const char*, 3> kinds{"forward", "input gradient", "weight gradient"};
  const std::int32_t kind_and_place = product >> row_bits_;
  const std::int32_t place = kind_and_place % places_;
  const std::int32_t microbatch = product - (kind_and_place << row_bits_);
  return fmt::format("{} of virtual stage {}, micro-batch {}", kinds[at(kind_and_place / places_)],
                     place % virtual_stages_, microbatch + place / virtual_stages_ * microbatches_);
}

}  // namespace sextant::sim::schedule
