// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/application.hpp"
#include "gui/session/session.hpp"

namespace sextant::gui {

/// Writes PAGE-THEME.png for each page asked for; the exit code.
int write_screenshots(Session& session, const Arguments& arguments);

/// Handles events until `done` says so; false after `limit_ms`.
bool wait_until(const std::function<bool()>& done, int limit_ms = 30000);

}  // namespace sextant::gui
