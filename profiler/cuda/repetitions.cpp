// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/repetitions.hpp"

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

}  // namespace sextant::profile
