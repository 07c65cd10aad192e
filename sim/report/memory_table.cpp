// SPDX-License-Identifier: Apache-2.0
#include "sim/report/memory_table.hpp"

namespace sextant::sim::report {

Table memory_table(const MemoryEstimate& m) {
  Table t{.key = "memory",
          .title = "Memory of the fullest GPU",
          .columns = {{"tag", "", Unit::text},
                      {"title", " ", Unit::text},
                      {"gb", "size", Unit::gigabytes},
                      {"share", "of the GPU", Unit::share}}};
  for (const MemoryTermInfo& info : memory_term_table()) {
    const Bytes b = m.fullest()[info.term];
    t.rows.push_back({std::string(info.tag), std::string(info.title), b / memory_gb, b / m.capacity});
  }
  return t;
}

}  // namespace sextant::sim::report
