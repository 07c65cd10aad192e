// SPDX-License-Identifier: Apache-2.0
#include "sim/report/exporters.hpp"

#include <array>

namespace sextant::sim::report {

namespace {

constexpr std::array<Exporter, 5> rows{{{"text", ".txt", to_text},
                                        {"json", ".json", to_json},
                                        {"csv", ".csv", to_csv},
                                        {"markdown", ".md", to_markdown},
                                        {"html", ".html", to_html}}};

}  // namespace

std::span<const Exporter> exporters() { return rows; }

const Exporter* find_exporter(std::string_view name) {
  for (const Exporter& e : rows) {
    if (e.name == name) return &e;
  }
  return nullptr;
}

}  // namespace sextant::sim::report
