// SPDX-License-Identifier: Apache-2.0
#include "sim/run/stack_reader.hpp"

#include "sim/run/shapes.hpp"

namespace sextant::json {

const Shape<sim::AttentionSince>& ShapeOf<sim::AttentionSince>::get() {
  static const Shape<sim::AttentionSince> shape =
      Shape<sim::AttentionSince>("attention kernel")
          .optional("since", &sim::AttentionSince::since, "first month, YYYY-MM; absent: from the beginning")
          .required("kernel", &sim::AttentionSince::kernel, "family of kernels");
  return shape;
}

const Shape<sim::EarlierLoss>& ShapeOf<sim::EarlierLoss>::get() {
  static const Shape<sim::EarlierLoss> shape =
      Shape<sim::EarlierLoss>("earlier loss kernels")
          .required("until", &sim::EarlierLoss::until, "first month without them, YYYY-MM")
          .required("bytes", &sim::EarlierLoss::bytes, "traffic of softmax and loss, both passes, per logit",
                    positive(200));
  return shape;
}

const Shape<sim::StackLayouts>& ShapeOf<sim::StackLayouts>::get() {
  using L = sim::StackLayouts;
  static const Shape<L> shape =
      Shape<L>("layouts of a stack")
          .required("schedules", &L::schedules, "pipeline schedules it runs; none: no pipeline parallelism")
          .required("shardings", &L::shardings, "what its data-parallel ranks may split")
          .optional("shards_across_pipeline", &L::shards_across_pipeline, "ZeRO-2, ZeRO-3 and HSDP beside pp > 1")
          .required("source", &L::source, "where this comes from");
  return shape;
}

const Shape<sim::Stack>& ShapeOf<sim::Stack>::get() {
  using S = sim::Stack;
  static const Shape<S> shape =
      Shape<S>("stack")
          .ignored("format", "sextant/stack/1")
          .required("id", &S::id, "name in runs")
          .required("title", &S::title, "name for people")
          .optional("aliases", &S::aliases, "further names")
          .required("typical_date", &S::typical_date, "software date assumed when a run states none")
          .required("attention", &S::attention, "attention kernels by date, ascending")
          .optional("memory_bound", &S::memory_bound, "calibrated efficiency of element-wise kernels")
          .optional("memory_bound_factor", &S::memory_bound_factor, "calibrated factor on that efficiency")
          .required("layer_kernels", &S::layer_kernels, "table of what those kernels move")
          .required("host_layer", &S::host_layer, "calibrated host time of a dense layer's forward")
          .optional("host_fp8_factor", &S::host_fp8_factor, "on host time in FP8", positive(10))
          .optional("host_compiled_factor", &S::host_compiled_factor, "on host time when compiled", non_negative(1))
          .optional("host_moe_factor", &S::host_moe_factor, "on the launches of a MoE layer", non_negative(4))
          .optional("host_expert_gemms", &S::host_expert_gemms, "launches an expert and grouped product",
                    non_negative(10))
          .optional("host_expert_biases", &S::host_expert_biases, "operators an expert that add its bias",
                    non_negative(20))
          .optional("host_sync_in_moe", &S::host_sync_in_moe, "token counts are read back to the host")
          .optional("fp8_recipe", &S::fp8_recipe, "what \"fp8\" means here")
          .optional("casts_weights_each_pass", &S::casts_weights_each_pass,
                    "FP8 weights are cast in every pass, not once a step")
          .optional("wgrad_accumulates", &S::wgrad_accumulates,
                    "the measured wgrad rate includes adding into the kept gradient")
          .optional("compiled", &S::compiled, "a compiler fuses element-wise kernels")
          .optional("tensor", &S::tensor, "tensor-parallel collectives by default")
          .optional("expert", &S::expert, "expert all-to-all by default")
          .optional("gradients", &S::gradients, "data-parallel reduction by default")
          .optional("shard_prefetch", &S::shard_prefetch, "passes that gather the next layer's ZeRO-3 shards early")
          .optional("tensor_backward", &S::tensor_backward, "collectives of the backward pass beside weight gradients")
          .optional("exchanges_latents", &S::exchanges_latents,
                    "context-parallel ranks send latents, not the keys and values made from them")
          .optional("pipeline", &S::pipeline, "sends of interleaved schedules")
          .optional("zero2_reduces_every_micro_batch", &S::zero2_reduces_every_micro_batch,
                    "ZeRO-2 gathers and scatters each micro-batch")
          .optional("all_reduces_gradients", &S::all_reduces_gradients, "ZeRO-1 sums whole gradients on every rank")
          .optional("broadcasts_shards", &S::broadcasts_shards, "ZeRO-1 parameters come back by one broadcast a rank")
          .optional("fixed_micro_batch_cost", &S::fixed_micro_batch_cost,
                    "the pipeline engine synchronises each micro-batch")
          .optional("deduplicated_dispatch", &S::deduplicated_dispatch, "one copy of a token a destination node")
          .optional("deduplicates_across_domains_since", &S::deduplicates_across_domains_since,
                    "month from which that is usual where experts leave an NVLink domain")
          .optional("routing", &S::routing, "how tokens find experts when a run does not say")
          .optional("dispatch_bytes", &S::dispatch_bytes, "bytes of an element sent to experts", positive(4))
          .optional("gradient_bytes", &S::gradient_bytes, "bytes of a reduced gradient", positive(8))
          .optional("loss_bytes", &S::loss_bytes, "traffic of softmax and loss, both passes, per logit", positive(200))
          .optional("earlier_loss", &S::earlier_loss, "loss kernels it ran before, by date, ascending")
          .optional("reserved_sms", &S::reserved_sms, "SMs kept by communication kernels", non_negative(200))
          .optional("recompute", &S::recompute, "mode when a run does not say")
          .optional("recompute_modules", &S::recompute_modules, "of selective recompute")
          .optional("recomputes_least", &S::recomputes_least, "a silent run recomputes MLPs alone where that fits")
          .optional("silent_recompute", &S::silent_recompute,
                    "runs of the stack differ in recompute: one that does not say is less certain")
          .optional("schedule", &S::schedule, "pipeline schedule")
          .optional("sharding", &S::sharding, "data-parallel sharding")
          .optional("sequence_parallel", &S::sequence_parallel, "with tensor parallelism")
          .required("memory", &S::memory, "what it keeps in memory")
          .optional("layouts", &S::layouts, "what it can run: the space of `sextant plan`")
          .required("source", &S::source, "where this description comes from");
  return shape;
}

}  // namespace sextant::json

namespace sextant::sim {

std::optional<Stack> read_stack(const json::Cursor& at) {
  Stack stack;
  if (!json::Value<Stack>::read(at, {}, stack)) return std::nullopt;
  if (stack.attention.empty()) {
    at.fault_at("attention", "expected at least one kernel");
    return std::nullopt;
  }
  return stack;
}

namespace {

constexpr std::string_view folder = "sim/data/stacks/";
constexpr std::string_view under_a_compiler = "compiled";  // whatever kernels the stack has without one

std::optional<Stack> load(const Catalogue& catalogue, const std::string& path, Diagnostics& faults) {
  const auto text = catalogue.text(path);
  if (!text) return std::nullopt;
  const auto node = json::parse(*text, path, faults);
  if (!node) return std::nullopt;
  const json::Cursor at(*node, path, faults);
  auto stack = read_stack(at);
  if (!stack) return std::nullopt;
  const json::Cursor table = at.member("layer_kernels", *at.node().find("layer_kernels"));
  const Diagnostic place{path, table.node().line, table.pointer(), "", ""};
  const auto kernels = find_layer_kernels(catalogue, stack->layer_kernels, faults, place);
  const auto compiled = find_layer_kernels(catalogue, under_a_compiler, faults, place);
  if (!kernels || !compiled) return std::nullopt;
  stack->kernels = kernels->traffic;
  stack->compiled_kernels = compiled->traffic;
  return stack;
}

}  // namespace

std::vector<Stack> list_stacks(const Catalogue& catalogue, Diagnostics& faults) {
  std::vector<Stack> out;
  for (const std::string& path : catalogue.list(folder)) {
    if (auto stack = load(catalogue, path, faults)) out.push_back(std::move(*stack));
  }
  return out;
}

std::optional<Stack> find_stack(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                const Diagnostic& place) {
  const std::string wanted = folded_id(id);
  for (const std::string& path : catalogue.list(folder)) {
    const std::string stem = path.substr(folder.size(), path.size() - folder.size() - 5);
    if (folded_id(stem) == wanted) return load(catalogue, path, faults);
  }
  std::vector<std::string> names;
  for (Stack& stack : list_stacks(catalogue, faults)) {
    for (const std::string& alias : stack.aliases) {
      if (folded_id(alias) == wanted) return std::move(stack);
    }
    names.push_back(stack.id);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  Diagnostic d = place;
  d.message = "no stack \"" + std::string(id.substr(0, 80)) + "\"";
  d.hint = did_you_mean(id, views);
  if (d.hint.empty()) d.hint = "sextant list stacks shows them";
  faults.add(std::move(d));
  return std::nullopt;
}

AttentionKernel attention_at(const Stack& stack, std::string_view date) {
  AttentionKernel kernel = stack.attention.front().kernel;
  for (const AttentionSince& row : stack.attention) {
    if (row.since <= date) kernel = row.kernel;
  }
  return kernel;
}

}  // namespace sextant::sim
