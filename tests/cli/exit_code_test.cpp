// SPDX-License-Identifier: Apache-2.0
// Which exit code does each end leave, and does stdout carry the result and nothing else?
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::test;

namespace {

struct Row {
  std::vector<std::string> arguments;
  int code;
  std::string says;  ///< in stderr
};

}  // namespace

TEST_CASE("a wrong command line leaves with 1, names what is wrong and the nearest right word") {
  const std::vector<Row> rows{
      {{}, 1, "sextant COMMAND"},
      {{"simulat"}, 1, "did you mean \"simulate\"?"},
      {{"--json", "simulate"}, 1, "options follow the command"},
      {{"simulate", "--modle", "x"}, 1, "did you mean \"--model\"?"},
      {{"simulate", "--tp=x"}, 1, "--tp: expected a number, found \"x\""},
      {{"simulate", "llama3-8b-8-h100", "another"}, 1, "unexpected argument \"another\""},
      {{"simulate", "llama3-8b-8-h100", "--precision", "fp9"}, 1, "did you mean \"fp8\"?"},
      {{"simulate", "--model", "llama3-8b"}, 1, "--gpus"},
      {{"simulate", "llama3-8b-8-h100", "--format", "yaml"}, 1, "--format"},
      {{"simulate", "llama3-8b-8-h100", "-o", "/nonexistent/folder/x.json"}, 1, "cannot write"},
      {{"explain", "llama3-8b-8-h100", "step/compute/gem"}, 1, "did you mean \"step/compute/gemm\"?"},
      {{"list", "gpuz"}, 1, "did you mean \"gpus\"?"},
      {{"show", "gpu"}, 1, "ID"},
      {{"compare", "llama3-8b-8-h100"}, 1, "--gpu"},
  };
  for (const Row& row : rows) {
    const Finished f = run_sextant(row.arguments);
    INFO(f.err);
    CHECK(f.code == row.code);
    CHECK(contains(f.err, row.says));
    CHECK(f.out.empty());
  }
}

TEST_CASE("an id that does not exist is bad data") {
  const std::vector<Row> rows{
      {{"simulate", "deepseek-v3-2048"}, 2, "did you mean \"deepseek-v3-2048-h800\"?"},
      {{"simulate", "no/such/file.json"}, 2, "no/such/file.json: no such file"},
      {{"simulate", "llama3-8b-8-h100", "--gpu", "h10"}, 2, "command line: --gpu: unknown GPU \"h10\""},
      {{"simulate", "llama3-8b-8-h100", "--model", "llama3-9b"}, 2, "command line: --model: "},
      {{"simulate", "llama3-8b-8-h100", "--tp", "3"}, 2, "/parallelism"},
      {{"simulate", "llama3-8b-8-h100", "--tp", "-1"}, 2, "command line: --tp: expected an integer of at least 1"},
      {{"simulate", "llama3-8b-8-h100", "--data", "/nonexistent"}, 2, "is not a directory"},
      {{"simulate", "llama3-8b-8-h100", "--profile", "/nonexistent"}, 2, "no such file"},
      {{"show", "model", "gpt-9"}, 2, "gpt-9"},
      {{"show", "stack", "megatron-kore"}, 2, "did you mean \"megatron-core\"?"},
      {{"show", "claim", "deepseek-v3-totla"}, 2, "did you mean \"deepseek-v3-total\"?"},
  };
  for (const Row& row : rows) {
    const Finished f = run_sextant(row.arguments);
    INFO(f.err);
    CHECK(f.code == row.code);
    CHECK(contains(f.err, row.says));
    CHECK(f.out.empty());
  }
}

TEST_CASE("an infeasible run leaves with 3 and is predicted all the same") {
  // 405e9 parameters x 2 bytes of weights alone are 100 GB on each of 8 GPUs of 80 GB.
  const Finished f = run_sextant({"simulate", "--model", "llama3.1-405b", "--gpu", "h100", "--gpus", "8", "--tp", "8",
                                  "--seq-len", "8192", "--global-sequences", "8", "--json"});
  INFO(f.err);
  CHECK(f.code == 3);
  const auto json = nlohmann::json::parse(f.out);
  CHECK(json["feasible"] == false);
  REQUIRE(json["reasons"].size() == 1);
  CHECK(starts_with(json["reasons"][0].get<std::string>(), "needs "));
  CHECK(json["step_time_s"].get<double>() > 0);
  CHECK(json["memory_gb"]["total"].get<double>() > json["memory_gb"]["capacity"].get<double>());
}

TEST_CASE("hardware without the format of a run cannot do it") {
  const Finished f = run_sextant({"simulate", "deepseek-v3-2048-h800", "--gpu", "a100"});
  CHECK(f.code == 3);
  CHECK(contains(f.out, "A100-SXM-80GB does not compute in fp8"));
}

TEST_CASE("success leaves with 0 and says nothing on stderr") {
  const std::vector<std::vector<std::string>> rows{
      {"--version"},
      {"--help"},
      {"help", "simulate"},
      {"simulate", "--help"},
      {"simulate", "llama3-8b-8-h100"},
      {"simulate", "LLAMA3_8B-8-h100", "--json"},
      {"simulate", "llama3-8b-8-h100", "--format", "csv"},
      {"explain", "llama3-8b-8-h100"},
      {"explain", "llama3-8b-8-h100", "gemm"},
      {"compare", "llama3-8b-8-h100", "--gpu", "h200"},
      {"trace", "llama3-8b-8-h100"},
      {"show", "gpu", "h800"},
      {"completion", "bash"},
  };
  for (const auto& row : rows) {
    const Finished f = run_sextant(row);
    INFO(row.front());
    CHECK(f.code == 0);
    CHECK(f.err.empty());
    CHECK(!f.out.empty());
  }
}

TEST_CASE("a result that cannot be written is not reported as success") {
  CHECK(run_sextant({"list", "gpus", "-o", "/dev/full"}).code == 1);
}
