// SPDX-License-Identifier: Apache-2.0
// The seam between host logic and the GPU: tests put a fake here, builds without CUDA have none.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "profiler/core/profile_data.hpp"
#include "profiler/core/stopping.hpp"

namespace sextant::profile {

struct MeasureOptions {
  int device = 0;
  bool kernel_clock = true;  ///< use CUPTI's; memory checkers and CUPTI do not go together
  double sustained_s = 30;   ///< how long the sustained GEMM runs
  StopLimits limits;
};

/// How far a case's result is from its float64 reference.
struct Checked {
  double error = 0;
  double limit = 0;
  [[nodiscard]] bool good() const { return error <= limit; }  // NaN is not
};

class Measurer {
 public:
  Measurer() = default;
  Measurer(const Measurer&) = delete;
  Measurer& operator=(const Measurer&) = delete;
  virtual ~Measurer() = default;

  [[nodiscard]] virtual DeviceInfo device() const = 0;
  [[nodiscard]] virtual std::map<std::string, std::string> software() const = 0;
  /// What this run cannot see, one line each ("counters: the driver forbids them").
  [[nodiscard]] virtual std::vector<std::string> limitations() const = 0;

  /// Checks the case against its reference and times it.
  [[nodiscard]] virtual std::variant<Sample, NotMeasured> measure(const Case& c) = 0;
  /// Only checks it.
  [[nodiscard]] virtual std::variant<Checked, NotMeasured> check(const Case& c) = 0;
  /// Hardware counters of one call.
  [[nodiscard]] virtual std::variant<Counters, NotMeasured> count(const Case& c) {
    return NotMeasured{c.name(), "no hardware counters here"};
  }
  /// False after a fault that stays with the process (an illegal address): nothing more can be measured in it.
  [[nodiscard]] virtual bool alive() const { return true; }
  /// Whether another count() may succeed after one that did not.
  [[nodiscard]] virtual bool can_count() const { return false; }
};

/// The GPU, or nothing and a sentence that says why ("no CUDA device: ...").
[[nodiscard]] std::unique_ptr<Measurer> open_measurer(const MeasureOptions& options, std::string& why_not);

/// Sizes and odd edges at which every kernel is checked in seconds, also under a memory checker.
[[nodiscard]] std::vector<Case> small_cases();

struct RunPlan {
  std::vector<Case> cases;
  enum class Count { none, quick, all } count = Count::quick;  ///< whose hardware counters are wanted
  bool retry = false;                                          ///< measure again what an earlier run could not
  double budget_s = 0;                                         ///< stop when this much time is used; 0: no limit
};

/// Hooks of a run; all may be empty.
struct RunHooks {
  std::function<double()> seconds;  ///< monotonic clock; none: no budget
  std::function<bool()> interrupted;
  std::function<void(int done, int total, const std::string& name)> progress;
  std::function<void(const ProfileData&)> save;  ///< called now and then, and at the end
};

enum class RunEnd { complete, interrupted, out_of_time, device_lost };

/// Measures the cases that `profile` does not hold yet, and puts them into it.
RunEnd run_cases(Measurer& measurer, const RunPlan& plan, ProfileData& profile, const RunHooks& hooks);

/// Adds hardware counters to the samples of these cases that have none. After all times are taken: counters need the
/// device for themselves, and a fault there then costs nothing else. Says what went wrong first; empty: nothing did.
[[nodiscard]] std::string count_cases(Measurer& measurer, const RunPlan& plan, ProfileData& profile,
                                      const RunHooks& hooks);

}  // namespace sextant::profile
