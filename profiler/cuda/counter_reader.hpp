// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "profiler/core/profile_data.hpp"

namespace sextant::profile {

/// Hardware counters by CUPTI's range profiler. One class, two implementations; CMake picks.
class CounterReader {
 public:
  /// nullptr, and why, where the driver forbids counters or the range profiler is missing.
  static std::unique_ptr<CounterReader> open(int device, std::string& why_not);
  virtual ~CounterReader() = default;

  /// Runs the work as often as the counters need passes, `before_each` uncounted ahead of it, and reads them. Nothing
  /// where that fails.
  virtual std::optional<Counters> read(const std::function<void()>& before_each,
                                       const std::function<void()>& launch_and_wait) = 0;
};

}  // namespace sextant::profile
