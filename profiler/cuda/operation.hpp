// SPDX-License-Identifier: Apache-2.0
// One case on the device: its buffers, its kernels, its check.
#pragma once

#include <cuda_runtime_api.h>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "profiler/core/measurer.hpp"

namespace sextant::profile {

class BlasLibraries;
class CudnnLibrary;
class Nvml;

/// What operations need to know of the device.
struct Gpu {
  int device = 0;
  int count = 1;  ///< devices in this machine
  int sms = 0;
  int compute_capability = 0;
  double free_bytes = 0;
  cudaStream_t stream = nullptr;
  BlasLibraries* blas = nullptr;  ///< nullptr: not found
  CudnnLibrary* cudnn = nullptr;  ///< nullptr: not found
  const Nvml* nvml = nullptr;     ///< nullptr: not found
  double sustained_s = 30;
};

/// Clock and power read while an operation ran; 0: not known.
struct Load {
  double clock_mhz = 0;
  double power_w = 0;
};

class Operation {
 public:
  Operation() = default;
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  virtual ~Operation() = default;

  /// Queues one call.
  virtual void launch(cudaStream_t stream) = 0;
  /// Runs one call on poisoned outputs and compares with float64; may change the state, not the shape.
  virtual Checked check() = 0;

  /// Several ways to do the same (a library's algorithms); 0 is what the library would choose.
  [[nodiscard]] virtual int alternatives() const { return 1; }
  virtual void choose(int) {}

  /// Host times and the like, which no pair of events sees: seconds of each of `count` repetitions; empty: time
  /// launch().
  virtual std::vector<double> time_itself(int) { return {}; }
  /// What time_itself() saw of the part meanwhile; nothing: it is read after the run.
  [[nodiscard]] virtual std::optional<Load> load() const { return std::nullopt; }
  /// Asynchronous calls that one launch() makes of the host. The queue is kept full for so long.
  [[nodiscard]] virtual int host_calls() const { return 1; }
  /// Kernels are on several devices, or their number varies: only events count.
  [[nodiscard]] virtual bool events_only() const { return false; }
  /// The call does the same thing this many times; its time is divided by it.
  [[nodiscard]] virtual int repeats_inside() const { return 1; }
  /// What should be told with the sample.
  [[nodiscard]] virtual std::string note() const { return {}; }
};

/// The operation of the case, or why there is none. Throws DeviceError.
using MadeOperation = std::variant<std::unique_ptr<Operation>, NotMeasured>;
[[nodiscard]] MadeOperation make_operation(const Gpu& gpu, const Case& c);

// One file each.
[[nodiscard]] MadeOperation make_stream(const Gpu&, const Case&);  ///< copy, triad
[[nodiscard]] MadeOperation make_launch(const Gpu&, const Case&);
[[nodiscard]] MadeOperation make_rms_norm(const Gpu&, const Case&);
[[nodiscard]] MadeOperation make_rope(const Gpu&, const Case&);
[[nodiscard]] MadeOperation make_swiglu(const Gpu&, const Case&);
[[nodiscard]] MadeOperation make_cast(const Gpu&, const Case&);
[[nodiscard]] MadeOperation make_routing(const Gpu&, const Case&);  ///< router, permute, unpermute
[[nodiscard]] MadeOperation make_cross_entropy(const Gpu&, const Case&);
[[nodiscard]] MadeOperation make_adamw(const Gpu&, const Case&);
[[nodiscard]] MadeOperation make_gemm(const Gpu&, const Case&);  ///< also the sustained one
[[nodiscard]] MadeOperation make_grouped_gemm(const Gpu&, const Case&);
[[nodiscard]] MadeOperation make_attention(const Gpu&, const Case&);
[[nodiscard]] MadeOperation make_collective(const Gpu&, const Case&);

[[nodiscard]] inline NotMeasured not_measured(const Case& c, std::string why) { return {c.name(), std::move(why)}; }

/// `count` of `total` lines, the first and the last among them, the others spread.
[[nodiscard]] std::vector<std::int64_t> sampled_lines(std::int64_t total, int count);

/// Limits of the relative error. bf16 keeps 8 bits (2^-9 rounding of each value), E4M3 4 bits.
inline constexpr double bf16_limit = 1e-2;
inline constexpr double fp32_limit = 1e-4;
inline constexpr double e4m3_limit = 5e-2;

}  // namespace sextant::profile
