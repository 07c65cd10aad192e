// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/case.hpp"

#include <algorithm>

#include "profiler/core/json_writer.hpp"

namespace sextant::profile {

std::string Case::name() const {
  std::string out(hardware::name_of(family));
  out.append("/").append(hardware::name_of(dtype));
  if (pass != KernelPass::none) out.append("/").append(hardware::name_of(pass));
  std::string shape;
  for (const auto& [axis_name, axis] : hardware::kernel_axis_names) {
    if (axes[axis] == 0) continue;
    shape += shape.empty() ? '/' : '-';
    shape += axis_name;
    shape += number_text(axes[axis]);
  }
  return out + shape;
}

bool Case::in(Suite suite) const {
  switch (suite) {
    case Suite::quick: return quick;
    case Suite::moe: return moe;
    case Suite::dense: return dense;
    case Suite::full: return true;
  }
  return false;
}

bool Case::of_model(std::string_view id) const {
  if (used_by.empty()) return true;  // ceilings, launches: every model needs them
  return std::any_of(used_by.begin(), used_by.end(),
                     [&](const std::string& use) { return std::string_view(use).substr(0, use.find(' ')) == id; });
}

}  // namespace sextant::profile
