// SPDX-License-Identifier: Apache-2.0
#include "sim/run/stack_memory.hpp"

#include "sim/run/shapes.hpp"

namespace sextant::json {

namespace {

constexpr double mebibyte = 1048576.0;

void declare_states(Shape<sim::StackMemory>& shape) {
  using M = sim::StackMemory;
  shape.optional("weight_bytes", &M::weight_bytes, "bytes of a weight; 4: fp32, with 16-bit copies in use", positive(8))
      .optional("low_precision_weight_bytes", &M::low_precision_weight_bytes,
                "bytes of a GEMM's weight in FP8 runs, transposed copy included", positive(8))
      .optional("main_gradient_bytes", &M::main_gradient_bytes, "bytes of a kept gradient; fp16 runs keep 2",
                non_negative(8))
      .optional("fuses_gradient_accumulation", &M::fuses_gradient_accumulation,
                "false: a 16-bit gradient stands beside the fp32 one")
      .optional("flattens_step_gradients", &M::flattens_step_gradients,
                "the step's fp32 gradients are one flat piece beside all else")
      .optional("shards_main_gradients", &M::shards_main_gradients, "ZeRO-1 also shards kept gradients")
      .optional("master_bytes", &M::master_bytes, "bytes of the master weight", non_negative(8))
      .optional("first_moment_bytes", &M::first_moment_bytes, "bytes", non_negative(8))
      .optional("second_moment_bytes", &M::second_moment_bytes, "bytes", non_negative(8));
}

void declare_activations(Shape<sim::StackMemory>& shape) {
  using M = sim::StackMemory;
  shape.optional("dropout", &M::dropout, "models with LayerNorm are trained with dropout")
      .optional("fuses_activation", &M::fuses_activation, "SwiGLU keeps its input only")
      .optional("keeps_stage_outputs", &M::keeps_stage_outputs, "a stage's output stays until its backward pass")
      .optional("low_linear_input_bytes", &M::low_linear_input_bytes, "FP8 runs: of a GEMM's kept input", positive(8))
      .optional("low_attention_output_bytes", &M::low_attention_output_bytes,
                "FP8 runs: of attention's output, the projection's copy included", non_negative(8))
      .optional("low_activation_input_bytes", &M::low_activation_input_bytes, "FP8 runs: of the activation's input",
                non_negative(8))
      .optional("low_activation_output_bytes", &M::low_activation_output_bytes,
                "FP8 runs: of the activation's output; 0: computed again", non_negative(8))
      .optional("logit_bytes", &M::logit_bytes, "of a logit, until the backward pass", non_negative(32))
      .optional("logit_peak_bytes", &M::logit_peak_bytes, "of a logit, at the loss", non_negative(64));
}

void declare_buffers(Shape<sim::StackMemory>& shape) {
  using M = sim::StackMemory;
  shape
      .optional("gathered_layers", &M::gathered_layers, "layers whose sharded weights are gathered at a time",
                non_negative(100))
      .optional("reduce_bucket_elements", &M::reduce_bucket_elements, "flattened gradients under way",
                non_negative(1e11))
      .optional("dispatch_buffers_mib", &M::dispatch_buffers, "of a dispatch library such as DeepEP",
                non_negative().in_units_of(mebibyte))
      .required("workspace_mib", &M::workspace, "context, libraries, communication buffers",
                non_negative().in_units_of(mebibyte))
      .optional("allocator_slack", &M::allocator_slack, "share of everything else that fragmentation adds",
                non_negative(1))
      .optional("note", &M::note, "remarks")
      .required("source", &M::source, "where these figures come from");
}

}  // namespace

const Shape<sim::StackMemory>& ShapeOf<sim::StackMemory>::get() {
  static const Shape<sim::StackMemory> shape = [] {
    Shape<sim::StackMemory> s("stack memory");
    declare_states(s);
    declare_activations(s);
    declare_buffers(s);
    return s;
  }();
  return shape;
}

}  // namespace sextant::json
