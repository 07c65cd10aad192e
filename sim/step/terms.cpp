// SPDX-License-Identifier: Apache-2.0
#include "sim/step/terms.hpp"

namespace sextant::sim {

namespace {

using enum Term;

constexpr std::array<TermInfo, term_count> table{{
    {gemm, "step/compute/gemm", "dense GEMMs",
     "sum over projections and passes of max(2 M N K / (R K/(K+K0) w^x), bytes / (0.85 HBM)) + 2 us; w: wave "
     "quantisation over 128x256 tiles",
     "form fitted to cuBLAS tables of A100 and H100 and DeepGEMM's of H800"},
    {grouped_gemm, "step/compute/grouped-gemm", "expert GEMMs",
     "the GEMM form on the fullest rank's rows an expert, times the experts of a rank",
     "GEMM form; grouped rate calibrated"},
    {attention, "step/compute/attention", "core attention",
     "fused: causal FLOPs / (R s/(s+400)), backward 2.5 times the FLOPs at 0.85 of the rate; unfused: two batched "
     "GEMMs and the traffic of the scores",
     "published rates of FlashAttention 1-3 and cuDNN; arXiv:2205.05198"},
    {elementwise, "step/compute/memory-bound", "norms, adds, RoPE, activations, permutes",
     "bytes that the stack's kernels of a layer read and write, forward and backward / (e HBM)",
     "kernel tables of the stacks (sim/data/kernels); e calibrated, a factor for three stacks"},
    {cast, "step/compute/cast", "FP8 casts and transposed copies",
     "bytes of each cast / (0.7 HBM), times the recipe's calibrated traffic", "kernel lists of FP8 recipes"},
    {embedding, "step/compute/embedding", "embedding", "8 bytes an element / (0.5 HBM)", "lookup and scatter-add"},
    {head, "step/compute/head", "output head and loss",
     "three 16-bit GEMMs of vocab/tp x hidden, and the stack's bytes a logit of softmax and loss",
     "GEMM form; loss kernels of the stack"},
    {recompute, "step/compute/recompute", "recomputed forward",
     "the forward of the layers or modules that recompute drops", "arXiv:2205.05198"},
    {host, "step/host", "launch-bound time",
     "what the host's launch queue takes longer than the GPU; MoE layers also wait for token counts",
     "11-18 us an eager PyTorch operator; calibrated per stack"},
    {tensor_comm, "step/comm/tensor", "tensor-parallel collectives",
     "of two all-reduces (or gather and scatter) of the hidden states a layer and pass, what the GEMMs beside them do "
     "not hide",
     "NCCL's cost model; order of events as the stack has it (docs/model.md, Overlap)"},
    {context_comm, "step/comm/context", "context-parallel exchange",
     "of the keys and values (or latents) of (cp - 1) blocks a layer and pass, what attention does not hide",
     "ring attention"},
    {expert_comm, "step/comm/expert", "expert dispatch and combine",
     "two all-to-alls of the routed tokens a layer and pass, less what another micro-batch's compute hides",
     "DeepEP's byte definition; the schedule's pairs"},
    {pipeline_comm, "step/comm/pipeline", "pipeline sends",
     "a send forward and one back a micro-batch where they block; else what they cost the compute beside them",
     "one forward, one backward waits for its sends; interleaved stacks overlap them"},
    {shard_comm, "step/comm/shards", "ZeRO-3 gathers",
     "of two gathers and a scatter of the parameters a micro-batch, what the passes do not hide",
     "passes in which the stack gathers ahead"},
    {accumulation, "step/compute/gradient-accumulation", "gradient accumulation",
     "bytes a parameter and micro-batch / (0.8 HBM)", "calibrated bytes"},
    {engine, "step/host/pipeline-engine", "pipeline engine", "host synchronisation a micro-batch and stage",
     "calibrated"},
    {bubble, "step/pipeline/bubble", "pipeline bubble",
     "makespan of the executed schedule minus the busiest stage's work", "schedule executor"},
    {gradient_comm, "step/comm/gradients", "data-parallel reduction",
     "reduce-scatter of gradients beside the last backward, all-gather of parameters beside the first forward, bucket "
     "by bucket: what is not hidden",
     "NCCL's cost model"},
    {optimizer, "step/optimizer", "optimizer", "34 bytes a parameter of the shard / (0.8 HBM), calibrated",
     "AdamW with fp32 states"},
    {fixed, "step/fixed", "fixed time", "data loading, logging, clipping", "calibrated"},
    {straggler, "step/straggler", "stragglers", "share of the step per doubling of nodes", "calibrated"},
}};

consteval bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].term) != i) return false;
  }
  return true;
}
static_assert(in_order(), "one row a term, in the order of the enumeration");

}  // namespace

const std::array<TermInfo, term_count>& term_table() { return table; }

}  // namespace sextant::sim
