// SPDX-License-Identifier: Apache-2.0
#include "sim/step/coverage.hpp"

#include <algorithm>

#include "sim/step/step_parts.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim {

namespace {

using hardware::KernelPass;

class Collection {
 public:
  Collection(const Run& run, const Parameters& p) : run_(run), parts_(step_parts(run, p)) {
    // Kernels measured on another part say nothing here.
    if (run.measured != nullptr && run.measured->gpu() == run.cluster.gpu.id) kernels_ = run.measured.get();
  }

  std::vector<KernelEvidence> collect() {
    const models::ModelSpec& model = run_.model;
    std::vector<double> layers(model.kinds.size(), 0);
    for (const std::uint16_t kind : model.layer_kind) layers[kind] += 1;
    if (model.mtp_layers > 0) layers[mtp_kind()] += model.mtp_layers;
    for (std::size_t kind = 0; kind < layers.size(); ++kind) {
      for (const Op& op : expand_layer(run_, model.kinds[kind], parts_.imbalance)) {
        add(op, static_cast<int>(kind), layers[kind]);
      }
    }
    output();
    return std::move(list_);
  }

 private:
  [[nodiscard]] std::size_t mtp_kind() const {
    const int stated = run_.model.mtp_kind;
    return stated >= 0 ? static_cast<std::size_t>(stated) : run_.model.layer_kind.back();
  }

  void add(const Op& op, int kind, double layers) {
    const hardware::KernelDtype dtype = op.low_precision ? parts_.device.gemm_low.dtype : parts_.device.gemm16.dtype;
    switch (op.kind) {
      case OpKind::linear: linear({Term::gemm, op.name, kind}, dtype, op.gemm, 0, layers); break;
      case OpKind::grouped_linear: linear({Term::grouped_gemm, op.name, kind}, dtype, op.gemm, op.count, layers); break;
      case OpKind::core_attention: attention({Term::attention, op.name, kind}, op.attention, layers); break;
      case OpKind::elementwise:
      case OpKind::cast:
      case OpKind::tensor_collective:
      case OpKind::expert_tensor_collective:
      case OpKind::context_exchange:
      case OpKind::dispatch:
      case OpKind::combine: break;
    }
  }

  /// The head runs once for the model and once for each multi-token-prediction module, which has a projection too.
  void output() {
    const double h = run_.model.hidden;
    const double t = static_cast<double>(run_.batch.micro_sequences) * run_.batch.seq_len / run_.parallelism.cp;
    const double width = static_cast<double>(run_.model.vocab) / run_.parallelism.tp;
    const double mtp = run_.model.mtp_layers;
    linear({Term::head, OpName::head, -1}, parts_.device.gemm16.dtype, {t, width, h}, 0, 1 + mtp);
    if (mtp > 0) linear({Term::gemm, OpName::mtp_projection, -1}, parts_.device.gemm_low.dtype, {t, h, 2 * h}, 0, mtp);
  }

  void linear(KernelEvidence e, hardware::KernelDtype dtype, GemmShape shape, double groups, double times) {
    e.flops = shape.flops() * (times * std::max(1.0, groups));
    for (const KernelPass pass : {KernelPass::fwd, KernelPass::dgrad, KernelPass::wgrad}) {
      e.pass = pass;
      e.query = linear_query(dtype, pass, shape, groups);
      answer(e, e.query);
      list_.push_back(e);
    }
  }

  void attention(KernelEvidence e, const AttentionShape& shape, double times) {
    constexpr double backward_flops = 2.5;  // five matrix products against two
    const auto both = attention_query(shape, KernelPass::fwd_bwd);
    for (const KernelPass pass : {KernelPass::fwd, KernelPass::bwd}) {
      e.pass = pass;
      e.flops = shape.causal_flops() * times * (pass == KernelPass::bwd ? backward_flops : 1.0);
      // Attention that keeps its scores, or an older fused kernel than profiles hold, is not what they measured.
      e.query = parts_.device.latest_attention ? attention_query(shape, pass) : std::nullopt;
      answer(e, e.query);
      if (!e.near && e.query) answer(e, both);
      list_.push_back(e);
    }
  }

  void answer(KernelEvidence& e, const std::optional<hardware::KernelQuery>& query) const {
    e.near.reset();
    e.timed = false;
    if (kernels_ == nullptr || !query) return;
    e.near = kernels_->given(*query);
    e.timed = e.near.has_value();
    if (!e.near) e.near = kernels_->nearest(*query);
  }

  const Run& run_;
  StepParts parts_;
  const MeasuredKernels* kernels_ = nullptr;
  std::vector<KernelEvidence> list_;
};

void add_part(std::vector<Coverage::Part>& parts, const KernelEvidence& e) {
  const std::string& id = e.near->profile->id;
  auto at = std::find_if(parts.begin(), parts.end(),
                         [&](const Coverage::Part& p) { return p.profile == id && p.timed == e.timed; });
  if (at == parts.end()) at = parts.insert(parts.end(), {id, 0, 0, e.timed});
  at->share += e.flops.value();
  at->distance += e.flops.value() * e.near->distance;
}

}  // namespace

std::vector<KernelEvidence> kernel_evidence(const Run& run, const Parameters& parameters) {
  return Collection(run, parameters).collect();
}

Coverage coverage(const std::vector<KernelEvidence>& evidence, std::optional<Term> term) {
  Coverage c;
  double all = 0;
  for (const KernelEvidence& e : evidence) {
    if (term && e.term != *term) continue;
    const double flops = e.flops.value();
    all += flops;
    if (!e.near) continue;
    c.measured += flops;
    c.distance += flops * e.near->distance;
    if (e.timed) c.timed += flops;
    add_part(c.parts, e);
  }
  if (!(all > 0)) return {};
  if (c.measured > 0) c.distance /= c.measured;
  c.measured /= all;
  c.timed /= all;
  for (Coverage::Part& p : c.parts) {
    p.distance /= p.share;
    p.share /= all;
  }
  std::stable_sort(c.parts.begin(), c.parts.end(), [](const auto& a, const auto& b) { return a.share > b.share; });
  return c;
}

StepCoverage step_coverage(const Run& run, const Parameters& parameters) {
  const std::vector<KernelEvidence> evidence = kernel_evidence(run, parameters);
  StepCoverage s;
  s.all = coverage(evidence);
  for (std::size_t i = 0; i < measurable_terms.size(); ++i) s.terms[i] = coverage(evidence, measurable_terms[i]);
  return s;
}

}  // namespace sextant::sim
