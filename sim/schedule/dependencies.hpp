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

/// An item by its products. What it makes; what must be there before it can run: messages from other virtual stages,
/// and products of its own virtual stage, which must have run before on the same device (it keeps what they leave).
struct Node {
  std::int32_t makes_forward = none;
  std::int32_t makes_input_gradient = none;
  std::int32_t makes_weight_gradient = none;
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
  [[nodiscard]] const Node& node(std::size_t stage, std::size_t position) const {
    return nodes_[first_node_[stage] + position];
  }

  /// Place of the item that makes it in its device's list; `none` when nobody does.
  [[nodiscard]] std::int32_t position(std::int32_t product) const { return position_[at(product)]; }
  /// Device that makes it.
  [[nodiscard]] int stage(std::int32_t product) const { return rows_[row(product)].stage; }
  /// What the product is a message for: the next forward, the previous input gradient; `none` for a weight gradient, at
  /// the model's ends, and when nobody makes that.
  [[nodiscard]] std::int32_t consumer(std::int32_t product) const {
    const Row& from = rows_[row(product)];
    if (!from.sends) return none;
    const std::int32_t next = product + from.to_consumer;
    return position(next) != none ? next : none;
  }
  /// Products of one kind on one virtual stage, by micro-batch, and where their consumers are from them; 0: they have
  /// none.
  struct Range {
    int stage = 0;
    std::int32_t first = 0;
    std::int32_t count = 0;
    std::int32_t to_consumer = 0;
  };
  [[nodiscard]] std::int32_t rows() const { return static_cast<std::int32_t>(rows_.size()); }
  [[nodiscard]] Range range(std::int32_t row) const {
    const Row& r = rows_[at(row)];
    return {r.stage, row << row_bits_, microbatches_, r.sends ? r.to_consumer : 0};
  }
  /// "forward of virtual stage 3, micro-batch 7"
  [[nodiscard]] std::string name(std::int32_t product) const;

 private:
  /// Products of one kind on one place. Rows are as long as the next power of two of a route's micro-batches.
  struct Row {
    int stage = 0;
    bool sends = false;
    std::int32_t to_consumer = 0;
  };

  static std::size_t at(std::int32_t i) { return static_cast<std::size_t>(i); }
  [[nodiscard]] std::size_t row(std::int32_t product) const { return at(product >> row_bits_); }
  /// Route and virtual stage of a chunk as one number.
  [[nodiscard]] std::int32_t place(int stage, int chunk) const { return place_[at(stage * layout_.chunks + chunk)]; }
  [[nodiscard]] std::int32_t index(Product kind, std::int32_t place, int microbatch) const {
    return ((static_cast<std::int32_t>(kind) * places_ + place) << row_bits_) + microbatch;
  }
  [[nodiscard]] bool sends(Product kind, std::int32_t place) const {
    return rows_[at(static_cast<std::int32_t>(kind) * places_ + place)].sends;
  }
  void lay_out_rows();
  void fill(Node& node, int stage, const Item& item, std::int32_t position);
  void add(int stage, std::int32_t position, std::int32_t product);
  void runs_twice(int stage, int position, std::int32_t product);
  [[nodiscard]] bool in_range(const Item& item) const {
    if (item.chunk >= layout_.chunks || item.microbatch >= microbatches_) return false;
    return item.pass != Pass::forward_backward ||
           (item.backward_chunk < layout_.chunks && item.backward_microbatch < microbatches_);
  }

  Layout layout_;
  int virtual_stages_;
  int microbatches_;  ///< of a route
  int row_bits_;
  std::int32_t places_;
  std::vector<std::int32_t> place_;      ///< by stage and chunk
  std::vector<Row> rows_;                ///< by kind and place
  std::vector<std::int32_t> position_;   ///< by product
  std::vector<Node> nodes_;              ///< by stage and position
  std::vector<std::size_t> first_node_;  ///< by stage
  std::vector<std::string> faults_;
};

}  // namespace sextant::sim::schedule
