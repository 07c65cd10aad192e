// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/profile_residuals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hardware/catalogue.hpp"
#include "hardware/kernel_work.hpp"
#include "sim/comm/collectives.hpp"
#include "sim/comm/expert_exchange.hpp"
#include "sim/kernel/attention.hpp"
#include "sim/kernel/gemm.hpp"
#include "sim/validation/error_summary.hpp"

namespace sextant::sim {

namespace {

using hardware::KernelAxes;
using hardware::KernelAxis;
using hardware::KernelDtype;
using hardware::KernelFamily;
using hardware::KernelPass;
using hardware::KernelWork;

Precision precision_of(KernelDtype dtype) {
  switch (dtype) {
    case KernelDtype::fp16: return Precision::fp16;
    case KernelDtype::fp8: return Precision::fp8;
    case KernelDtype::fp8_blockwise: return Precision::fp8_blockwise;
    case KernelDtype::mxfp8: return Precision::mxfp8;
    case KernelDtype::nvfp4: return Precision::nvfp4;
    default: return Precision::bf16;
  }
}

FlopRate peak_of(const hardware::Accelerator& gpu, KernelDtype dtype) {
  switch (dtype) {
    case KernelDtype::bf16: return gpu.peak.bf16;
    case KernelDtype::fp16: return gpu.peak.fp16;
    case KernelDtype::fp8:
    case KernelDtype::fp8_blockwise:
    case KernelDtype::mxfp8: return gpu.peak.fp8;
    case KernelDtype::nvfp4: return gpu.peak.fp4;
    case KernelDtype::tf32: return gpu.peak.tf32;
    case KernelDtype::fp32:
    case KernelDtype::mixed: return FlopRate{};
  }
  return FlopRate{};
}

bool on_matrix_units(KernelFamily f) {
  return f == KernelFamily::gemm || f == KernelFamily::grouped_gemm || f == KernelFamily::attention ||
         f == KernelFamily::sustained;
}

bool between_gpus(KernelFamily f) {
  return f == KernelFamily::all_reduce || f == KernelFamily::all_gather || f == KernelFamily::reduce_scatter ||
         f == KernelFamily::all_to_all || f == KernelFamily::expert_dispatch || f == KernelFamily::expert_combine;
}

/// The axes by which people know a call of the family.
std::string shape_text(KernelFamily family, const KernelAxes& a) {
  using enum KernelAxis;
  std::string text;
  switch (family) {
    case KernelFamily::gemm:
    case KernelFamily::sustained: return fmt::format("{:.0f} x {:.0f} x {:.0f}", a[m], a[n], a[k]);
    case KernelFamily::grouped_gemm:
      text = fmt::format("{:.0f} of {:.0f} x {:.0f} x {:.0f}", a[groups], a[m], a[n], a[k]);
      return a[skew] > 1 ? text + fmt::format(", fullest {:g}", a[skew]) : text;
    case KernelFamily::attention:
      return fmt::format("{:.0f} x {:.0f}, {:.0f} of {:.0f}{}{}", a[batch], a[seq], a[heads], a[head_dim],
                         a[v_head_dim] != a[head_dim] ? fmt::format("/{:.0f}", a[v_head_dim]) : "",
                         a[causal] > 0 ? ", causal" : "");
    case KernelFamily::expert_dispatch:
    case KernelFamily::expert_combine:
      text = fmt::format("{:.0f} x {:.0f}, {:.0f} of {:.0f}, {:.0f} GPUs", a[tokens], a[hidden], a[top_k], a[experts],
                         a[gpus]);
      return a[nodes] > 1 ? text + fmt::format(" on {:.0f} nodes", a[nodes]) : text;
    default: break;
  }
  for (const auto& [name, axis] : hardware::kernel_axis_names) {
    if (a[axis] != 0) text += fmt::format("{}{} {:.0f}", text.empty() ? "" : ", ", name, a[axis]);
  }
  return text;
}

/// The closed forms of one table's format.
class Forms {
 public:
  Forms(const hardware::Cluster& usual, KernelDtype dtype, const Parameters& p)
      : gpu_(usual.gpu),
        dtype_(dtype),
        device_(device(usual.gpu, Stack{}, {precision_of(dtype), AttentionKernel::fused}, p)),
        comm_(comm::fabric_of(usual)) {}

  [[nodiscard]] std::optional<Seconds> time(KernelFamily family, KernelPass pass, const KernelAxes& a,
                                            const KernelWork& work) const {
    switch (family) {
      case KernelFamily::gemm:
      case KernelFamily::sustained: return product(pass, a, 1.0);
      case KernelFamily::grouped_gemm:
        return a[KernelAxis::skew] > 1 ? std::nullopt
                                       : std::optional(product(pass, a, family_of().grouped) * a[KernelAxis::groups]);
      case KernelFamily::attention: return is_16_bit() ? attention(pass, a) : std::nullopt;
      case KernelFamily::rms_norm:
      case KernelFamily::rope:
      case KernelFamily::swiglu:
      case KernelFamily::permute:
      case KernelFamily::unpermute: return Bytes{work.bytes} / (gpu_.hbm * device_.memory_bound);
      case KernelFamily::all_reduce:
      case KernelFamily::all_gather:
      case KernelFamily::reduce_scatter:
      case KernelFamily::all_to_all: return collective(family, a);
      case KernelFamily::expert_dispatch:
      case KernelFamily::expert_combine: return exchange(a);
      default: return std::nullopt;
    }
  }

 private:
  [[nodiscard]] const GemmClass& family_of() const { return device_.gemm_low; }

  [[nodiscard]] Seconds product(KernelPass pass, const KernelAxes& a, double factor) const {
    const GemmClass& g = family_of();
    return gemm_time(device_, g, {a[KernelAxis::m], a[KernelAxis::n], a[KernelAxis::k]},
                     factor * (pass == KernelPass::wgrad ? g.wgrad : 1.0));
  }

  /// Training attends to earlier tokens: the form is causal.
  [[nodiscard]] std::optional<Seconds> attention(KernelPass pass, const KernelAxes& a) const {
    using enum KernelAxis;
    if (!(a[causal] > 0)) return std::nullopt;
    AttentionShape s;
    s.sequences = a[batch];
    s.seq_len = s.query_len = s.block_len = a[seq];
    s.heads = a[heads];
    s.head_dim = 0.5 * (a[head_dim] + a[v_head_dim]);
    const AttentionTime t = fused_attention_time(device_, s);
    if (pass == KernelPass::fwd_bwd) return t.forward + t.backward;
    return pass == KernelPass::bwd ? t.backward : t.forward;
  }

  /// Attention runs in 16 bits whatever the GEMMs do.
  [[nodiscard]] bool is_16_bit() const { return dtype_ == KernelDtype::bf16 || dtype_ == KernelDtype::fp16; }

  /// The ranks of a call, spread evenly over its nodes (one where it does not say). Nothing where they do not fit.
  [[nodiscard]] std::optional<comm::Group> group_of(const KernelAxes& a) const {
    const int ranks = static_cast<int>(a[KernelAxis::gpus]);
    const int nodes = std::max(1, static_cast<int>(a[KernelAxis::nodes]));
    const int per_node = (ranks + nodes - 1) / nodes;
    if (ranks < 2 || per_node > comm_.node() || (nodes > 1 && !(comm_.nic.value() > 0))) return std::nullopt;
    return comm::Group{ranks, std::min(per_node, comm_.domain), 1, per_node};
  }

  [[nodiscard]] std::optional<Seconds> collective(KernelFamily family, const KernelAxes& a) const {
    const std::optional<comm::Group> ranks = group_of(a);
    if (!ranks) return std::nullopt;
    const comm::Group& group = *ranks;
    const Bytes bytes{a[KernelAxis::bytes]};
    switch (family) {
      case KernelFamily::all_reduce: return comm::all_reduce(comm_, group, bytes).total;
      case KernelFamily::all_gather: return comm::all_gather(comm_, group, bytes).total;
      case KernelFamily::reduce_scatter: return comm::reduce_scatter(comm_, group, bytes).total;
      case KernelFamily::all_to_all: return comm::all_to_all(comm_, group, bytes).total;
      default: return std::nullopt;
    }
  }

  /// One dispatch or combine of kernels that send one copy a destination node, as DeepEP's do.
  [[nodiscard]] std::optional<Seconds> exchange(const KernelAxes& a) const {
    using enum KernelAxis;
    const std::optional<comm::Group> group = group_of(a);
    if (!group || !(a[experts] > 0) || !(a[top_k] > 0)) return std::nullopt;
    const comm::ExpertRouting routing{static_cast<int>(a[experts]), static_cast<int>(a[top_k]),
                                      static_cast<int>(a[group_limit])};
    return comm::expert_exchange(comm_, *group, routing, comm::Dispatcher::deduplicated, a[tokens],
                                 Bytes{a[hidden] * sent_width()})
        .total;
  }

  /// Bytes an element as sent; blockwise fp8 has a 4-byte scale for 128 of them
  /// (deepseek-ai/DeepEP tests/legacy/test_internode.py).
  [[nodiscard]] double sent_width() const {
    return hardware::work::input_width(dtype_) + (dtype_ == KernelDtype::fp8_blockwise ? 4.0 / 128 : 0.0);
  }

  const hardware::Accelerator& gpu_;
  KernelDtype dtype_;
  Device device_;
  comm::Fabric comm_;
};

/// The least time under the data sheet's peaks.
void under_roof(ShapeResidual& r, const hardware::KernelTable& table, const hardware::Accelerator& gpu) {
  if (between_gpus(table.family)) return;
  const FlopRate peak = peak_of(gpu, table.dtype);
  const bool matrix = on_matrix_units(table.family);
  if (matrix && !(peak.value() > 0)) return;
  const double compute = matrix ? r.flops / peak.value() : 0;
  const double memory = gpu.hbm.value() > 0 ? r.bytes / gpu.hbm.value() : 0;
  r.memory_bound = memory > compute;
  if (matrix) r.peak = peak;
  r.roof_share = std::max(compute, memory) / r.measured.value();
}

/// 0 where there are no values.
double quantile_or_0(const std::vector<double>& values, double q) { return values.empty() ? 0 : quantile(values, q); }

void summarise(TableResiduals& t) {
  std::vector<double> roofs, ratios, deviations, shape_errors;
  for (const ShapeResidual& r : t.shapes) {
    if (r.roof_share > 0) roofs.push_back(r.roof_share);
    if (!r.form) continue;
    ratios.push_back(r.ratio());
    deviations.push_back(std::abs(r.ratio() - 1));
  }
  t.median_roof_share = quantile_or_0(roofs, 0.5);
  t.best_roof_share = quantile_or_0(roofs, 1);
  t.formed = ratios.size();
  t.median_ratio = quantile_or_0(ratios, 0.5);
  t.median_deviation = quantile_or_0(deviations, 0.5);
  t.p90_deviation = quantile_or_0(deviations, 0.9);
  for (const double ratio : ratios) shape_errors.push_back(std::abs(ratio / t.median_ratio - 1));
  t.median_shape_error = quantile_or_0(shape_errors, 0.5);
}

TableResiduals residuals_of(const hardware::KernelTable& table, const hardware::Cluster* usual,
                            const Parameters& parameters) {
  TableResiduals t;
  t.family = table.family;
  t.dtype = table.dtype;
  t.pass = table.pass;
  std::optional<Forms> forms;
  if (usual != nullptr) forms.emplace(*usual, table.dtype, parameters);
  for (const hardware::KernelSample& s : table.samples) {
    const KernelWork work = hardware::work_of(table.family, table.dtype, table.pass, s.axes);
    ShapeResidual r;
    r.shape = shape_text(table.family, s.axes);
    r.measured = s.time;
    r.sample = static_cast<std::size_t>(&s - table.samples.data());
    r.spread = s.spread;
    r.flops = work.flops;
    r.bytes = work.bytes;
    if (usual != nullptr) {
      under_roof(r, table, usual->gpu);
      r.form = forms->time(table.family, table.pass, s.axes, work);
    }
    t.shapes.push_back(std::move(r));
  }
  std::stable_sort(t.shapes.begin(), t.shapes.end(),
                   [](const ShapeResidual& a, const ShapeResidual& b) { return a.measured < b.measured; });
  summarise(t);
  return t;
}

}  // namespace

std::vector<TableResiduals> profile_residuals(const hardware::KernelProfile& profile, const hardware::Cluster* usual,
                                              const Parameters& parameters) {
  std::vector<TableResiduals> out;
  for (const hardware::KernelTable& table : profile.tables) {
    if (table.samples.empty()) continue;
    out.push_back(residuals_of(table, usual, parameters));
    out.back().table = static_cast<std::size_t>(&table - profile.tables.data());
  }
  return out;
}

std::vector<TableResiduals> profile_residuals(const hardware::KernelProfile& profile, const Catalogue& catalogue,
                                              const Parameters& parameters) {
  Diagnostics unknown;  // a part that is not in the catalogue has neither roof nor form
  const auto gpu = hardware::find_accelerator(catalogue, profile.gpu, unknown);
  const auto usual = gpu ? hardware::usual_cluster(catalogue, *gpu, gpu->nvlink_domain, unknown) : std::nullopt;
  return profile_residuals(profile, usual ? &*usual : nullptr, parameters);
}

}  // namespace sextant::sim
