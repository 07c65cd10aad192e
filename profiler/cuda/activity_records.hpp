// SPDX-License-Identifier: Apache-2.0
// CUPTI's activity records as plain values. The records are read through these functions alone, in the profiler and in
// the recording library; tests build such records by hand.
#pragma once

#include <cupti.h>

#include "profiler/cuda/kernel_clock.hpp"

namespace sextant::profile {

#if CUPTI_API_VERSION >= 130000
using ActivityKernel = CUpti_ActivityKernel10;
#else
using ActivityKernel = CUpti_ActivityKernel9;
#endif

[[nodiscard]] inline bool is_kernel(const CUpti_Activity& record) {
  return record.kind == CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL || record.kind == CUPTI_ACTIVITY_KIND_KERNEL;
}

[[nodiscard]] inline const ActivityKernel& as_kernel(const CUpti_Activity& record) {
  return reinterpret_cast<const ActivityKernel&>(record);  // how CUPTI's records are meant to be read
}

[[nodiscard]] inline KernelRecord kernel_record(const ActivityKernel& k) {
  return {k.start, k.end, k.name != nullptr ? k.name : "", k.gridX * k.gridY * k.gridZ, k.registersPerThread};
}

}  // namespace sextant::profile
