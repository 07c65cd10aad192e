// SPDX-License-Identifier: Apache-2.0
// Does --profile take kernels and calibrations, from files and by id, and say what it did with them?
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::test;

namespace {

nlohmann::json json_of(const std::vector<std::string>& arguments) {
  const Finished f = run_sextant(arguments);
  INFO(f.err);
  REQUIRE((f.code == 0 || f.code == 3));
  return nlohmann::json::parse(f.out);
}

/// One product, the gate and up projection of Llama 3 8B for 8,192 tokens, in 5 ms.
std::string profile(const std::string& gpu) {
  return R"({"format": "sextant/profile/1", "id": "mine", "name": "mine", "gpu": ")" + gpu + R"(",
 "source": {"title": "a test", "where": "here", "date": "2026-11", "trust": "measured"},
 "samples": [{"family": "gemm", "dtype": "bf16", "pass": "fwd", "axes": {"m": 8192, "n": 28672, "k": 4096},
              "median_us": 5000}]})";
}

std::string written(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder / name) << text;
  return folder / name;
}

}  // namespace

TEST_CASE("a kernel profile's time goes before the form's, and the step says so") {
  const TemporaryFolder folder;
  const std::string file = written(folder, "p.json", profile("H100-SXM-80GB"));
  const auto plain = json_of({"simulate", "llama3-8b-8-h100", "--json"});
  const auto measured = json_of({"simulate", "llama3-8b-8-h100", "--json", "--profile", file});
  CHECK(plain["coverage"]["timed_flop_share"] == 0);
  // A third of that product's FLOPs; the product is a third of the model's 8e9 x 6 FLOPs a token and attention.
  const double timed = measured["coverage"]["timed_flop_share"];
  CHECK(timed > 0.10);
  CHECK(timed < 0.18);
  CHECK(measured["coverage"]["measured_flop_share"].get<double>() >= timed);
  CHECK(measured["step_time_s"] > plain["step_time_s"]);
  for (const auto& term : measured["terms"]) {
    const bool gemm = term["tag"] == "step/compute/gemm";
    CHECK(contains(term["why"].get<std::string>(), "mine measured") == gemm);
  }
  const auto explained = json_of({"explain", "llama3-8b-8-h100", "gemm", "--json", "--profile", file});
  for (const auto& op : explained["operators"]) {
    if (op["operator"] == "fc1") CHECK(op["forward_s"].get<double>() == Approx(5e-3));
  }
  for (const auto& row : explained["measured"]) {
    if (row["operator"] != "fc1" || row["pass"] != "fwd") continue;
    CHECK(row["used"] == true);
    CHECK(row["distance"] == 0);
    CHECK(row["profile"] == "mine");
    CHECK(contains(row["source"].get<std::string>(), "a test"));
  }
}

TEST_CASE("shipped tables cover runs on their GPUs without timing them, until they are given") {
  const std::vector<std::string> run{"simulate", "llama2-70b-64-h100", "--precision", "bf16", "--json"};
  const auto covered = json_of(run);
  CHECK(covered["coverage"]["measured_flop_share"] > 0.3);
  CHECK(covered["coverage"]["timed_flop_share"] == 0);
  std::vector<std::string> given = run;
  given.insert(given.end(), {"--profile", "H100_SXM-80GB-fp16-vidur", "--profile", "shipped"});
  const auto timed = json_of(given);
  CHECK(timed["coverage"]["timed_flop_share"] > 0.3);
  CHECK(timed["step_time_s"] != covered["step_time_s"]);
  // Nothing is measured on a part that no table is of.
  const auto nothing = json_of({"simulate", "llama3-8b-8-h100", "--gpu", "b200", "--json"});
  CHECK(nothing["coverage"]["measured_flop_share"] == 0);
}

TEST_CASE("plans, claims, validations and comparisons rest on given kernels too") {
  const std::vector<std::vector<std::string>> commands{
      {"plan", "--model", "llama3-8b", "--gpu", "h100", "--gpus", "8", "--seq-len", "8192", "--global-sequences", "64",
       "--tokens", "1e9", "--stack", "pytorch-fsdp2", "--precision", "bf16"},
      {"compare", "llama2-70b-64-h100", "--gpu", "h200", "--precision", "bf16"},
      {"check", "--model", "llama3-8b", "--gpu", "h100", "--gpus", "64", "--tokens", "1e12", "--gpu-hours", "1e5"},
      {"validate", "check"}};
  const std::vector<std::string> profiles{"--profile", "h100-sxm-80gb-fp16-vidur", "--profile", "h800-fp8-deepgemm"};
  for (const auto& command : commands) {
    INFO(command.front());
    const Finished plain = run_sextant(command);
    std::vector<std::string> given = command;
    given.insert(given.end(), profiles.begin(), profiles.end());
    const Finished measured = run_sextant(given);
    INFO(measured.err);
    CHECK(plain.code == measured.code);
    CHECK((plain.code == 0 || plain.code == 4));
    CHECK(plain.out != measured.out);
  }
}

TEST_CASE("a profile of another part is said to be of no use") {
  const TemporaryFolder folder;
  const std::string file = written(folder, "p.json", profile("A100-SXM-80GB"));
  const auto json = json_of({"simulate", "llama3-8b-8-h100", "--json", "--profile", file});
  CHECK(json["coverage"]["timed_flop_share"] == 0);
  CHECK(contains(json["notes"].dump(), "profile mine was measured on A100-SXM-80GB"));
}

TEST_CASE("what --profile cannot use is bad data, with its place") {
  const TemporaryFolder folder;
  const std::string kernels = written(folder, "p.json", R"({"format": "sextant/profile/1", "id": "x"})");
  const std::string other = written(folder, "q.json", R"({"format": "sextant/run/1"})");
  struct Row {
    std::vector<std::string> arguments;
    std::string says;
  };
  const std::vector<Row> rows{{{kernels}, "\"source\""},
                              {{other}, "/format: \"sextant/run/1\" is no profile"},
                              {{"h100-sxm-80gb-fp16-vidr"}, "did you mean \"h100-sxm-80gb-fp16-vidur\"?"},
                              {{"shipped", "shipped"}, "a second calibration"}};
  for (const Row& row : rows) {
    std::vector<std::string> arguments{"simulate", "llama3-8b-8-h100"};
    for (const std::string& p : row.arguments) arguments.insert(arguments.end(), {"--profile", p});
    const Finished f = run_sextant(arguments);
    INFO(f.err);
    CHECK(f.code == 2);
    CHECK(contains(f.err, row.says));
    CHECK(f.out.empty());
  }
}
