// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/casts.hpp"

namespace sextant::sim {

KernelTraffic cast_traffic(const CastElements& e, bool blockwise) {
  constexpr double read = 2.0;  // a 16-bit element
  constexpr double write = 1.0;
  constexpr double cast_and_turn = read + 2 * write;
  if (blockwise) {
    return {(read + write) * (e.normed + e.input),
            turned_bytes * (e.normed + e.input) + cast_and_turn * (e.output + e.sliced)};
  }
  return {cast_and_turn * (e.input + e.weights) - (read - write) * e.normed,
          turned_bytes * (e.turned + e.gathered) + cast_and_turn * e.output + (read + write) * e.sliced};
}

}  // namespace sextant::sim
