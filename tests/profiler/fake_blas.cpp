// SPDX-License-Identifier: Apache-2.0
// cuBLASLt and cuBLAS on the host, slowly: column-major products as their documentation has them, with the combinations
// that Hopper refuses refused.
#include <cublasLt.h>
#include <cublas_v2.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>
#include <string_view>
#include <vector>

#include "profiler/cuda/reference.hpp"
#include "tests/profiler/fake_libraries.hpp"

namespace ref = sextant::profile::reference;

namespace {

struct Description {
  int transpose_a = CUBLAS_OP_N, transpose_b = CUBLAS_OP_N;
  const float* scale_a = nullptr;
  const float* scale_b = nullptr;
  int mode_a = CUBLASLT_MATMUL_MATRIX_SCALE_SCALAR_32F, mode_b = CUBLASLT_MATMUL_MATRIX_SCALE_SCALAR_32F;
};
struct Layout {
  cudaDataType type = CUDA_R_32F;
  std::int64_t rows = 0, columns = 0, leading = 0;
};
Description& of(cublasLtMatmulDesc_t d) { return *reinterpret_cast<Description*>(d); }
const Description& read(cublasLtMatmulDesc_t d) { return *reinterpret_cast<const Description*>(d); }
const Layout& read(cublasLtMatrixLayout_t l) { return *reinterpret_cast<const Layout*>(l); }

double load(const void* p, cudaDataType type, std::int64_t at) {
  switch (type) {
    case CUDA_R_16BF: return ref::from_bf16(static_cast<const std::uint16_t*>(p)[at]);
    case CUDA_R_16F: return ref::from_fp16(static_cast<const std::uint16_t*>(p)[at]);
    case CUDA_R_8F_E4M3: return ref::from_e4m3(static_cast<const std::uint8_t*>(p)[at]);
    default: return static_cast<double>(static_cast<const float*>(p)[at]);
  }
}

void store(void* p, cudaDataType type, std::int64_t at, double value) {
  const auto f = static_cast<float>(value);
  if (type == CUDA_R_32F) {
    static_cast<float*>(p)[at] = f;
  } else if (type == CUDA_R_16F) {
    static_cast<std::uint16_t*>(p)[at] = std::bit_cast<std::uint16_t>(static_cast<_Float16>(f));
  } else {
    const auto bits = std::bit_cast<std::uint32_t>(f);
    static_cast<std::uint16_t*>(p)[at] = static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
  }
}

/// Scale of the element in line `line` of `lines` at `k`; cuBLAS 12.9, "1D and 2D block scaling for FP8".
double scale(const float* scales, int mode, std::int64_t line, std::int64_t lines, std::int64_t k, std::int64_t depth) {
  if (scales == nullptr) return 1;
  const std::int64_t blocks = (depth + 127) / 128;
  switch (mode) {
    case CUBLASLT_MATMUL_MATRIX_SCALE_VEC128_32F: return static_cast<double>(scales[k / 128 * lines + line]);
    case CUBLASLT_MATMUL_MATRIX_SCALE_BLK128x128_32F:
      return static_cast<double>(scales[line / 128 * ((blocks + 3) / 4 * 4) + k / 128]);
    default: return static_cast<double>(scales[0]);
  }
}

bool fp8(cudaDataType t) { return t == CUDA_R_8F_E4M3; }

/// Hopper's FP8 products want both operands contiguous along k and widths of 16 bytes; two squares go not together.
bool supported(const Description& d, const Layout& a, const Layout& b, const Layout& out) {
  if (!fp8(a.type)) return a.type == b.type && (out.type == a.type || out.type == CUDA_R_32F);
  const bool along_k = d.transpose_a == CUBLAS_OP_T && d.transpose_b == CUBLAS_OP_N;
  const bool widths = a.rows % 16 == 0 && a.columns % 16 == 0 && b.columns % 16 == 0;
  const bool squares = d.mode_a == CUBLASLT_MATMUL_MATRIX_SCALE_BLK128x128_32F && d.mode_b == d.mode_a;
  const bool mixed =
      (d.mode_a == CUBLASLT_MATMUL_MATRIX_SCALE_SCALAR_32F) != (d.mode_b == CUBLASLT_MATMUL_MATRIX_SCALE_SCALAR_32F);
  return along_k && widths && !squares && !mixed && out.type != CUDA_R_8F_E4M3;
}

cublasStatus_t create(cublasLtHandle_t* h) {
  *h = reinterpret_cast<cublasLtHandle_t>(new int);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t destroy(cublasLtHandle_t h) {
  delete reinterpret_cast<int*>(h);
  return CUBLAS_STATUS_SUCCESS;
}
std::size_t version() { return 130000; }

cublasStatus_t desc_create(cublasLtMatmulDesc_t* d, cublasComputeType_t compute, cudaDataType_t scale_type) {
  if (compute != CUBLAS_COMPUTE_32F || scale_type != CUDA_R_32F) return CUBLAS_STATUS_NOT_SUPPORTED;
  *d = reinterpret_cast<cublasLtMatmulDesc_t>(new Description);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t desc_destroy(cublasLtMatmulDesc_t d) {
  delete &of(d);
  return CUBLAS_STATUS_SUCCESS;
}
template <class T>
cublasStatus_t take(T& to, const void* from, std::size_t size) {
  if (size != sizeof(T)) return CUBLAS_STATUS_INVALID_VALUE;
  std::memcpy(&to, from, size);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t desc_set(cublasLtMatmulDesc_t desc, cublasLtMatmulDescAttributes_t what, const void* p,
                        std::size_t size) {
  Description& d = of(desc);
  switch (what) {
    case CUBLASLT_MATMUL_DESC_TRANSA: return take(d.transpose_a, p, size);
    case CUBLASLT_MATMUL_DESC_TRANSB: return take(d.transpose_b, p, size);
    case CUBLASLT_MATMUL_DESC_A_SCALE_POINTER: return take(d.scale_a, p, size);
    case CUBLASLT_MATMUL_DESC_B_SCALE_POINTER: return take(d.scale_b, p, size);
    case CUBLASLT_MATMUL_DESC_A_SCALE_MODE: return take(d.mode_a, p, size);
    case CUBLASLT_MATMUL_DESC_B_SCALE_MODE: return take(d.mode_b, p, size);
    case CUBLASLT_MATMUL_DESC_FAST_ACCUM: return size == 1 ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
    default: return CUBLAS_STATUS_INVALID_VALUE;
  }
}
cublasStatus_t layout_create(cublasLtMatrixLayout_t* l, cudaDataType type, std::uint64_t rows, std::uint64_t columns,
                             std::int64_t leading) {
  *l = reinterpret_cast<cublasLtMatrixLayout_t>(
      new Layout{type, static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns), leading});
  return leading >= static_cast<std::int64_t>(rows) ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}
cublasStatus_t layout_destroy(cublasLtMatrixLayout_t l) {
  delete reinterpret_cast<Layout*>(l);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t preference_create(cublasLtMatmulPreference_t* p) {
  *p = reinterpret_cast<cublasLtMatmulPreference_t>(new int);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t preference_destroy(cublasLtMatmulPreference_t p) {
  delete reinterpret_cast<int*>(p);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t preference_set(cublasLtMatmulPreference_t, cublasLtMatmulPreferenceAttributes_t, const void*,
                              std::size_t size) {
  return size == 8 ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}
cublasStatus_t heuristic(cublasLtHandle_t, cublasLtMatmulDesc_t d, cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                         cublasLtMatrixLayout_t, cublasLtMatrixLayout_t out, cublasLtMatmulPreference_t, int most,
                         cublasLtMatmulHeuristicResult_t* results, int* found) {
  if (!supported(read(d), read(a), read(b), read(out))) return CUBLAS_STATUS_NOT_SUPPORTED;
  *found = std::min(most, 2);
  for (int i = 0; i < *found; ++i) results[i] = {};
  return CUBLAS_STATUS_SUCCESS;
}

/// op(X) as lines along the depth, scales applied: line i, depth l at [i * depth + l].
std::vector<double> lines_of(const void* p, const Layout& layout, bool depth_first, std::int64_t lines,
                             std::int64_t depth, const float* scales, int mode) {
  std::vector<double> out;
  out.reserve(static_cast<std::size_t>(lines * depth));
  for (std::int64_t i = 0; i < lines; ++i) {
    for (std::int64_t l = 0; l < depth; ++l) {
      const std::int64_t at = depth_first ? l + i * layout.leading : i + l * layout.leading;
      out.push_back(load(p, layout.type, at) * scale(scales, mode, i, lines, l, depth));
    }
  }
  return out;
}

cublasStatus_t matmul(cublasLtHandle_t, cublasLtMatmulDesc_t desc, const void* alpha, const void* a,
                      cublasLtMatrixLayout_t la, const void* b, cublasLtMatrixLayout_t lb, const void* beta,
                      const void* c, cublasLtMatrixLayout_t, void* out, cublasLtMatrixLayout_t lo,
                      const cublasLtMatmulAlgo_t*, void*, std::size_t, cudaStream_t) {
  const Description& d = read(desc);
  const Layout &x = read(la), &y = read(lb), &o = read(lo);
  const bool ta = d.transpose_a == CUBLAS_OP_T, tb = d.transpose_b == CUBLAS_OP_T;
  const std::int64_t m = ta ? x.columns : x.rows, depth = ta ? x.rows : x.columns, n = tb ? y.rows : y.columns;
  if (m != o.rows || n != o.columns || depth != (tb ? y.columns : y.rows)) return CUBLAS_STATUS_INVALID_VALUE;
  const auto first = lines_of(a, x, ta, m, depth, d.scale_a, d.mode_a);
  const auto second = lines_of(b, y, !tb, n, depth, d.scale_b, d.mode_b);
  const auto times = static_cast<double>(*static_cast<const float*>(alpha));
  const auto keep = static_cast<double>(*static_cast<const float*>(beta));
  for (std::int64_t i = 0; i < m; ++i) {
    for (std::int64_t j = 0; j < n; ++j) {
      const double sum = std::inner_product(first.begin() + i * depth, first.begin() + (i + 1) * depth,
                                            second.begin() + j * depth, 0.0);
      const double before = keep == 0 ? 0 : load(c, o.type, i + j * o.leading);
      store(out, o.type, i + j * o.leading, times * sum + keep * before);
    }
  }
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t blas_create(cublasHandle_t* h) {
  *h = reinterpret_cast<cublasHandle_t>(new int);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t blas_destroy(cublasHandle_t h) {
  delete reinterpret_cast<int*>(h);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t blas_stream(cublasHandle_t, cudaStream_t) { return CUBLAS_STATUS_SUCCESS; }

cublasStatus_t grouped(cublasHandle_t, const cublasOperation_t* ta, const cublasOperation_t* tb, const int* m,
                       const int* n, const int* k, const void* alpha, const void* const* a, cudaDataType_t type_a,
                       const int* lda, const void* const* b, cudaDataType_t type_b, const int* ldb, const void* beta,
                       void* const* c, cudaDataType_t type_c, const int* ldc, int groups, const int* sizes,
                       cublasComputeType_t) {
  int at_matrix = 0;
  for (int g = 0; g < groups; ++g) {
    const Layout la{type_a, ta[g] == CUBLAS_OP_T ? k[g] : m[g], ta[g] == CUBLAS_OP_T ? m[g] : k[g], lda[g]};
    const Layout lb{type_b, tb[g] == CUBLAS_OP_T ? n[g] : k[g], tb[g] == CUBLAS_OP_T ? k[g] : n[g], ldb[g]};
    const Layout lc{type_c, m[g], n[g], ldc[g]};
    if (la.leading < la.rows || lb.leading < lb.rows || lc.leading < lc.rows) return CUBLAS_STATUS_INVALID_VALUE;
    Description d;
    d.transpose_a = ta[g];
    d.transpose_b = tb[g];
    const auto layout = [](const Layout& l) {
      return reinterpret_cast<cublasLtMatrixLayout_t>(const_cast<Layout*>(&l));
    };
    for (int i = 0; i < sizes[g]; ++i, ++at_matrix) {
      const cublasStatus_t status =
          matmul(nullptr, reinterpret_cast<cublasLtMatmulDesc_t>(&d), static_cast<const float*>(alpha) + g,
                 a[at_matrix], layout(la), b[at_matrix], layout(lb), static_cast<const float*>(beta) + g, c[at_matrix],
                 layout(lc), c[at_matrix], layout(lc), nullptr, nullptr, 0, nullptr);
      if (status != CUBLAS_STATUS_SUCCESS) return status;
    }
  }
  return CUBLAS_STATUS_SUCCESS;
}

/// The stand-in has to have the declaration of what it stands in for.
template <class Real>
void* as(Real* stand_in) {
  return reinterpret_cast<void*>(stand_in);
}
#define SEXTANT_STANDS_FOR(real, stand_in) \
  { #real, as < decltype(::real)>(stand_in) }

}  // namespace

namespace sextant::profile::test {

void* blas_function(std::string_view name) {
  static const std::array<std::pair<std::string_view, void*>, 17> all{{
      SEXTANT_STANDS_FOR(cublasLtCreate, create),
      SEXTANT_STANDS_FOR(cublasLtDestroy, destroy),
      SEXTANT_STANDS_FOR(cublasLtGetVersion, version),
      SEXTANT_STANDS_FOR(cublasLtMatmul, matmul),
      SEXTANT_STANDS_FOR(cublasLtMatmulDescCreate, desc_create),
      SEXTANT_STANDS_FOR(cublasLtMatmulDescDestroy, desc_destroy),
      SEXTANT_STANDS_FOR(cublasLtMatmulDescSetAttribute, desc_set),
      SEXTANT_STANDS_FOR(cublasLtMatrixLayoutCreate, layout_create),
      SEXTANT_STANDS_FOR(cublasLtMatrixLayoutDestroy, layout_destroy),
      SEXTANT_STANDS_FOR(cublasLtMatmulPreferenceCreate, preference_create),
      SEXTANT_STANDS_FOR(cublasLtMatmulPreferenceDestroy, preference_destroy),
      SEXTANT_STANDS_FOR(cublasLtMatmulPreferenceSetAttribute, preference_set),
      SEXTANT_STANDS_FOR(cublasLtMatmulAlgoGetHeuristic, heuristic),
      SEXTANT_STANDS_FOR(cublasCreate_v2, blas_create),
      SEXTANT_STANDS_FOR(cublasDestroy_v2, blas_destroy),
      SEXTANT_STANDS_FOR(cublasSetStream_v2, blas_stream),
      SEXTANT_STANDS_FOR(cublasGemmGroupedBatchedEx, grouped),
  }};
  for (const auto& [known, function] : all) {
    if (known == name) return function;
  }
  return nullptr;
}

}  // namespace sextant::profile::test
