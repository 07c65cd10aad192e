// SPDX-License-Identifier: Apache-2.0
// Stands in for the CUDA side where the program was built without it.
#include "profiler/core/measurer.hpp"

namespace sextant::profile {

std::unique_ptr<Measurer> open_measurer(const MeasureOptions&, std::string& why_not) {
  why_not = "no CUDA device can be used: this program was built without CUDA (list, import, merge and show work)";
  return nullptr;
}

}  // namespace sextant::profile
