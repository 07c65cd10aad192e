// SPDX-License-Identifier: GPL-3.0-or-later
// Terms of a step or of the memory with their share, and beside a pinned scenario the difference.
#pragma once

#include "gui/models/table_model.hpp"
#include "sim/report/difference.hpp"

namespace sextant::gui {

/// What stands in which column of the tables that reports give; all are keys.
struct TermColumns {
  std::string tag, title, value, share;
};

/// Columns "title", "value", a bar, "share"; with `pinned` also "A" and the difference. Rows without a value are left
/// out.
[[nodiscard]] sim::report::Table term_table(const sim::report::Table& current, const sim::report::Table* pinned,
                                            const TermColumns& columns);

}  // namespace sextant::gui
