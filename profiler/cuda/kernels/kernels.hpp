// SPDX-License-Identifier: Apache-2.0
// Our own kernels, as host functions that launch them. Pointers are device memory, 16-byte aligned; matrices are
// row-major. bf16 and E4M3 are passed as their bits, so that host code needs no CUDA types.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

namespace sextant::profile::kernels {

using Bf16 = std::uint16_t;
using E4m3 = std::uint8_t;

// --- memory streams, test data (stream.cu) ---
void copy(cudaStream_t s, void* to, const void* from, std::int64_t bytes);
void triad(cudaStream_t s, float* a, const float* b, const float* c, float scale, std::int64_t count);
/// Reads the buffer, so that the cache holds nothing else and no dirty lines.
void flush_cache(cudaStream_t s, const void* buffer, std::int64_t bytes, float* never_written);
void nothing(cudaStream_t s);
/// A multiple of 16 bytes. A kernel, not a memset, so that it counts among a call's kernels.
void zero(cudaStream_t s, void* out, std::int64_t bytes);

enum class Format : std::uint8_t { bf16, fp16, fp32, e4m3 };
/// Uniform in (-scale, scale), a function of seed and index alone.
void fill_random(cudaStream_t s, void* out, Format format, std::int64_t count, float scale, std::uint64_t seed);
/// out[i * length + j] = matrix[lines[i] * line_stride + j * step], as floats.
void gather(cudaStream_t s, float* out, const void* matrix, Format format, const std::int64_t* lines, int line_count,
            std::int64_t length, std::int64_t line_stride, std::int64_t step);

// --- rms_norm.cu: hidden divisible by 8, at most 16384 ---
struct RmsNorm {
  int tokens, hidden;
  float epsilon;
};
void rms_norm_forward(cudaStream_t s, RmsNorm shape, Bf16* y, float* rstd, const Bf16* x, const Bf16* gamma);
/// `partial`: rms_norm_partials(sms) x hidden floats.
[[nodiscard]] int rms_norm_partials(int hidden, int sms);
void rms_norm_backward(cudaStream_t s, RmsNorm shape, int sms, Bf16* dx, float* dgamma, float* partial, const Bf16* dy,
                       const Bf16* x, const Bf16* gamma, const float* rstd);

// --- rope.cu: half-split pairs (i, i + dim/2), dim divisible by 16; cosines and sines [tokens x dim/2] ---
void rope(cudaStream_t s, int tokens, int heads, int dim, Bf16* y, const Bf16* x, const float* cosine,
          const float* sine);

// --- swiglu.cu: x = [gate | up] of 2 x width, width divisible by 8 (128 where it is cast) ---
void swiglu_forward(cudaStream_t s, int tokens, int width, Bf16* y, const Bf16* x);
void swiglu_backward(cudaStream_t s, int tokens, int width, Bf16* dx, const Bf16* dy, const Bf16* x);
/// Scales [width/128 x tokens], one for each 128 values of a row.
void swiglu_cast(cudaStream_t s, int tokens, int width, E4m3* y, float* scales, const Bf16* x);

// --- cast.cu: E4M3 with scales such that value = scale * e4m3 ---
/// One scale per 1 x 128: scales [columns/128 x rows].
void cast_rows(cudaStream_t s, int rows, int columns, E4m3* y, float* scales, const Bf16* x);
/// One scale per 128 x 128: scales [rows/128 x columns/128].
void cast_blocks(cudaStream_t s, int rows, int columns, E4m3* y, float* scales, const Bf16* x);
/// cast_rows, and a transposed copy yt [columns x rows] with one scale for each 128 rows: scales_t [rows/128 x
/// columns]. Rows and columns divisible by 128.
void cast_transpose(cudaStream_t s, int rows, int columns, E4m3* y, float* scales, E4m3* yt, float* scales_t,
                    const Bf16* x);

// --- router.cu: 8, or a multiple of 32 up to 256 experts ---
struct Router {
  int tokens, experts, top_k, groups, group_limit;  ///< groups 0: softmax over all; else sigmoid scores, as DeepSeek-V3
};
void route(cudaStream_t s, Router shape, int* chosen, float* weights, const float* logits);

// --- permute.cu ---
struct Permute {
  int tokens, hidden, experts, top_k;
};
/// Works out the row of every (token, choice) in expert order, each expert's rows padded to 128, and copies the tokens
/// there. Padding rows are left as they are: nothing reads what a grouped GEMM makes of them. `counts` must be zero
/// before the first call and is zero after each; `ranks` and `rows` hold tokens x top_k, `offsets` experts + 1.
void permute(cudaStream_t s, Permute shape, Bf16* y, int* rows, int* ranks, int* counts, int* offsets, const Bf16* x,
             const int* chosen);
void unpermute(cudaStream_t s, Permute shape, Bf16* y, const Bf16* x, const int* rows, const float* weights);

// --- cross_entropy.cu: one shard of the vocabulary, divisible by 8 ---
struct CrossEntropy {
  int tokens, vocab, first;  ///< `first`: the shard's first word
};
/// Per token: the shard's largest logit, sum of exp(logit - largest), and the target's logit where the shard has it.
void loss_statistics(cudaStream_t s, CrossEntropy shape, float* largest, float* sum, float* target_logit,
                     const Bf16* logits, const int* targets);
/// Given statistics over all shards: d loss / d logits.
void loss_gradient(cudaStream_t s, CrossEntropy shape, Bf16* gradient, const Bf16* logits, const float* largest,
                   const float* sum, const int* targets, float scale);

// --- adamw.cu: count divisible by 8 ---
struct AdamW {
  float learning_rate, beta1, beta2, epsilon, weight_decay, correction1, correction2;  ///< corrections: 1 - beta^step
};
void adamw(cudaStream_t s, AdamW p, std::int64_t count, float* master, Bf16* weights, Bf16* first, Bf16* second,
           const float* gradient);

}  // namespace sextant::profile::kernels
