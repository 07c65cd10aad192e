// SPDX-License-Identifier: Apache-2.0
// Which ranks a parallel dimension puts in one group, and so which of them share a node, a rail and a NIC.
//
// Ranks are numbered node by node: rank r is GPU r mod node of node r / node, and has that GPU's NIC. In a
// rail-optimised network equal GPUs of all nodes hang on one leaf: their rail.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/comm/fabric.hpp"

namespace sextant::sim::comm {

enum class Axis : std::uint8_t { tp, cp, ep, dp, pp };
inline constexpr std::size_t axis_count = 5;

/// Axes from the one whose neighbours are consecutive ranks to the one that strides farthest. As in Megatron-LM's
/// RankGenerator the attention world leaves out ep, and the expert world is the same order with etp for tp, edp for dp
/// and no cp.
using AxisOrder = std::array<Axis, axis_count>;

inline constexpr AxisOrder megatron_order{Axis::tp, Axis::cp, Axis::ep, Axis::dp, Axis::pp};
/// Megatron's --use-tp-pp-dp-mapping.
inline constexpr AxisOrder tp_pp_dp_order{Axis::tp, Axis::cp, Axis::ep, Axis::pp, Axis::dp};
/// Pipeline neighbours are neighbours in the node.
inline constexpr AxisOrder pp_first_order{Axis::pp, Axis::tp, Axis::cp, Axis::ep, Axis::dp};

/// Reads "tp-cp-ep-dp-pp"; nothing unless each axis stands there once.
[[nodiscard]] std::optional<AxisOrder> parse_order(std::string_view text);

struct Layout {
  int tp = 1;
  int cp = 1;
  int dp = 1;
  int pp = 1;
  int ep = 1;
  int etp = 1;
  AxisOrder order = megatron_order;

  [[nodiscard]] constexpr int gpus() const { return tp * cp * dp * pp; }
  /// Ranks that hold the same experts; the caller has checked that etp * ep divides tp * cp * dp.
  [[nodiscard]] constexpr int edp() const {
    const int copies = tp * cp * dp / (etp * ep);
    return copies > 0 ? copies : 1;
  }
};

/// Attention splits the ranks into tp x cp x dp x pp, experts into etp x ep x edp x pp.
enum class World : std::uint8_t { attention, experts };

/// Where one axis lies: the group of rank r is base + i * stride for 0 <= i < size.
struct Span {
  int size = 1;
  int stride = 1;
};
[[nodiscard]] Span span_of(const Layout& layout, World world, Axis axis);

/// The groups of ranks that differ in all the given axes, e.g. {Axis::dp, Axis::cp} for the gradients of attention.
template <class... Axes>
[[nodiscard]] Group group_of(const Layout& layout, const Fabric& fabric, World world, Axes... axes);

/// A pipeline's neighbours: how many of its pp - 1 boundaries lie between nodes, and the place of those that do and do
/// not.
struct Boundaries {
  double across_nodes = 0;  ///< share
  Group slowest;            ///< for send_recv: {2, 1} as soon as one boundary lies between nodes
};

/// The groups a training step needs. nic_share is 1 in all of them: a group with r ranks in a node has their r NICs,
/// its siblings in the node the others. Raise it where two groups communicate at the same time.
struct Groups {
  Group tp;
  Group cp;
  Group dp;
  Group dp_cp;  ///< reduces the gradients of attention and dense layers
  Group etp;
  Group ep;
  Group edp;     ///< reduces the gradients of experts
  Group etp_ep;  ///< all ranks that share one copy of a layer's experts
  Group pp;
  Group world;
  Boundaries stages;
};
[[nodiscard]] Groups groups_of(const Layout& layout, const Fabric& fabric);

/// Every rank of the axis' groups is the same GPU of its node: its collectives between nodes stay on one rail.
[[nodiscard]] bool on_one_rail(const Layout& layout, const Fabric& fabric, World world, Axis axis);

namespace detail {
[[nodiscard]] Group group_of(const Layout& layout, const Fabric& fabric, World world, unsigned axes);
}

template <class... Axes>
Group group_of(const Layout& layout, const Fabric& fabric, World world, Axes... axes) {
  return detail::group_of(layout, fabric, world, ((1U << static_cast<unsigned>(axes)) | ... | 0U));
}

}  // namespace sextant::sim::comm
