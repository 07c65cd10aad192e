// SPDX-License-Identifier: Apache-2.0
// Do the formulas give what nccl-tests measured? Expected values: hardware/data/collectives.
#include <cmath>

#include "sim/comm/collectives.hpp"
#include "tests/sim/comm/anchors.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::literals;
using namespace sextant::sim::comm;
using test::Anchor;
using test::AnchorFile;

namespace {

struct Errors {
  std::vector<double> list;

  [[nodiscard]] double median() const { return test::quantile(list, 0.5); }
  [[nodiscard]] double p90() const { return test::quantile(list, 0.9); }
};

template <class Keep>
Errors errors(const AnchorFile& file, Bytes from, Bytes below, Keep keep) {
  Errors found;
  for (const Anchor& row : file.rows) {
    if (row.bytes < from || !(row.bytes < below) || !keep(row)) continue;
    found.list.push_back(std::abs(row.predicted(file.fabric_of(row)) / row.measured() - 1.0));
  }
  return found;
}

constexpr auto every = [](const Anchor&) { return true; };
constexpr Bytes no_limit{1e18};

double busbw_gb(const Fabric& f, const Group& g, Algorithm a, Bytes bytes) {
  const Seconds t = estimate(f, g, Collective::all_reduce, a, Protocol::simple, bytes)->total;
  return (bus_bytes(Collective::all_reduce, g.ranks, bytes) / t).value() / 1e9;
}

const Fabric h100 = usual_fabric(hardware::Architecture::hopper, 450_GBps, 18, 8, 50_GBps);
const Fabric h800 = usual_fabric(hardware::Architecture::hopper, 200_GBps, 8, 8, 50_GBps);
const Fabric a100 = usual_fabric(hardware::Architecture::ampere, 300_GBps, 12, 8, 25_GBps);

}  // namespace

TEST_CASE("comm: every anchor row names a source and a fabric of its file") {
  const AnchorFile file = test::nccl_tests();
  CHECK(file.format == "sextant/collectives/1");
  CHECK(file.rows.size() > 200);
  for (const Anchor& row : file.rows) {
    CHECK(file.sources.count(row.source) == 1);
    CHECK_NOTHROW(file.fabric_of(row));
    CHECK(row.ranks % row.nodes == 0);
  }
}

// What the simulator needs: gradients and shards are hundreds of MB, activations tens.
TEST_CASE("comm: large messages match nccl-tests within a few percent, middling ones within tens") {
  const AnchorFile file = test::nccl_tests();
  const Errors large = errors(file, 256_MiB, no_limit, every);
  REQUIRE(large.list.size() > 80);
  CHECK(large.median() < 0.02);
  CHECK(large.p90() < 0.08);
  const Errors middling = errors(file, 16_MiB, 256_MiB, every);
  REQUIRE(middling.list.size() > 40);
  CHECK(middling.median() < 0.08);
  CHECK(middling.p90() < 0.25);
  const Errors small = errors(file, 1_MiB, 16_MiB, every);
  REQUIRE(small.list.size() > 30);
  CHECK(small.median() < 0.20);
}

TEST_CASE("comm: no large message of a known node type is off by more than a sixth") {
  const AnchorFile file = test::nccl_tests();
  for (const Anchor& row : file.rows) {
    if (row.bytes < 512_MiB) continue;
    const double error = row.predicted(file.fabric_of(row)) / row.measured() - 1.0;
    INFO(row.fabric << " " << row.ranks << " ranks, " << row.bytes.value() << " B, " << row.source << ": " << error);
    CHECK(std::abs(error) < 1.0 / 6.0);
  }
}

TEST_CASE("comm: large all-reduces in one node reach the published bus bandwidth") {
  const Group node{8, 8};
  // H200 367.2 ring (stas00 @744d01e), "370" (nccl-tests #212); NVLS 480; A100 235.
  CHECK(busbw_gb(h100, node, Algorithm::ring, 16_GiB) > 361);
  CHECK(busbw_gb(h100, node, Algorithm::ring, 16_GiB) < 370);
  CHECK(busbw_gb(h100, node, Algorithm::nvls, 16_GiB) == Approx(480).epsilon(0.01));
  CHECK(busbw_gb(a100, node, Algorithm::ring, 16_GiB) == Approx(235).epsilon(0.01));
  // H800, 8 of 18 links: NVLS 215 (nccl #1374), tree 125 (nccl #1290).
  CHECK(busbw_gb(h800, node, Algorithm::nvls, 8_GiB) == Approx(215).epsilon(0.02));
  CHECK(busbw_gb(h800, node, Algorithm::tree, 8_GiB) == Approx(125).epsilon(0.08));
}

// H200 with NVLS, 8 GiB (stas00 @744d01e): a switch adds, so each rank moves (n+1)/n of the buffer each way.
TEST_CASE("comm: NVLS gains with the number of ranks as measured") {
  const double measured[][2] = {{5, 414.2}, {6, 435.6}, {7, 460.0}, {8, 473.1}};
  for (const auto& [ranks, busbw] : measured) {
    const int n = static_cast<int>(ranks);
    CHECK(busbw_gb(h100, {n, n}, Algorithm::nvls, 8_GiB) == Approx(busbw).epsilon(0.02));
    CHECK(all_reduce(h100, {n, n}, 8_GiB).algorithm == Algorithm::nvls);
  }
}

TEST_CASE("comm: two nodes are an aberration: a tree crosses the network once, a ring twice") {
  const Group two{16, 8};
  // 2 x 8 A100 with 8 x 200 Gb/s: ring 192 (nccl #812), default 238 at 8 GiB (OCI log).
  CHECK(busbw_gb(a100, two, Algorithm::ring, 8_GiB) == Approx(192).epsilon(0.01));
  CHECK(busbw_gb(a100, two, Algorithm::tree, 8_GiB) == Approx(238).epsilon(0.05));
  CHECK(all_reduce(a100, two, 8_GiB).algorithm == Algorithm::tree);
  // On four nodes the tree has no such advantage.
  CHECK(all_reduce(a100, {32, 8}, 8_GiB).algorithm == Algorithm::ring);
  // 2 x 8 H100: 485-487 GB/s with NVLSTree where a ring has the NICs' 384.
  CHECK(all_reduce(h100, two, 16_GiB).algorithm == Algorithm::nvls_tree);
  CHECK(busbw_gb(h100, two, Algorithm::nvls_tree, 16_GiB) == Approx(486).epsilon(0.02));
  // 4 x 8 H200 (stas00): ring 364.65, NVLSTree forced 310.
  CHECK(busbw_gb(h100, {32, 8}, Algorithm::ring, 4_GiB) == Approx(364.65).epsilon(0.03));
  CHECK(busbw_gb(h100, {32, 8}, Algorithm::nvls_tree, 4_GiB) == Approx(310.07).epsilon(0.03));
}

TEST_CASE("comm: rings and all-to-alls of up to 1,024 ranks follow SimAI's calibration") {
  std::vector<double> ring;
  std::vector<double> exchange;
  for (const test::Efficiency& row : test::simai_efficiency().rows) {
    Fabric f = h100;
    const double n = row.ranks;
    const double in_node = n / row.nodes;
    const bool one = row.nodes == 1;
    if (row.op == test::Op::all_gather) {
      // Nominal: 450 GB/s of NVLink, or 8 x 50 GB/s where the NICs limit, which they do where NVLink is faster.
      if (!one) f.nvlink = 900_GBps;
      const Seconds ideal = row.bytes * ((n - 1) / n) / (one ? 450_GBps : 400_GBps);
      const auto t = estimate(f, {row.ranks, 8}, Collective::all_gather, Algorithm::ring, Protocol::simple, row.bytes);
      ring.push_back(std::abs(t->total / (ideal / row.efficiency) - 1));
    } else {
      const double share = one ? (n - 1) / n : (n - in_node) / n;
      const Seconds ideal = row.bytes * share / (one ? 450_GBps : 50_GBps);
      exchange.push_back(std::abs(all_to_all(f, {row.ranks, 8}, row.bytes).total / (ideal / row.efficiency) - 1));
    }
  }
  REQUIRE(ring.size() > 40);
  REQUIRE(exchange.size() > 25);
  CHECK(test::quantile(ring, 0.5) < 0.08);
  CHECK(test::quantile(ring, 0.9) < 0.30);
  CHECK(test::quantile(exchange, 0.5) < 0.08);
  CHECK(test::quantile(exchange, 0.9) < 0.15);
}
