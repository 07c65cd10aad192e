// SPDX-License-Identifier: Apache-2.0
// Kernel times by CUPTI's activity records: the device's own clock, without launch overhead.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sextant::profile {

struct KernelRecord {
  std::uint64_t start_ns = 0;
  std::uint64_t end_ns = 0;
  std::string name;
  int grid = 0;  ///< blocks
  int registers = 0;
};

/// One class, two implementations: with CUPTI, and one that says why there is none. CMake picks.
class KernelClock {
 public:
  /// nullptr, and why, where CUPTI cannot be used.
  static std::unique_ptr<KernelClock> open(std::string& why_not);
  virtual ~KernelClock() = default;

  /// Forgets what ran before. The device must be idle.
  virtual void start() = 0;
  /// All kernels since start(), in the order they ran. The device must be idle.
  virtual std::vector<KernelRecord> stop() = 0;
  /// Takes its hands off the launches until the next start(): they cost the host more while it looks.
  virtual void rest() = 0;
  [[nodiscard]] virtual std::string version() const = 0;
};

}  // namespace sextant::profile
