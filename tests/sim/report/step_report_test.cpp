// SPDX-License-Identifier: Apache-2.0
// Is the step report what docs promise scripts, and do its parts add up?
#include <nlohmann/json.hpp>

#include "models/counts.hpp"
#include "sim/report/compare.hpp"
#include "sim/report/explain.hpp"
#include "sim/report/exporters.hpp"
#include "sim/report/reports.hpp"
#include "tests/sim/report/sample.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::test;

namespace {

nlohmann::json step_json(const Run& run) {
  return nlohmann::json::parse(report::to_json(report::step_report(run, predict(run, calibration()), calibration())));
}

}  // namespace

TEST_CASE("every catalogue run reports all keys that scripts rely on, and its parts add up") {
  for (const std::string& id : catalogue_run_ids()) {
    INFO(id);
    const Run run = catalogue_run(id);
    const nlohmann::json json = step_json(run);
    CHECK(json["format"] == "sextant/step/1");
    for (const char* key : {"feasible", "reasons", "step_time_s", "step_time_band_s", "tokens_per_s_per_gpu",
                            "model_tflops_per_gpu", "mfu", "hfu", "flops_per_token", "flop_convention",
                            "mfu_other_conventions", "memory_gb", "terms", "pipeline", "coverage", "assumptions"}) {
      CHECK(json.contains(key));
    }
    const double step = json["step_time_s"];
    CHECK(json["step_time_band_s"][0].get<double>() < step);
    CHECK(json["step_time_band_s"][1].get<double>() > step);
    double terms = 0;
    for (const auto& term : json["terms"]) {
      terms += term["seconds"].get<double>();
      CHECK(!term["why"].get<std::string>().empty());
    }
    CHECK(terms == Approx(step).epsilon(1e-12));
    const nlohmann::json& memory = json["memory_gb"];
    double classes = 0;
    for (const char* key : {"weights", "gradients", "optimizer", "activations", "buffers"})
      classes += memory[key].get<double>();
    CHECK(classes == Approx(memory["total"].get<double>()).epsilon(1e-12));
    CHECK(memory["per_stage"].size() == static_cast<std::size_t>(run.parallelism.pp));
    double worst = 0;
    for (const auto& stage : memory["per_stage"]) worst = std::max(worst, stage["total"].get<double>());
    CHECK(worst == memory["total"].get<double>());
    CHECK((memory["total"] <= memory["capacity"]) == json["feasible"].get<bool>());
    // tokens/s/GPU x FLOP/token is the model rate, and its share of the peak the MFU.
    const double rate = json["tokens_per_s_per_gpu"].get<double>() * json["flops_per_token"].get<double>();
    CHECK(rate == Approx(json["model_tflops_per_gpu"].get<double>() * 1e12).epsilon(1e-12));
    CHECK(rate / run.cluster.gpu.peak.bf16.value() == Approx(json["mfu"].get<double>()).epsilon(1e-12));
    CHECK(json["hfu"].get<double>() >= json["mfu"].get<double>());
  }
}

TEST_CASE("efficiency counts as DeepSeek-V3's authors do") {
  // arXiv:2505.09343, table 4: a step of 19.926 s on 2,048 H800 is 385 TFLOP/s and 38.94 % MFU with causal attention,
  // 432 TFLOP/s and 43.73 % without.
  const Run run = catalogue_run("deepseek-v3-2048-h800");
  const Efficiency e = efficiency(run, Seconds{19.926});
  CHECK(e.model_rate.value() / 1e12 == Approx(385).epsilon(0.01));
  CHECK(e.mfu == Approx(0.3894).epsilon(0.01));
  CHECK(e.share(e.flops_per_token.full_attention) == Approx(0.4373).epsilon(0.01));
  // 62,914,560 tokens / (19.926 s x 2,048)
  CHECK(e.tokens_per_s_per_gpu == Approx(1541.7).epsilon(1e-4));
}

TEST_CASE("full recompute raises hardware FLOPs by a third of the layers' share") {
  const Run run = catalogue_run("bloom-176b-384-a100");
  const FlopCounts f = flop_counts(run);
  // The head (14,336 x 250,880 = 3.6e9 of 176e9 parameters, 2 %) is not run again: a little less than 4/3.
  CHECK(f.hardware / f.model < 4.0 / 3);
  CHECK(f.hardware / f.model > 1.32);
  Run none = run;
  none.recompute = {};
  CHECK(flop_counts(none).hardware == flop_counts(none).with_mtp);
}

TEST_CASE("selective recompute of core attention adds a third of attention's FLOPs") {
  Run run = catalogue_run("llama2-70b-64-h100");
  run.recompute = {};
  run.recompute.mode = RecomputeMode::selective;
  run.recompute.modules.add(Module::core_attn);
  const FlopCounts f = flop_counts(run);
  // Causal scores and values of 80 layers, 64 heads of 128, 4,096 tokens: 80 x 64 x 2 x 2 x 128 x 4096/2 FLOP a token.
  const double attention = 80.0 * 64 * 4 * 128 * 2048;
  CHECK((f.hardware - f.model).value() == Approx(attention).epsilon(0.01));
}

TEST_CASE("the nearest precision is one that the hardware has") {
  hardware::Accelerator gpu = catalogue_run("llama2-70b-64-h100").cluster.gpu;
  CHECK(nearest_precision(gpu, Precision::fp8) == Precision::fp8);
  CHECK(nearest_precision(gpu, Precision::nvfp4) == Precision::fp8);  // Hopper has neither FP4 nor MX formats
  CHECK(nearest_precision(gpu, Precision::mxfp8) == Precision::fp8);
  const hardware::Accelerator ampere = catalogue_run("bloom-176b-384-a100").cluster.gpu;
  CHECK(nearest_precision(ampere, Precision::fp8_blockwise) == Precision::bf16);
  gpu.peak.bf16 = gpu.peak.fp8 = FlopRate{};  // as Volta
  CHECK(nearest_precision(gpu, Precision::fp8) == Precision::fp16);
}

TEST_CASE("explaining a term gives operators that add up to it") {
  const Run run = catalogue_run("llama2-70b-64-h100");
  const Prediction prediction = predict(run, calibration());
  for (const char* tag : {"step/compute/gemm", "step/compute/attention"}) {
    INFO(tag);
    const auto json = nlohmann::json::parse(
        report::to_json(report::explain_report({run, prediction, calibration()}, report::find_tag(tag))));
    double sum = 0;
    for (const auto& row : json["operators"]) sum += row["total_s"].get<double>();
    CHECK(sum == Approx(json["value"].get<double>()).epsilon(1e-9));
    CHECK(!json["formula"].get<std::string>().empty());
    CHECK(!json["parameters"].empty());
    CHECK(!json["inputs"].empty());
  }
}

TEST_CASE("every tag can be explained, and short forms are understood") {
  const Run run = catalogue_run("deepseek-v3-2048-h800");
  const Prediction prediction = predict(run, calibration());
  for (const std::string& tag : report::explain_tags()) {
    INFO(tag);
    CHECK(report::find_tag(tag) == tag);
    const auto json =
        nlohmann::json::parse(report::to_json(report::explain_report({run, prediction, calibration()}, tag)));
    CHECK(json["tag"] == tag);
    CHECK(json["value"].is_number());
  }
  CHECK(report::find_tag("gemm") == "step/compute/gemm");
  CHECK(report::find_tag("embedding").empty());  // of the step or of the memory?
  CHECK(report::find_tag("gem").empty());
}

TEST_CASE("a comparison prices the same tokens at each GPU's own rate") {
  const Run run = catalogue_run("llama2-70b-64-h100");
  hardware::PriceRow row;
  row.gpu = run.cluster.gpu.id;
  row.price = GpuPrice{2.0 / 3600};
  row.date = "2024";
  const std::vector<hardware::PriceRow> rows{row};
  report::Compared c;
  c.gpu = run.cluster.gpu.id;
  c.gpus = run.cluster.gpus;
  c.prediction = predict(run, calibration());
  c.price = hardware::rental_price(rows, {c.gpu, std::nullopt, {}});
  REQUIRE(c.price);
  const auto json = nlohmann::json::parse(report::to_json(report::compare_report(run, {c})));
  const nlohmann::json& first = json["rows"][0];
  const double hours = first["gpu_hours_per_trillion_tokens"]["mid"];
  CHECK(hours == Approx(1e12 / first["tokens_per_s_per_gpu"].get<double>() / 3600));
  CHECK(first["cost_usd_per_trillion_tokens"]["mid"].get<double>() == Approx(2 * hours));
  CHECK(first["speed_relative"] == 1.0);
  // A price without a band leaves the band of the time.
  CHECK(first["cost_usd_per_trillion_tokens"]["high"].get<double>() / (2 * hours) ==
        Approx(first["step_time_high_s"].get<double>() / first["step_time_s"].get<double>()));
}
