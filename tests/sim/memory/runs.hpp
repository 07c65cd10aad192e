// SPDX-License-Identifier: Apache-2.0
// Runs of the tests, written out: no loader stands between the paper's table and the question.
#pragma once

#include "sim/run/run.hpp"

namespace sextant::sim::test {

/// A GPT as Megatron-LM trains it: LayerNorm, learned positions, 4 h wide GELU MLP, tied embeddings.
struct Gpt {
  int layers = 0;
  int hidden = 0;
  int heads = 0;
  int seq_len = 2048;
  int vocab = 51200;
};

inline models::ModelSpec gpt(const Gpt& g) {
  models::Layer layer;
  layer.attention.heads = g.heads;
  layer.attention.kv_heads = g.heads;
  layer.attention.head_dim = g.hidden / g.heads;
  layer.attention.v_head_dim = layer.attention.head_dim;
  layer.attention.qkv_bias = true;
  layer.attention.output_bias = true;
  layer.mlp.gated = false;
  layer.mlp.bias = true;
  layer.mlp.ffn = 4 * g.hidden;
  models::ModelSpec m;
  m.hidden = g.hidden;
  m.vocab = g.vocab;
  m.tied_embeddings = true;
  m.learned_positions = g.seq_len;
  m.norm_vectors = 2;
  m.kinds = {layer};
  m.layer_kind.assign(static_cast<std::size_t>(g.layers), 0);
  return m;
}

/// Megatron-LM of 2021-2022 on A100 80 GB: unfused attention, dropout, no extras that blur a closed form.
inline Run megatron(const Gpt& g, int tp, int pp, int micro, int global) {
  Run run;
  run.model = gpt(g);
  run.cluster.gpu.memory = Bytes{81920.0 * 1048576.0};
  run.cluster.gpus = tp * pp;
  run.stack.memory.dropout = true;
  run.stack.memory.workspace = Bytes{1536.0 * 1048576.0};
  run.precision = Precision::fp16;
  run.attention = AttentionKernel::unfused;
  run.parallelism.tp = tp;
  run.parallelism.pp = pp;
  run.batch = {g.seq_len, global, micro};
  return run;
}

/// The four runs of Korthikanti et al., arXiv:2205.05198, table 3.
struct PaperRun {
  const char* name;
  double parameters_b;
  Gpt gpt;
  int pp;
  int interleave;
  int micro;
  int global;
};

inline constexpr int paper_tp = 8;
inline constexpr PaperRun paper_runs[] = {
    {"22B", 22, {48, 6144, 64}, 1, 1, 4, 4},
    {"175B", 175, {96, 12288, 96}, 8, 3, 1, 64},
    {"530B", 530, {105, 20480, 128}, 35, 3, 1, 280},
    {"1T", 1000, {128, 25600, 160}, 64, 1, 1, 512},
};

inline Run paper_run(const PaperRun& p) {
  Run run = megatron(p.gpt, paper_tp, p.pp, p.micro, p.global);
  run.parallelism.vp = p.interleave;
  if (p.interleave > 1) run.parallelism.schedule = Schedule::interleaved;
  return run;
}

inline void sequence_parallel_and_selective(Run& run) {
  run.parallelism.sequence_parallel = true;
  run.recompute.mode = RecomputeMode::selective;
  run.recompute.modules.add(Module::core_attn);
}

}  // namespace sextant::sim::test
