// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTextBrowser>

#include <QString>

#include "gui/theme/theme.hpp"
#include "sim/report/report.hpp"

namespace sextant::gui {

/// A report for people in the subset of HTML that Qt's text browser shows. At most `most_rows` of each table.
[[nodiscard]] QString report_html(const sim::report::Report& report, const Theme& theme, std::size_t most_rows = 60);

/// Where such a text is read: without a frame, as part of its card.
[[nodiscard]] QTextBrowser* report_browser(const QString& name, QWidget* parent);

}  // namespace sextant::gui
