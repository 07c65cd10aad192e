// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json/cursor.hpp"
#include "base/quantity.hpp"
#include "base/source.hpp"

namespace sextant::hardware {

enum class Architecture : std::uint8_t { volta, ampere, ada, hopper, blackwell, cdna3 };

/// Dense peaks (no sparsity) of the matrix units with FP32 accumulation, as training uses them. Zero: the hardware
/// does not have the format.
struct Peaks {
  FlopRate fp64;
  FlopRate tf32;
  FlopRate fp16;
  FlopRate bf16;
  FlopRate fp8;
  FlopRate fp4;
  double int8_op_per_s = 0;
};

/// Figures of the US export rules (3A090): total processing performance and performance density.
struct ExportControl {
  double tpp = 0;                  ///< dense TOPS x bit length, largest over formats
  double performance_density = 0;  ///< TPP per mm2 of logic die
  std::string class_2023;          ///< what the October 2023 thresholds make of it
  std::string note;
};

/// One GPU as sold.
struct Accelerator {
  std::string id;  ///< e.g. "H800-SXM-80GB"
  std::string name;
  std::vector<std::string> aliases;  ///< further ids people write, e.g. "h800", "H800-SXM5-80GB"
  std::string vendor;
  Architecture architecture = Architecture::hopper;
  Peaks peak;
  Bytes memory;              ///< what the driver shows
  ByteRate hbm;              ///< peak memory bandwidth
  ByteRate nvlink;           ///< per direction, all links of one GPU (or Infinity Fabric); PCIe where nvlink_links is 0
  int nvlink_links = 0;      ///< 0: no NVLink
  ByteRate pcie;             ///< per direction
  int sm_count = 0;          ///< AMD: compute units
  double base_clock_hz = 0;  ///< 0: not published
  double boost_clock_hz = 0;  ///< the highest clock of the matrix units (H100: 1,830 MHz, not the 1,980 of the others)
  Bytes l2_cache;
  Watts tdp;
  double die_area_mm2 = 0;  ///< logic dies of one package
  int release_year = 0;
  int nvlink_domain = 8;     ///< GPUs that NVLink joins in the usual node or rack (72 for NVL72), 1: none
  std::string default_node;  ///< catalogue id of the node it is usually sold in
  std::optional<FlopRate> sustained_bf16_gemm;  ///< best large GEMM measured on the part
  std::optional<FlopRate> sustained_fp8_gemm;
  ExportControl export_control;
  std::string note;                       ///< disagreements between sources, remarks
  std::map<std::string, Source> sources;  ///< by JSON key; "" is the source of every key without one of its own

  /// The source of the figure under a JSON key; nullptr for a value that was given by hand.
  [[nodiscard]] const Source* source_of(const std::string& key) const;
};

/// Reads one GPU file. Refuses figures without a source and figures that contradict each other (a narrower format
/// slower than a wider one, a sustained rate above its peak, TPP that is not the peaks' ...).
[[nodiscard]] std::optional<Accelerator> read_accelerator(const json::Cursor& at);

/// Lays keys of the GPU file (a run's `gpu_overrides`) over a known GPU; unknown keys and bad ranges are reported.
bool read_accelerator_over(const json::Cursor& at, Accelerator& gpu);

/// FLOP per byte at which bf16 (fp16 where there is no bf16) GEMM leaves the memory roof.
[[nodiscard]] double ridge_point(const Accelerator& gpu);

}  // namespace sextant::hardware
