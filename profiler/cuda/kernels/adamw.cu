// SPDX-License-Identifier: Apache-2.0
// AdamW (Loshchilov and Hutter 2019) with bf16 moments and fp32 master weights, as DeepSeek-V3 keeps them
// (arXiv:2412.19437, 3.3.1): 22 bytes a parameter.
#include "profiler/cuda/kernels/common.cuh"
#include "profiler/cuda/kernels/kernels.hpp"

namespace sextant::profile::kernels {

namespace {

constexpr int threads = 256;

__device__ inline void load_floats(const float* p, float (&out)[8]) {
  const float4 a = __ldcs(reinterpret_cast<const float4*>(p));
  const float4 b = __ldcs(reinterpret_cast<const float4*>(p) + 1);
  const float v[8] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
#pragma unroll
  for (int i = 0; i < 8; ++i) out[i] = v[i];
}

__global__ void __launch_bounds__(threads)
    adamw_kernel(AdamW p, std::int64_t count, float* __restrict__ master, __nv_bfloat16* __restrict__ weights,
                 __nv_bfloat16* __restrict__ first, __nv_bfloat16* __restrict__ second,
                 const float* __restrict__ gradient) {
  const std::int64_t i = (static_cast<std::int64_t>(blockIdx.x) * threads + threadIdx.x) * 8;
  if (i >= count) return;
  float w[8], g[8], m[8], v[8];
  load_floats(master + i, w);
  load_floats(gradient + i, g);
  unpack(load8_once(first + i), m);
  unpack(load8_once(second + i), v);
  const float step = p.learning_rate / p.correction1;
  const float inverse2 = 1.0f / p.correction2;
#pragma unroll
  for (int e = 0; e < 8; ++e) {
    m[e] = p.beta1 * m[e] + (1.0f - p.beta1) * g[e];
    v[e] = p.beta2 * v[e] + (1.0f - p.beta2) * g[e] * g[e];
    w[e] -= p.learning_rate * p.weight_decay * w[e] + step * m[e] / (sqrtf(v[e] * inverse2) + p.epsilon);
  }
  __stcs(reinterpret_cast<float4*>(master + i), float4{w[0], w[1], w[2], w[3]});
  __stcs(reinterpret_cast<float4*>(master + i) + 1, float4{w[4], w[5], w[6], w[7]});
  store8(first + i, pack(m));
  store8(second + i, pack(v));
  store8(weights + i, pack(w));
}

}  // namespace

void adamw(cudaStream_t s, AdamW p, std::int64_t count, float* master, Bf16* weights, Bf16* first, Bf16* second,
           const float* gradient) {
  launch(s, blocks_for(count / 8, threads), threads, adamw_kernel, p, count, master,
         reinterpret_cast<__nv_bfloat16*>(weights), reinterpret_cast<__nv_bfloat16*>(first),
         reinterpret_cast<__nv_bfloat16*>(second), gradient);
}

}  // namespace sextant::profile::kernels
