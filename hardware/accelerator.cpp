// SPDX-License-Identifier: Apache-2.0
#include "hardware/accelerator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "hardware/shapes.hpp"

namespace sextant::json {

using hardware::Accelerator;
using hardware::ExportControl;

const Shape<ExportControl>& ShapeOf<ExportControl>::get() {
  static const Shape<ExportControl> shape =
      Shape<ExportControl>("export control figures")
          .required("tpp", &ExportControl::tpp,
                    "total processing performance: dense TOPS x bit length, largest over formats", positive())
          .required("performance_density", &ExportControl::performance_density, "TPP per mm2 of logic die", positive())
          .required("class_2023", &ExportControl::class_2023, "what the thresholds of October 2023 make of it")
          .optional("note", &ExportControl::note, "remarks");
  return shape;
}

namespace {

void add_names(Shape<Accelerator>& s) {
  s.ignored("format", "\"sextant/gpu/1\" where a program wrote the file")
      .required("id", &Accelerator::id, "catalogue id, e.g. \"H800-SXM-80GB\"")
      .required("name", &Accelerator::name, "full name")
      .optional("aliases", &Accelerator::aliases, "further ids people write")
      .required("vendor", &Accelerator::vendor, "maker")
      .required("architecture", &Accelerator::architecture, "decides kernels and instruction rates")
      .optional("release_year", &Accelerator::release_year, "year of announcement", between(2010, 2100))
      .optional("default_node", &Accelerator::default_node, "catalogue id of the node it is usually sold in");
}

void add_rates(Shape<Accelerator>& s) {
  constexpr Range rate = non_negative(1e18);
  const auto peak = [&s](const char* key, auto get) {
    s.optional(key, get, "dense peak with FP32 accumulation; absent: the hardware does not have the format", rate);
  };
  peak(
      "fp64_flop_per_s", [](auto& v) -> auto& { return v.peak.fp64; });
  peak(
      "tf32_flop_per_s", [](auto& v) -> auto& { return v.peak.tf32; });
  s.required(
      "fp16_flop_per_s", [](auto& v) -> auto& { return v.peak.fp16; }, "dense peak with FP32 accumulation",
      positive(1e18));
  peak(
      "bf16_flop_per_s", [](auto& v) -> auto& { return v.peak.bf16; });
  peak(
      "fp8_flop_per_s", [](auto& v) -> auto& { return v.peak.fp8; });
  peak(
      "fp4_flop_per_s", [](auto& v) -> auto& { return v.peak.fp4; });
  s.optional(
       "int8_op_per_s", [](auto& v) -> auto& { return v.peak.int8_op_per_s; }, "dense INT8 operations", rate)
      .optional("sustained_bf16_gemm_flop_per_s", &Accelerator::sustained_bf16_gemm, "best large GEMM measured",
                positive(1e18))
      .optional("sustained_fp8_gemm_flop_per_s", &Accelerator::sustained_fp8_gemm, "best large GEMM measured",
                positive(1e18));
}

void add_memory_and_links(Shape<Accelerator>& s) {
  s.required("memory_mib", &Accelerator::memory, "device memory as the driver shows it",
             positive(1e8).in_units_of(hardware::mib))
      .required("hbm_bytes_per_s", &Accelerator::hbm, "peak bandwidth of device memory", positive(1e15))
      .optional("l2_cache_mib", &Accelerator::l2_cache, "L2 (or last level) cache",
                non_negative(1e6).in_units_of(hardware::mib))
      .optional("nvlink_bytes_per_s", &Accelerator::nvlink,
                "per direction, all links of one GPU: half of the total that vendors print", positive(1e15))
      .required("nvlink_links", &Accelerator::nvlink_links, "links of one GPU; 0: none", between(0, 1024))
      .optional("nvlink_domain", &Accelerator::nvlink_domain, "GPUs that NVLink joins; 1: none", between(1, 65536))
      .required("pcie_bytes_per_s", &Accelerator::pcie, "per direction", positive(1e15));
}

void add_chip(Shape<Accelerator>& s) {
  s.required("sm_count", &Accelerator::sm_count, "streaming multiprocessors (compute units)", between(1, 100000))
      .optional("base_clock_hz", &Accelerator::base_clock_hz, "guaranteed clock", between(1e8, 1e10))
      .required("boost_clock_hz", &Accelerator::boost_clock_hz, "highest clock of the matrix units", between(1e8, 1e10))
      .required("tdp_w", &Accelerator::tdp, "power limit of the part", positive(1e5))
      .optional("die_area_mm2", &Accelerator::die_area_mm2, "logic dies of one package", positive(1e6))
      .optional("export_control", &Accelerator::export_control, "figures of ECCN 3A090")
      .optional("note", &Accelerator::note, "disagreements between sources, remarks");
}

}  // namespace

const Shape<Accelerator>& ShapeOf<Accelerator>::get() {
  static const Shape<Accelerator> shape = [] {
    Shape<Accelerator> s("gpu");
    add_names(s);
    add_rates(s);
    add_memory_and_links(s);
    add_chip(s);
    hardware::add_sources(s);
    return s;
  }();
  return shape;
}

}  // namespace sextant::json

namespace sextant::hardware {

namespace {

constexpr std::array<std::string_view, 11> sourceless{"id",           "name",          "aliases", "vendor",
                                                      "architecture", "default_node",  "note",    "default_source",
                                                      "sources",      "nvlink_domain", "format"};

std::string tera(double per_s) { return fmt::format("{:.6g} TFLOP/s", per_s / 1e12); }

/// A narrower format is never slower: half the bits, at least the same rate.
bool check_peak_order(const json::Cursor& at, const Peaks& p) {
  struct Row {
    std::string_view key;
    std::string_view name;
    FlopRate rate;
  };
  const std::array<Row, 5> rows{{{"tf32_flop_per_s", "TF32", p.tf32},
                                 {"bf16_flop_per_s", "BF16", p.bf16},
                                 {"fp16_flop_per_s", "FP16", p.fp16},
                                 {"fp8_flop_per_s", "FP8", p.fp8},
                                 {"fp4_flop_per_s", "FP4", p.fp4}}};
  bool good = true;
  const Row* wider = nullptr;
  for (const Row& row : rows) {
    if (row.rate.value() <= 0.0) continue;
    if (wider != nullptr && row.rate < wider->rate) {
      at.fault_at(
          row.key,
          fmt::format("{} is below the {} peak, {}", tera(row.rate.value()), wider->name, tera(wider->rate.value())),
          "dense peaks do not fall as the format narrows");
      good = false;
    }
    wider = &row;
  }
  return good;
}

bool check_sustained(const json::Cursor& at, std::string_view key, std::optional<FlopRate> sustained, FlopRate peak) {
  if (!sustained || *sustained <= peak) return true;
  at.fault_at(key, fmt::format("{} is above the peak, {}", tera(sustained->value()), tera(peak.value())));
  return false;
}

/// GB/s a link and direction: 25 since Volta, 50 on Blackwell, 64 for Infinity Fabric 3.
double link_rate(Architecture a) {
  switch (a) {
    case Architecture::blackwell: return 50e9;
    case Architecture::cdna3: return 64e9;
    case Architecture::volta:
    case Architecture::ampere:
    case Architecture::ada:
    case Architecture::hopper: break;
  }
  return 25e9;
}

bool check_links(const json::Cursor& at, const Accelerator& g) {
  const bool has_rate = at.node().find("nvlink_bytes_per_s") != nullptr;
  if (has_rate != (g.nvlink_links > 0)) {
    at.fault_at("nvlink_links", has_rate ? "is 0 beside an nvlink_bytes_per_s" : "needs an nvlink_bytes_per_s");
    return false;
  }
  if (!has_rate) return true;
  const double expected = g.nvlink_links * link_rate(g.architecture);
  if (std::abs(g.nvlink.value() / expected - 1.0) < 0.1) return true;
  at.fault_at("nvlink_bytes_per_s",
              fmt::format("{:.6g} GB/s is not {} links of {:.3g} GB/s", g.nvlink.value() / 1e9, g.nvlink_links,
                          link_rate(g.architecture) / 1e9),
              "count one direction: half of the total that vendors print");
  return false;
}

/// 3A090 technical notes: TPP = dense TOPS x bit length, the largest over formats; density = TPP / die area.
bool check_export_control(const json::Cursor& at, const Accelerator& g) {
  const ExportControl& e = g.export_control;
  if (e.tpp <= 0) return true;
  const Peaks& p = g.peak;
  const double tpp =
      std::max({p.fp16.value() * 16, p.bf16.value() * 16, p.fp8.value() * 8, p.fp4.value() * 4, p.int8_op_per_s * 8}) /
      1e12;
  bool good = true;
  if (std::abs(e.tpp / tpp - 1.0) > 0.02) {
    at.fault_at("export_control", fmt::format("tpp {:.6g} is not the peaks' {:.6g}", e.tpp, tpp),
                "TPP is dense TOPS x bit length, the largest over formats");
    good = false;
  }
  if (g.die_area_mm2 > 0 && std::abs(e.performance_density * g.die_area_mm2 / e.tpp - 1.0) > 0.02) {
    at.fault_at("export_control", fmt::format("performance_density {:.4g} is not tpp over die_area_mm2, {:.4g}",
                                              e.performance_density, e.tpp / g.die_area_mm2));
    good = false;
  }
  return good;
}

bool check(const json::Cursor& at, const Accelerator& g) {
  bool good = check_sources(at, g.sources, sourceless);
  good = check_peak_order(at, g.peak) && good;
  good = check_sustained(at, "sustained_bf16_gemm_flop_per_s", g.sustained_bf16_gemm, g.peak.bf16) && good;
  good = check_sustained(at, "sustained_fp8_gemm_flop_per_s", g.sustained_fp8_gemm, g.peak.fp8) && good;
  if (g.base_clock_hz > g.boost_clock_hz) {
    at.fault_at("base_clock_hz", "is above boost_clock_hz");
    good = false;
  }
  good = check_links(at, g) && good;
  return check_export_control(at, g) && good;
}

/// Without NVLink, peers are reached over PCIe.
void settle_links(Accelerator& g) {
  if (g.nvlink_links > 0) return;
  g.nvlink = g.pcie;
  g.nvlink_domain = 1;
}

}  // namespace

const Source* Accelerator::source_of(const std::string& key) const {
  auto found = sources.find(key);
  if (found == sources.end()) found = sources.find("");
  return found == sources.end() ? nullptr : &found->second;
}

std::optional<Accelerator> read_accelerator(const json::Cursor& at) {
  Accelerator gpu;
  if (!json::ShapeOf<Accelerator>::get().read(at, gpu) || !check(at, gpu)) return std::nullopt;
  settle_links(gpu);
  return gpu;
}

bool read_accelerator_over(const json::Cursor& at, Accelerator& gpu) {
  if (!json::ShapeOf<Accelerator>::get().read_over(at, gpu)) return false;
  if (gpu.nvlink_links == 0 && at.node().find("nvlink_bytes_per_s") != nullptr) {
    at.fault_at("nvlink_bytes_per_s", "this GPU has no NVLink", "give nvlink_links too, or change pcie_bytes_per_s");
    return false;
  }
  for (const json::Member& m : at.node().members) {
    if (m.value.type != json::Type::null) gpu.sources.erase(m.key);
  }
  settle_links(gpu);
  return true;
}

double ridge_point(const Accelerator& gpu) {
  const FlopRate rate = gpu.peak.bf16.value() > 0 ? gpu.peak.bf16 : gpu.peak.fp16;
  return rate.value() / gpu.hbm.value();
}

}  // namespace sextant::hardware
