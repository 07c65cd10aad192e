// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "sim/api.hpp"

namespace sextant::gui {

/// What the simulator took for the number or word under a JSON pointer that the run leaves open; "" for other pointers.
[[nodiscard]] QString taken(const sim::Run& run, const QString& pointer);

}  // namespace sextant::gui
