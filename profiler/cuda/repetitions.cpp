// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/repetitions.hpp"

#include <algorithm>
#include <cmath>

namespace sextant::profile {

std::vector<double> times_per_repetition(const std::vector<KernelRecord>& kernels, int repetitions) {
  const auto n = static_cast<std::size_t>(repetitions);
  if (kernels.empty() || kernels.size() % n != 0) return {};
  const std::size_t each = kernels.size() / n;
  std::vector<double> out(n, 0);
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    if (kernels[i].end_ns <= kernels[i].start_ns || kernels[i].name != kernels[i % each].name) return {};
    out[i / each] += seconds(kernels[i]);
  }
  return out;
}

std::vector<double> gaps_per_repetition(const std::vector<KernelRecord>& kernels, int repetitions) {
  std::vector<double> out = times_per_repetition(kernels, repetitions);
  if (out.empty()) return out;
  const std::size_t each = kernels.size() / out.size();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const KernelRecord* first = &kernels[i * each];
    std::uint64_t last_end = 0;
    for (std::size_t j = 0; j < each; ++j) last_end = std::max(last_end, first[j].end_ns);
    out[i] = static_cast<double>(last_end - first->start_ns) * 1e-9 - out[i];
  }
  return out;
}

int flushes_for(int host_calls, double flush_s) {
  constexpr double call_s = 10e-6;  // a cuBLASLt product under CUPTI; a plain launch takes a third
  constexpr int most = 96;
  const double wanted = call_s * (host_calls + 1);
  return std::clamp(static_cast<int>(std::ceil(wanted / std::max(flush_s, 1e-6))), 1, most);
}

}  // namespace sextant::profile
