// SPDX-License-Identifier: Apache-2.0
// Internal: who makes what in an order, and what each item needs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/schedule/order.hpp"

namespace sextant::sim::schedule {

/// What an item makes; numbers of products are dense indexes, see Dependencies::index.
enum class Product : std::uint8_t { forward, input_gradient, weight_gradient };

/// No product.
inline constexpr std::int32_t none = -1;

/// Products of one item.
struct Made {
  std::int32_t forward = none;
  std::int32_t input_gradient = none;
  std::int32_t weight_gradient = none;
};

/// Products that must be there before an item can run. The first two come as messages from other virtual stages, the
/// last two must have run before on the same device, which keeps what they leave (activations, incoming gradient).
struct Needed {
  std::int32_t forward_message = none;
  std::int32_t gradient_message = none;
  std::int32_t own_forward = none;
  std::int32_t own_input_gradient = none;
};

class Dependencies {
 public:
  explicit Dependencies(const Order& order);

  /// Items out of range or run twice. The rest of the class may only be used when there are none.
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

  [[nodiscard]] std::int32_t size() const { return static_cast<std::int32_t>(position_.size()); }
  [[nodiscard]] Made made(int stage, const Item& item) const;
  [[nodiscard]] Needed needed(int stage, const Item& item) const;

  /// Place of the item that makes it in its device's list; `none` when nobody does.
  [[nodiscard]] std::int32_t position(std::int32_t product) const { return position_[at(product)]; }
  /// Device that makes it.
  [[nodiscard]] int stage(std::int32_t product) const {
    return stage_of_[at(product / microbatches_) % stage_of_.size()];
  }
  /// What the product is a message for: the next forward, the previous input gradient; `none` for a weight gradient, at
  /// the model's ends, and when nobody makes that.
  [[nodiscard]] std::int32_t consumer(std::int32_t product) const;
  /// "forward of virtual stage 3, micro-batch 7"
  [[nodiscard]] std::string name(std::int32_t product) const;

 private:
  static std::size_t at(std::int32_t i) { return static_cast<std::size_t>(i); }
  /// Route and virtual stage of a chunk as one number.
  [[nodiscard]] std::int32_t place(int stage, int chunk) const { return place_[at(stage * layout_.chunks + chunk)]; }
  [[nodiscard]] std::int32_t index(Product kind, std::int32_t place, int microbatch) const {
    return (static_cast<std::int32_t>(kind) * places_ + place) * microbatches_ + microbatch;
  }
  void add(int stage, int position, std::int32_t product);

  Layout layout_;
  int virtual_stages_;
  int microbatches_;  ///< of a route
  std::int32_t places_;
  std::vector<std::int32_t> place_;     ///< by stage and chunk
  std::vector<int> stage_of_;           ///< by place
  std::vector<std::int32_t> position_;  ///< by product
  std::vector<std::string> faults_;
};

}  // namespace sextant::sim::schedule
