// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/geometry/roofline.hpp"

#include <map>

#include "gui/models/cells.hpp"
#include "sim/report/difference.hpp"

namespace sextant::gui {

namespace report = sim::report;

std::vector<PointGroup> roofline_points(const report::Table& t) {
  std::map<QString, PointGroup> groups;
  const int flops = column_of(t, "flops");
  const int bytes = column_of(t, "bytes");
  const int rate = column_of(t, "flop_per_s");
  for (const auto& row : t.rows) {
    const double* work = number_at(row, flops);
    const double* moved = number_at(row, bytes);
    const double* y = number_at(row, rate);
    if (work == nullptr || moved == nullptr || y == nullptr) continue;
    const QString name = QStringLiteral("%1 %2 %3")
                             .arg(text_at(row, column_of(t, "family")), text_at(row, column_of(t, "dtype")),
                                  text_at(row, column_of(t, "pass")));
    const double* form = number_at(row, column_of(t, "form_over_measured"));
    Point p{*work / *moved, *y, *y, *y, {}, text_at(row, column_of(t, "tag"))};
    p.hint = QStringLiteral("%1, %2\nmeasured %3")
                 .arg(name, text_at(row, column_of(t, "shape")), formatted(*y, report::Unit::flop_per_s));
    if (form != nullptr)
      p.hint += QObject::tr("\nclosed form: %1 of the measured time").arg(formatted(*form, report::Unit::share));
    groups[name].points.push_back(std::move(p));
  }
  std::vector<PointGroup> out;
  for (auto& [name, group] : groups) {
    group.name = name;
    group.colour = group.shape = static_cast<int>(out.size());
    out.push_back(std::move(group));
  }
  return out;
}

}  // namespace sextant::gui
