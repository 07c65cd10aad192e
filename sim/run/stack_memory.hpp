// SPDX-License-Identifier: Apache-2.0
// What a software stack keeps in memory, as data. Bytes are those of one parameter or one element.
#pragma once

#include <string>

#include "base/quantity.hpp"
#include "base/source.hpp"

namespace sextant::sim {

struct StackMemory {
  // ---- states, a parameter ----
  double weight_bytes = 2;                  ///< as the optimizer updates it; above 2 a 16-bit copy is gathered or cast
  double low_precision_weight_bytes = 2;    ///< of a GEMM's weight in FP8 runs, its transposed copy included
  double main_gradient_bytes = 4;           ///< kept from one micro-batch to the next; fp16 runs keep 2
  bool fuses_gradient_accumulation = true;  ///< false: the 16-bit gradient stands beside an fp32 one
  bool flattens_step_gradients = false;     ///< the step's fp32 gradients are one flat piece beside all else
  bool shards_main_gradients = false;       ///< ZeRO-1 shards the kept gradients too
  double master_bytes = 4;
  double first_moment_bytes = 4;
  double second_moment_bytes = 4;

  // ---- activations, an element ----
  bool dropout = false;                    ///< models with LayerNorm are trained with dropout (GPT recipes to 2022)
  bool fuses_activation = true;            ///< SwiGLU keeps its input only; eager modules keep the inner product too
  bool keeps_stage_outputs = false;        ///< a stage's output stays until its backward pass
  double low_linear_input_bytes = 1;       ///< FP8 runs: a GEMM's input kept for the weight gradient
  double low_attention_output_bytes = 3;   ///< FP8 runs: attention's output, the projection's copy included
  double low_activation_input_bytes = 2;   ///< FP8 runs: the input of the MLP's activation
  double low_activation_output_bytes = 1;  ///< FP8 runs: its output; 0: always computed again
  double logit_bytes = 4;                  ///< a logit, kept until the backward pass
  double logit_peak_bytes = 6;             ///< a logit, at the loss

  // ---- buffers ----
  double gathered_layers = 2;            ///< layers whose sharded weights are gathered at a time
  double reduce_bucket_elements = 0;     ///< flattened gradients under way
  Bytes dispatch_buffers{1073741824.0};  ///< of a dispatch library (DeepEP), where one is used
  Bytes workspace{2147483648.0};         ///< CUDA context, NCCL's and cuBLAS' buffers, kernels
  double allocator_slack = 0.04;         ///< share of everything else that fragmentation adds

  std::string note;
  Source source;
};

}  // namespace sextant::sim
