// SPDX-License-Identifier: Apache-2.0
// A CUDA runtime on the host for the tests of operations: memory is the host's, kernels run at their launch. What
// CUDA leaves unordered is made as late as it may be: a fill or an upload on the default stream is done only when
// somebody waits for it, and a download that does not wait for the kernels before it is counted.
#pragma once

#include <cuda_runtime_api.h>

namespace sextant::profile::test {

/// Downloads since the start that may have read what a kernel had not written yet.
[[nodiscard]] int hasty_downloads();

/// Allocations that were not given back.
[[nodiscard]] int allocations_held();

/// How many devices there are; at first one.
void set_devices(int count);
/// The device that was current when the stream was made.
[[nodiscard]] int device_of(cudaStream_t stream);

}  // namespace sextant::profile::test
