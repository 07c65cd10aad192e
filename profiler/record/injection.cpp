// SPDX-License-Identifier: Apache-2.0
// libsextant-record.so: the CUDA driver loads it into the recorded program (CUDA_INJECTION64_PATH) and calls
// InitializeInjection before the first CUDA call returns. It must never disturb the program: every fault ends in
// silence but for one line on stderr.
#include <cupti.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>

#include "profiler/cuda/cupti_library.hpp"
#include "profiler/record/event_writer.hpp"

namespace sextant::profile {

namespace {

constexpr std::size_t buffer_bytes = std::size_t{8} << 20;
constexpr std::size_t buffer_alignment = 8;

/// CUPTI's callbacks carry no pointer of ours; what they need has to be findable by name, and to outlive main().
struct Recorder {
  std::mutex mutex;
  std::ofstream file;
  std::unique_ptr<EventWriter> writer;
  decltype(cuptiActivityGetNextRecord)* next = nullptr;
  decltype(cuptiActivityGetNumDroppedRecords)* dropped = nullptr;
  decltype(cuptiActivityFlushAll)* flush = nullptr;
};
Recorder& recorder() {
  static Recorder* r = new Recorder;  // never destroyed: CUPTI's threads may call until the process is gone
  return *r;
}

void CUPTIAPI give_buffer(std::uint8_t** buffer, std::size_t* size, std::size_t* most_records) {
  *buffer = static_cast<std::uint8_t*>(std::aligned_alloc(buffer_alignment, buffer_bytes));
  *size = buffer_bytes;
  *most_records = 0;
}

void CUPTIAPI take_buffer(CUcontext context, std::uint32_t stream, std::uint8_t* buffer, std::size_t,
                          std::size_t valid) {
  Recorder& r = recorder();
  {
    const std::lock_guard lock(r.mutex);
    CUpti_Activity* record = nullptr;
    while (r.next(buffer, valid, &record) == CUPTI_SUCCESS) r.writer->take(*record);
    std::size_t lost = 0;
    if (r.dropped != nullptr && r.dropped(context, stream, &lost) == CUPTI_SUCCESS) r.writer->dropped(lost);
  }
  std::free(buffer);
}

void at_exit() {
  Recorder& r = recorder();
  if (r.flush != nullptr) r.flush(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
  const std::lock_guard lock(r.mutex);
  r.file.flush();
}

int say(const std::string& text) {
  std::fprintf(stderr, "sextant-profile record: %s\n", text.c_str());
  return 1;  // the driver goes on without us
}

/// Calls are only wanted for the launches among them; CUPTI records the others too, cheaply.
constexpr CUpti_ActivityKind kinds[] = {
    CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL, CUPTI_ACTIVITY_KIND_MEMCPY, CUPTI_ACTIVITY_KIND_MEMSET,
    CUPTI_ACTIVITY_KIND_RUNTIME,           CUPTI_ACTIVITY_KIND_DRIVER, CUPTI_ACTIVITY_KIND_MARKER};

int begin_recording() {
  const char* path = std::getenv("SEXTANT_RECORD_FILE");
  if (path == nullptr) return 1;
  // NVTX hands its ranges to the copy of CUPTI that it was told of; a second copy would not see them.
  const auto library = open_cupti(std::getenv("NVTX_INJECTION64_PATH"));
  if (!library) return say("libcupti is not found; nothing is recorded");
  Recorder& r = recorder();
  r.next = library->function<decltype(cuptiActivityGetNextRecord)>("cuptiActivityGetNextRecord");
  r.dropped = library->function<decltype(cuptiActivityGetNumDroppedRecords)>("cuptiActivityGetNumDroppedRecords");
  r.flush = library->function<decltype(cuptiActivityFlushAll)>("cuptiActivityFlushAll");
  auto* enable = library->function<decltype(cuptiActivityEnable)>("cuptiActivityEnable");
  auto* callbacks = library->function<decltype(cuptiActivityRegisterCallbacks)>("cuptiActivityRegisterCallbacks");
  if (r.next == nullptr || enable == nullptr || callbacks == nullptr)
    return say(library->path() + " lacks the activity functions");
  r.file.open(std::string(path) + "." + std::to_string(getpid()));
  if (!r.file) return say(std::string(path) + " cannot be written");
  r.writer = std::make_unique<EventWriter>(r.file);
  if (const CUptiResult code = callbacks(give_buffer, take_buffer); code != CUPTI_SUCCESS)
    return say(cupti_error(*library, code));
  for (const CUpti_ActivityKind kind : kinds) {
    if (const CUptiResult code = enable(kind); code != CUPTI_SUCCESS) {
      say("activity kind " + std::to_string(static_cast<int>(kind)) + ": " + cupti_error(*library, code));
    }
  }
  std::atexit(at_exit);
  return 1;
}

}  // namespace

}  // namespace sextant::profile

extern "C" __attribute__((visibility("default"))) int InitializeInjection() {
  return sextant::profile::begin_recording();
}
