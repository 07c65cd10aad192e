// SPDX-License-Identifier: Apache-2.0
// Are shipped kernel tables possible on their parts, and how near are the closed forms to them?
#include "sim/validation/profile_residuals.hpp"

#include <algorithm>

#include "base/embedded.hpp"
#include "hardware/catalogue.hpp"
#include "sim/parameters/calibration.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using hardware::KernelFamily;

namespace {

const Catalogue& catalogue() {
  static const Catalogue c = [] {
    Diagnostics faults;
    return Catalogue::open(embedded_files(), "", faults);
  }();
  return c;
}

std::vector<TableResiduals> residuals(const std::string& id) {
  Diagnostics faults;
  const auto profile = hardware::find_kernel_profile(catalogue(), id, faults);
  REQUIRE(profile);
  const auto gpu = hardware::find_accelerator(catalogue(), profile->gpu, faults);
  REQUIRE(gpu);
  const auto calibration = shipped_calibration(catalogue(), faults);
  REQUIRE(calibration);
  return profile_residuals(*profile, &*gpu, calibration->parameters);
}

}  // namespace

TEST_CASE("no shipped kernel is faster than its part's peaks allow") {
  for (const std::string& id : hardware::kernel_profile_ids(catalogue())) {
    for (const TableResiduals& t : residuals(id)) {
      INFO(id << " " << hardware::name_of(t.family) << " " << hardware::name_of(t.pass));
      CHECK(t.best_roof_share <= 1);
    }
  }
}

TEST_CASE("DeepGEMM's largest product: 1,358 of 1,979 TFLOP/s, and the form within 2 %") {
  const auto tables = residuals("h800-fp8-deepgemm");
  REQUIRE(tables.size() == 2);
  const auto at = std::find_if(tables[0].shapes.begin(), tables[0].shapes.end(),
                               [](const ShapeResidual& s) { return s.shape == "4096 x 7168 x 16384"; });
  REQUIRE(at != tables[0].shapes.end());
  CHECK(at->flops == 2.0 * 4096 * 7168 * 16384);
  CHECK(at->roof_share == Approx(1358.0 / 1979).epsilon(0.001));
  CHECK_FALSE(at->memory_bound);
  REQUIRE(at->form);
  CHECK(at->ratio() == Approx(1).margin(0.02));
}

TEST_CASE("few rows of a wide product are bound by the weights' bytes") {
  const auto tables = residuals("h800-fp8-deepgemm");
  const auto at = std::find_if(tables[0].shapes.begin(), tables[0].shapes.end(),
                               [](const ShapeResidual& s) { return s.shape == "64 x 7168 x 2048"; });
  REQUIRE(at != tables[0].shapes.end());
  CHECK(at->memory_bound);
  // fp8 operands, a bf16 result, at 3.35 TB/s
  const double bytes = 64.0 * 2048 + 2048.0 * 7168 + 2 * 64.0 * 7168;
  CHECK(at->bytes == bytes);
  CHECK(at->roof_share == Approx(bytes / 3.35e12 / 6.37e-6).epsilon(0.002));
}

TEST_CASE("the forms stay near the tables that they were made from") {
  for (const auto& [id, family, limit] : {std::tuple{"a100-sxm-80gb-fp16-vidur", KernelFamily::gemm, 0.06},
                                          std::tuple{"h100-sxm-80gb-fp16-vidur", KernelFamily::gemm, 0.12},
                                          std::tuple{"h800-fp8-deepgemm", KernelFamily::gemm, 0.05}}) {
    const auto tables = residuals(id);
    const auto t = std::find_if(tables.begin(), tables.end(), [&](const auto& r) { return r.family == family; });
    REQUIRE(t != tables.end());
    INFO(id);
    CHECK(t->formed == t->shapes.size());
    CHECK(t->median_shape_error < limit);
    CHECK(t->p90_deviation >= t->median_deviation);
  }
}

TEST_CASE("of a part that is not in the catalogue only rates are told") {
  Diagnostics faults;
  const auto profile = hardware::find_kernel_profile(catalogue(), "h800-fp8-deepgemm", faults);
  REQUIRE(profile);
  for (const TableResiduals& t : profile_residuals(*profile, nullptr, Parameters::priors())) {
    CHECK(t.formed == 0);
    CHECK(t.best_roof_share == 0);
    CHECK(t.shapes.front().flops > 0);
  }
}
