// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/operation.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sextant::profile {

namespace {

using Maker = MadeOperation (*)(const Gpu&, const Case&);

constexpr std::array<std::pair<KernelFamily, Maker>, 22> makers{{
    {KernelFamily::gemm, make_gemm},
    {KernelFamily::sustained, make_gemm},
    {KernelFamily::grouped_gemm, make_grouped_gemm},
    {KernelFamily::attention, make_attention},
    {KernelFamily::rms_norm, make_rms_norm},
    {KernelFamily::rope, make_rope},
    {KernelFamily::swiglu, make_swiglu},
    {KernelFamily::swiglu_cast, make_swiglu},
    {KernelFamily::cast, make_cast},
    {KernelFamily::cast_transpose, make_cast},
    {KernelFamily::router, make_routing},
    {KernelFamily::permute, make_routing},
    {KernelFamily::unpermute, make_routing},
    {KernelFamily::cross_entropy, make_cross_entropy},
    {KernelFamily::adamw, make_adamw},
    {KernelFamily::copy, make_stream},
    {KernelFamily::triad, make_stream},
    {KernelFamily::launch, make_launch},
    {KernelFamily::all_reduce, make_collective},
    {KernelFamily::all_gather, make_collective},
    {KernelFamily::reduce_scatter, make_collective},
    {KernelFamily::all_to_all, make_collective},
}};

}  // namespace

MadeOperation make_operation(const Gpu& gpu, const Case& c) {
  if (footprint_bytes(c) > gpu.free_bytes) {
    return not_measured(c, "needs " + std::to_string(static_cast<long>(footprint_bytes(c) / 1e9)) +
                               " GB of device memory, " + std::to_string(static_cast<long>(gpu.free_bytes / 1e9)) +
                               " GB are free");
  }
  for (const auto& [family, make] : makers) {
    if (family == c.family) return make(gpu, c);
  }
  return not_measured(c, "this program has no kernel for it");
}

std::vector<std::int64_t> sampled_lines(std::int64_t total, int count) {
  std::vector<std::int64_t> out;
  const std::int64_t n = std::min<std::int64_t>(total, count);
  for (std::int64_t i = 0; i < n; ++i) out.push_back(n == 1 ? 0 : i * (total - 1) / (n - 1));
  return out;
}

}  // namespace sextant::profile
