// SPDX-License-Identifier: Apache-2.0
#include "tests/profiler/fake_cuda.hpp"

#include <cuda_runtime_api.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

#include "profiler/cuda/simt/simt.hpp"

namespace {

namespace simt = sextant::profile::simt;

struct Device {
  std::vector<std::function<void()>> late;  ///< of the default stream
  std::uint64_t launches_waited_for = 0;
  int hasty_downloads = 0;
  int allocations = 0;
  int count = 1, current = 0;
};
Device& device() {
  static Device d;
  return d;
}

void catch_up() {
  for (const auto& work : device().late) work();
  device().late.clear();
}

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

namespace sextant::profile::test {
int hasty_downloads() { return device().hasty_downloads; }
int allocations_held() { return device().allocations; }
void set_devices(int count) { device().count = count; }
}  // namespace sextant::profile::test

struct CUevent_st {
  double at_ms = 0;
};
struct CUstream_st {
  int device = 0;
};
struct CUgraph_st {
  std::uint64_t launches = 0;
};

int sextant::profile::test::device_of(cudaStream_t stream) { return stream->device; }

extern "C" {

cudaError_t cudaSetDevice(int index) {
  if (index >= device().count) return cudaErrorInvalidDevice;
  device().current = index;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceCount(int* count) {
  *count = device().count;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* p, int) {
  *p = cudaDeviceProp{};
  std::strcpy(p->name, "a host that plays GPU");
  p->major = 9;
  p->multiProcessorCount = 3;
  p->l2CacheSize = 1 << 18;
  p->totalGlobalMem = std::size_t{1} << 31;
  return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int* v) {
  *v = 13000;
  return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int* v) { return cudaRuntimeGetVersion(v); }
cudaError_t cudaDeviceGetPCIBusId(char*, int, int) { return cudaErrorNotSupported; }
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  *free = *total = std::size_t{1} << 31;
  return cudaSuccess;
}
cudaError_t cudaGetLastError() { return cudaSuccess; }
const char* cudaGetErrorString(cudaError_t) { return "an error"; }

cudaError_t cudaMalloc(void** p, std::size_t bytes) {
  constexpr std::size_t alignment = 256;
  *p = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (*p != nullptr) ++device().allocations;
  return *p != nullptr ? cudaSuccess : cudaErrorMemoryAllocation;
}
cudaError_t cudaFree(void* p) {
  catch_up();
  if (p != nullptr) --device().allocations;
  std::free(p);
  return cudaSuccess;
}
cudaError_t cudaMemset(void* p, int byte, std::size_t bytes) {
  device().late.emplace_back([=] { std::memset(p, byte, bytes); });
  return cudaSuccess;
}
cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  if (kind == cudaMemcpyHostToDevice) {
    const auto* bits = static_cast<const char*>(from);
    device().late.emplace_back(
        [to, staged = std::vector<char>(bits, bits + bytes)] { std::memcpy(to, staged.data(), staged.size()); });
    return cudaSuccess;
  }
  catch_up();
  if (simt::launches() > device().launches_waited_for) ++device().hasty_downloads;
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}

cudaError_t cudaDeviceSynchronize() {
  catch_up();
  device().launches_waited_for = simt::launches();
  return cudaSuccess;
}
cudaError_t cudaStreamCreateWithFlags(cudaStream_t* s, unsigned) {
  *s = new CUstream_st{device().current};
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t s) {
  delete s;
  return cudaSuccess;
}
/// A stream of its own waits for its kernels, the default one for fills and uploads: neither for the other.
cudaError_t cudaStreamSynchronize(cudaStream_t s) {
  if (s == nullptr || s == cudaStreamLegacy) {
    catch_up();
  } else {
    device().launches_waited_for = simt::launches();
  }
  return cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t* e) {
  *e = new CUevent_st;
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t e) {
  delete e;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t e, cudaStream_t) {
  e->at_ms = now_ms();
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t) { return cudaSuccess; }
cudaError_t cudaEventQuery(cudaEvent_t) { return cudaSuccess; }
cudaError_t cudaEventElapsedTime(float* ms, cudaEvent_t a, cudaEvent_t b) {
  *ms = static_cast<float>(b->at_ms - a->at_ms);
  return cudaSuccess;
}

// Graphs are captured by running: their kernels do nothing that counts.
cudaError_t cudaStreamBeginCapture(cudaStream_t, cudaStreamCaptureMode) { return cudaSuccess; }
cudaError_t cudaStreamEndCapture(cudaStream_t, cudaGraph_t* g) {
  *g = new CUgraph_st;
  return cudaSuccess;
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* e, cudaGraph_t, unsigned long long) {
  *e = reinterpret_cast<cudaGraphExec_t>(new CUgraph_st);
  return cudaSuccess;
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t, cudaStream_t) { return cudaSuccess; }
cudaError_t cudaGraphDestroy(cudaGraph_t g) {
  delete g;
  return cudaSuccess;
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t e) {
  delete reinterpret_cast<CUgraph_st*>(e);
  return cudaSuccess;
}

}  // extern "C"
