// SPDX-License-Identifier: Apache-2.0
#include "profiler/trace/kernel_class.hpp"

#include <algorithm>
#include <string>

namespace sextant::profile {

namespace {

struct Word {
  std::string_view text;  ///< lower case
  KernelClass kernel_class;
};

// The first word that a name holds decides, so the order matters: an optimizer's multi_tensor_apply is also a
// vectorized element-wise kernel, cuDNN's attention kernels are also "gemm" generators' output.
constexpr std::array<Word, 78> words{{
    {"nccl", KernelClass::communication},
    {"deep_ep", KernelClass::communication},
    {"deepep", KernelClass::communication},
    {"hybrid_ep", KernelClass::communication},
    {"nvshmem", KernelClass::communication},
    {"rccl", KernelClass::communication},
    {"internode::", KernelClass::communication},
    {"intranode::", KernelClass::communication},
    {"notify_dispatch", KernelClass::communication},
    {"cached_notify", KernelClass::communication},
    {"get_dispatch_layout", KernelClass::communication},
    {"all_reduce", KernelClass::communication},
    {"allreduce", KernelClass::communication},
    {"all_gather", KernelClass::communication},
    {"allgather", KernelClass::communication},
    {"reduce_scatter", KernelClass::communication},
    {"reducescatter", KernelClass::communication},
    {"all_to_all", KernelClass::communication},
    {"alltoall", KernelClass::communication},
    {"sendrecv", KernelClass::communication},
    {"mscclpp", KernelClass::communication},
    {"userbuffers", KernelClass::communication},
    {"flash_fwd", KernelClass::attention},
    {"flash_bwd", KernelClass::attention},
    {"flash::", KernelClass::attention},
    {"flashattn", KernelClass::attention},
    {"flash_attn", KernelClass::attention},
    {"fmha", KernelClass::attention},
    {"flashmla", KernelClass::attention},
    {"flash_mla", KernelClass::attention},
    {"sdpa", KernelClass::attention},
    {"attention", KernelClass::attention},
    {"_attn_fwd", KernelClass::attention},
    {"_attn_bwd", KernelClass::attention},
    {"softmax_warp", KernelClass::attention},
    {"scaled_masked_softmax", KernelClass::attention},
    {"adam", KernelClass::optimizer},
    {"multi_tensor_apply", KernelClass::optimizer},
    {"multi_tensor", KernelClass::optimizer},
    {"lamb", KernelClass::optimizer},
    {"muon", KernelClass::optimizer},
    {"newton_schulz", KernelClass::optimizer},
    {"multitensor", KernelClass::optimizer},
    {"clip_grad", KernelClass::optimizer},
    {"quant", KernelClass::cast},
    {"fp8_cast", KernelClass::cast},
    {"cast_transpose", KernelClass::cast},
    {"cast_to_fp8", KernelClass::cast},
    {"to_fp8", KernelClass::cast},
    {"cast", KernelClass::cast},
    {"transpose", KernelClass::cast},
    {"amax", KernelClass::cast},
    {"gemm", KernelClass::gemm},
    {"cutlass", KernelClass::gemm},
    {"nvjet", KernelClass::gemm},
    {"wgmma", KernelClass::gemm},
    {"splitk", KernelClass::gemm},
    {"cublas", KernelClass::gemm},
    {"matmul", KernelClass::gemm},
    {"_mm_", KernelClass::gemm},
    {"gemv", KernelClass::gemm},
    {"sm90_xmma", KernelClass::gemm},
    {"sm80_xmma", KernelClass::gemm},
    {"norm", KernelClass::norm},
    {"topk", KernelClass::routing},
    {"top_k", KernelClass::routing},
    {"router", KernelClass::routing},
    {"permute", KernelClass::routing},
    {"dispatch_to_expert", KernelClass::routing},
    {"moe_align", KernelClass::routing},
    {"radixsort", KernelClass::routing},
    {"elementwise", KernelClass::elementwise},
    {"vectorized", KernelClass::elementwise},
    {"silu", KernelClass::elementwise},
    {"swiglu", KernelClass::elementwise},
    {"rope", KernelClass::elementwise},
    {"rotary", KernelClass::elementwise},
    {"triton_poi", KernelClass::elementwise},
}};

}  // namespace

KernelClass classify(std::string_view kernel_name) {
  std::string lower(kernel_name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const Word& w : words) {
    if (lower.find(w.text) != std::string::npos) return w.kernel_class;
  }
  return KernelClass::other;
}

KernelClass classify(const Trace& trace, const DeviceEvent& event) {
  return event.activity == Activity::kernel ? classify(trace.name_of(event)) : KernelClass::memory;
}

}  // namespace sextant::profile
