// SPDX-License-Identifier: Apache-2.0
// Scores, group limit, top-k. One warp a token; a lane holds neighbouring experts in registers, so that a group of
// experts is a group of lanes. Sigmoid scores with groups ranked by the sum of their two best (DeepSeek-V3,
// arXiv:2412.19437, 2.1.2), or softmax without groups (Mixtral).
#include "profiler/cuda/kernels/common.cuh"
#include "profiler/cuda/kernels/kernels.hpp"

namespace sextant::profile::kernels {

namespace {

constexpr int warps = 4;
constexpr float none = -3.0e38f;

/// Two best of a lane group, merged by exchanging both.
__device__ inline float group_score(float best, float second, int lanes) {
  for (int step = lanes / 2; step > 0; step /= 2) {
    const float b = __shfl_xor_sync(all_lanes, best, step);
    const float s = __shfl_xor_sync(all_lanes, second, step);
    second = fmaxf(fminf(best, b), fmaxf(second, s));
    best = fmaxf(best, b);
  }
  return best + second;
}

/// How many groups have a better score (earlier ones win ties): kept when fewer than the limit.
__device__ inline bool group_kept(float score, int lanes, int groups, int limit) {
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const int mine = lane / lanes;
  int better = 0;
  for (int g = 0; g < groups; ++g) {
    const float other = __shfl_sync(all_lanes, score, g * lanes);
    better += other > score || (other == score && g < mine) ? 1 : 0;
  }
  return better < limit;
}

template <int per>
__device__ inline void normalise_scores(float (&v)[per], int experts, bool grouped) {
  const int first = static_cast<int>(threadIdx.x) % warp_size * per;
  if (grouped) {
#pragma unroll
    for (int i = 0; i < per; ++i) v[i] = 1.0f / (1.0f + expf(-v[i]));
    return;
  }
  float largest = none;
#pragma unroll
  for (int i = 0; i < per; ++i) largest = fmaxf(largest, first + i < experts ? v[i] : none);
  largest = lanes_max<warp_size>(largest);
  float sum = 0.0f;
#pragma unroll
  for (int i = 0; i < per; ++i) {
    v[i] = first + i < experts ? expf(v[i] - largest) : 0.0f;
    sum += v[i];
  }
  sum = lanes_sum<warp_size>(sum);
#pragma unroll
  for (int i = 0; i < per; ++i) v[i] = first + i < experts ? v[i] / sum : none;
}

template <int per>
__global__ void __launch_bounds__(warps* warp_size)
    route_kernel(Router shape, int* __restrict__ chosen, float* __restrict__ weights,
                 const float* __restrict__ logits) {
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const std::int64_t token = static_cast<std::int64_t>(blockIdx.x) * warps + threadIdx.x / warp_size;
  if (token >= shape.tokens) return;
  float v[per];
#pragma unroll
  for (int i = 0; i < per; ++i)
    v[i] = lane * per + i < shape.experts ? __ldg(logits + token * shape.experts + lane * per + i) : none;
  normalise_scores(v, shape.experts, shape.groups > 0);
  if (shape.groups > 0) {
    float best = none, second = none;
#pragma unroll
    for (int i = 0; i < per; ++i) {
      second = fmaxf(second, fminf(best, v[i]));
      best = fmaxf(best, v[i]);
    }
    const int lanes = warp_size / shape.groups;
    if (!group_kept(group_score(best, second, lanes), lanes, shape.groups, shape.group_limit)) {
#pragma unroll
      for (int i = 0; i < per; ++i) v[i] = none;
    }
  }
  float kept_weight = 0.0f;  // lane j keeps the j-th choice
  int kept_expert = 0;
  float sum = 0.0f;
  for (int j = 0; j < shape.top_k; ++j) {
    float best = none;
    int expert = shape.experts;
#pragma unroll
    for (int i = 0; i < per; ++i) {
      if (v[i] > best) {
        best = v[i];
        expert = lane * per + i;
      }
    }
#pragma unroll
    for (int step = warp_size / 2; step > 0; step /= 2) {
      const float other = __shfl_xor_sync(all_lanes, best, step);
      const int other_expert = __shfl_xor_sync(all_lanes, expert, step);
      if (other > best || (other == best && other_expert < expert)) {
        best = other;
        expert = other_expert;
      }
    }
#pragma unroll
    for (int i = 0; i < per; ++i) {
      if (lane * per + i == expert) v[i] = none;
    }
    if (lane == j) {
      kept_weight = best;
      kept_expert = expert;
    }
    sum += best;
  }
  if (lane < shape.top_k) {
    chosen[token * shape.top_k + lane] = kept_expert;
    weights[token * shape.top_k + lane] = kept_weight / sum;
  }
}

template <int per>
void launch(cudaStream_t s, Router shape, int* chosen, float* weights, const float* logits) {
  launch(s, blocks_for(shape.tokens, warps), warps * warp_size, route_kernel<per>, shape, chosen, weights, logits);
}

}  // namespace

void route(cudaStream_t s, Router shape, int* chosen, float* weights, const float* logits) {
  switch ((shape.experts + warp_size - 1) / warp_size) {
    case 1: launch<1>(s, shape, chosen, weights, logits); break;
    case 2: launch<2>(s, shape, chosen, weights, logits); break;
    case 4: launch<4>(s, shape, chosen, weights, logits); break;
    case 5: launch<5>(s, shape, chosen, weights, logits); break;
    default: launch<8>(s, shape, chosen, weights, logits); break;
  }
}

}  // namespace sextant::profile::kernels
