// SPDX-License-Identifier: Apache-2.0
// Times repetitions of an operation by CUDA events and, where it can, by CUPTI's records of their kernels.
#pragma once

#include <string>
#include <vector>

#include "profiler/cuda/kernel_clock.hpp"
#include "profiler/cuda/memory.hpp"
#include "profiler/cuda/operation.hpp"

namespace sextant::profile {

struct Timings {
  std::vector<double> kernel_s;  ///< empty where CUPTI was not used
  std::vector<double> event_s;
  std::vector<double> event_less_s;  ///< events less what they see beside the kernels; empty where kernel_s is
  std::string kernels;               ///< names of one repetition's
  int grid = 0;                      ///< of the longest kernel
  int registers = 0;

  void append(const Timings& more);
  /// The times to report: kernels' where they are whole, else events'.
  [[nodiscard]] const std::vector<double>& best() const {
    return kernel_s.size() == event_s.size() ? kernel_s : event_s;
  }
};

class Stopwatch {
 public:
  /// `clock` may be nullptr.
  Stopwatch(cudaStream_t stream, std::int64_t l2_bytes, KernelClock* clock);
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch();

  /// Runs the operation that often, the cache emptied before each.
  [[nodiscard]] Timings run(Operation& operation, int repetitions);
  /// The same without a clock: to warm up, or under the counters.
  void run_once(Operation& operation);
  /// Waits until nothing of what ran before is in the cache.
  void empty_cache();

 private:
  void flush_cache();
  void measure_flush();
  void measure_event_cost();
  [[nodiscard]] std::vector<double> event_times(int repetitions) const;

  cudaStream_t stream_;
  KernelClock* clock_;
  DeviceArray<char> flush_;
  DeviceArray<float> sink_;
  std::vector<cudaEvent_t> events_;
  double flush_s_ = 0;       ///< what one flush takes
  double event_cost_s_ = 0;  ///< what a pair of events shows beyond an empty kernel's own time
};

}  // namespace sextant::profile
