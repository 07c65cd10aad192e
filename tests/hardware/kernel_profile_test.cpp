// SPDX-License-Identifier: Apache-2.0
#include "hardware/kernel_profile.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/embedded.hpp"
#include "base/json/node.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::hardware;
using enum KernelAxis;

namespace {

std::optional<KernelProfile> read(const std::string& text, Diagnostics& faults) {
  const auto node = json::parse(text, "p.json", faults);
  if (!node) return std::nullopt;
  return read_kernel_profile(json::Cursor(*node, "p.json", faults));
}

std::string file_with(const std::string& tables) {
  return R"({"format": "sextant/profile/1", "id": "t", "name": "t", "gpu": "H100-SXM-80GB",
 "source": {"title": "t", "where": "t", "date": "2026", "trust": "measured"}, "tables": [)" +
         tables + "]}";
}

KernelProfile profile(const std::string& tables) {
  Diagnostics faults;
  auto p = read(file_with(tables), faults);
  INFO(faults.text());
  REQUIRE(p.has_value());
  return std::move(*p);
}

const char* gemm_line =
    R"({"family": "gemm", "dtype": "bf16", "pass": "fwd", "shared": {"n": 4096, "k": 4096},
        "columns": {"m": [1024, 4096, 2048]}, "median_us": [100, 320, 180]})";

KernelQuery gemm(double rows, double columns, double depth) {
  KernelQuery q;
  q.dtype = KernelDtype::bf16;
  q.axes = {{m, rows}, {n, columns}, {k, depth}};
  return q;
}

Catalogue shipped() {
  Diagnostics faults;
  return Catalogue::open(embedded_files(), "", faults);
}

}  // namespace

TEST_CASE("a measured shape is answered by its measurement") {
  const auto hit = lookup(profile(gemm_line), gemm(2048, 4096, 4096));
  REQUIRE(hit.has_value());
  CHECK(hit->exact());
  CHECK(hit->time.value() == Approx(180e-6));
}

TEST_CASE("between two shapes the logarithm of the time is linear") {
  const auto hit = lookup(profile(gemm_line), gemm(2048 * std::sqrt(2.0), 4096, 4096));
  REQUIRE(hit.has_value());
  CHECK(hit->samples == 2);
  CHECK(hit->distance == Approx(0.5));
  CHECK(hit->time.value() == Approx(std::sqrt(180e-6 * 320e-6)));  // half way in log m: the geometric mean
}

TEST_CASE("beyond the last shape time grows with the work, up to a factor of two") {
  const KernelProfile p = profile(gemm_line);
  const auto hit = lookup(p, gemm(8192, 4096, 4096));
  REQUIRE(hit.has_value());
  CHECK(hit->time.value() == Approx(640e-6));
  CHECK(hit->distance == Approx(1));
  CHECK_FALSE(lookup(p, gemm(8200, 4096, 4096)).has_value());
  CHECK_FALSE(lookup(p, gemm(2048, 4096, 16384)).has_value());
}

TEST_CASE("formats and passes stand in for each other only where that is allowed") {
  const KernelProfile p = profile(gemm_line);
  KernelQuery q = gemm(2048, 4096, 4096);
  q.dtype = KernelDtype::fp16;
  CHECK(lookup(p, q)->dtype == KernelDtype::bf16);
  q.other_16_bit = false;
  CHECK_FALSE(lookup(p, q).has_value());
  q.dtype = KernelDtype::fp8;
  CHECK_FALSE(lookup(p, q).has_value());
  q = gemm(2048, 4096, 4096);
  q.pass = KernelPass::dgrad;
  CHECK_FALSE(lookup(p, q).has_value());
  q.other_pass = true;
  CHECK(lookup(p, q).has_value());
}

TEST_CASE("attention grows with the square of the length and keeps its head width") {
  const KernelProfile p = profile(
      R"({"family": "attention", "dtype": "bf16", "pass": "fwd", "shared": {"head_dim": 128, "v_head_dim": 128, "causal": 1},
      "columns": {"seq": [4096], "batch": [1], "heads": [32]}, "median_us": [500]})");
  KernelQuery q;
  q.family = KernelFamily::attention;
  q.axes = {{seq, 8192}, {batch, 1}, {heads, 32}, {kv_heads, 8}, {head_dim, 128}, {v_head_dim, 128}, {causal, 1}};
  CHECK(lookup(p, q)->time.value() == Approx(2000e-6));
  q.axes[head_dim] = 64;
  CHECK_FALSE(lookup(p, q).has_value());
}

TEST_CASE("faults name the place, all at once") {
  Diagnostics faults;
  CHECK_FALSE(
      read(file_with(R"({"family": "gem", "dtype": "bf16", "pass": "fwd", "columns": {"m": [1]}, "median_us": [1]},
    {"family": "gemm", "dtype": "bf16", "pass": "fwd", "columns": {"m": [1, 2], "kk": [1]}, "median_us": [-1]})"),
           faults)
          .has_value());
  CHECK(faults.text().find("did you mean \"gemm\"?") != std::string::npos);
  CHECK(faults.text().find("/tables/1/median_us/0") != std::string::npos);
  Diagnostics more;
  CHECK_FALSE(
      read(
          file_with(
              R"({"family": "gemm", "dtype": "bf16", "pass": "fwd", "columns": {"m": [1, 2], "kk": [1]}, "median_us": [1]})"),
          more)
          .has_value());
  CHECK(more.text().find("is no axis") != std::string::npos);
  CHECK(more.text().find("has 2 values") != std::string::npos);
}

TEST_CASE("shipped profiles load, and belong to parts by id") {
  Diagnostics faults;
  const Catalogue catalogue = shipped();
  for (const std::string& id : kernel_profile_ids(catalogue)) {
    INFO(id);
    const auto p = find_kernel_profile(catalogue, id, faults);
    REQUIRE(p.has_value());
    CHECK(p->size() > 0);
    CHECK(p->id == id);
  }
  CHECK(faults.empty());
  const auto of_h800 = kernel_profiles_of(catalogue, "h800_sxm_80gb", faults);
  CHECK(of_h800.size() >= 3);  // DeepGEMM's, its attention, and H100's GEMM table
  CHECK_FALSE(find_kernel_profile(catalogue, "h100-vidr", faults).has_value());
  CHECK(faults.text().find("unknown profile") != std::string::npos);
}

TEST_CASE("the shipped tables of collectives hold every row that states size and GPUs, each with its source") {
  Diagnostics faults;
  const Catalogue catalogue = shipped();
  for (const auto& [id, rows] :
       {std::pair{"a100-sxm-80gb-nccl", 45 + 20 + 3}, std::pair{"h100-sxm-80gb-nccl", 45 + 32 + 5 + 1},
        std::pair{"h200-sxm-141gb-nccl", 20 + 4 + 20 + 1 + 1}, std::pair{"b200-nccl", 20 + 4},
        std::pair{"b300-nccl", 2 + 2}, std::pair{"h800-deepep", 8}, std::pair{"h800-deepep-2025-02", 8},
        std::pair{"h800-deepep-2025-04", 6}}) {
    INFO(id);
    const auto p = find_kernel_profile(catalogue, id, faults);
    REQUIRE(p.has_value());
    CHECK(p->size() == static_cast<std::size_t>(rows));
    for (const KernelTable& t : p->tables) {
      for (const KernelSample& s : t.samples) {
        const Source& from = s.source < 0 ? p->source : p->sources[static_cast<std::size_t>(s.source)];
        CHECK_FALSE(from.title.empty());
        CHECK_FALSE(from.where.empty());
        CHECK_FALSE(from.date.empty());
        CHECK(from.trust != Trust::assumed);
        CHECK(s.axes[gpus] >= 2);
        CHECK(s.axes[nodes] >= 1);
        CHECK(s.axes[bytes] > 0);
      }
    }
  }
}

TEST_CASE("DeepEP's time is found for its tokens and group, and for no other group") {
  Diagnostics faults;
  const auto p = find_kernel_profile(shipped(), "h800-deepep", faults);
  REQUIRE(p.has_value());
  KernelQuery q;
  q.family = KernelFamily::expert_combine;
  q.dtype = KernelDtype::bf16;
  q.pass = KernelPass::none;
  q.axes = {{tokens, 4096}, {hidden, 7168}, {top_k, 8}, {gpus, 64}, {nodes, 8}};
  const auto hit = lookup(*p, q);
  REQUIRE(hit.has_value());
  CHECK(hit->exact());
  CHECK(hit->time.value() == Approx(4.26e-3).epsilon(0.001));
  q.axes[tokens] = 8192;
  CHECK(lookup(*p, q)->time.value() == Approx(2 * 4.26e-3).epsilon(0.001));
  q.axes[gpus] = 128;
  q.axes[nodes] = 16;
  CHECK_FALSE(lookup(*p, q).has_value());
}

TEST_CASE("DeepGEMM's own figures come back: 4096 x 7168 x 16384 at 1358 TFLOP/s") {
  Diagnostics faults;
  const auto p = find_kernel_profile(shipped(), "h800-fp8-deepgemm", faults);
  REQUIRE(p.has_value());
  KernelQuery q;
  q.dtype = KernelDtype::fp8_blockwise;
  q.axes = {{m, 4096}, {n, 7168}, {k, 16384}};
  const auto hit = lookup(*p, q);
  REQUIRE(hit.has_value());
  CHECK(hit->exact());
  CHECK(2.0 * 4096 * 7168 * 16384 / hit->time.value() * 1e-12 == Approx(1358).epsilon(0.01));
  CHECK(hit->source->trust == Trust::paper);
}

TEST_CASE("with its n and k left out, a GEMM is found again within 8 % from those half a factor of two away") {
  Diagnostics faults;
  const auto p = find_kernel_profile(shipped(), "h100-sxm-80gb-fp16-vidur", faults);
  REQUIRE(p.has_value());
  const auto table = std::find_if(p->tables.begin(), p->tables.end(),
                                  [](const KernelTable& t) { return t.family == KernelFamily::gemm; });
  std::vector<double> errors;
  for (std::size_t i = 7; i < table->samples.size(); i += 397) {
    const KernelSample left_out = table->samples[i];
    if (left_out.axes[m] < 256) continue;
    KernelProfile rest;
    rest.tables = {{table->family, table->dtype, table->pass, {}}};
    std::copy_if(table->samples.begin(), table->samples.end(), std::back_inserter(rest.tables[0].samples),
                 [&](const KernelSample& s) { return s.axes[n] != left_out.axes[n] || s.axes[k] != left_out.axes[k]; });
    const auto hit = lookup(rest, gemm(left_out.axes[m], left_out.axes[n], left_out.axes[k]));
    if (hit && hit->distance <= 0.5) errors.push_back(std::abs(hit->time / left_out.time - 1));
  }
  std::sort(errors.begin(), errors.end());
  REQUIRE(errors.size() > 20);
  CHECK(errors[errors.size() / 2] < 0.08);
}

TEST_CASE("left out of the table, a GEMM's time is found again from its neighbours") {
  Diagnostics faults;
  auto p = find_kernel_profile(shipped(), "h100-sxm-80gb-fp16-vidur", faults);
  REQUIRE(p.has_value());
  auto table = std::find_if(p->tables.begin(), p->tables.end(),
                            [](const KernelTable& t) { return t.family == KernelFamily::gemm; });
  std::vector<double> errors;
  for (std::size_t i = 7; i < table->samples.size(); i += 97) {
    const KernelSample left_out = table->samples[i];
    if (left_out.axes[m] < 256) continue;
    KernelProfile rest = *p;
    rest.tables = {*table};
    rest.tables[0].samples.erase(rest.tables[0].samples.begin() + static_cast<std::ptrdiff_t>(i));
    KernelQuery q = gemm(left_out.axes[m], left_out.axes[n], left_out.axes[k]);
    const auto hit = lookup(rest, q);
    REQUIRE(hit.has_value());
    errors.push_back(std::abs(hit->time / left_out.time - 1));
  }
  std::sort(errors.begin(), errors.end());
  REQUIRE(errors.size() > 50);
  CHECK(errors[errors.size() / 2] < 0.05);
}
