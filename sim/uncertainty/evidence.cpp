// SPDX-License-Identifier: Apache-2.0
#include "sim/uncertainty/evidence.hpp"

#include <algorithm>
#include <tuple>

namespace sextant::sim {

std::string_view name_of(hardware::Architecture architecture) {
  using enum hardware::Architecture;
  switch (architecture) {
    case volta: return "volta";
    case ampere: return "ampere";
    case ada: return "ada";
    case hopper: return "hopper";
    case blackwell: return "blackwell";
    case cdna3: return "cdna3";
  }
  return "";
}

int bits_of(Precision precision) {
  switch (precision) {
    case Precision::bf16:
    case Precision::fp16: return 16;
    case Precision::fp8:
    case Precision::fp8_blockwise:
    case Precision::mxfp8: return 8;
    case Precision::nvfp4: return 4;
  }
  return 16;
}

Evidence kind_of(const Run& run) {
  return {run.stack.id,
          std::string(name_of(run.cluster.gpu.architecture)),
          run.model.has_experts(),
          bits_of(run.precision),
          1,
          run.cluster.gpus,
          run.batch.seq_len};
}

bool same_kind(const Evidence& a, const Evidence& b) {
  return a.stack == b.stack && a.architecture == b.architecture && a.experts == b.experts && a.bits == b.bits;
}

void add_evidence(std::vector<Evidence>& rows, const Run& run) {
  Evidence kind = kind_of(run);
  const auto key = [](const Evidence& e) { return std::tie(e.stack, e.architecture, e.experts, e.bits); };
  const auto at = std::lower_bound(rows.begin(), rows.end(), kind,
                                   [&](const Evidence& a, const Evidence& b) { return key(a) < key(b); });
  if (at == rows.end() || !same_kind(*at, kind)) {
    rows.insert(at, std::move(kind));
    return;
  }
  at->rows += 1;
  at->largest_gpus = std::max(at->largest_gpus, kind.largest_gpus);
  at->longest_sequence = std::max(at->longest_sequence, kind.longest_sequence);
}

Familiarity familiarity(const Evidence& kind, std::span<const Evidence> seen) {
  Familiarity f;
  for (const Evidence& row : seen) {
    if (row.stack == kind.stack) f.stack = true;
    if (row.architecture != kind.architecture) continue;
    f.hardware = true;
    if (row.bits == kind.bits) f.precision = true;
    if (same_kind(row, kind)) f.rows += row.rows;
    f.largest_gpus = std::max(f.largest_gpus, row.largest_gpus);
    f.longest_sequence = std::max(f.longest_sequence, row.longest_sequence);
  }
  return f;
}

}  // namespace sextant::sim
