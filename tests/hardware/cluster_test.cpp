// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "hardware/schema.hpp"
#include "tests/hardware/catalogue_fixture.hpp"

using namespace sextant;
using namespace sextant::hardware;

namespace {

std::string faults_of(std::string_view text) {
  Diagnostics faults;
  CHECK_FALSE(read_cluster_text(text, faults));
  return faults.text();
}

bool assumes(const Cluster& c, std::string_view what) {
  for (const std::string& a : c.assumptions) {
    if (a.find(what) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("every shipped node, fabric and cluster loads") {
  Diagnostics faults;
  for (const Entry& e : list(shipped(), Kind::node, faults)) {
    const auto node = find_node(shipped(), e.id, faults);
    REQUIRE(node);
    CHECK(find_fabric(shipped(), node->fabric, faults));
  }
  for (const Entry& e : list(shipped(), Kind::fabric, faults)) CHECK(find_fabric(shipped(), e.id, faults));
  for (const Entry& e : list(shipped(), Kind::cluster, faults)) CHECK(find_cluster(shipped(), e.id, faults));
  CHECK(faults.text() == "");
}

TEST_CASE("the usual node of every GPU fits it") {
  Diagnostics faults;
  for (const Entry& e : list(shipped(), Kind::gpu, faults)) {
    INFO(e.id);
    const Accelerator g = gpu(e.id);
    const auto node = find_node(shipped(), g.default_node, faults);
    REQUIRE(node);
    CHECK(node->nvlink_domain <= std::max(g.nvlink_domain, 1));
    if (g.nvlink_links == 0) CHECK(node->intra_node == IntraNode::pcie);
    // Epoch AI's node factors run from 1.67 to 2.03; racks are leaner, and some modules bring their host.
    const double overhead = node->power_overhead(g.tdp);
    CHECK(overhead >= 1.0);
    CHECK(overhead < 2.7);
  }
  CHECK(faults.text() == "");
}

TEST_CASE("DeepSeek's cluster is as its paper describes it") {  // arXiv:2505.09343, sections 5.1-5.2
  const Cluster c = cluster("\"deepseek-h800-2048\"");
  CHECK(c.gpu.id == "H800-SXM-80GB");
  CHECK(c.gpus == 2048);
  CHECK(c.nodes() == 256);
  CHECK(c.gpus_per_node == 8);
  CHECK(c.nvlink_domain == 8);
  CHECK(c.gpu.nvlink.value() == 200e9);
  CHECK(c.nic_per_gpu.value() == 50e9);
  CHECK(c.nics_per_node == 8);
  CHECK(c.fabric == "mpft");
  CHECK(c.network.kind == FabricKind::multi_plane);
  CHECK(c.network.planes == 8);
  CHECK(c.network.max_gpus == 16384);
  CHECK(c.node_power.value() == 10200);
  CHECK(assumes(c, "node_power_w"));  // the paper does not say
}

TEST_CASE("what a run leaves out comes from the GPU's usual node and is listed") {
  const Cluster c = cluster(R"({"gpu": "h100", "gpus": 1024})");
  CHECK(c.id == "H100-SXM-80GB x 1024");
  CHECK(c.gpus_per_node == 8);
  CHECK(c.nic_per_gpu.value() == 50e9);
  CHECK(c.fabric == "ib-rail");
  CHECK(assumes(c, "cluster/gpus_per_node = 8, as in the node HGX-H100 (NVIDIA DGX system pages, 2025; vendor)"));
  CHECK(assumes(c, "cluster/nic_gbit_per_s_per_gpu = 400"));
  CHECK(assumes(c, "cluster/fabric = ib-rail"));

  const Cluster said =
      cluster(R"({"gpu": "H100-SXM-80GB", "gpus": 1024, "gpus_per_node": 8, "nic_gbit_per_s_per_gpu": 400.0,
                                   "fabric": "roce", "node_power_w": 11000})");
  CHECK(said.assumptions.empty());
  CHECK(said.node_power.value() == 11000);
  CHECK(said.network.kind == FabricKind::roce);
}

TEST_CASE("in an NVL72 rack NVLink reaches past the tray") {
  for (const char* text : {R"({"gpu": "GB200", "gpus": 256, "gpus_per_node": 4})",
                           R"({"gpu": "GB300", "gpus": 256, "gpus_per_node": 8})"}) {
    const Cluster c = cluster(text);
    CHECK(c.nvlink_domain == 72);
    CHECK((c.gpus_per_node == 4 || c.gpus_per_node == 8));
    CHECK(assumes(c, "nvlink_domain = 72"));
  }
  // A rack of 132 kW holds 18 trays.
  CHECK(cluster(R"({"gpu": "GB200", "gpus": 72})").node_power.value() * 18 == Approx(132e3).epsilon(0.001));
  CHECK(cluster(R"({"gpu": "GB200", "gpus": 64, "nvlink_domain": 36})").nvlink_domain == 36);
}

TEST_CASE("smaller nodes, bridges and PCIe") {
  CHECK(cluster(R"({"gpu": "h100", "gpus": 16, "gpus_per_node": 4})").nvlink_domain == 4);
  CHECK(cluster(R"({"gpu": "h100", "gpus": 16, "gpus_per_node": 4})").node_power.value() ==
        Approx(5100));  // half of 10.2 kW
  CHECK(cluster(R"({"gpu": "H100-PCIe-80GB", "gpus": 16})").nvlink_domain == 2);
  CHECK(cluster(R"({"gpu": "l40s", "gpus": 16})").nvlink_domain == 1);
  CHECK(cluster(R"({"gpu": "l40s", "gpus": 16})").intra_node == IntraNode::pcie);
  const Cluster ff = cluster("\"fire-flyer-2\"");  // arXiv:2408.14158: one 200 Gb/s NIC for 8 A100 PCIe
  CHECK(ff.nics_per_node == 1);
  CHECK(ff.nic_per_gpu.value() * 8 == Approx(25e9));
  CHECK(ff.nvlink_domain == 1);
}

TEST_CASE("a node's NICs follow from its bandwidth") {
  // BLOOM on Jean Zay: 4 Omni-Path links of 100 Gb/s for 8 GPUs, written as 50 Gb/s a GPU.
  CHECK(cluster(R"({"gpu": "a100", "gpus": 384, "nic_gbit_per_s_per_gpu": 50})").nics_per_node == 4);
  CHECK(cluster(R"({"gpu": "a100", "gpus": 384, "nic_gbit_per_s_per_gpu": 200})").nics_per_node == 8);
  CHECK(cluster(R"({"gpu": "a100", "gpus": 384, "nic_gbit_per_s_per_gpu": 12.5})").nics_per_node == 1);
  CHECK(cluster(R"({"gpu": "b300", "gpus": 64, "nic_gbit_per_s_per_gpu": 400})").nics_per_node == 8);
  CHECK(cluster(R"({"gpu": "a100", "gpus": 384, "nic_gbit_per_s_per_gpu": 50, "nics_per_node": 1})").nics_per_node ==
        1);
}

TEST_CASE("any key of the GPU's file can be overridden") {
  const Cluster c = cluster(R"({"gpu": "h100", "gpus": 64, "gpu_overrides": {"tdp_w": 500, "hbm_bytes_per_s": 2.4e12,
                                "memory_mib": 97871, "bf16_flop_per_s": 900e12, "nvlink_domain": 4}})");
  CHECK(c.gpu.tdp.value() == 500);
  CHECK(c.gpu.hbm.value() == 2.4e12);
  CHECK(c.gpu.memory.value() == 97871.0 * 1048576.0);
  CHECK(c.gpu.peak.bf16.value() == 900e12);
  CHECK(c.nvlink_domain == 4);
  CHECK(c.overrides.size() == 5);
  CHECK(c.node_power.value() == Approx(10200 - 8 * 200));  // the GPUs' own share follows
  CHECK(c.gpu.source_of("tdp_w") != nullptr);
}

TEST_CASE("clusters by number of GPUs") {
  for (const char* id :
       {"\"h800 x 2048\"", "\"2048 x H800\"", "\"2048xh800\"", "\"h800x2048\"", "\"H800-SXM-80GB * 2048\""}) {
    INFO(id);
    const Cluster c = cluster(id);
    CHECK(c.gpu.id == "H800-SXM-80GB");
    CHECK(c.gpus == 2048);
  }
  CHECK(cluster("\"RTX4090 x 16\"").gpus == 16);
  CHECK(cluster("\"8xRTX4090\"").gpu.id == "RTX4090");
  CHECK(resized(cluster("\"h800 x 2048\""), 512).gpus == 512);
}

TEST_CASE("faults of a cluster, all at once and each with its place") {
  CHECK(faults_of("\"h800 x many\"") ==
        "run.json:1: unknown cluster \"h800 x many\"; a cluster is a catalogue id or \"<gpu> x <number>\", e.g. \"h800 "
        "x 2048\"\n");
  CHECK(faults_of("\"deepseek-h800-2049\"") ==
        "run.json:1: unknown cluster \"deepseek-h800-2049\"; did you mean \"deepseek-h800-2048\"?\n");
  CHECK(faults_of("[]") == "run.json:1: expected a cluster object or a catalogue id, found an array\n");
  CHECK(faults_of("{}") ==
        "run.json:1: the key \"gpu\" is missing: catalogue id of the GPU\n"
        "run.json:1: the key \"gpus\" is missing: number of GPUs\n");
  CHECK(faults_of("{\"gpu\": \"h10\",\n\"gpus\": 0,\n\"gpu_per_node\": 8}") ==
        "run.json:2: /gpus: expected an integer of at least 1 and at most 10000000, found 0\n"
        "run.json:3: /gpu_per_node: unknown key; did you mean \"gpus_per_node\"?\n"
        "run.json:1: /gpu: unknown GPU \"h10\"; did you mean \"H100\"?\n");
  CHECK(faults_of("{\"gpu\": \"h100\", \"gpus\": 8,\n\"gpu_overrides\": {\"tdp\": 500}}") ==
        "run.json:2: /gpu_overrides/tdp: unknown key; did you mean \"tdp_w\"?\n");
  CHECK(faults_of("{\"gpu\": \"l40s\", \"gpus\": 8,\n\"gpu_overrides\": {\"nvlink_bytes_per_s\": 1e11}}") ==
        "run.json:2: /gpu_overrides/nvlink_bytes_per_s: this GPU has no NVLink; give nvlink_links too, or change "
        "pcie_bytes_per_s\n");
  CHECK(faults_of("{\"gpu\": \"h100\", \"gpus\": 8, \"fabric\": \"mptf\"}") ==
        "run.json:1: /fabric: unknown fabric \"mptf\"; did you mean \"mpft\"?\n");
}

TEST_CASE("the planner may leave the number of GPUs open") {
  Diagnostics faults;
  const auto c = read_cluster_text(R"({"gpu": "h100"})", faults, {.gpus_required = false});
  REQUIRE(c);
  CHECK(c->gpus == 0);
}

TEST_CASE("a cluster that is written reads back as itself") {
  for (const char* text : {"\"deepseek-h800-2048\"", "\"gb200-nvl72\"",
                           R"({"gpu": "l40s", "gpus": 12, "gpus_per_node": 4, "gpu_overrides": {"tdp_w": 300}})"}) {
    const Cluster c = cluster(text);
    const Cluster again = cluster(to_json(c).dump());
    CHECK(to_json(again) == to_json(c));
    CHECK(again.gpu.tdp == c.gpu.tdp);
    CHECK(again.assumptions.empty());
  }
}
