// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/terms.hpp"

namespace sextant::sim {

namespace {

using enum MemoryTerm;
using Group = MemoryClass;

constexpr std::array<MemoryTermInfo, memory_term_count> table{{
    {weights, Group::weights, "memory/weights", "weights",
     "parameters of the rank x bytes (bf16 and fp16: 2; fp32 under FSDP: 4; FP8 GEMMs: FP8 and transposed copies); "
     "ZeRO-3 divides by its group; DualPipe's ranks hold two stages",
     "parameter counts of models/; ZeRO, arXiv:1910.02054; DualPipe, arXiv:2412.19437 section 3.2.1"},
    {gathered_weights, Group::weights, "memory/weights/gathered", "gathered weights",
     "ZeRO-3: 2 bytes x (layers prefetched x the largest layer + embedding and head); ZeRO-2 over fp32 weights: "
     "2 bytes x all parameters of the rank",
     "PyTorch FSDP, arXiv:2304.11277 section 3"},
    {gradients, Group::gradients, "memory/gradients", "gradients",
     "parameters x bytes kept between micro-batches (fp32: 4; 16-bit: 2; both where accumulation is not fused); "
     "ZeRO-2 and ZeRO-3 divide by their group and hold the whole gradient of one layer",
     "ZeRO, arXiv:1910.02054; Megatron-LM, docs of the distributed optimizer"},
    {optimizer, Group::optimizer, "memory/optimizer", "optimizer states",
     "parameters x (master + first + second moment; + 4 for an fp32 copy of 16-bit gradients) / sharding group: dp x "
     "cp "
     "for dense parameters, edp for experts",
     "Megatron-LM, docs of the distributed optimizer (18 and 20 bytes, 6 + 12/d, 4 + 16/d)"},
    {layers, Group::activations, "memory/activations/layers", "saved activations",
     "sum over the rank's layers of the bytes each operator keeps for the backward pass under the recompute mode x "
     "micro-batches in flight; without recompute s b h (10 + 24/t + 5 a s/(h t)), with sequence parallelism "
     "s b h/t (34 + 5 a s/h), selective 34 s b h/t, full 2 s b h",
     "Korthikanti et al., arXiv:2205.05198, equations 1-6, generalised operator by operator"},
    {stage_outputs, Group::activations, "memory/activations/stage-outputs", "stage outputs",
     "2 s b h x micro-batches in flight where the pipeline engine does not free a stage's output",
     "DeepSpeed, runtime/pipe/engine.py; arXiv:2205.05198 appendix B"},
    {embedding, Group::activations, "memory/activations/embedding", "embedding",
     "dropout mask of the embedding, s b h x micro-batches in flight", "arXiv:2205.05198 section 4.3"},
    {head, Group::activations, "memory/activations/head", "output head and loss",
     "inputs of final norm and head, 4 s b h, and s b v/t x bytes a logit at the loss, where that outweighs the "
     "layers' "
     "own peak below; MTP modules add one layer and "
     "one "
     "set each",
     "arXiv:2205.05198 section 4.3: 4 s b h/t (1 + v/h)"},
    {recomputed, Group::activations, "memory/activations/recomputed", "recomputed layer",
     "what recompute brings back of the largest layer at once; 0 where the peak is at the loss",
     "arXiv:2205.05198 section 5"},
    {working, Group::activations, "memory/activations/working", "gradients of activations",
     "gradients that live while one layer's backward pass runs: the widest block's output and hidden states, and the "
     "16-bit gradient of a vocabulary table",
     "order of backward kernels"},
    {communication, Group::buffers, "memory/buffers/communication", "communication buffers",
     "pipeline sends and receives, 4 x 2 s b h; flattened gradient buckets; buffers of the dispatch library",
     "DeepSpeed's reduce_bucket_size; DeepEP's buffer hints"},
    {workspace, Group::buffers, "memory/buffers/workspace", "context and libraries",
     "CUDA context, NCCL communicators, cuBLAS workspaces: a constant of the stack", "stack data"},
    {slack, Group::buffers, "memory/buffers/fragmentation", "fragmentation",
     "share of all other memory that the caching allocator holds and cannot use, a constant of the stack; down to a "
     "quarter of it where the GPU is nearly full, since cached blocks are given back",
     "stack data; PyTorch's caching allocator"},
}};

consteval bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].term) != i) return false;
  }
  return true;
}
static_assert(in_order(), "one row a term, in the order of the enumeration");

}  // namespace

const std::array<MemoryTermInfo, memory_term_count>& memory_term_table() { return table; }

Bytes MemoryTerms::of(MemoryClass group) const {
  Bytes sum;
  for (const MemoryTermInfo& row : table) {
    if (row.group == group) sum += (*this)[row.term];
  }
  return sum;
}

}  // namespace sextant::sim
