// SPDX-License-Identifier: Apache-2.0
// Does an interrupted sweep go on where it stopped, and does nothing else get into its output?
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::test;

namespace {

constexpr const char* spec = R"({"run": "llama3-8b-8-h100", "axes": [
  {"field": "/cluster/gpus", "from": 8, "to": 64, "factor": 2},
  {"field": "/parallelism/tp", "values": [1, 2, 3]}]})";

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

struct Sweep {
  TemporaryFolder folder;
  std::string file = folder / "sweep.json";
  std::string out = folder / "out.jsonl";
  std::string whole;

  Sweep() {
    write(file, spec);
    whole = run_sextant({"sweep", file, "--quiet"}).out;
  }
  Finished run(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"sweep", file, "-o", out});
    return run_sextant(more);
  }
};

}  // namespace

TEST_CASE("a sweep writes a line a point, in order, whatever the threads") {
  const Sweep s;
  const std::vector<std::string> rows = lines(s.whole);
  REQUIRE(rows.size() == 12);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto line = nlohmann::json::parse(rows[i]);
    CHECK(line["point"] == i);
    CHECK(line["at"]["/parallelism/tp"] == 1 + i % 3);
    CHECK(line.contains("error") == (i % 3 == 2));  // tp 3
  }
  CHECK(run_sextant({"sweep", s.file, "--threads", "1"}).out == s.whole);
  CHECK(run_sextant({"sweep", s.file, "--threads", "3"}).out == s.whole);
  CHECK(run_sextant({"sweep", "-"}, spec).out == s.whole);
  const Finished f = s.run();
  CHECK(f.code == 0);
  CHECK(f.out.empty());
  CHECK(contains(f.err, "12 points: "));
  CHECK(contains(f.err, "4 with faults"));
  CHECK(read(s.out) == s.whole);
}

TEST_CASE("wherever a sweep was cut off, running it again gives the same bytes") {
  const Sweep s;
  for (std::size_t cut = 0; cut < s.whole.size(); cut += 431) {
    write(s.out, s.whole.substr(0, cut));
    const Finished f = s.run();
    INFO(cut << "\n" << f.err);
    CHECK(f.code == 0);
    CHECK(read(s.out) == s.whole);
    CHECK(contains(f.err, "a last line that was cut off is removed") == (cut > 0 && s.whole[cut - 1] != '\n'));
  }
}

TEST_CASE("what is there is not computed again") {
  const Sweep s;
  // A marked line stays as it is; a computed one would lose the mark.
  std::string marked = s.whole;
  marked.replace(marked.find("\"feasible\""), 0, "\"marked\":1,");
  write(s.out, marked);
  CHECK(contains(s.run().err, "12 were there already"));
  CHECK(read(s.out) == marked);
}

TEST_CASE("lines out of order, double or missing in the middle are put right") {
  const Sweep s;
  const std::vector<std::string> rows = lines(s.whole);
  std::string text;
  for (const std::size_t i : {7U, 1U, 11U, 1U, 0U}) text += rows[i] + "\n";
  write(s.out, text);
  CHECK(contains(s.run().err, "4 were there already"));
  CHECK(read(s.out) == s.whole);
  // In order, with a gap: the new lines come behind larger ones and have to be sorted in.
  write(s.out, rows[0] + "\n" + rows[5] + "\n");
  CHECK(s.run().code == 0);
  CHECK(read(s.out) == s.whole);
}

TEST_CASE("a file that is not this sweep's is refused and left alone, unless it is to be overwritten") {
  const Sweep s;
  std::string other = s.whole;
  other.replace(other.find("\"sweep\":\"") + 9, 4, "0000");
  for (const std::string& text : {std::string("not ours\n"), other, std::string("{\"point\":1}\n")}) {
    write(s.out, text);
    const Finished f = s.run();
    CHECK(f.code == 2);
    CHECK(contains(f.err, s.out + ":1: "));
    CHECK(contains(f.err, "--restart"));
    CHECK(read(s.out) == text);
    CHECK(s.run({"--restart"}).code == 0);
    CHECK(read(s.out) == s.whole);
  }
}

TEST_CASE("the ends a sweep can come to have exit codes of their own") {
  const Sweep s;
  CHECK(run_sextant({"sweep"}).code == 1);
  CHECK(run_sextant({"sweep", s.file, "--format", "csv"}).code == 1);
  CHECK(run_sextant({"sweep", s.file, "--restart"}).code == 1);
  CHECK(run_sextant({"sweep", s.file, "-o", "/nonexistent/out.jsonl"}).code == 1);
  CHECK(run_sextant({"sweep", s.file, "-o", "/dev/full"}).code == 1);
  CHECK(run_sextant({"sweep", "llama3-70b-scalin"}).code == 2);
  CHECK(contains(run_sextant({"sweep", "llama3-70b-scalin"}).err, "did you mean \"llama3-70b-scaling\"?"));
  // 810 GB of weights on 8 GPUs of 80 GB: nothing is feasible.
  const Finished f = run_sextant({"sweep", "-"}, R"({"run": {"model": "llama3.1-405b",
    "cluster": {"gpu": "h100", "gpus": 8}, "batch": {"seq_len": 8192, "global_sequences": 8}},
    "axes": [{"field": "/parallelism/tp", "values": [1, 8]}]})");
  CHECK(f.code == 3);
  CHECK(lines(f.out).size() == 2);
}

TEST_CASE("the base run may stand beside the sweep's file") {
  const Sweep s;
  write(s.folder / "base.json", R"({"model": "llama3-8b", "cluster": {"gpu": "h100", "gpus": 8},
    "batch": {"seq_len": 8192, "global_sequences": 64}})");
  write(s.file, R"({"run": "base.json", "axes": [{"field": "/cluster/gpus", "values": [8, 16]}]})");
  CHECK(lines(run_sextant({"sweep", s.file}).out).size() == 2);
  write(s.folder / "base.json", R"({"model": "llama3-9b"})");
  const Finished f = run_sextant({"sweep", s.file});
  CHECK(f.code == 2);
  CHECK(contains(f.err, "base.json:1: /model: "));
}
