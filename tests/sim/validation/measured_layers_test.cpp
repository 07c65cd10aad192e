// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/measured_layers.hpp"

#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

// As profiler/torch/moe_layer.py prints it.
const std::string row =
    R"({"model": "mixtral-8x7b", "tokens": 4096, "gpu": "NVIDIA H100 80GB HBM3", "torch": "2.7.0+cu128", "attention": "cudnn_attention", "grouped_mm": false, "compiled": true, "forward_ms": 5.25, "backward_ms": 11.5, "peak_gb": 12.3})";

}  // namespace

TEST_CASE("the script's lines are read with their numbers and line numbers, blank lines skipped") {
  Diagnostics faults;
  const auto layers = read_measured_layers(row + "\n\n" + row + "\r\n", "layers.jsonl", faults);
  CHECK(faults.text() == "");
  REQUIRE(layers.size() == 2);
  CHECK(layers[0].line == 1);
  CHECK(layers[1].line == 3);
  CHECK(layers[1].model == "mixtral-8x7b");
  CHECK(layers[1].gpu == "NVIDIA H100 80GB HBM3");
  CHECK(layers[1].tokens == 4096);
  CHECK(layers[1].precision == "bf16");
  CHECK(layers[1].attention == "cudnn_attention");
  CHECK_FALSE(layers[1].grouped_mm);
  CHECK(layers[1].compiled);
  CHECK(layers[1].forward.value() == Approx(5.25e-3));
  CHECK(layers[1].backward.value() == Approx(11.5e-3));
  CHECK(read_measured_layers("[" + row + ", " + row + "]", "layers.json", faults).size() == 2);
}

TEST_CASE("what is wrong with a measured layer is said with its line, all at once") {
  Diagnostics faults;
  const auto layers = read_measured_layers(
      row + "\n" + R"({"model": "mixtral-8x7b", "tokens": 0, "forward_ms": -1, "backward_ms": 1})" + "\n" + row + "\n" +
          R"({"model": 7, "gpu": "h100", "tokens": 1, "forward_ms": 1, "backward_ms": 1, "bakward": 2})",
      "layers.jsonl", faults);
  CHECK(layers.size() == 2);
  const std::string text = faults.text();
  for (const char* part : {"layers.jsonl:2: /1/tokens: ", "layers.jsonl:2: /1/forward_ms: ", "\"gpu\"",
                           "layers.jsonl:4: /3/model: ", "bakward"}) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  }
  for (const char* broken : {"", "\n\n", "{", "null", "{}\n{", "[", "no JSON"}) {
    INFO(broken);
    Diagnostics more;
    CHECK(read_measured_layers(broken, "layers.jsonl", more).empty());
    CHECK_FALSE(more.empty());
  }
}
