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
     "bytes / (e HBM); forward 11 hidden widths, 2.5 projected widths, 2-3 MLP widths a token, backward twice",
     "kernel lists of the stacks; e calibrated per stack"},
    {cast, "step/compute/cast", "FP8 casts and transposed copies",
     "bytes of each cast / (0.7 HBM), times the recipe's calibrated traffic", "kernel lists of FP8 recipes"},
    {embedding, "step/compute/embedding", "embedding", "8 bytes an element / (0.5 HBM)", "lookup and scatter-add"},
    {head, "step/compute/head", "output head and loss",
     "three 16-bit GEMMs of vocab/tp x hidden, 22 bytes a logit of softmax traffic", "GEMM form; fused loss kernels"},
    {recompute, "step/compute/recompute", "recomputed forward",
     "the forward of the layers or modules that recompute drops", "arXiv:2205.05198"},
    {host, "step/host", "launch-bound time",
     "what the host's launch queue takes longer than the GPU; MoE layers also wait for token counts",
     "11-18 us an eager PyTorch operator; calibrated per stack"},
    {tensor_comm, "step/comm/tensor", "tensor-parallel collectives",
     "exposed share of two all-reduces (or gather and scatter) of the hidden states a layer and pass",
     "NCCL's cost model; share calibrated"},
    {context_comm, "step/comm/context", "context-parallel exchange",
     "exposed share of the keys and values of (cp - 1) blocks a layer and pass", "ring attention"},
    {expert_comm, "step/comm/expert", "expert dispatch and combine",
     "exposed share of two all-to-alls of the routed tokens a layer and pass", "DeepEP's byte definition"},
    {pipeline_comm, "step/comm/pipeline", "pipeline sends",
     "share of the sends and receives of a micro-batch that blocks compute", "calibrated"},
    {shard_comm, "step/comm/shards", "ZeRO-3 gathers",
     "what two gathers and a scatter of the parameters add to compute when they overlap", "calibrated overlap"},
    {accumulation, "step/compute/gradient-accumulation", "gradient accumulation",
     "bytes a parameter and micro-batch / (0.8 HBM)", "calibrated bytes"},
    {engine, "step/host/pipeline-engine", "pipeline engine", "host synchronisation a micro-batch and stage",
     "calibrated"},
    {bubble, "step/pipeline/bubble", "pipeline bubble",
     "makespan of the executed schedule minus the busiest stage's work", "schedule executor"},
    {gradient_comm, "step/comm/gradients", "data-parallel reduction",
     "reduce-scatter of gradients and all-gather of parameters, less what the backward pass hides",
     "NCCL's cost model; overlap calibrated"},
    {optimizer, "step/optimizer", "optimizer", "34 bytes a parameter of the shard / (0.8 HBM), calibrated",
     "AdamW with fp32 states"},
    {fixed, "step/fixed", "fixed time", "data loading, logging, clipping", "assumed"},
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
