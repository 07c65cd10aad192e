// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "profiler/cuda/shared_library.hpp"

namespace sextant::profile {

/// The driver's management library, which knows clocks and power. Only read, never set. Declared here by hand: its
/// header comes with no toolkit that can be relied on.
class Nvml {
 public:
  /// Of the device with this PCI bus id ("0000:41:00.0"); nothing where the library is missing or does not know it.
  static std::optional<Nvml> open(const std::string& pci_bus_id);

  [[nodiscard]] double sm_clock_mhz() const;  ///< now; 0: not known, as for all of these
  [[nodiscard]] double max_sm_clock_mhz() const;
  [[nodiscard]] double max_memory_clock_mhz() const;
  [[nodiscard]] double power_w() const;
  [[nodiscard]] double power_limit_w() const;
  [[nodiscard]] std::string driver_version() const;

 private:
  using Device = void*;
  using ClockFunction = int(Device, int, unsigned*);
  using NumberFunction = int(Device, unsigned*);
  using TextFunction = int(char*, unsigned);

  explicit Nvml(SharedLibrary library) : library_(std::move(library)) {}
  [[nodiscard]] double clock(ClockFunction* f, int kind) const;
  [[nodiscard]] double milli(NumberFunction* f) const;

  SharedLibrary library_;
  Device device_ = nullptr;
  ClockFunction* clock_ = nullptr;
  ClockFunction* max_clock_ = nullptr;
  NumberFunction* power_ = nullptr;
  NumberFunction* limit_ = nullptr;
  TextFunction* driver_ = nullptr;
};

}  // namespace sextant::profile
