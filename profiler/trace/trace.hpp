// SPDX-License-Identifier: Apache-2.0
// What ran on the devices and who launched it, however it was collected (CUPTI records or a Kineto trace). Times are
// nanoseconds of one clock.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "profiler/core/case.hpp"

namespace sextant::profile {

using Nanoseconds = std::int64_t;

enum class Activity : std::uint8_t { kernel, copy, fill };

struct DeviceEvent {
  Activity activity = Activity::kernel;
  Nanoseconds start = 0;
  Nanoseconds end = 0;
  int device = 0;
  std::int64_t stream = 0;
  std::uint64_t correlation = 0;  ///< of the host call that launched it; 0: not known
  std::uint64_t operation = 0;    ///< key into Trace::operations; 0: none
  int name = -1;                  ///< index into Trace::names
  std::array<int, 3> grid{};
  int registers = 0;
  double bytes = 0;  ///< of copies and fills
};

/// A host call that launched device work.
struct Launch {
  std::uint64_t correlation = 0;
  std::uint64_t thread = 0;
  Nanoseconds start = 0;
};

/// An NVTX range or a profiler annotation on a host thread.
struct HostRange {
  int name = -1;
  std::uint64_t thread = 0;
  Nanoseconds start = 0;
  Nanoseconds end = 0;
};

/// A framework operator whose shape is known: its kernels become samples.
struct Operation {
  KernelFamily family = KernelFamily::gemm;
  KernelDtype dtype = KernelDtype::bf16;
  KernelPass pass = KernelPass::none;
  KernelAxes axes;
};

struct Trace {
  std::string program;
  std::vector<std::string> names;
  std::vector<DeviceEvent> events;
  std::vector<Launch> launches;
  std::vector<HostRange> ranges;
  std::map<std::uint64_t, Operation> operations;
  std::uint64_t dropped = 0;  ///< records the collector lost, events without a time
  std::vector<std::string> remarks;
  std::string device_name;
  std::uint64_t device_memory = 0;

  [[nodiscard]] std::string_view name_of(const DeviceEvent& e) const {
    return e.name >= 0 ? std::string_view(names[static_cast<std::size_t>(e.name)]) : std::string_view();
  }
};

/// Turns names into indexes, each text once.
class NameTable {
 public:
  explicit NameTable(std::vector<std::string>& names) : names_(&names) {}
  int operator()(std::string_view name);

 private:
  std::vector<std::string>* names_;
  std::map<std::string, int, std::less<>> index_;
};

}  // namespace sextant::profile
