// SPDX-License-Identifier: Apache-2.0
#include "sim/comm/fabric.hpp"

#include "sim/comm/collectives.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::literals;
using namespace sextant::sim::comm;

namespace {

hardware::Cluster h800_cluster() {
  hardware::Cluster c;
  c.gpu.architecture = hardware::Architecture::hopper;
  c.gpu.nvlink = 200_GBps;
  c.gpu.nvlink_links = 8;
  c.gpu.pcie = 64_GBps;
  c.nic_per_gpu = 50_GBps;
  c.gpus = 2048;
  return c;
}

}  // namespace

TEST_CASE("comm: a cluster's fabric has the links of its GPU and node") {
  const Fabric f = fabric_of(h800_cluster());
  CHECK(f.domain == 8);
  CHECK(f.node() == 8);
  CHECK(f.nvls);
  CHECK(f.nvlink == 200_GBps);
  CHECK(f.nic_ring_efficiency == Approx(0.96));  // 48 of 50 GB/s (nccl-tests #290)
}

TEST_CASE("comm: networks are told apart by rate and kind, not by the GPU") {
  hardware::Cluster c = h800_cluster();
  c.network.kind = hardware::FabricKind::rail_optimised;
  CHECK(fabric_class(c) == FabricClass::infiniband);
  c.network.kind = hardware::FabricKind::roce;
  CHECK(fabric_class(c) == FabricClass::ethernet);
  c.gpu.architecture = hardware::Architecture::ampere;
  CHECK(fabric_class(c) == FabricClass::ethernet);
  c.nic_per_gpu = 25_GBps;
  CHECK(fabric_class(c) == FabricClass::up_to_200g);
}

TEST_CASE("comm: figures of the cluster's network come before the general ones") {
  hardware::Cluster c = h800_cluster();
  c.network.all_to_all_efficiency = 0.8;
  c.network.link_efficiency = 0.7;
  const Fabric f = fabric_of(c);
  CHECK(f.nic_all_to_all_efficiency == 0.8);
  CHECK(f.nic_ring_efficiency == 0.7);
  CHECK(f.nic_send_efficiency <= 0.7);
  c.network.kind = hardware::FabricKind::efa;
  CHECK(fabric_of(c).net_hop_latency > f.net_hop_latency);
  CHECK_FALSE(fabric_of(c).low_latency_network);
}

TEST_CASE("comm: without NVLink a node's GPUs talk over PCIe, with bridges pairs over NVLink") {
  hardware::Cluster c = h800_cluster();
  c.intra_node = hardware::IntraNode::pcie;
  const Fabric pcie = fabric_of(c);
  CHECK(pcie.nvlink_links == 0);
  CHECK(pcie.nvlink == 64_GBps);
  CHECK_FALSE(pcie.nvls);
  c.intra_node = hardware::IntraNode::bridge;
  c.nvlink_domain = 2;
  const Fabric bridged = fabric_of(c);
  CHECK(bridged.node() == 8);
  const Seconds pair = all_reduce(bridged, packed_group(bridged, 2), 1_GB).total;
  const Seconds four = all_reduce(bridged, packed_group(bridged, 4), 1_GB).total;
  const Seconds four_pcie = all_reduce(pcie, packed_group(pcie, 4), 1_GB).total;
  CHECK(four > pair * 3.0);  // 200 GB/s against 64
  CHECK(four.value() == Approx(four_pcie.value()).epsilon(0.01));
}

TEST_CASE("comm: a group that nobody filled in does not divide by nothing") {
  const Fabric f = fabric_of(h800_cluster());
  CHECK(all_reduce(f, Group{4, 0}, 1_MB).total > 0_s);
  CHECK(all_to_all(f, Group{4, 0}, 1_MB).total > 0_s);
}
