// SPDX-License-Identifier: Apache-2.0
// Files as they go wrong: is every fault found at once, with its place, and is nothing printed as a result?
#include <array>
#include <string_view>

#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::test;

namespace {

/// A file below tests/cli/bad and how the lines about it begin, after "tests/cli/bad/FILE:". One line each, in order;
/// a line beyond them fails.
struct BadFile {
  std::string_view file;
  std::vector<std::string_view> faults;
};

void check(const BadFile& bad, const std::vector<std::string>& arguments) {
  const std::string place = "tests/cli/bad/" + std::string(bad.file);
  const Finished f = run_sextant(arguments);
  INFO(place << "\n" << f.err);
  CHECK(f.code == 2);
  CHECK(f.out.empty());
  const std::vector<std::string> found = lines(f.err);
  CHECK(found.size() == bad.faults.size());
  for (std::size_t i = 0; i < std::min(found.size(), bad.faults.size()); ++i) {
    INFO("expected: " << bad.faults[i]);
    CHECK(starts_with(found[i], place + ":" + std::string(bad.faults[i])));
  }
}

const std::vector<BadFile>& runs() {
  static const std::vector<BadFile> table{
      // no JSON
      {"runs/empty.json", {"1: not valid JSON: unexpected end of input"}},
      {"runs/blank.json", {"1: not valid JSON: unexpected end of input"}},
      {"runs/truncated.json", {"3: /cluster: not valid JSON: unexpected end of input"}},
      {"runs/binary.json", {"1: not valid JSON: "}},
      {"runs/not-utf8.json", {"2: not valid JSON: invalid string: ill-formed UTF-8 byte"}},
      {"runs/not-json.json", {"1: not valid JSON: invalid literal"}},
      {"runs/comment.json", {"4: not valid JSON: invalid literal"}},
      {"runs/single-quotes.json", {"2: not valid JSON: invalid literal"}},
      {"runs/trailing-comma.json", {"4: /parallelism: not valid JSON: unexpected '}'"}},
      {"runs/trailing-text.json", {"7: not valid JSON: unexpected '{'; expected end of input"}},
      {"runs/nan.json", {"5: /batch: not valid JSON: invalid literal"}},
      {"runs/infinity.json", {"5: /batch: not valid JSON: invalid literal"}},
      {"runs/overflow.json", {"5: /batch: not valid JSON: number overflow parsing '1e999'"}},
      {"runs/deep-nesting.json", {"1: /model/0/0/0/0/0/0/0/0"}},
      {"runs/deep-objects.json", {"1: /model/a/a/a/a/a/a/a/a"}},
      {"runs/duplicate-key.json", {"4: /parallelism/tp: the key appears twice in this object"}},
      // no run
      {"runs/array.json", {"1: expected a run: "}},
      {"runs/number.json", {"1: expected a run: "}},
      {"runs/null.json", {"1: expected a run: "}},
      {"runs/wrong-format.json", {"2: /format: expected \"sextant/run/1\", found \"sextant/run/2\""}},
      {"runs/format-of-other-kind.json", {"2: /format: expected \"sextant/run/1\", found \"sextant/step/1\""}},
      // keys
      {"runs/missing-all.json",
       {"1: the key \"model\" is missing", "1: the key \"cluster\" is missing", "1: the key \"batch\" is missing"}},
      {"runs/missing-model.json", {"1: the key \"model\" is missing"}},
      {"runs/missing-batch.json", {"1: the key \"batch\" is missing"}},
      {"runs/missing-gpus.json", {"3: /cluster: the key \"gpus\" is missing"}},
      {"runs/missing-seq-len.json", {"5: /batch: the key \"seq_len\" is missing"}},
      {"runs/unknown-key.json", {"4: /paralelism: unknown key; did you mean \"parallelism\"?"}},
      {"runs/unknown-keys-everywhere.json",
       {"3: /cluster/gpu_per_node: unknown key; did you mean \"gpus_per_node\"?",
        "4: /parallelism/dpp: unknown key; did you mean \"", "5: /batch/micro_batch: unknown key",
        "6: /presision: unknown key; did you mean \"precision\"?"}},
      // types
      {"runs/string-for-number.json",
       {"4: /parallelism/tp: expected an integer of at least 1 and at most 1024, found \"2\""}},
      {"runs/number-for-string.json", {"2: /model: expected a model's id, a model object or"}},
      {"runs/array-for-object.json", {"4: /parallelism: expected an object, found an array"}},
      {"runs/boolean-for-number.json", {"5: /batch/seq_len: expected an integer"}},
      {"runs/fraction.json", {"4: /parallelism/tp: expected an integer of at least 1 and at most 1024, found 2.5"}},
      {"runs/features-not-words.json",
       {"2: /features/0: expected a string, found 1", "2: /features/1: expected a string, found an object"}},
      {"runs/bad-date.json", {"2: /software_date: expected a string, found 2025"}},
      {"runs/bad-month.json", {"2: /software_date: expected a month such as \"2024-11\", found \"2024-13\""}},
      // ranges
      {"runs/negative-degree.json",
       {"4: /parallelism/tp: expected an integer of at least 1 and at most 1024, found -2"}},
      {"runs/zero-degree.json", {"4: /parallelism/tp: expected an integer", "4: /parallelism/pp: expected an integer"}},
      {"runs/absurd-degrees.json",
       {"4: /parallelism/tp: expected an integer", "4: /parallelism/pp: expected an integer"}},
      {"runs/negative-batch.json",
       {"5: /batch/seq_len: expected an integer", "5: /batch/global_sequences: expected an integer"}},
      {"runs/huge-batch.json", {"5: /batch/global_sequences: expected an integer"}},
      {"runs/huge-gpus.json", {"3: /cluster/gpus: expected an integer"}},
      {"runs/huge-number.json", {"5: /batch/seq_len: expected an integer"}},
      {"runs/negative-override.json",
       {"3: /cluster/gpu_overrides/hbm_bytes_per_s: expected a number above 0",
        "3: /cluster/gpu_overrides/tdp_w: expected a number above 0"}},
      // words
      {"runs/unknown-model.json", {"2: /model: no model \"llama3-9b\" is known; did you mean \"llama3-8b\"?"}},
      {"runs/unknown-gpu.json", {"3: /cluster/gpu: unknown GPU \"H1000\"; did you mean \"H100\"?"}},
      {"runs/unknown-cluster.json", {"3: /cluster: unknown cluster \"deepseek-h800-2049\"; did you mean"}},
      {"runs/unknown-stack.json", {"2: /stack: no stack \"megatron-kore\"; did you mean \"megatron-core\"?"}},
      {"runs/unknown-precision.json", {"2: /precision: \"fp7\" is not one of bf16, fp16, fp8"}},
      {"runs/unknown-sharding.json", {"4: /parallelism/sharding: \"zero4\" is not one of none, zero1"}},
      {"runs/unknown-schedule.json", {"4: /parallelism/schedule: \"1f1f\" is not one of gpipe, 1f1b"}},
      {"runs/unknown-recompute.json", {"2: /recompute/mode: \"some\" is not one of none, selective, full, block"}},
      {"runs/unknown-module.json",
       {"2: /recompute/modules/0: \"layer_norm\" is not one of", "2: /recompute/modules/1: \"mlps\" is not one of"}},
      {"runs/unknown-override.json", {"3: /cluster/gpu_overrides/hbm_bytes: unknown key; did you mean"}},
      // numbers that contradict each other
      {"runs/more-ranks-than-gpus.json",
       {"4: /parallelism: tp 8 x pp 4 x cp 1 x dp 1 = 32 ranks, the cluster has 8 GPUs"}},
      {"runs/ranks-do-not-divide.json",
       {"4: /parallelism: tp 3 x pp 1 x cp 1 x dp 2 = 6 ranks, the cluster has 8 GPUs",
        "4: /parallelism/tp: tp 3 does not divide 32 heads", "4: /parallelism/tp: tp 3 and 8 key-value heads",
        "4: /parallelism/tp: tp 3 does not divide an MLP of width 14336",
        "5: /batch/seq_len: a sequence of 8192 tokens does not divide into 3 parts"}},
      {"runs/dp-contradicts.json", {"4: /parallelism: tp 2 x pp 1 x cp 1 x dp 8 = 16 ranks, the cluster has 8 GPUs"}},
      {"runs/more-stages-than-layers.json", {"4: /parallelism/pp: 32 layers do not fill pp 64"}},
      {"runs/experts-of-dense-model.json", {"4: /parallelism/ep: ep 8, and the model has no experts"}},
      // models inside
      {"runs/model-without-structure.json",
       {"2: /model: the key \"hidden\" is missing", "2: /model: the key \"vocab\" is missing",
        "2: /model: the key \"heads\" is missing", "2: /model: the key \"ffn\" is missing"}},
      {"runs/model-negative.json", {"2: /model/layers: expected an integer", "2: /model/vocab: expected an integer"}},
      {"runs/model-heads-do-not-divide.json",
       {"2: /model/kv_heads: 5 does not divide 32 heads", "2: /model: the key \"head_dim\" is missing"}},
      // all at once
      {"runs/many-faults.json",
       {"2: /format: ", "3: /model: ", "4: /cluster/gpus: ", "5: /precision: ", "6: /parallelism/tp: ",
        "6: /parallelism/pp: ", "7: /batch/seq_len: ", "7: /batch: the key \"global_sequences\" is missing",
        "8: /routing: "}},
  };
  return table;
}

const std::vector<BadFile>& models() {
  static const std::vector<BadFile> table{
      {"models/unknown-attention.json", {"3: /attention: \"linear\" is not one of mha, gqa, mla"}},
      {"models/mla-without-widths.json", {"1: the key \"mla\" is missing"}},
      {"models/moe-without-experts.json",
       {"1: the key \"experts\" is missing", "1: the key \"experts_per_token\" is missing",
        "1: the key \"expert_ffn\" is missing"}},
      {"models/topk-above-experts.json", {"2: /experts_per_token: 9 is not between 1 and the 8 experts"}},
      {"models/misspelt-key.json", {"2: /layrs: unknown key; did you mean \"layers\"?"}},
      {"models/huge-layers.json", {"2: /layers: expected an integer of at least 1 and at most 4096"}},
      {"models/no-source-trust.json",
       {"3: /sources/: the key \"where\" is missing", "3: /sources/: the key \"date\" is missing",
        "3: /sources/: the key \"trust\" is missing"}},
      {"models/hf-unknown-architecture.json", {"2: /architectures: \"BananaForCausalLM\" is not an architecture"}},
      {"models/hf-mamba.json", {"2: /architectures: \"MambaForCausalLM\" is not an architecture"}},
  };
  return table;
}

}  // namespace

TEST_CASE("a malformed run is refused with every fault in its place") {
  for (const BadFile& bad : runs()) check(bad, {"simulate", "tests/cli/bad/" + std::string(bad.file)});
}

TEST_CASE("a malformed model is refused with every fault in its place") {
  for (const BadFile& bad : models()) check(bad, {"show", "model", "tests/cli/bad/" + std::string(bad.file)});
}

TEST_CASE("a near Hugging Face file that hides its experts is refused by the key") {
  // SimAI renames n_routed_experts; a lenient reader would take a dense model of 37 B for the 671 B one.
  const Finished f = run_sextant({"show", "model", "tests/cli/bad/models/hf-unknown-experts.json"});
  CHECK(f.code == 2);
  CHECK(contains(f.err, "hf-unknown-experts.json:3: /num_routed_experts: "));
}

TEST_CASE("other malformed files are refused with every fault in its place") {
  const std::vector<std::pair<std::string, BadFile>> table{
      {"gpu",
       {"gpus/unknown-key.json",
        {"1: the key \"fp16_flop_per_s\" is missing", "1: the key \"hbm_bytes_per_s\" is missing",
         "1: the key \"nvlink_links\" is missing", "1: the key \"pcie_bytes_per_s\" is missing",
         "1: the key \"sm_count\" is missing", "1: the key \"boost_clock_hz\" is missing",
         "2: /architecture: \"hoper\" is not one of", "3: /memory_mib: expected a number above 0",
         "3: /tdp_w: expected a number above 0", "3: /bf16_flop_per_sec: unknown key; did you mean"}}},
      {"observation",
       {"observations/negative-time.json", {"4: /measured/step_time_s: expected a number above 0, found -1"}}},
      {"observation", {"observations/no-source.json", {"1: /0: the key \"source\" is missing"}}},
      {"observation", {"observations/not-measured.json", {"1: /measured: the key \"step_time_s\" is missing"}}},
      {"claim",
       {"claims/no-figures.json",
        {"1: the key \"model\" is missing", "1: the key \"stage\" is missing", "1: the key \"source\" is missing"}}},
      {"claim",
       {"claims/wrong-types.json",
        {"2: /id: expected a string, found 7", "2: /stage: \"pretraining\" is not one of",
         "2: /tokens_b: expected a number", "2: /hardware/gpu: expected a string",
         "2: /hardware/gpus: expected an integer", "3: /claimed/gpu_hours: expected a number",
         "3: /claimed/gpu_ours: unknown key; did you mean \"gpu_hours\"?",
         "3: /source/trust: \"rumour\" is not one of measured"}}},
      {"stack",
       {"stacks/unknown-kernel.json",
        {"1: the key \"typical_date\" is missing", "1: the key \"layer_kernels\" is missing",
         "1: the key \"host_layer\" is missing", "1: the key \"memory\" is missing",
         "2: /attention/0/kernel: \"flash9\" is not one of unfused",
         "2: /memory_bound: \"fast\" is no calibrated parameter", "3: /schedule: \"zigzag\" is not one of gpipe"}}},
      {"cluster", {"clusters/unknown-fabric.json", {"1: /fabric: unknown fabric \"token-ring\""}}},
      {"cluster",
       {"clusters/negative-network.json",
        {"1: /gpus_per_node: expected an integer", "1: /nic_gbit_per_s_per_gpu: expected a number above 0"}}},
  };
  for (const auto& [kind, bad] : table) check(bad, {"show", kind, "tests/cli/bad/" + std::string(bad.file)});
}

TEST_CASE("a malformed sweep is refused with every fault in its place") {
  const std::vector<BadFile> table{
      {"sweeps/many-faults.json",
       {"1: /format: expected \"sextant/sweep/1\"", "4: /axes/0/field: \"parallelism.tp\" is no place in a run",
        "5: /axes/1/to: 8 is below \"from\", 64", "6: /axes/2: a range needs", "7: /axes/3: expected either",
        "8: /axes/4/values/1: expected a list of 2 values", "9: /axes/5/from: a range by ratios begins above 0",
        "10: /axes/6/scael: unknown key; did you mean \"scale\"?", "11: /axes/7/values: the list of values is empty"}},
      {"sweeps/wrong-fields.json",
       {"3: /axes/0/field: /parallelism/ttp: unknown key; did you mean \"tp\"?",
        "6: /axes/1/values/1: /precision: \"fp9\" is not one of",
        "7: /axes/2: /cluster/gpus: expected an integer of at least 1",
        "10: /axes/3/values/1/1: /parallelism/pp: expected an integer",
        "11: /axes/4/field: /batch/seq_len/x: /batch/seq_len is no object but a number",
        "12: /axes/5/values/0: /stack: no stack \"megatron-kore\"; did you mean \"megatron-core\"?"}},
      {"sweeps/same-field.json", {"3: /axes/1: /cluster/gpus has values already, from axis 0"}},
      {"sweeps/too-many.json", {"2: /axes: more than 100000000 points"}},
  };
  for (const BadFile& bad : table) check(bad, {"sweep", "tests/cli/bad/" + std::string(bad.file)});
}

TEST_CASE("a malformed calibration is refused") {
  const BadFile tag{"calibrations/unknown-parameter.json", {"3: /parameters: unknown parameter \"gemm/rate/hoper\""}};
  const BadFile value{"calibrations/negative-value.json",
                      {"2: /rows: expected ", "3: /parameters/0/value: expected a number above 0, found -1",
                       "3: /parameters/1: the key \"tag\" is missing"}};
  for (const BadFile& bad : {tag, value}) {
    check(bad, {"simulate", "llama3-8b-8-h100", "--profile", "tests/cli/bad/" + std::string(bad.file)});
  }
}

TEST_CASE("a malformed file of an overlay is named by its own path") {
  const std::string gpu = "tests/cli/bad/overlay-gpu";
  const Finished f = run_sextant({"simulate", "llama3-8b-8-h100", "--data", gpu});
  CHECK(f.code == 2);
  CHECK(starts_with(f.err, gpu + "/hardware/data/gpus/h100-sxm-80gb.json:1: "));
  CHECK(run_sextant({"simulate", "llama3-8b-8-h100", "--data", "tests/cli/bad/overlay-model"}).code == 2);
  CHECK(run_sextant({"simulate", "llama3-8b-8-h100", "--data", "tests/cli/bad/overlay-truncated"}).code == 2);
  // A listing shows the good entries beside the fault.
  const Finished list = run_sextant({"list", "gpus", "--data", gpu});
  CHECK(list.code == 2);
  CHECK(contains(list.out, "A100-SXM-80GB"));
  CHECK(contains(list.err, "/name: expected a string, found 5"));
}

TEST_CASE("what is no file at all is refused") {
  for (const std::string path : {"/dev/null", "/dev/zero", "tests", "/nonexistent"}) {
    INFO(path);
    CHECK(run_sextant({"simulate", path}).code == 2);
  }
  CHECK(run_sextant({"simulate", "-"}, "").code == 2);
  CHECK(run_sextant({"show", "model", "-"}, std::string("\0\1\2\3", 4)).code == 2);
}
