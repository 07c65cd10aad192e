// SPDX-License-Identifier: Apache-2.0
// Predicted memory against what published runs measured, and against the fact that they ran.
#include <algorithm>
#include <cmath>
#include <map>

#include "base/embedded.hpp"
#include "models/observation.hpp"
#include "sim/memory/feasibility.hpp"
#include "sim/memory/memory.hpp"
#include "sim/run/stated_run.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

struct Row {
  models::Observation observation;
  Run run;
};

const Catalogue& catalogue() {
  static const Catalogue c = [] {
    Diagnostics faults;
    return Catalogue::open(embedded_files(), "", faults);
  }();
  return c;
}

std::vector<Row> rows(const std::string& file) {
  Diagnostics faults;
  std::vector<Row> out;
  const auto text = catalogue().text("models/data/observations/" + file);
  REQUIRE(text);
  for (models::Observation& o : models::read_observations(*text, file, faults)) {
    const auto stated = read_run(json::Cursor(o.run, o.file, faults), catalogue());
    if (!stated) continue;
    if (auto run = complete(*stated, catalogue(), faults, {})) out.push_back({std::move(o), std::move(*run)});
  }
  INFO(faults.text());
  CHECK(faults.empty());
  return out;
}

Run run_from(const std::string& text) {
  Diagnostics faults;
  const auto node = json::parse(text, "test", faults);
  REQUIRE(node);
  const auto stated = read_run(json::Cursor(*node, "test", faults), catalogue());
  INFO(faults.text());
  REQUIRE(stated);
  const auto run = complete(*stated, catalogue(), faults, {});
  REQUIRE(run);
  return *run;
}

}  // namespace

// 72 rows state memory, 70 of them BigScience's experiments before BLOOM (whole GB of nvidia-smi, so +-1 % is
// rounding).
TEST_CASE("memory of published runs is predicted within a tenth") {
  std::vector<double> errors;
  for (const Row& row : rows("fit.json")) {
    if (!row.observation.memory_gb) continue;
    errors.push_back(std::abs(memory(row.run).total() / memory_gb / *row.observation.memory_gb - 1.0));
  }
  REQUIRE(errors.size() >= 70);
  std::sort(errors.begin(), errors.end());
  CHECK(errors[errors.size() / 2] < 0.05);
  CHECK(errors[errors.size() * 9 / 10] < 0.12);
}

// All of these ran, so each one called infeasible is an error of the model (or of what the row leaves unsaid).
TEST_CASE("runs that were measured fit") {
  std::map<std::string, int> wrong;
  int total = 0;
  int refused = 0;
  for (const char* file : {"fit.json", "fit-a100-small.json", "check.json", "blackwell.json"}) {
    for (const Row& row : rows(file)) {
      ++total;
      if (memory(row.run).fits()) continue;
      ++refused;
      ++wrong[row.run.stack.id];
    }
  }
  for (const auto& [stack, n] : wrong) UNSCOPED_INFO(stack << ": " << n);
  CHECK(total > 1000);
  CHECK(refused < 0.03 * total);
}

// arXiv:2412.19437 section 3: 2,048 H800 of 80 GB, pp 16, ep 64, ZeRO-1, DualPipe, no tensor parallelism, with norms
// and MLA up-projections recomputed, FP8 activations, bf16 moments.
TEST_CASE("DeepSeek-V3 fits its own cluster and not without its savings") {
  const std::string text = R"({"model": "deepseek-v3", "cluster": {"gpu": "h800", "gpus": 2048}, "stack": "hai-llm",
    "precision": "fp8", "parallelism": {"pp": 16, "ep": 64, "dp": 128, "sharding": "zero1", "schedule": "dualpipe"},
    "batch": {"seq_len": 4096, "global_sequences": 15360, "micro_sequences": 1},
    "recompute": {"mode": "selective", "modules": ["layernorm", "mla_up_proj"]}})";
  Run run = run_from(text);
  CHECK(infeasibilities(run).empty());
  const double used = memory(run).total() / memory_gb;
  CHECK(used > 50);
  CHECK(used < 79.6);
  run.recompute.mode = RecomputeMode::none;
  CHECK_FALSE(memory(run).fits());
}
