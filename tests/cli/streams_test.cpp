// SPDX-License-Identifier: Apache-2.0
// Files, stdin, colour: does the program behave as Unix programs do?
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::test;

namespace fs = std::filesystem;

namespace {

constexpr const char* run_text = R"({
  "model": "llama3-8b",
  "cluster": {"gpu": "H100-SXM-80GB", "gpus": 8},
  "parallelism": {"sharding": "zero3"},
  "batch": {"seq_len": 8192, "global_sequences": 64, "micro_sequences": 1},
  "recompute": {"mode": "full"},
  "stack": "pytorch-fsdp2", "precision": "bf16"
})";

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a run from stdin, from a file and from flags is the same run") {
  const TemporaryFolder folder;
  std::ofstream(folder / "run.json") << run_text;
  const Finished piped = run_sextant({"simulate", "-", "--json"}, run_text);
  const Finished file = run_sextant({"simulate", folder / "run.json", "--json"});
  const Finished flags = run_sextant({"simulate",
                                      "--model",
                                      "llama3-8b",
                                      "--gpu",
                                      "h100",
                                      "--gpus",
                                      "8",
                                      "--sharding",
                                      "zero3",
                                      "--seq-len",
                                      "8192",
                                      "--global-sequences",
                                      "64",
                                      "--micro-sequences",
                                      "1",
                                      "--recompute",
                                      "full",
                                      "--stack",
                                      "pytorch-fsdp2",
                                      "--precision",
                                      "bf16",
                                      "--json"});
  REQUIRE(piped.code == 0);
  CHECK(piped.out == file.out);
  CHECK(piped.out == flags.out);
}

TEST_CASE("flags override a file's values") {
  const Finished f = run_sextant({"simulate", "-", "--global-sequences", "128", "--json"}, run_text);
  REQUIRE(f.code == 0);
  const double base = nlohmann::json::parse(run_sextant({"simulate", "-", "--json"}, run_text).out)["step_time_s"];
  const double twice = nlohmann::json::parse(f.out)["step_time_s"];
  CHECK(twice / base > 1.9);
  CHECK(twice / base < 2.01);
}

TEST_CASE("an observation's run can be simulated as it stands") {
  const std::string observation = R"({"id": "x", "run": )" + std::string(run_text) + "}";
  CHECK(run_sextant({"simulate", "-", "--json"}, observation).out ==
        run_sextant({"simulate", "-", "--json"}, run_text).out);
}

TEST_CASE("-o writes a whole file or none") {
  const TemporaryFolder folder;
  CHECK(run_sextant({"list", "gpus", "--json", "-o", folder / "gpus.json"}).code == 0);
  CHECK(nlohmann::json::parse(read(folder / "gpus.json"))["kind"] == "gpus");
  CHECK(run_sextant({"simulate", "-", "-o", folder / "never.json"}, "{").code == 2);
  CHECK_FALSE(fs::exists(folder / "never.json"));
  // Nothing is left beside it, and an older file survives a failure.
  CHECK(run_sextant({"simulate", "-", "-o", folder / "gpus.json"}, "{").code == 2);
  CHECK(nlohmann::json::parse(read(folder / "gpus.json"))["kind"] == "gpus");
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}) == 1);
}

TEST_CASE("the extension of the output file chooses the form") {
  const TemporaryFolder folder;
  for (const auto& [name, start] : {std::pair{"x.json", "{"},
                                    {"x.csv", "key,value"},
                                    {"x.md", "## "},
                                    {"x.html", "<!doctype html>"},
                                    {"x.txt", "llama3-8b on"}}) {
    CHECK(run_sextant({"simulate", "llama3-8b-8-h100", "-o", folder / name}).code == 0);
    CHECK(read(folder / name).rfind(start, 0) == 0);
  }
}

TEST_CASE("a link to the output file stays a link") {
  const TemporaryFolder folder;
  std::ofstream(folder / "target") << "old";
  fs::create_symlink("target", folder / "link");
  CHECK(run_sextant({"list", "stacks", "-o", folder / "link"}).code == 0);
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(contains(read(folder / "target"), "megatron-core"));
}

TEST_CASE("colour only where it is asked for or can be shown") {
  const auto coloured = [](std::vector<std::string> extra, std::vector<std::string> environment = {}) {
    extra.insert(extra.begin(), {"simulate", "llama3-8b-8-h100"});
    return run_sextant(extra, {}, environment).out.find('\033') != std::string::npos;
  };
  CHECK_FALSE(coloured({}));  // stdout is a file here
  CHECK(coloured({"--color", "always"}));
  CHECK(coloured({"--color=always"}, {"NO_COLOR=1"}));  // the flag is the later word
  CHECK_FALSE(coloured({"--color", "never"}));
}

TEST_CASE("bars are block characters only where the locale is UTF-8") {
  const auto blocks = [](const std::string& locale) {
    const std::string out = run_sextant({"simulate", "llama3-8b-8-h100"}, {}, {"LC_ALL=" + locale}).out;
    return out.find("\u2588") != std::string::npos;
  };
  CHECK(blocks("C.UTF-8"));
  CHECK(blocks("en_US.utf8"));
  CHECK_FALSE(blocks("C"));
}

TEST_CASE("data files of the user's are laid over the catalogue") {
  const TemporaryFolder folder;
  fs::create_directories(folder / "models/data/models");
  std::ofstream(folder / "models/data/models/mine.json")
      << R"({"name": "mine", "kind": "dense", "layers": 2, "hidden": 64, "heads": 2, "ffn": 128, "vocab": 100,
             "gated_ffn": true, "attention": "mha", "tied_embeddings": true})";
  CHECK(run_sextant({"show", "model", "mine"}).code == 2);
  CHECK(run_sextant({"show", "model", "mine", "--data", folder.path()}).code == 0);
  CHECK(run_sextant({"show", "model", "mine"}, {}, {"SEXTANT_DATA=" + folder.path()}).code == 0);
}

TEST_CASE("the same command gives the same bytes") {
  for (const std::vector<std::string>& row : {std::vector<std::string>{"simulate", "deepseek-v3-2048-h800", "--json"},
                                              {"trace", "llama2-70b-64-h100"},
                                              {"compare", "llama2-70b-64-h100", "--gpu", "a100", "--json"}}) {
    CHECK(run_sextant(row).out == run_sextant(row).out);
  }
}
