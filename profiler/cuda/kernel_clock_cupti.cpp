// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "profiler/cuda/activity_records.hpp"
#include "profiler/cuda/cupti_library.hpp"
#include "profiler/cuda/kernel_clock.hpp"

namespace sextant::profile {

namespace {

constexpr std::size_t buffer_bytes = std::size_t{4} << 20;
constexpr std::size_t buffer_alignment = 8;

using NextRecord = decltype(cuptiActivityGetNextRecord);

/// CUPTI's callbacks carry no pointer of ours, so what they fill has to be findable by name.
struct Collected {
  std::mutex mutex;
  std::vector<KernelRecord> kernels;
  NextRecord* next = nullptr;
};
Collected& collected() {
  static Collected c;
  return c;
}

void CUPTIAPI give_buffer(std::uint8_t** buffer, std::size_t* size, std::size_t* most_records) {
  *buffer = static_cast<std::uint8_t*>(std::aligned_alloc(buffer_alignment, buffer_bytes));
  *size = buffer_bytes;
  *most_records = 0;
}

void CUPTIAPI take_buffer(CUcontext, std::uint32_t, std::uint8_t* buffer, std::size_t, std::size_t valid) {
  Collected& c = collected();
  const std::lock_guard lock(c.mutex);
  CUpti_Activity* record = nullptr;
  while (c.next(buffer, valid, &record) == CUPTI_SUCCESS) {
    if (is_kernel(*record)) c.kernels.push_back(kernel_record(as_kernel(*record)));
  }
  std::free(buffer);
}

class CuptiClock : public KernelClock {
 public:
  CuptiClock(SharedLibrary library, decltype(cuptiActivityEnable)* enable, decltype(cuptiActivityDisable)* disable,
             decltype(cuptiActivityFlushAll)* flush)
      : library_(std::move(library)), enable_(enable), disable_(disable), flush_(flush) {}

  /// Records stay enabled between calls: enabling them costs far more than throwing a few away.
  void start() override {
    if (!enabled_) {
      enabled_ = enable_(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL) == CUPTI_SUCCESS;
    } else {
      flush_(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
    }
    const std::lock_guard lock(collected().mutex);
    collected().kernels.clear();
  }

  void rest() override {
    if (enabled_) disable_(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL);
    enabled_ = false;
  }

  std::vector<KernelRecord> stop() override {
    flush_(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
    std::vector<KernelRecord> out;
    {
      const std::lock_guard lock(collected().mutex);
      out.swap(collected().kernels);
    }
    std::sort(out.begin(), out.end(),
              [](const KernelRecord& a, const KernelRecord& b) { return a.start_ns < b.start_ns; });
    return out;
  }

  std::string version() const override {
    std::uint32_t v = 0;
    auto* get = library_.function<decltype(cuptiGetVersion)>("cuptiGetVersion");
    return get != nullptr && get(&v) == CUPTI_SUCCESS ? std::to_string(v) : "";
  }

 private:
  SharedLibrary library_;
  decltype(cuptiActivityEnable)* enable_;
  decltype(cuptiActivityDisable)* disable_;
  decltype(cuptiActivityFlushAll)* flush_;
  bool enabled_ = false;
};

}  // namespace

std::unique_ptr<KernelClock> KernelClock::open(std::string& why_not) {
  auto library = open_cupti();
  if (!library) {
    why_not = "libcupti is not found";
    return nullptr;
  }
  auto* enable = library->function<decltype(cuptiActivityEnable)>("cuptiActivityEnable");
  auto* disable = library->function<decltype(cuptiActivityDisable)>("cuptiActivityDisable");
  auto* flush = library->function<decltype(cuptiActivityFlushAll)>("cuptiActivityFlushAll");
  auto* callbacks = library->function<decltype(cuptiActivityRegisterCallbacks)>("cuptiActivityRegisterCallbacks");
  collected().next = library->function<NextRecord>("cuptiActivityGetNextRecord");
  if (enable == nullptr || disable == nullptr || flush == nullptr || callbacks == nullptr ||
      collected().next == nullptr) {
    why_not = library->path() + " lacks the activity functions";
    return nullptr;
  }
  CUptiResult code = callbacks(give_buffer, take_buffer);
  if (code == CUPTI_SUCCESS) code = enable(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL);
  if (code != CUPTI_SUCCESS) {
    why_not = "CUPTI's activity records: " + cupti_error(*library, code);
    return nullptr;
  }
  disable(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL);
  return std::make_unique<CuptiClock>(std::move(*library), enable, disable, flush);
}

}  // namespace sextant::profile
