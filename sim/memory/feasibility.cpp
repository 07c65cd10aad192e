// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/feasibility.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sextant::sim {

namespace {

std::string gigabytes(Bytes b) { return fmt::format("{:.1f} GB", b / memory_gb); }

/// "activations 61.3 GB, optimizer 20.1 GB, ...", largest first.
std::string breakdown(const MemoryTerms& terms) {
  std::array<MemoryClass, memory_class_names.size()> order{};
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<MemoryClass>(i);
  std::sort(order.begin(), order.end(), [&](MemoryClass a, MemoryClass b) { return terms.of(a) > terms.of(b); });
  std::string text;
  for (const MemoryClass c : order) {
    if (!(terms.of(c) > Bytes{})) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", memory_class_names[static_cast<std::size_t>(c)],
                        gigabytes(terms.of(c)));
  }
  return text;
}

}  // namespace

std::optional<Infeasible> memory_fault(const Run& run, const MemoryEstimate& estimate) {
  if (estimate.fits()) return std::nullopt;
  Infeasible fault;
  fault.kind = Infeasible::Kind::memory;
  fault.tag = "memory";
  fault.reason = fmt::format("needs {} of {} on pipeline rank {}: {}", gigabytes(estimate.total()),
                             gigabytes(estimate.capacity), estimate.worst, breakdown(estimate.fullest()));
  if (const std::optional<Remedy> remedy = find_remedy(run)) {
    fault.hint = fmt::format("fits with {}: {}", remedy->change, gigabytes(remedy->total));
  } else {
    fault.hint = "no change of layout or recompute on these GPUs fits";
  }
  return fault;
}

std::vector<Infeasible> infeasibilities(const Run& run) {
  std::vector<Infeasible> out = layout_faults(run);
  if (!out.empty()) return out;
  if (std::optional<Infeasible> fault = memory_fault(run, memory(run))) out.push_back(std::move(*fault));
  return out;
}

}  // namespace sextant::sim
