// SPDX-License-Identifier: Apache-2.0
#include "sim/comm/expert_exchange.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "sim/comm/collectives.hpp"
#include "sim/comm/contention.hpp"
#include "tests/sim/comm/anchors.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::literals;
using namespace sextant::sim::comm;

namespace {

const Fabric h800 = usual_fabric(hardware::Architecture::hopper, 200_GBps, 8, 8, 50_GBps);
constexpr Bytes hidden_fp8{7168 * (1.0 + 4.0 / 128.0)};
constexpr Bytes hidden_bf16{7168 * 2.0};

/// GB/s as DeepEP counts it, 4,096 tokens of 7,168, 8 of 256 experts on at most 4 nodes.
double deepep(int ep, Bytes token) {
  const ExpertRouting routing{256, 8, 4};
  const Group g{ep, 8};
  const Bytes counted = dispatch_bytes(g, routing, Dispatcher::deduplicated, 4096, token).reported;
  return (counted / expert_exchange(h800, g, routing, Dispatcher::deduplicated, 4096, token).total).value() / 1e9;
}

}  // namespace

TEST_CASE("comm: expected distinct nodes are those of drawing experts at random") {
  // Two choices of four experts on two nodes: the second is on the first's node with probability 1/3.
  CHECK(expected_distinct(4, 2, 2) == Approx(1.0 + 2.0 / 3.0));
  CHECK(expected_distinct(8, 8, 8) == Approx(8));  // every expert is chosen
  CHECK(expected_distinct(256, 1, 8) == Approx(1));
  CHECK(expected_distinct(256, 8, 1) == Approx(1));
  // 8 of 256 on 8 nodes: 8 * (1 - C(224,8)/C(256,8)) = 8 * (1 - 0.3386) = 5.29
  CHECK(expected_distinct(256, 8, 8) == Approx(5.29).margin(0.005));
}

// DeepSeek-V3 limits a token to 4 of 8 nodes; with 8 of 128 experts drawn there, 3.63 of the 4 are hit.
TEST_CASE("comm: node-limited routing reaches fewer nodes, as a simulated router confirms") {
  const ExpertRouting limited{256, 8, 4};
  const ExpertRouting free{256, 8, 0};
  CHECK(expected_nodes(limited, 8) < 4.0);
  CHECK(expected_nodes(limited, 8) < expected_nodes(free, 8));
  CHECK(expected_nodes(limited, 4) == expected_nodes(free, 4));

  std::mt19937 random(7);
  std::vector<int> nodes(8);
  std::iota(nodes.begin(), nodes.end(), 0);
  double hit_nodes = 0;
  double hit_ranks = 0;
  constexpr int draws = 20000;
  for (int i = 0; i < draws; ++i) {
    std::shuffle(nodes.begin(), nodes.end(), random);
    std::vector<int> experts;
    for (int n = 0; n < 4; ++n) {
      for (int e = 0; e < 32; ++e) experts.push_back(nodes[static_cast<std::size_t>(n)] * 32 + e);
    }
    std::shuffle(experts.begin(), experts.end(), random);
    std::set<int> on_nodes;
    std::set<int> on_ranks;
    for (std::size_t k = 0; k < 8; ++k) {
      on_nodes.insert(experts[k] / 32);
      on_ranks.insert(experts[k] / 4);
    }
    hit_nodes += static_cast<double>(on_nodes.size()) / draws;
    hit_ranks += static_cast<double>(on_ranks.size()) / draws;
  }
  CHECK(expected_nodes(limited, 8) == Approx(hit_nodes).epsilon(0.01));
  CHECK(expected_ranks(limited, 8, 8) == Approx(hit_ranks).epsilon(0.01));
}

// 4,096 tokens x 3.63 nodes x 7/8 off the node x 7,392 B = 96 MB; an NCCL all-to-all sends 8 copies, 7/8 off: 212 MB.
TEST_CASE("comm: one copy a node sends less than one copy an expert") {
  const ExpertRouting routing{256, 8, 4};
  const Group g{64, 8};
  const ExchangeBytes once = dispatch_bytes(g, routing, Dispatcher::deduplicated, 4096, hidden_fp8);
  const ExchangeBytes each = dispatch_bytes(g, routing, Dispatcher::all_to_all, 4096, hidden_fp8);
  CHECK(once.network.value() == Approx(96.2e6).epsilon(0.01));
  CHECK(each.network.value() == Approx(211.9e6).epsilon(0.01));
  // In one NVLink domain nothing crosses the network.
  CHECK(dispatch_bytes({8, 8}, routing, Dispatcher::deduplicated, 4096, hidden_fp8).network == 0_B);
  CHECK(dispatch_bytes({8, 8}, routing, Dispatcher::all_to_all, 4096, hidden_fp8).network == 0_B);
  CHECK(expert_exchange(h800, {1, 1}, routing, Dispatcher::deduplicated, 4096, hidden_fp8).total == 0_s);
}

TEST_CASE("comm: DeepEP on H800 reaches its published bandwidth") {
  // README: NVLink 153 dispatch, 158 combine; RDMA 43-58 dispatch, 43-57 combine (docs/legacy.md, 2025-06).
  CHECK(deepep(8, hidden_fp8) == Approx(153).epsilon(0.05));
  CHECK(deepep(8, hidden_bf16) == Approx(158).epsilon(0.05));
  for (const int ep : {16, 32, 64}) {
    CHECK(deepep(ep, hidden_fp8) > 43 * 0.98);
    CHECK(deepep(ep, hidden_fp8) < 58 * 1.02);
    CHECK(deepep(ep, hidden_bf16) > 43 * 0.98);
    CHECK(deepep(ep, hidden_bf16) < 57 * 1.02);
  }
}

// DeepEP writes to all peers from one kernel: 643-726 GB/s dispatch and 675-740 combine with 24 and 64 SMs on 8 GPUs of
// SM100 (README @dd758ca, 8,192 tokens).
TEST_CASE("comm: inside a domain DeepEP's wait does not grow with the ranks") {
  const Fabric b200 = usual_fabric(hardware::Architecture::blackwell, 900_GBps, 18, 8, 50_GBps);
  const ExpertRouting routing{256, 8, 0};
  const auto rate = [&](int ep, Bytes token) {
    const Bytes counted = dispatch_bytes({ep, ep}, routing, Dispatcher::deduplicated, 8192, token).reported;
    return (counted / expert_exchange(b200, {ep, ep}, routing, Dispatcher::deduplicated, 8192, token).total).value() /
           1e9;
  };
  CHECK(rate(8, hidden_fp8) == Approx(643).epsilon(1.0 / 7.0));
  CHECK(rate(8, hidden_bf16) == Approx(675).epsilon(1.0 / 7.0));
  CHECK(all_at_once(b200, {72, 72}, Bytes{1e6}).latency == all_at_once(b200, {8, 8}, Bytes{1e6}).latency);
}

TEST_CASE("comm: each DeepEP row on H800 alone is met within a seventh") {
  const test::ExchangeFile file = test::expert_exchanges();
  int seen = 0;
  for (const test::Exchange& row : file.rows) {
    CHECK(file.sources.count(row.source) == 1);
    if (row.source != "deepep-2025-06") continue;
    INFO("EP" << row.ep << (row.precision == test::Sent::fp8 ? " fp8 " : " bf16 ") << row.bandwidth.value() / 1e9);
    CHECK(deepep(row.ep, row.token_bytes()) == Approx(row.bandwidth.value() / 1e9).epsilon(1.0 / 7.0));
    ++seen;
  }
  CHECK(seen == 8);
}

// The trace of DeepSeek-V3's step counts exactly 4 nodes a token: 4,096 * 4 * bytes / bandwidth is the kernel's time.
TEST_CASE("comm: in DeepSeek-V3's step the exchange is slower by the contention factor") {
  double ratios = 0;
  int rows = 0;
  for (const test::Exchange& row : test::expert_exchanges().rows) {
    if (!row.overlapped) continue;
    const Seconds measured = row.token_bytes() * (4.0 * row.tokens) / row.bandwidth;
    const ExpertRouting routing{256, row.top_k, row.node_limit};
    const Time alone =
        expert_exchange(h800, {row.ep, 8}, routing, Dispatcher::deduplicated, row.tokens, row.token_bytes());
    CHECK(measured / alone.total > contention.collective_low);
    ratios += measured / alone.total;
    ++rows;
  }
  REQUIRE(rows == 4);
  CHECK(ratios / rows > contention.collective);
  CHECK(ratios / rows < contention.collective_high);
}
