// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/widgets/tile.hpp"
#include "sim/report/difference.hpp"

namespace sextant::gui {

/// Each tile's figure of `current`, and beside a pinned report what differs.
void show_tiles(const std::vector<Tile*>& tiles, const sim::report::Report& current, const sim::report::Report* pinned);

}  // namespace sextant::gui
