// SPDX-License-Identifier: Apache-2.0
// Does validation count every row, and does the shipped calibration know what it has seen?
#include <algorithm>
#include <cmath>
#include <set>

#include "sim/uncertainty/evidence.hpp"
#include "sim/validation/sets.hpp"
#include "tests/sim/validation/observations.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

const ValidationGroup* find(const Validation& v, std::string_view property, std::string_view value) {
  for (const ValidationGroup& g : v.groups) {
    if (g.property == property && g.value == value) return &g;
  }
  return nullptr;
}

/// Predictions of the shipped rows, made once.
const Validation& shipped() {
  static const Validation v = [] {
    Diagnostics faults;
    Validation result = validate(fitted_observations(catalogue(), faults), catalogue(), calibration(), faults);
    INFO(faults.text());
    REQUIRE(faults.empty());
    return result;
  }();
  return v;
}

}  // namespace

TEST_CASE("the error is predicted over measured, minus one") {
  const Validation v = validated({GptRow{}});
  const ValidationRow& row = v.rows.at(0);
  CHECK(row.errors.error == Approx(row.estimate.time.value() / 20.0 - 1));
  CHECK(row.band.low < row.band.mid);
  CHECK(row.band.mid < row.band.high);
}

TEST_CASE("every row lies in one group of each property") {
  GptRow wide;
  wide.id = "wide";
  wide.gpus = 4096;
  const Validation v = validated({GptRow{}, wide});
  std::map<std::string, int> rows;
  for (const ValidationGroup& g : v.groups) rows[g.property] += g.summary.n;
  for (const auto& [property, n] : rows) {
    INFO(property);
    CHECK(n == 2);
  }
  REQUIRE(find(v, "gpus", ">1024"));
  CHECK(find(v, "gpus", "257-1024")->summary.n == 1);
  CHECK(find(v, "stack", "megatron-lm")->summary.n == 2);
  CHECK(find(v, "publisher", "A/B labs")->summary.n == 2);
  CHECK(find(v, "recompute", "full")->summary.n == 2);
}

TEST_CASE("scales have no gaps") {
  CHECK(scale_of(1) == "1-8");
  CHECK(scale_of(8) == "1-8");
  CHECK(scale_of(9) == "9-64");
  CHECK(scale_of(256) == "65-256");
  CHECK(scale_of(1024) == "257-1024");
  CHECK(scale_of(1025) == ">1024");
}

TEST_CASE("a run that cannot fit is predicted all the same") {
  GptRow row;
  row.gpus = 8;  // 175 G parameters x 18 bytes over 8 x 80 GB
  row.pp = 1;
  const Validation v = validated({row});
  CHECK(v.rows[0].infeasible);
  REQUIRE(v.rows[0].predicted_memory_gb);
  CHECK(*v.rows[0].predicted_memory_gb > 175e9 * 18 / 8 / 1e9);
  CHECK(v.rows[0].estimate.time > Seconds{});
  CHECK(v.summary.n == 1);
}

TEST_CASE("a row that is no run is a fault with its place") {
  GptRow row;
  row.gpu = "A100-SXM-8OGB";
  Diagnostics faults;
  const auto list = observations({GptRow{}, row});
  const Validation v = validate(list, catalogue(), calibration(), faults);
  CHECK(v.rows.size() == 1);
  REQUIRE(faults.list().size() == 1);
  CHECK(faults.list()[0].file == "rows.json");
  CHECK(faults.list()[0].line > list[1].line);
}

TEST_CASE("GPUs, stacks and precisions that no shipped row has are predicted") {
  for (const std::string gpu :
       {"A100-PCIe-40GB", "A100-PCIe-80GB", "H100-PCIe-80GB", "H100-NVL-94GB", "H20-SXM-96GB", "H200-SXM-141GB", "B200",
        "B300", "GB200", "GB300", "L40S", "V100-SXM-32GB", "RTX4090", "MI300X", "a100", "h800"}) {
    for (const std::string stack : {"megatron-core", "pytorch-fsdp2", "hai-llm", "megascale", "meta-4d", "deepspeed",
                                    "gpt-neox", "jax-maxtext", "other"}) {
      GptRow row;
      row.gpu = gpu;
      row.stack = stack;
      INFO(gpu << " " << stack);
      const Validation v = validated({row});
      CHECK(std::isfinite(v.rows[0].estimate.time.value()));
      CHECK(v.rows[0].estimate.time > Seconds{});
    }
  }
}

TEST_CASE("the shipped rows are predicted far better than by one utilisation") {
  const Validation& v = shipped();
  CHECK(v.summary.n == 519 + 748);
  CHECK(v.summary.errors.median < 0.05);
  CHECK(v.summary.errors.median < 0.2 * v.summary.baseline.median);
  CHECK(v.summary.errors.median < 0.3 * v.summary.baseline_by_class.median);
}

TEST_CASE("the 80 % band of the shipped rows holds what it says") {
  CHECK(shipped().summary.coverage > 0.70);
  CHECK(shipped().summary.coverage < 0.97);
}

TEST_CASE("DeepSeek-V3's own step is predicted and was never fitted") {
  for (const ObservationSet& set : observation_sets(catalogue())) {
    if (set.name != "check") continue;
    CHECK_FALSE(set.fitted);
    Diagnostics faults;
    const Validation v = validate(load(catalogue(), set, faults), catalogue(), calibration(), faults);
    REQUIRE(v.rows.size() == 2);
    for (const ValidationRow& row : v.rows) CHECK(std::abs(row.errors.error) < 0.10);
  }
}

TEST_CASE("the calibration's evidence counts the shipped rows") {
  std::vector<Evidence> counted;
  for (const ValidationRow& row : shipped().rows) add_evidence(counted, row.run);
  const Calibration c = calibration();
  REQUIRE(c.evidence.size() == counted.size());
  for (std::size_t i = 0; i < counted.size(); ++i) {
    INFO(counted[i].stack << " " << counted[i].architecture);
    CHECK(same_kind(c.evidence[i], counted[i]));
    CHECK(c.evidence[i].rows == counted[i].rows);
    CHECK(c.evidence[i].largest_gpus == counted[i].largest_gpus);
  }
}
