// SPDX-License-Identifier: Apache-2.0
#include "sim/comm/layout.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::literals;
using namespace sextant::sim::comm;

namespace {

const Fabric hgx = usual_fabric(hardware::Architecture::hopper, 450_GBps, 18, 8, 50_GBps);

/// The ranks that share a group with rank 0, counted node by node by enumerating every rank's coordinates.
Group counted(const Layout& l, World world, std::set<Axis> axes) {
  std::map<int, int> in_node;
  Group g;
  g.ranks = 0;
  for (int rank = 0; rank < l.gpus(); ++rank) {
    bool member = true;
    for (const Axis a : l.order) {
      const Span s = span_of(l, world, a);
      if (axes.count(a) == 0 && (rank / s.stride) % s.size != 0) member = false;
    }
    if (!member) continue;
    ++g.ranks;
    ++in_node[rank / 8];
  }
  for (const auto& [node, ranks] : in_node) g.ranks_per_domain = std::max(g.ranks_per_domain, ranks);
  g.ranks_per_node = g.ranks_per_domain;
  return g;
}

}  // namespace

// Megatron-LM's own example (parallel_state.py): 16 GPUs, tp 2, pp 4: tensor groups [0,1], [2,3], ...; pipelines
// [0,4,8,12], ...; data-parallel groups [0,2], [1,3], [4,6], ...
TEST_CASE("comm: Megatron's rank order puts tensor neighbours together and stages far apart") {
  Layout l;
  l.tp = 2;
  l.pp = 4;
  l.dp = 2;
  CHECK(l.gpus() == 16);
  const auto span = [&](Axis a) {
    return std::pair(span_of(l, World::attention, a).size, span_of(l, World::attention, a).stride);
  };
  CHECK(span(Axis::tp) == std::pair(2, 1));
  CHECK(span(Axis::dp) == std::pair(2, 2));
  CHECK(span(Axis::pp) == std::pair(4, 4));
  const Groups g = groups_of(l, hgx);
  CHECK(g.tp == Group{2, 2, 1, 2});
  CHECK(g.dp == Group{2, 2, 1, 2});
  CHECK(g.pp == Group{4, 2, 1, 2});
  // Stages 0-1 and 2-3 are neighbours in a node, 1-2 are not.
  CHECK(g.stages.across_nodes == Approx(1.0 / 3.0));
  CHECK(g.stages.slowest == Group{2, 1});
}

// DeepSeek-V3: 2,048 GPUs, pp 16, ep 64 over 8 nodes (arXiv:2412.19437 section 3.2), no tensor parallelism: 128
// data-parallel ranks, each expert held by 2 ranks a stage.
TEST_CASE("comm: DeepSeek-V3's groups") {
  Layout l;
  l.pp = 16;
  l.dp = 128;
  l.ep = 64;
  CHECK(l.gpus() == 2048);
  CHECK(l.edp() == 2);
  const Groups g = groups_of(l, hgx);
  CHECK(g.ep.ranks == 64);
  CHECK(g.ep.nodes() == 8);
  CHECK(g.ep.per_node() == 8);
  CHECK(g.dp.nodes() == 16);
  CHECK(g.edp.ranks == 2);
  CHECK(g.edp.per_node() == 1);
  CHECK(g.stages.across_nodes == 1.0);
  CHECK(on_one_rail(l, hgx, World::experts, Axis::dp));
  CHECK(on_one_rail(l, hgx, World::attention, Axis::pp));
  CHECK_FALSE(on_one_rail(l, hgx, World::experts, Axis::ep));
}

TEST_CASE("comm: groups per node agree with counting ranks one by one") {
  for (const AxisOrder& order : {megatron_order, tp_pp_dp_order, pp_first_order}) {
    for (const auto& [tp, cp, dp, pp, ep, etp] :
         {std::tuple(8, 1, 8, 4, 8, 1), std::tuple(2, 2, 16, 2, 4, 2), std::tuple(1, 1, 32, 8, 32, 1),
          std::tuple(4, 1, 4, 16, 4, 4), std::tuple(4, 2, 2, 2, 8, 1), std::tuple(16, 1, 4, 2, 8, 1)}) {
      const Layout l{tp, cp, dp, pp, ep, etp, order};
      const Groups g = groups_of(l, hgx);
      CHECK(g.tp == counted(l, World::attention, {Axis::tp}));
      CHECK(g.cp == counted(l, World::attention, {Axis::cp}));
      CHECK(g.dp == counted(l, World::attention, {Axis::dp}));
      CHECK(g.dp_cp == counted(l, World::attention, {Axis::dp, Axis::cp}));
      CHECK(g.pp == counted(l, World::attention, {Axis::pp}));
      CHECK(g.ep == counted(l, World::experts, {Axis::ep}));
      CHECK(g.etp == counted(l, World::experts, {Axis::tp}));
      CHECK(g.edp == counted(l, World::experts, {Axis::dp}));
      CHECK(g.etp_ep == counted(l, World::experts, {Axis::tp, Axis::ep}));
      CHECK(g.world == counted(l, World::attention, {Axis::tp, Axis::cp, Axis::dp, Axis::pp}));
    }
  }
}

TEST_CASE("comm: stages first in the order stay in the node") {
  Layout l;
  l.pp = 8;
  l.dp = 8;
  l.order = pp_first_order;
  const Groups g = groups_of(l, hgx);
  CHECK(g.stages.across_nodes == 0.0);
  CHECK(g.stages.slowest == Group{2, 2});
  CHECK(g.dp.per_node() == 1);
}

TEST_CASE("comm: an NVL72 rack is one domain of several hosts, a bridged node several domains of one host") {
  Fabric rack = usual_fabric(hardware::Architecture::blackwell, 900_GBps, 18, 72, 50_GBps);
  rack.host = 4;
  Layout l;
  l.dp = 64;
  l.ep = 64;
  CHECK(groups_of(l, rack).ep.nodes() == 1);
  Fabric bridged = hgx;
  bridged.domain = 2;
  l = Layout{};
  l.tp = 4;
  l.dp = 2;
  const Group tp = groups_of(l, bridged).tp;
  CHECK(tp == Group{4, 2, 1, 4});
  CHECK(tp.nodes() == 1);
}

TEST_CASE("comm: orders are read as Megatron writes them") {
  CHECK(parse_order("tp-cp-ep-dp-pp") == megatron_order);
  CHECK(parse_order("tp-cp-ep-pp-dp") == tp_pp_dp_order);
  CHECK(parse_order("pp-tp-cp-ep-dp") == pp_first_order);
  for (const char* wrong : {"", "tp", "tp-cp-ep-dp", "tp-tp-ep-dp-pp", "tp-cp-ep-dp-pp-", "tp-cp-ep-dp-pp-tp",
                            "tp-cp-ep-dp-xx", "tp--ep-dp-pp"}) {
    INFO(wrong);
    CHECK_FALSE(parse_order(wrong).has_value());
  }
}
