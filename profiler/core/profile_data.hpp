// SPDX-License-Identifier: Apache-2.0
// What a run of the profiler leaves behind: the content of a `sextant/profile/1` file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "profiler/core/case.hpp"

namespace sextant::profile {

/// Hardware counters of one call, summed over its kernels.
struct Counters {
  double dram_bytes = 0;
  double tensor_active = 0;  ///< share of cycles in which the tensor pipe was busy
  double occupancy = 0;      ///< achieved warps over the most an SM holds
};

/// One case, timed.
struct Sample {
  std::string name;
  KernelFamily family = KernelFamily::gemm;
  KernelDtype dtype = KernelDtype::bf16;
  KernelPass pass = KernelPass::none;
  KernelAxes axes;
  double flops = 0;
  double bytes = 0;
  double median_s = 0;  ///< sum of the call's kernels by CUPTI's clock; by events where CUPTI is not to be had
  double event_s = 0;   ///< median by CUDA events, launch gaps of multi-kernel calls included; 0: not taken
  double best_s = 0;    ///< of the library's algorithms where several were tried; 0: not tried
  double spread = 0;    ///< half the interquartile range over the median
  int n = 0;
  std::string clock;  ///< "cupti" or "events"
  std::string stop;   ///< why no more repetitions were run
  double error = 0;   ///< against the float64 reference, ||out - ref|| / ||ref||
  double error_limit = 0;
  std::string kernels;  ///< names, the first few
  int grid = 0;         ///< blocks of the longest kernel
  int registers = 0;
  double clock_mhz = 0;  ///< SM clock right after; 0: not known
  double power_w = 0;
  bool throttled = false;
  std::optional<Counters> counters;
  std::vector<double> raw_us;  ///< the repetitions in the order they ran
  std::string note;
};

/// A case that was wanted and has no time, and why.
struct NotMeasured {
  std::string name;
  std::string why;
};

struct DeviceInfo {
  std::string name;            ///< as the driver says
  int compute_capability = 0;  ///< 90 for 9.0
  int sms = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t l2_bytes = 0;
  double max_clock_mhz = 0;
  double max_memory_clock_mhz = 0;
  double power_limit_w = 0;
};

/// Time of a recorded program by what its kernels did.
struct ClassTime {
  std::string name;
  double seconds = 0;    ///< sum over kernels
  double exposed_s = 0;  ///< of it, while nothing else ran
  std::uint64_t count = 0;
};

struct KernelTime {
  std::string name;
  std::string kernel_class;
  std::uint64_t count = 0;
  double total_s = 0;
  double median_s = 0;
};

struct RangeTime {
  std::string name;
  std::uint64_t count = 0;
  double total_s = 0;  ///< kernels launched inside, union of their times
};

/// What was read off another program.
struct Recording {
  std::string program;
  double span_s = 0;           ///< first to last device activity
  double busy_s = 0;           ///< at least one kernel or copy running
  double communication_s = 0;  ///< union of communication kernels
  double overlapped_s = 0;     ///< of it, while other kernels ran
  int devices = 0;
  int streams = 0;
  std::uint64_t kernels = 0;
  std::uint64_t clipped = 0;  ///< slices cut where the next on the stream began
  std::uint64_t dropped = 0;  ///< events without a time
  double flop_share = 0;      ///< of busy time, explained by products whose shapes are known
  std::vector<ClassTime> classes;
  std::vector<KernelTime> top;
  std::vector<RangeTime> ranges;
  std::vector<std::string> remarks;
};

struct ProfileData {
  std::string id;
  std::string name;
  std::string gpu;  ///< the catalogue's id; empty when the device is not in it
  std::string date;
  std::string title;  ///< of the source
  std::string where;
  DeviceInfo device;
  std::map<std::string, std::string> software;  ///< driver, CUDA, cuBLASLt, NCCL, CUPTI, sextant-profile
  std::vector<Sample> samples;
  std::vector<NotMeasured> not_measured;
  std::optional<Recording> recording;
};

/// The catalogue's id of a part, from the name its driver gives ("NVIDIA H100 80GB HBM3" is the H100-SXM-80GB) and,
/// where the name leaves it open, its memory. Empty for a part that is not known.
[[nodiscard]] std::string gpu_id(std::string_view device_name, std::uint64_t memory_bytes);

[[nodiscard]] std::string write_profile(const ProfileData& profile);

/// Reads what write_profile wrote, to go on with it. On a fault says what is wrong and returns nothing.
[[nodiscard]] std::optional<ProfileData> read_profile(std::string_view text, std::string& fault);

/// Puts `fresh` in place of what `known` says of the same cases, and keeps the rest.
void merge(ProfileData& known, const ProfileData& fresh);

}  // namespace sextant::profile
