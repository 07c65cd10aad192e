// SPDX-License-Identifier: Apache-2.0
#include "profiler/trace/trace.hpp"

namespace sextant::profile {

int NameTable::operator()(std::string_view name) {
  const auto found = index_.find(name);
  if (found != index_.end()) return found->second;
  const int index = static_cast<int>(names_->size());
  names_->emplace_back(name);
  index_.emplace(std::string(name), index);
  return index;
}

}  // namespace sextant::profile
