// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "base/source.hpp"

namespace sextant::hardware {

enum class Architecture : std::uint8_t { volta, ampere, ada, hopper, blackwell, cdna3 };

/// Dense peaks (no sparsity). Zero: the hardware does not have the format.
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
  std::string id;                    ///< e.g. "H800-SXM-80GB"
  std::string name;
  std::vector<std::string> aliases;  ///< further ids people write, e.g. "h800", "H800-SXM5-80GB"
  std::string vendor;
  Architecture architecture = Architecture::hopper;
  Peaks peak;
  Bytes memory;            ///< what the driver shows
  ByteRate hbm;            ///< peak memory bandwidth
  ByteRate nvlink;         ///< per direction, all links of one GPU; PCIe where there is no NVLink
  int nvlink_links = 0;    ///< 0: no NVLink
  ByteRate pcie;           ///< per direction
  int sm_count = 0;
  double base_clock_hz = 0;
  double boost_clock_hz = 0;
  Bytes l2_cache;
  Watts tdp;
  double die_area_mm2 = 0;
  int release_year = 0;
  int nvlink_domain = 8;   ///< GPUs that NVLink joins in the usual node or rack (72 for NVL72)
  std::optional<FlopRate> sustained_bf16_gemm;  ///< best large GEMM measured on the part
  std::optional<FlopRate> sustained_fp8_gemm;
  ExportControl export_control;
  std::map<std::string, Source> sources;  ///< by JSON key; "" is the source of every key without one of its own
};

}  // namespace sextant::hardware
