// SPDX-License-Identifier: Apache-2.0
#include "sim/report/term_rows.hpp"

#include <utility>

namespace sextant::sim::report {

Table terms_table(std::string title) {
  return {.key = "terms",
          .title = std::move(title),
          .columns = {{"tag", "", Unit::text},
                      {"title", "term", Unit::text},
                      {"seconds", "time", Unit::seconds},
                      {"share", "share", Unit::share},
                      {"formula", "", Unit::text},
                      {"source", "", Unit::text}},
          .main = true};
}

std::vector<Cell> term_row(std::string title, Seconds time, Seconds whole, const TermInfo& info) {
  return {std::string(info.tag), std::move(title),          time.value(),
          time / whole,          std::string(info.formula), std::string(info.source)};
}

}  // namespace sextant::sim::report
