// SPDX-License-Identifier: Apache-2.0
// Does `layer` say what one layer takes, and hold measured layers against it?
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::test;

namespace {

nlohmann::json json_of(std::vector<std::string> arguments) {
  arguments.emplace_back("--json");
  const Finished f = run_sextant(arguments);
  INFO(f.err);
  REQUIRE(f.code == 0);
  return nlohmann::json::parse(f.out);
}

std::string line(const std::string& model, double forward_ms, double backward_ms, bool compiled = false) {
  const nlohmann::json row{{"model", model},
                           {"tokens", 4096},
                           {"gpu", "NVIDIA H100 80GB HBM3"},
                           {"torch", "2.7.0"},
                           {"attention", "cudnn_attention"},
                           {"grouped_mm", true},
                           {"compiled", compiled},
                           {"forward_ms", forward_ms},
                           {"backward_ms", backward_ms},
                           {"peak_gb", 20.1}};
  return row.dump();
}

std::size_t columns(const std::string& text) {
  std::size_t n = 0;  // a code point each
  for (const char c : text) n += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return n;
}

}  // namespace

TEST_CASE("a layer has its passes, their terms and their operators, and each sums up") {
  const auto j = json_of({"layer", "--model", "deepseek-v3", "--gpu", "h100", "--tokens", "4096"});
  CHECK(j["format"] == "sextant/layer/1");
  REQUIRE(j["layers"].size() == 2);
  CHECK(j["layers"][0]["count"] == 3);
  CHECK(j["layers"][1]["count"] == 58);
  // arXiv:2412.19437: 256 routed experts and a shared one of 3 x 7168 x 2048, attention of some 187 million.
  CHECK(j["layers"][1]["parameters"].get<double>() == Approx(257 * 3 * 7168.0 * 2048 + 187e6).epsilon(0.01));
  for (const auto& layer : j["layers"]) {
    double forward = 0, inputs = 0, weights = 0;
    for (const auto& term : j["terms"]) {
      if (term["layer"] != layer["layer"]) continue;
      forward += term["forward_s"].get<double>();
      inputs += term["input_gradient_s"].get<double>();
      weights += term["weight_gradient_s"].get<double>();
    }
    CHECK(forward == Approx(layer["forward_s"].get<double>()));
    CHECK(inputs == Approx(layer["input_gradient_s"].get<double>()));
    CHECK(weights == Approx(layer["weight_gradient_s"].get<double>()));
    CHECK(inputs + weights == Approx(layer["backward_s"].get<double>()));
    CHECK(layer["gpu_forward_s"].get<double>() <= forward);
  }
  for (const auto& line : lines(run_sextant({"layer", "deepseek-v3-2048-h800"}).out)) {
    INFO(line);
    CHECK(columns(line) <= 80);
  }
}

TEST_CASE("degrees split a layer: half of the parameters on two tensor ranks, an eighth of the experts on eight") {
  const std::vector<std::string> one{"layer", "--model", "mixtral-8x7b", "--gpu", "h100", "--tokens", "4096"};
  const auto at = [&one](std::vector<std::string> more) {
    std::vector<std::string> all = one;
    all.insert(all.end(), more.begin(), more.end());
    return json_of(all)["layers"][0];
  };
  const double whole = at({})["parameters"];
  CHECK(at({"--tp", "2"})["parameters"].get<double>() == Approx(whole / 2).epsilon(0.01));
  // arXiv:2401.04088: experts of 3 x 4096 x 14336, attention of 4096 x (2 x 4096 + 2 x 1024).
  CHECK(at({"--ep", "8"})["parameters"].get<double>() == Approx(3 * 4096 * 14336.0 + 4096 * 10240.0).epsilon(0.01));
  CHECK(at({"--tp", "2"})["forward_s"] < at({})["forward_s"]);
  CHECK(at({"--accumulate"})["weight_gradient_s"] > at({})["weight_gradient_s"]);
  CHECK(at({"--precision", "fp8"})["forward_s"] < at({})["forward_s"]);
}

TEST_CASE("measured layers are held against the prediction of the GPU's time") {
  const TemporaryFolder folder;
  const std::string file = folder / "layers.jsonl";
  const auto alone = json_of({"layer", "--model", "deepseek-v3", "--gpu", "h100", "--tokens", "4096", "--software-date",
                              "2025-06"})["layers"][1];  // fused attention
  const double forward_ms = alone["gpu_forward_s"].get<double>() * 1e3;
  const double backward_ms = alone["gpu_backward_s"].get<double>() * 1e3;
  std::ofstream(file) << line("deepseek-v3", forward_ms, backward_ms / 1.25) << "\n"
                      << line("mixtral-8x7b", 2, 4, true) << "\n";
  const auto j = json_of({"layer", "--against", file});
  CHECK(j["format"] == "sextant/layer-comparison/1");
  CHECK(j["n"] == 4);
  REQUIRE(j["rows"].size() == 4);
  CHECK(j["rows"][0]["error"].get<double>() == Approx(0).margin(1e-6));
  CHECK(j["rows"][1]["error"].get<double>() == Approx(0.25).epsilon(1e-6));
  CHECK(j["rows"][1]["gpu"] == "H100-SXM-80GB");
  CHECK(j["rows"][2]["kernels"] == "fused");
  CHECK(j["worst_error"] == std::max(j["rows"][2]["error"].get<double>(), j["rows"][3]["error"].get<double>()));
  // Another part than the measured one may be asked for. A100 has 0.61 of H100's bandwidth and 0.32 of its FLOP/s.
  const auto slower = json_of({"layer", "--against", file, "--gpu", "a100"});
  CHECK(slower["rows"][0]["error"].get<double>() > 3350.0 / 2039 - 1);
  CHECK(slower["rows"][0]["error"].get<double>() < 989.0 / 312 - 1);
  const Finished text = run_sextant({"layer", "--against", file});
  CHECK(contains(text.out, "+25.0 %"));
  for (const std::string& l : lines(text.out)) {
    INFO(l);
    CHECK(columns(l) <= 80);
  }
}

TEST_CASE("what is wrong with a layers file is said at its lines, all at once; a wrong command line is usage") {
  const TemporaryFolder folder;
  const std::string file = folder / "layers.jsonl";
  std::string other_gpu = line("mixtral-8x7b", 1, 2);
  other_gpu.replace(other_gpu.find("NVIDIA H100"), 11, "NVIDIA H101");
  std::ofstream(file) << other_gpu << "\n" << line("deepseek-v33", 1, 2) << "\n" << line("mixtral-8x7b", 0, 2) << "\n";
  const Finished f = run_sextant({"layer", "--against", file});
  INFO(f.err);
  CHECK(f.code == 2);
  CHECK(f.out.empty());
  CHECK(contains(f.err, "layers.jsonl:1: /cluster/gpu: unknown GPU"));
  CHECK(contains(f.err, "layers.jsonl:2: /model: "));
  CHECK(contains(f.err, "layers.jsonl:3: /2/forward_ms: "));
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"layer"}, std::vector<std::string>{"layer", "--model", "deepseek-v3"},
        std::vector<std::string>{"layer", "--against", file, "--tokens", "4"},
        std::vector<std::string>{"layer", "deepseek-v3-2048-h800", "--against", file},
        std::vector<std::string>{"layer", "--model", "deepseek-v3", "--gpu", "h100", "--tokens", "0"}}) {
    CHECK(run_sextant(wrong).code == 1);
  }
  CHECK(run_sextant({"layer", "--model", "llama3-8b", "--gpu", "h100", "--tokens", "64", "--tp", "3"}).code == 2);
}
