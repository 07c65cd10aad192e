// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sextant::gui {

/// Edits, undoes, pins, saves and reopens a scenario on every page; says what went wrong. The exit code.
int self_test();

}  // namespace sextant::gui
