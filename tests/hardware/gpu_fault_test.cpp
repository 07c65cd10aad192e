// SPDX-License-Identifier: Apache-2.0
// What the GPU reader refuses, word for word.
#include "tests/hardware/catalogue_fixture.hpp"

using namespace sextant;
using namespace sextant::hardware;

namespace {

const std::string whole = R"({
"id": "X1", "name": "X1", "vendor": "X", "architecture": "hopper",
"fp16_flop_per_s": 100e12, "bf16_flop_per_s": 100e12,
"fp8_flop_per_s": 200e12,
"memory_mib": 81559, "hbm_bytes_per_s": 3e12,
"nvlink_bytes_per_s": 450e9, "nvlink_links": 18,
"pcie_bytes_per_s": 63e9,
"sm_count": 132, "base_clock_hz": 1e9, "boost_clock_hz": 1.8e9,
"tdp_w": 700,
"default_source": {"title": "t", "where": "w", "date": "2024", "trust": "vendor"}
})";

std::string with(std::string_view from, std::string_view to) {
  std::string text = whole;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string faults_of(const std::string& text) {
  Diagnostics faults;
  const std::string file = "x1.json";
  const auto node = json::parse(text, file, faults);
  if (node) {
    const bool read = read_accelerator(json::Cursor(*node, file, faults)).has_value();
    CHECK(read == faults.empty());
  }
  return faults.text();
}

}  // namespace

TEST_CASE("a whole GPU file is taken") { CHECK(faults_of(whole) == ""); }

TEST_CASE("a figure without a source does not load") {
  const std::string source = R"("default_source": {"title": "t", "where": "w", "date": "2024", "trust": "vendor"})";
  const std::string some =
      R"("sources": {"fp16_flop_per_s bf16_flop_per_s fp8_flop_per_s memory_mib hbm_bytes_per_s nvlink_bytes_per_s nvlink_links pcie_bytes_per_s sm_count base_clock_hz boost_clock_hz": )"
      R"({"title": "t", "where": "w", "date": "2024", "trust": "vendor"}})";
  CHECK(faults_of(with(source, some)) ==
        "x1.json:9: /tdp_w: has no source; name it in \"sources\" or give a \"default_source\"\n");
  CHECK(faults_of(
            with(source,
                 source + R"(, "sources": {"tdp": {"title": "t", "where": "w", "date": "2024", "trust": "paper"}})")) ==
        "x1.json:10: /sources: a source for \"tdp\", which is no figure of this file; did you mean \"tdp_w\"?\n");
  CHECK(faults_of(with(R"("trust": "vendor")", R"("trust": "sure")")) ==
        "x1.json:10: /default_source/trust: \"sure\" is not one of measured, vendor, paper, derived, assumed\n");
}

TEST_CASE("misspelt and missing keys, wrong types and ranges come all at once") {
  std::string text = with("\"bf16_flop_per_s\"", "\"bf16_flop_per_sec\"");
  text.replace(text.find("\"tdp_w\": 700"), 12, "\"tdp_w\": -1");
  text.replace(text.find("132"), 3, "\"132\"");
  CHECK(faults_of(text) ==
        "x1.json:8: /sm_count: expected an integer of at least 1 and at most 100000, found \"132\"\n"
        "x1.json:9: /tdp_w: expected a number above 0 and at most 100000, found -1\n"
        "x1.json:3: /bf16_flop_per_sec: unknown key; did you mean \"bf16_flop_per_s\"?\n");
}

TEST_CASE("figures that contradict each other are refused") {
  CHECK(faults_of(with("200e12", "50e12")) ==
        "x1.json:4: /fp8_flop_per_s: 50 TFLOP/s is below the FP16 peak, 100 TFLOP/s; dense peaks do not fall as the "
        "format narrows\n");
  CHECK(faults_of(with("450e9", "900e9")) ==
        "x1.json:6: /nvlink_bytes_per_s: 900 GB/s is not 18 links of 25 GB/s; count one direction: half of the total "
        "that vendors print\n");
  CHECK(faults_of(with("\"nvlink_bytes_per_s\": 450e9, ", "")) ==
        "x1.json:6: /nvlink_links: needs an nvlink_bytes_per_s\n");
  CHECK(faults_of(with("1e9", "2e9")) == "x1.json:8: /base_clock_hz: is above boost_clock_hz\n");
  CHECK(faults_of(with("\"tdp_w\": 700", "\"tdp_w\": 700, \"sustained_bf16_gemm_flop_per_s\": 110e12")) ==
        "x1.json:9: /sustained_bf16_gemm_flop_per_s: 110 TFLOP/s is above the peak, 100 TFLOP/s\n");
  CHECK(faults_of(with("\"tdp_w\": 700",
                       "\"tdp_w\": 700, \"die_area_mm2\": 800,\n\"export_control\": {\"tpp\": 3200, "
                       "\"performance_density\": 2, \"class_2023\": \"-\"}")) ==
        "x1.json:10: /export_control: tpp 3200 is not the peaks' 1600; TPP is dense TOPS x bit length, the largest "
        "over formats\n"
        "x1.json:10: /export_control: performance_density 2 is not tpp over die_area_mm2, 4\n");
}

TEST_CASE("no input crashes the reader") {
  for (const char* text : {"[]", "null", "3", "\"h100\"", "{}", "{\"id\": null}", "{\"sources\": []}",
                           "{\"sources\": {\"\": 1}}", "{\"export_control\": 1, \"aliases\": {}}"}) {
    INFO(text);
    CHECK(faults_of(text) != "");
  }
}
