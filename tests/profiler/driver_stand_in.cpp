// SPDX-License-Identifier: Apache-2.0
// A CUDA driver without a device, under the driver's name (libcuda.so.1): enough for cuDNN to plan and compile for a
// part that it is only told of. Loads any module and remembers the kernel that was asked of it; every other call fails.
#include "tests/profiler/driver_stand_in.hpp"

#include <string>

namespace {

constexpr int success = 0, stub_library = 34;  // CUDA_SUCCESS, CUDA_ERROR_STUB_LIBRARY

std::string& kernel() {
  static std::string name;
  return name;
}
int something = 0;

}  // namespace

namespace sextant::profile::test {
const char* last_kernel() { return kernel().c_str(); }
}  // namespace sextant::profile::test

extern "C" {

int cuLibraryLoadData(void** library, const void*, void*, void**, unsigned, void*, void**, unsigned) {
  *library = &something;
  return success;
}
int cuLibraryGetKernel(void** out, void*, const char* name) {
  kernel() = name;
  *out = &something;
  return success;
}
int cuKernelGetAttribute(int* value, int, void*, int) {
  *value = 0;
  return success;
}

// What cuDNN looks up before it begins.
#define SEXTANT_ABSENT(name) \
  int name() { return stub_library; }
SEXTANT_ABSENT(cuCtxGetCurrent)
SEXTANT_ABSENT(cuCtxGetDevice)
SEXTANT_ABSENT(cuCtxGetLimit)
SEXTANT_ABSENT(cuCtxPopCurrent)
SEXTANT_ABSENT(cuCtxPushCurrent)
SEXTANT_ABSENT(cuDeviceGet)
SEXTANT_ABSENT(cuDeviceGetAttribute)
SEXTANT_ABSENT(cuDeviceGetCount)
SEXTANT_ABSENT(cuDevicePrimaryCtxRelease)
SEXTANT_ABSENT(cuDevicePrimaryCtxReset)
SEXTANT_ABSENT(cuDevicePrimaryCtxRetain)
SEXTANT_ABSENT(cuDriverGetVersion)
SEXTANT_ABSENT(cuFuncGetAttribute)
SEXTANT_ABSENT(cuFuncSetAttribute)
SEXTANT_ABSENT(cuGetErrorName)
SEXTANT_ABSENT(cuGetErrorString)
SEXTANT_ABSENT(cuInit)
SEXTANT_ABSENT(cuKernelSetAttribute)
SEXTANT_ABSENT(cuLaunchCooperativeKernel)
SEXTANT_ABSENT(cuLaunchKernel)
SEXTANT_ABSENT(cuLaunchKernelEx)
SEXTANT_ABSENT(cuLibraryLoadFromFile)
SEXTANT_ABSENT(cuLibraryUnload)
SEXTANT_ABSENT(cuLinkAddData)
SEXTANT_ABSENT(cuLinkAddData_v2)
SEXTANT_ABSENT(cuLinkAddFile_v2)
SEXTANT_ABSENT(cuLinkComplete)
SEXTANT_ABSENT(cuLinkCreate)
SEXTANT_ABSENT(cuLinkCreate_v2)
SEXTANT_ABSENT(cuLinkDestroy)
SEXTANT_ABSENT(cuMemcpyDtoH_v2)
SEXTANT_ABSENT(cuModuleGetFunction)
SEXTANT_ABSENT(cuModuleGetGlobal_v2)
SEXTANT_ABSENT(cuModuleLoadData)
SEXTANT_ABSENT(cuModuleLoadDataEx)
SEXTANT_ABSENT(cuModuleLoadFatBinary)
SEXTANT_ABSENT(cuModuleUnload)
SEXTANT_ABSENT(cuOccupancyMaxActiveBlocksPerMultiprocessor)
SEXTANT_ABSENT(cuOccupancyMaxPotentialClusterSize)
SEXTANT_ABSENT(cuStreamGetCtx)
SEXTANT_ABSENT(cuStreamSynchronize)
SEXTANT_ABSENT(cuTensorMapEncodeTiled)

}  // extern "C"
