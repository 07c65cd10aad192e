// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/nvml.hpp"

#include <array>

namespace sextant::profile {

namespace {

constexpr int success = 0;       // NVML_SUCCESS
constexpr int clock_sm = 1;      // NVML_CLOCK_SM
constexpr int clock_memory = 2;  // NVML_CLOCK_MEM

}  // namespace

std::optional<Nvml> Nvml::open(const std::string& pci_bus_id) {
  auto library = SharedLibrary::open({"libnvidia-ml.so.1", "libnvidia-ml.so"});
  if (!library) return std::nullopt;
  Nvml out(std::move(*library));
  auto* init = out.library_.function<int()>("nvmlInit_v2");
  auto* find = out.library_.function<int(const char*, Device*)>("nvmlDeviceGetHandleByPciBusId_v2");
  if (init == nullptr || find == nullptr || init() != success) return std::nullopt;
  if (find(pci_bus_id.c_str(), &out.device_) != success) return std::nullopt;
  out.clock_ = out.library_.function<ClockFunction>("nvmlDeviceGetClockInfo");
  out.max_clock_ = out.library_.function<ClockFunction>("nvmlDeviceGetMaxClockInfo");
  out.power_ = out.library_.function<NumberFunction>("nvmlDeviceGetPowerUsage");
  out.limit_ = out.library_.function<NumberFunction>("nvmlDeviceGetEnforcedPowerLimit");
  out.driver_ = out.library_.function<TextFunction>("nvmlSystemGetDriverVersion");
  return out;
}

double Nvml::clock(ClockFunction* f, int kind) const {
  unsigned mhz = 0;
  return f != nullptr && f(device_, kind, &mhz) == success ? mhz : 0;
}

double Nvml::milli(NumberFunction* f) const {
  unsigned value = 0;
  return f != nullptr && f(device_, &value) == success ? value * 1e-3 : 0;
}

double Nvml::sm_clock_mhz() const { return clock(clock_, clock_sm); }
double Nvml::max_sm_clock_mhz() const { return clock(max_clock_, clock_sm); }
double Nvml::max_memory_clock_mhz() const { return clock(max_clock_, clock_memory); }
double Nvml::power_w() const { return milli(power_); }
double Nvml::power_limit_w() const { return milli(limit_); }

std::string Nvml::driver_version() const {
  std::array<char, 96> text{};
  return driver_ != nullptr && driver_(text.data(), text.size()) == success ? text.data() : "";
}

}  // namespace sextant::profile
