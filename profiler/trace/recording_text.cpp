// SPDX-License-Identifier: Apache-2.0
#include <cstdarg>
#include <cstdio>

#include "profiler/trace/summarise.hpp"

namespace sextant::profile {

namespace {

std::string line(const char* format, ...) __attribute__((format(printf, 1, 2)));
std::string line(const char* format, ...) {
  char buffer[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  return buffer;
}

std::string shortened(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

}  // namespace

std::string recording_text(const Recording& r) {
  std::string out = line("%s: %llu kernels on %d device(s), %d stream(s), %.3f ms from first to last\n\n",
                         shortened(r.program, 200).c_str(), static_cast<unsigned long long>(r.kernels), r.devices,
                         r.streams, r.span_s * 1e3);
  const double whole = r.span_s * r.devices;
  out += line("%-18s %10s %7s %12s %8s\n", "class", "ms", "%", "alone ms", "calls");
  for (const ClassTime& c : r.classes) {
    out += line("%-18s %10.3f %7.1f %12.3f %8llu\n", c.name.c_str(), c.seconds * 1e3,
                whole > 0 ? 100 * c.seconds / whole : 0, c.exposed_s * 1e3, static_cast<unsigned long long>(c.count));
  }
  if (r.communication_s > 0) {
    out += line("\ncommunication %.3f ms, of it %.3f ms (%.1f %%) behind other kernels\n", r.communication_s * 1e3,
                r.overlapped_s * 1e3, 100 * r.overlapped_s / r.communication_s);
  }
  out += line("\n%-70s %-16s %8s %10s %11s\n", "kernel", "class", "calls", "ms", "median us");
  for (const KernelTime& k : r.top) {
    out += line("%-70s %-16s %8llu %10.3f %11.2f\n", shortened(k.name, 70).c_str(), k.kernel_class.c_str(),
                static_cast<unsigned long long>(k.count), k.total_s * 1e3, k.median_s * 1e6);
  }
  if (!r.ranges.empty()) {
    out += line("\n%-60s %8s %12s\n", "range", "times", "device ms");
    for (std::size_t i = 0; i < r.ranges.size() && i < 30; ++i) {
      out += line("%-60s %8llu %12.3f\n", shortened(r.ranges[i].name, 60).c_str(),
                  static_cast<unsigned long long>(r.ranges[i].count), r.ranges[i].total_s * 1e3);
    }
  }
  out += line("\nproducts with known shapes explain %.1f %% of the busy time\n", 100 * r.flop_share);
  if (r.clipped > 0)
    out += line("%llu events ran into the next on their stream and were cut there\n",
                static_cast<unsigned long long>(r.clipped));
  if (r.dropped > 0)
    out += line("%llu events had no time and were left out\n", static_cast<unsigned long long>(r.dropped));
  for (const std::string& remark : r.remarks) out += remark + "\n";
  return out;
}

}  // namespace sextant::profile
