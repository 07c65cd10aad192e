// SPDX-License-Identifier: Apache-2.0
// Every shipped GPU against published tables and arithmetic.
#include <cmath>

#include "hardware/schema.hpp"
#include "tests/hardware/catalogue_fixture.hpp"

#include <nlohmann/json.hpp>

using namespace sextant;
using namespace sextant::hardware;

namespace {

std::vector<Entry> shipped_gpus() {
  Diagnostics faults;
  std::vector<Entry> entries = list(shipped(), Kind::gpu, faults);
  REQUIRE(faults.text() == "");
  return entries;
}

}  // namespace

TEST_CASE("every shipped GPU loads, and its file carries its id") {
  const std::vector<Entry> entries = shipped_gpus();
  CHECK(entries.size() >= 22);  // the parts of the reference table
  for (const Entry& entry : entries) {
    INFO(entry.path);
    const Accelerator g = gpu(entry.id);
    CHECK(g.id == entry.id);
    std::string lower = entry.id;
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    CHECK(entry.path == "hardware/data/gpus/" + lower + ".json");
    CHECK(g.source_of("bf16_flop_per_s") != nullptr);
    CHECK(g.nvlink.value() > 0);
  }
}

TEST_CASE("published peaks, memory and links") {
  // NVIDIA datasheets and whitepapers; NVLink is the printed total of both directions.
  struct Row {
    const char* id;
    double bf16_tflops;
    double fp8_tflops;
    double hbm_gb_per_s;
    double nvlink_total_gb_per_s;
    int links;
    double tdp_w;
  };
  const Row rows[] = {
      {"A100-SXM-40GB", 312, 0, 1555, 600, 12, 400},
      {"A100-SXM-80GB", 312, 0, 2039, 600, 12, 400},
      {"A800-SXM-80GB", 312, 0, 2039, 400, 8, 400},
      {"H100-SXM-80GB", 989.4, 1978.9, 3350, 900, 18, 700},
      {"H100-PCIe-80GB", 756, 1513, 2040, 600, 12, 350},
      {"H100-NVL-94GB", 835.5, 1671, 3938, 600, 12, 400},
      {"H800-SXM-80GB", 989, 1979, 3350, 400, 8, 700},
      {"H20-SXM-96GB", 148, 296, 4000, 900, 18, 400},
      {"H200-SXM-141GB", 989.5, 1979, 4800, 900, 18, 700},
      {"B200", 2250, 4500, 8000, 1800, 18, 1000},
      {"B300", 2250, 4500, 8000, 1800, 18, 1100},
      {"GB200", 2500, 5000, 8000, 1800, 18, 1200},
      {"GB300", 2500, 5000, 8000, 1800, 18, 1400},
      {"MI300X", 1307.4, 2614.9, 5300, 896, 7, 750},
      {"H100-SXM-96GB-HBM2e-500W", 989.4, 1978.9, 2400, 900, 18, 500},
  };
  for (const Row& row : rows) {
    INFO(row.id);
    const Accelerator g = gpu(row.id);
    CHECK(g.peak.bf16.value() / 1e12 == Approx(row.bf16_tflops));
    CHECK(g.peak.fp8.value() / 1e12 == Approx(row.fp8_tflops));
    CHECK(g.hbm.value() / 1e9 == Approx(row.hbm_gb_per_s));
    CHECK(2 * g.nvlink.value() / 1e9 == Approx(row.nvlink_total_gb_per_s));
    CHECK(g.nvlink_links == row.links);
    CHECK(g.tdp.value() == row.tdp_w);
  }
}

TEST_CASE("the H800 is an H100 but for NVLink and FP64, the A800 an A100 but for NVLink") {
  for (const auto& [cut, whole] : {std::pair{"H800-SXM-80GB", "H100-SXM-80GB"}, {"A800-SXM-80GB", "A100-SXM-80GB"}}) {
    INFO(cut);
    const Accelerator a = gpu(cut);
    const Accelerator b = gpu(whole);
    CHECK(a.peak.bf16 / b.peak.bf16 == Approx(1.0).epsilon(0.001));
    CHECK(a.hbm == b.hbm);
    CHECK(a.memory == b.memory);
    CHECK(a.sm_count == b.sm_count);
    CHECK(a.nvlink.value() == 200e9);  // 400 GB/s both ways, under the 600 of the October 2022 rule
  }
}

TEST_CASE("peaks rise as the format narrows") {
  for (const Entry& entry : shipped_gpus()) {
    INFO(entry.id);
    const Peaks p = gpu(entry.id).peak;
    CHECK(p.fp16.value() > 0);
    if (p.bf16.value() > 0) {
      CHECK(p.bf16 >= p.tf32);
      CHECK(p.fp16 == p.bf16);  // same multipliers on every part since Ampere
    }
    if (p.fp8.value() > 0) CHECK(p.fp8 / p.bf16 == Approx(2.0).epsilon(0.015));  // L40S prints 733 beside 362.05
    if (p.fp4.value() > 0) CHECK(p.fp4 > p.fp8);
  }
}

TEST_CASE("16-bit peak = SMs x clock x FMA rate") {
  // FLOP per SM and clock (2 x FMA), dense FP16 with FP32 accumulation: Volta 1024, Ampere 2048, Hopper 4096, Blackwell
  // 8192, Ada 1024 (GeForce half), CDNA3 2048 per compute unit.
  const auto flop_per_sm_clock = [](const Accelerator& g) {
    switch (g.architecture) {
      case Architecture::volta: return 1024.0;
      case Architecture::ampere: return 2048.0;
      case Architecture::hopper: return 4096.0;
      case Architecture::blackwell: return 8192.0;
      case Architecture::ada: return g.id == "RTX4090" ? 512.0 : 1024.0;
      case Architecture::cdna3: return 2048.0;
    }
    return 0.0;
  };
  for (const Entry& entry : shipped_gpus()) {
    const Accelerator g = gpu(entry.id);
    INFO(g.id);
    const double ratio = g.peak.fp16.value() / (g.sm_count * g.boost_clock_hz * flop_per_sm_clock(g));
    if (g.id == "H20-SXM-96GB") {
      CHECK(ratio < 0.25);  // the rate is cut below the SMs' to stay under TPP 2,400
    } else {
      CHECK(ratio == Approx(1.0).margin(g.id == "B200" ? 0.06 : 0.03));  // B200's clock is a limit, its peak a promise
    }
  }
}

TEST_CASE("total processing performance as published, and its class of October 2023") {
  // TPP: CSET's explainer of the rule and the vendors' dense peaks; thresholds: 88 FR 73458.
  const std::pair<const char*, double> published[] = {
      {"A100-SXM-80GB", 4992}, {"A800-SXM-80GB", 4992},   {"H100-SXM-80GB", 15831},  {"H800-SXM-80GB", 15832},
      {"H20-SXM-96GB", 2368},  {"H200-SXM-141GB", 15832}, {"H100-PCIe-80GB", 12104}, {"L40S", 5864},
      {"RTX4090", 5285},       {"V100-SXM-32GB", 2000},   {"B200", 36000},           {"MI300X", 20919}};
  for (const auto& [id, tpp] : published) {
    INFO(id);
    CHECK(gpu(id).export_control.tpp == Approx(tpp).epsilon(0.001));
  }
  for (const Entry& entry : shipped_gpus()) {
    INFO(entry.id);
    const ExportControl e = gpu(entry.id).export_control;
    const bool controlled = e.tpp >= 4800 || (e.tpp >= 1600 && e.performance_density >= 5.92);
    CHECK((e.class_2023.rfind("3A090.a", 0) == 0) == controlled);
    const bool notified = !controlled && ((e.tpp >= 2400 && e.performance_density >= 1.6) ||
                                          (e.tpp >= 1600 && e.performance_density >= 3.2));
    if (!controlled) CHECK((e.class_2023 == "below 3A090") == !notified);
  }
}

TEST_CASE("ridge points, sustained rates and memory are plausible") {
  CHECK(ridge_point(gpu("A100-SXM-80GB")) == Approx(312e12 / 2039e9));  // 153 FLOP/B
  CHECK(ridge_point(gpu("H100-SXM-80GB")) == Approx(295).epsilon(0.01));
  for (const Entry& entry : shipped_gpus()) {
    const Accelerator g = gpu(entry.id);
    INFO(g.id);
    CHECK(ridge_point(g) > 30);   // H20: 37, made for decoding
    CHECK(ridge_point(g) < 450);  // L40S: 419, GDDR6
    if (g.sustained_bf16_gemm) {
      CHECK(*g.sustained_bf16_gemm / g.peak.bf16 > 0.5);  // MI300X 0.51
      CHECK(*g.sustained_bf16_gemm / g.peak.bf16 < 0.9);  // A100 0.87
    }
    CHECK(g.memory.value() / 1048576 >= 16384);
    CHECK(g.nvlink_domain <= 72);
  }
  // "80 GB" is GiB-like: nvidia-smi shows 81,559 MiB on H100, 81,920 nominal on A100.
  CHECK(gpu("H100-SXM-80GB").memory.value() == 81559.0 * 1048576.0);
  CHECK(gpu("B200").memory.value() == Approx(192.3e9).epsilon(0.001));  // AWS API: 183,359 MiB
}

TEST_CASE("a GPU that is written reads back as itself") {
  for (const Entry& entry : shipped_gpus()) {
    INFO(entry.id);
    const Accelerator g = gpu(entry.id);
    Diagnostics faults;
    const std::string file = "written.json";
    const auto node = json::parse(to_json(g).dump(2), file, faults);
    REQUIRE(node);
    const auto again = read_accelerator(json::Cursor(*node, file, faults));
    INFO(faults.text());
    REQUIRE(again);
    CHECK(to_json(*again) == to_json(g));
    CHECK(again->nvlink == g.nvlink);
  }
}

TEST_CASE("the schema of a GPU names every key of the shipped files") {
  const Json schema = gpu_schema();
  for (const Entry& entry : shipped_gpus()) {
    const Json file = Json::parse(*shipped().text(entry.path));
    for (const auto& item : file.items()) {
      INFO(entry.path << " " << item.key());
      CHECK(schema["properties"].contains(item.key()));
    }
  }
  CHECK(cluster_schema()["properties"]["gpu_overrides"]["properties"].contains("tdp_w"));
  CHECK(price_schema()["properties"].contains("rental"));
}
