// SPDX-License-Identifier: Apache-2.0
// Do help texts say what they said, and do the examples in them work?
#include <fstream>
#include <sstream>

#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace sextant::test;

namespace {

/// The commands that the overview lists.
std::vector<std::string> commands() {
  std::vector<std::string> names;
  bool inside = false;
  for (const std::string& line : lines(run_sextant({"--help"}).out)) {
    if (line == "Commands") {
      inside = true;
    } else if (inside && line.size() > 3 && line[2] != ' ') {
      names.push_back(line.substr(2, line.find(' ', 2) - 2));
    } else if (inside && line.empty()) {
      break;
    }
  }
  return names;
}

/// The command lines under "Examples", continued lines joined, without "sextant".
std::vector<std::string> examples(const std::string& help) {
  std::vector<std::string> out;
  std::string pending;
  bool inside = false;
  for (const std::string& line : lines(help)) {
    if (inside && line.size() > 2) {
      pending += line.substr(2);
      if (pending.back() == '\\') {
        pending.back() = ' ';
        continue;
      }
      // mpi_test.sh runs what begins with mpirun.
      if (starts_with(pending, "sextant ")) out.push_back(pending.substr(std::string("sextant ").size()));
      pending.clear();
    }
    inside = inside || line == "Examples";
  }
  return out;
}

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

}  // namespace

TEST_CASE("the overview and the help of simulate, show and list look as they did") {
  const std::string overview = run_sextant({"--help"}).out;
  CHECK(starts_with(overview, "Sextant: "));
  for (const std::string name :
       {"simulate", "plan", "cost", "check", "sweep", "report", "show", "list", "explain", "trace"}) {
    const std::string text = run_sextant({name, "--help"}).out;
    CHECK(text == golden("help/" + name + ".txt", text));
    CHECK(text == run_sextant({"help", name}).out);
  }
}

TEST_CASE("every command has a help of at most 80 columns with the options of every command and examples") {
  const std::vector<std::string> names = commands();
  CHECK(names.size() >= 9);
  for (const std::string& name : names) {
    INFO(name);
    const Finished f = run_sextant({name, "--help"});
    CHECK(f.code == 0);
    for (const char* option : {"--json", "--output", "--data", "--profile", "--seed", "--quiet", "--color"}) {
      CHECK(contains(f.out, option));
    }
    CHECK(!examples(f.out).empty());
    for (const std::string& line : lines(f.out)) {
      INFO(line);
      CHECK(line.size() <= 80);
    }
  }
}

TEST_CASE("the examples of help texts work") {
  const TemporaryFolder folder;
  for (const std::string name : {"simulate", "plan", "cost", "report", "compare", "explain", "layer", "list", "show",
                                 "schema", "sweep", "trace"}) {
    const std::vector<std::string> rows = examples(run_sextant({name, "--help"}).out);
    REQUIRE(!rows.empty());
    for (const std::string& row : rows) {
      std::vector<std::string> arguments = words(row);
      for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
        if (arguments[i] == "-o") arguments[i + 1] = folder / arguments[i + 1];
        if (arguments[i] != "--against") continue;
        arguments[i + 1] = folder / arguments[i + 1];
        std::ofstream(arguments[i + 1])
            << R"({"model": "mixtral-8x7b", "tokens": 4096, "gpu": "h100", "forward_ms": 5, "backward_ms": 11})";
      }
      const Finished f = run_sextant(arguments);
      INFO(row << "\n" << f.err);
      CHECK((f.code == 0 || f.code == 3));
    }
  }
}

TEST_CASE("a campaign's bill has the keys that scripts rely on, and text of at most 80 columns") {
  const Finished f = run_sextant({"cost", "bloom-176b", "--gpu", "h100", "--json"});
  REQUIRE(f.code == 0);
  for (const char* key : {"\"sextant/campaign-cost/1\"", "\"gpu_hours\"", "\"gpu_hours_trained\"", "\"days\"",
                          "\"cost_usd\"", "\"stages\"", "\"lines\"", "\"goodput\"", "\"energy\"", "\"compare\"",
                          "\"left_out\"", "\"assumptions\"", "\"sources\""}) {
    INFO(key);
    CHECK(contains(f.out, key));
  }
  for (const char* id : {"deepseek-v3", "deepseek-r1", "llama3.1-405b", "minimax-m1"}) {
    for (const std::string& line : lines(run_sextant({"cost", id, "--format", "text"}).out)) {
      INFO(line);
      std::size_t columns = 0;  // a code point each
      for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
      CHECK(columns <= 80);
    }
  }
  CHECK(run_sextant({"cost", "deepseek-v33"}).code == 2);
  CHECK(contains(run_sextant({"cost", "deepseek-v33"}).err, "did you mean \"deepseek-v3\"?"));
}

TEST_CASE("every listing fits 80 columns, and loses no entry by it") {
  for (const std::string kind : {"models", "gpus", "nodes", "fabrics", "clusters", "grids", "stacks", "runs",
                                 "campaigns", "sweeps", "claims", "observations", "profiles", "prices"}) {
    const std::vector<std::string> rows = lines(run_sextant({"list", kind}).out);
    const std::vector<std::string> csv = lines(run_sextant({"list", kind, "--format", "csv"}).out);
    INFO(kind);
    CHECK(rows.size() >= csv.size());
    for (const std::string& line : rows) {
      INFO(line);
      std::size_t columns = 0;  // a code point each
      for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
      CHECK(columns <= 80);
    }
  }
}

TEST_CASE("completion scripts know every command and every option of simulate") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    INFO(shell);
    const std::string script = run_sextant({"completion", shell}).out;
    for (const std::string& name : commands()) CHECK(contains(script, name));
    for (const char* option : {"global-sequences", "precision", "sequence-parallel", "output"}) {
      CHECK(contains(script, option));
    }
  }
}
