// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/roofline.hpp"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace sextant::profile {

namespace {

bool is_fp8(KernelDtype d) {
  return d == KernelDtype::fp8 || d == KernelDtype::fp8_blockwise || d == KernelDtype::mxfp8;
}

std::string line(const char* format, ...) __attribute__((format(printf, 1, 2)));
std::string line(const char* format, ...) {
  char buffer[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  return buffer;
}

std::string rate_text(const Sample& s, const Roofline& r) {
  if (s.flops <= 0 && s.bytes <= 0) return "";
  if (r.memory_bound || s.flops <= 0) return line("%8.0f GB/s", s.bytes / s.median_s * 1e-9);
  return line("%8.1f TFLOP/s", s.flops / s.median_s * 1e-12);
}

}  // namespace

Ceilings ceilings_of(const std::vector<Sample>& samples) {
  Ceilings c;
  for (const Sample& s : samples) {
    if (s.median_s <= 0) continue;
    if (s.family == KernelFamily::copy || s.family == KernelFamily::triad) {
      c.bytes_per_s = std::max(c.bytes_per_s, s.bytes / s.median_s);
    } else if (s.family == KernelFamily::gemm) {
      double& best = is_fp8(s.dtype) ? c.flops_fp8_per_s : c.flops_16_per_s;
      best = std::max(best, s.flops / s.median_s);
    }
  }
  return c;
}

Roofline roofline(const Sample& s, const Ceilings& c) {
  Roofline r;
  const double compute_roof = is_fp8(s.dtype) && c.flops_fp8_per_s > 0 ? c.flops_fp8_per_s : c.flops_16_per_s;
  const bool matrix = s.family == KernelFamily::gemm || s.family == KernelFamily::grouped_gemm ||
                      s.family == KernelFamily::attention || s.family == KernelFamily::sustained;
  const double compute = matrix && compute_roof > 0 ? s.flops / compute_roof : 0;
  const double memory = c.bytes_per_s > 0 ? s.bytes / c.bytes_per_s : 0;
  r.floor_s = std::max(compute, memory);
  r.memory_bound = !matrix || memory > compute;
  r.achieved = s.median_s > 0 ? r.floor_s / s.median_s : 0;
  return r;
}

std::string table_text(const ProfileData& p) {
  const Ceilings c = ceilings_of(p.samples);
  std::string out = p.name + "\n";
  out += line("ceilings: copy %.0f GB/s, 16-bit GEMM %.1f TFLOP/s, FP8 GEMM %.1f TFLOP/s\n\n", c.bytes_per_s * 1e-9,
              c.flops_16_per_s * 1e-12, c.flops_fp8_per_s * 1e-12);
  out += line("%-66s %11s %7s %17s %6s %9s\n", "case", "median us", "+-%", "rate", "roof", "error");
  for (const Sample& s : p.samples) {
    const Roofline r = roofline(s, c);
    out += line("%-66s %11.2f %7.2f %17s %5.0f%% %9.1e%s\n", s.name.c_str(), s.median_s * 1e6, s.spread * 100,
                rate_text(s, r).c_str(), r.achieved * 100, s.error, s.throttled ? "  throttled" : "");
  }
  for (const NotMeasured& m : p.not_measured) out += "not measured: " + m.name + ": " + m.why + "\n";
  return out;
}

std::vector<std::string> warnings_of(const ProfileData& p) {
  constexpr double clock_limit = 0.02;
  constexpr double long_enough_s = 50e-6;
  constexpr double wide_spread = 0.05;
  constexpr double memory_roof = 0.8;
  std::vector<std::string> out;
  const Ceilings c = ceilings_of(p.samples);
  for (const Sample& s : p.samples) {
    if (s.clock == "cupti" && s.event_s > 0 && s.median_s > long_enough_s) {
      const double apart = s.event_s / s.median_s - 1;
      if (std::abs(apart) > clock_limit)
        out.push_back(s.name + line(": events say %+.1f %% of CUPTI's time", apart * 100));
    }
    if (s.spread > wide_spread)
      out.push_back(s.name + line(": half of the times lie within +-%.1f %% only", s.spread * 100));
    if (s.throttled) out.push_back(s.name + ": the GPU slowed down while it ran");
    if (s.error_limit > 0 && !(s.error <= s.error_limit)) out.push_back(s.name + ": does not agree with its reference");
    const Roofline r = roofline(s, c);
    const bool communicates = s.axes[KernelAxis::gpus] > 1 && s.family != KernelFamily::cross_entropy;
    if (r.memory_bound && r.achieved > 0 && r.achieved < memory_roof && s.median_s > long_enough_s && !communicates) {
      out.push_back(s.name + line(": %.0f %% of the copy rate", r.achieved * 100));
    }
  }
  return out;
}

}  // namespace sextant::profile
