// SPDX-License-Identifier: Apache-2.0
// Compiles where cuDNN's headers have what attention needs. Nothing is linked: the library is opened when the program
// runs.
#include <cudnn.h>

static_assert(CUDNN_VERSION >= 90000);

int main() {
  constexpr decltype(&cudnnBackendExecute) call = nullptr;
  constexpr decltype(&cudnnGetLastErrorString) words = nullptr;
  constexpr int values = CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR + CUDNN_POINTWISE_GEN_INDEX +
                         CUDNN_POINTWISE_BINARY_SELECT + CUDNN_TENSOR_REORDERING_F16x16 + CUDNN_HEUR_MODE_FALLBACK;
  return call == nullptr && words == nullptr && values > 0 ? 0 : 1;
}
