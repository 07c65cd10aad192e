// SPDX-License-Identifier: Apache-2.0
#include "sim/report/kernel_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hardware/catalogue.hpp"
#include "sim/kernel/attention.hpp"
#include "sim/kernel/gemm.hpp"
#include "sim/run/stack_reader.hpp"
#include "sim/validation/error_summary.hpp"

namespace sextant::sim::report {

namespace {

using hardware::KernelAxes;
using hardware::KernelAxis;
using hardware::KernelDtype;
using hardware::KernelFamily;
using hardware::KernelPass;
using hardware::KernelSample;
using hardware::KernelTable;

/// A sample as work over traffic.
struct Work {
  double flops = 0;
  double bytes = 0;
  Seconds model;
  std::string shape;
};

Precision precision_of(KernelDtype d) {
  switch (d) {
    case KernelDtype::fp16: return Precision::fp16;
    case KernelDtype::fp8: return Precision::fp8;
    case KernelDtype::fp8_blockwise: return Precision::fp8_blockwise;
    case KernelDtype::mxfp8: return Precision::mxfp8;
    case KernelDtype::nvfp4: return Precision::nvfp4;
    case KernelDtype::bf16:
    case KernelDtype::fp32:
    case KernelDtype::tf32:
    case KernelDtype::mixed: break;
  }
  return Precision::bf16;
}

double input_bytes(KernelDtype d) {
  if (d == KernelDtype::nvfp4) return 0.5;
  return is_eight_bit_or_less(precision_of(d)) ? 1.0 : 2.0;
}

FlopRate peak_of(const hardware::Accelerator& gpu, KernelDtype d) {
  if (d == KernelDtype::nvfp4) return gpu.peak.fp4;
  if (is_eight_bit_or_less(precision_of(d))) return gpu.peak.fp8;
  return gpu.peak.bf16 > FlopRate{} ? gpu.peak.bf16 : gpu.peak.fp16;
}

class Points {
 public:
  Points(const hardware::Accelerator& gpu, const Stack& stack, const Parameters& parameters)
      : gpu_(gpu), stack_(stack), parameters_(parameters) {
    table_ = {.key = "points",
              .title = "Measured kernels",
              .columns = {{"kernel", "kernel", Unit::text},
                          {"format", "format", Unit::text},
                          {"pass", "pass", Unit::text},
                          {"shape", "shape", Unit::text},
                          {"intensity", "FLOP/byte", Unit::flop_per_byte},
                          {"measured_flop_per_s", "measured", Unit::flop_per_s},
                          {"model_flop_per_s", "model", Unit::flop_per_s},
                          {"measured_s", "time", Unit::seconds},
                          {"model_s", "model time", Unit::seconds},
                          {"error", "error", Unit::change},
                          {"roof_share", "of the roof", Unit::share}},
              .main = true};
  }

  void add(const KernelTable& t) {
    if (t.family != KernelFamily::gemm && t.family != KernelFamily::attention) return;
    device_ = device(gpu_, stack_, {precision_of(t.dtype), AttentionKernel::fused}, parameters_);
    for (const KernelSample& s : t.samples) {
      const Work w = t.family == KernelFamily::gemm ? gemm(t, s.axes) : attention(t, s.axes);
      if (w.flops > 0 && w.model > Seconds{} && s.time > Seconds{}) row(t, s, w);
    }
  }

  [[nodiscard]] std::span<const double> errors() const { return errors_; }
  Table take() { return std::move(table_); }

 private:
  Work gemm(const KernelTable& t, const KernelAxes& a) const {
    const double m = a[KernelAxis::m];
    const double n = a[KernelAxis::n];
    const double k = a[KernelAxis::k];
    const GemmClass& family = is_eight_bit_or_less(precision_of(t.dtype)) ? device_.gemm_low : device_.gemm16;
    const double factor = t.pass == KernelPass::wgrad ? family.wgrad : 1.0;
    return {2 * m * n * k, input_bytes(t.dtype) * (m * k + k * n) + 2 * m * n,
            gemm_time(device_, family, {m, n, k}, factor), fmt::format("{:.0f} x {:.0f} x {:.0f}", m, n, k)};
  }

  Work attention(const KernelTable& t, const KernelAxes& a) const {
    const double v_width = a[KernelAxis::v_head_dim] > 0 ? a[KernelAxis::v_head_dim] : a[KernelAxis::head_dim];
    AttentionShape s;
    s.sequences = std::max(1.0, a[KernelAxis::batch]);
    s.seq_len = s.query_len = s.block_len = a[KernelAxis::seq];
    s.heads = a[KernelAxis::heads];
    s.head_dim = (a[KernelAxis::head_dim] + v_width) / 2;
    if (a[KernelAxis::causal] == 0) return {};  // training's kernels are causal
    const AttentionTime time = fused_attention_time(device_, s);
    const double forward = s.causal_flops().value();
    // Backward: 2.5 times the forward's products (five instead of two).
    const bool with_forward = t.pass == KernelPass::fwd || t.pass == KernelPass::fwd_bwd;
    const bool with_backward = t.pass == KernelPass::bwd || t.pass == KernelPass::fwd_bwd;
    const double kv = a[KernelAxis::kv_heads] > 0 ? a[KernelAxis::kv_heads] : s.heads;
    const double elements = s.sequences * s.seq_len * (s.heads + kv) * (a[KernelAxis::head_dim] + v_width);
    Work w;
    w.flops = forward * ((with_forward ? 1.0 : 0.0) + (with_backward ? 2.5 : 0.0));
    w.bytes = 2 * elements * ((with_forward ? 1.0 : 0.0) + (with_backward ? 2.0 : 0.0));
    w.model = (with_forward ? time.forward : Seconds{}) + (with_backward ? time.backward : Seconds{});
    w.shape = fmt::format("{:.0f} x {:.0f}, {:.0f} heads of {:.0f}", s.sequences, s.seq_len, s.heads,
                          a[KernelAxis::head_dim]);
    return w;
  }

  void row(const KernelTable& t, const KernelSample& s, const Work& w) {
    const double error = w.model / s.time - 1;
    const double intensity = w.flops / w.bytes;
    const double roof = std::min(peak_of(gpu_, t.dtype).value(), intensity * gpu_.hbm.value());
    errors_.push_back(error);
    table_.rows.push_back({std::string(name_of(t.family)), std::string(name_of(t.dtype)), std::string(name_of(t.pass)),
                           w.shape, intensity, w.flops / s.time.value(), w.flops / w.model.value(), s.time.value(),
                           w.model.value(), error, roof > 0 ? Cell{w.flops / s.time.value() / roof} : Cell{}});
  }

  const hardware::Accelerator& gpu_;
  const Stack& stack_;
  const Parameters& parameters_;
  Device device_;
  std::vector<double> errors_;
  Table table_;
};

Table families(const hardware::KernelProfile& profile) {
  Table t{.key = "families",
          .title = "What the profile holds",
          .columns = {{"family", "kernel", Unit::text},
                      {"dtype", "format", Unit::text},
                      {"pass", "pass", Unit::text},
                      {"shapes", "shapes", Unit::count},
                      {"shortest_s", "shortest", Unit::seconds},
                      {"longest_s", "longest", Unit::seconds}}};
  for (const KernelTable& table : profile.tables) {
    if (table.samples.empty()) continue;
    const auto [low, high] =
        std::minmax_element(table.samples.begin(), table.samples.end(),
                            [](const KernelSample& a, const KernelSample& b) { return a.time < b.time; });
    t.rows.push_back({std::string(name_of(table.family)), std::string(name_of(table.dtype)),
                      std::string(name_of(table.pass)), static_cast<double>(table.samples.size()), low->time.value(),
                      high->time.value()});
  }
  return t;
}

}  // namespace

Report kernel_report(const hardware::KernelProfile& profile, const hardware::Accelerator& gpu, const Stack& stack,
                     const Parameters& parameters) {
  Points points(gpu, stack, parameters);
  for (const KernelTable& t : profile.tables) points.add(t);
  Report r;
  r.format = "sextant/kernels/1";
  r.title = profile.name.empty() ? profile.id : profile.name;
  r.subtitle = fmt::format("{}, {}; {}", profile.source.title, profile.source.date, profile.note);
  r.add(Fact{"profile", "profile", profile.id});
  r.add(Fact{"gpu", "GPU", gpu.id});
  r.add(Figure{.key = "shapes", .label = "shapes", .value = static_cast<double>(profile.size()), .unit = Unit::count});
  const FlopRate peak = gpu.peak.bf16 > FlopRate{} ? gpu.peak.bf16 : gpu.peak.fp16;
  r.add(
      Figure{.key = "peak_flop_per_s", .label = "dense 16-bit peak", .value = peak.value(), .unit = Unit::flop_per_s});
  if (gpu.peak.fp8 > FlopRate{}) {
    r.add(Figure{.key = "peak_fp8_flop_per_s",
                 .label = "dense 8-bit peak",
                 .value = gpu.peak.fp8.value(),
                 .unit = Unit::flop_per_s});
  }
  r.add(Figure{.key = "hbm_bytes_per_s", .label = "HBM", .value = gpu.hbm.value(), .unit = Unit::bytes_per_s});
  r.add(Figure{.key = "ridge_flop_per_byte",
               .label = "ridge",
               .value = hardware::ridge_point(gpu),
               .unit = Unit::flop_per_byte});
  if (!points.errors().empty()) {
    const ErrorStatistics s = statistics(points.errors());
    r.add(Figure{.key = "model/n",
                 .label = "shapes compared",
                 .value = static_cast<double>(points.errors().size()),
                 .unit = Unit::count});
    r.add(Figure{.key = "model/median_abs_error", .label = "median error", .value = s.median, .unit = Unit::share});
    r.add(Figure{.key = "model/p90_abs_error", .label = "p90 error", .value = s.p90, .unit = Unit::share});
    r.add(Figure{.key = "model/bias", .label = "bias", .value = s.bias, .unit = Unit::change});
  }
  r.add(points.take()).add(families(profile));
  return r;
}

std::optional<Report> kernel_report(const Catalogue& catalogue, const hardware::KernelProfile& profile,
                                    const std::string& stack, const Parameters& parameters, Diagnostics& faults) {
  const auto gpu = hardware::find_accelerator(catalogue, profile.gpu, faults);
  const auto software = find_stack(catalogue, stack, faults);
  if (!gpu || !software) return std::nullopt;
  return kernel_report(profile, *gpu, *software, parameters);
}

std::optional<Report> kernel_report(const Catalogue& catalogue, const std::string& profile, const std::string& stack,
                                    const Parameters& parameters, Diagnostics& faults) {
  const auto found = hardware::find_kernel_profile(catalogue, profile, faults);
  return found ? kernel_report(catalogue, *found, stack, parameters, faults) : std::nullopt;
}

}  // namespace sextant::sim::report
