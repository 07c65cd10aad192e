// SPDX-License-Identifier: Apache-2.0
#include "sim/comm/layout.hpp"

#include <algorithm>
#include <utility>

namespace sextant::sim::comm {

namespace {

constexpr std::array<std::pair<std::string_view, Axis>, axis_count> axis_names{
    {{"tp", Axis::tp}, {"cp", Axis::cp}, {"ep", Axis::ep}, {"dp", Axis::dp}, {"pp", Axis::pp}}};

int size_of(const Layout& l, World world, Axis axis) {
  const bool experts = world == World::experts;
  switch (axis) {
    case Axis::tp: return experts ? l.etp : l.tp;
    case Axis::cp: return experts ? 1 : l.cp;
    case Axis::ep: return experts ? l.ep : 1;
    case Axis::dp: return experts ? l.edp() : l.dp;
    case Axis::pp: return l.pp;
  }
  return 1;
}

/// Ranks of a span in the fullest block of `block` consecutive ranks.
int inside(int size, int stride, int block) {
  if (size == 1 || stride >= block) return 1;
  return std::min(size, (block + stride - 1) / stride);
}

/// One world, axis by axis: sizes, strides, and how many of an axis' ranks fall into one domain and one node.
class Place {
 public:
  Place(const Layout& l, const Fabric& f, World world) {
    int stride = 1;
    for (const Axis a : l.order) {
      Part& part = parts_[static_cast<std::size_t>(a)];
      part.size = size_of(l, world, a);
      part.in_domain = inside(part.size, stride, f.domain);
      part.in_node = f.node() == f.domain ? part.in_domain : inside(part.size, stride, f.node());
      stride *= part.size;
    }
  }
  [[nodiscard]] Group group(unsigned axes) const {
    Group g;
    g.ranks_per_node = 1;
    for (std::size_t a = 0; a < axis_count; ++a) {
      if ((axes >> a & 1U) == 0) continue;
      g.ranks *= parts_[a].size;
      g.ranks_per_domain *= parts_[a].in_domain;
      g.ranks_per_node *= parts_[a].in_node;
    }
    return g;
  }
  template <class... Axes>
  [[nodiscard]] Group of(Axes... axes) const {
    return group(((1U << static_cast<unsigned>(axes)) | ... | 0U));
  }

 private:
  struct Part {
    int size = 1;
    int in_domain = 1;
    int in_node = 1;
  };
  std::array<Part, axis_count> parts_{};
};

Boundaries boundaries(const Span& pipeline, int node) {
  Boundaries found;
  if (pipeline.size <= 1) return found;
  const int nodes = pipeline.stride >= node ? pipeline.size : ((pipeline.size - 1) * pipeline.stride) / node + 1;
  found.across_nodes = static_cast<double>(nodes - 1) / (pipeline.size - 1);
  return found;
}

}  // namespace

std::optional<AxisOrder> parse_order(std::string_view text) {
  AxisOrder order{};
  unsigned seen = 0;
  std::size_t count = 0;
  while (count < axis_count) {
    const std::size_t dash = text.find('-');
    const std::string_view word = text.substr(0, dash);
    const auto* found =
        std::find_if(axis_names.begin(), axis_names.end(), [&](const auto& n) { return n.first == word; });
    if (found == axis_names.end()) return std::nullopt;
    order[count++] = found->second;
    seen |= 1U << static_cast<unsigned>(found->second);
    if (dash == std::string_view::npos) break;
    text.remove_prefix(dash + 1);
    if (count == axis_count) return std::nullopt;
  }
  if (seen != (1U << axis_count) - 1U) return std::nullopt;
  return order;
}

Span span_of(const Layout& l, World world, Axis axis) {
  int stride = 1;
  for (const Axis a : l.order) {
    if (a == axis) break;
    stride *= size_of(l, world, a);
  }
  return {size_of(l, world, axis), stride};
}

Group detail::group_of(const Layout& l, const Fabric& f, World world, unsigned axes) {
  return Place(l, f, world).group(axes);
}

Groups groups_of(const Layout& l, const Fabric& f) {
  const Place attention(l, f, World::attention);
  const Place experts(l, f, World::experts);
  Groups g;
  g.tp = attention.of(Axis::tp);
  g.cp = attention.of(Axis::cp);
  g.dp = attention.of(Axis::dp);
  g.dp_cp = attention.of(Axis::dp, Axis::cp);
  g.pp = attention.of(Axis::pp);
  g.etp = experts.of(Axis::tp);
  g.ep = experts.of(Axis::ep);
  g.edp = experts.of(Axis::dp);
  g.etp_ep = experts.of(Axis::tp, Axis::ep);
  g.world = packed_group(f, l.gpus());
  const Span pipeline = span_of(l, World::attention, Axis::pp);
  g.stages = boundaries(pipeline, f.node());
  const bool crosses_domain = pipeline.stride * (pipeline.size - 1) >= f.domain;
  if (g.stages.across_nodes > 0) {
    g.stages.slowest = {2, 1};
  } else if (pipeline.size > 1) {
    g.stages.slowest = crosses_domain ? Group{2, 1, 1, 2} : Group{2, 2};
  }
  return g;
}

bool on_one_rail(const Layout& l, const Fabric& f, World world, Axis axis) {
  const Span s = span_of(l, world, axis);
  return s.size <= 1 || s.stride % f.node() == 0;
}

}  // namespace sextant::sim::comm
