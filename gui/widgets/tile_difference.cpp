// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/tile_difference.hpp"

#include "gui/models/cells.hpp"

namespace sextant::gui {

namespace report = sim::report;

namespace {

/// "A 54.3 days;  +3.1 days (+5.7 %)"
void show_difference(Tile& tile, const report::Table& differences, report::Unit stored) {
  // "GPU-hours" stands above already, and takes room.
  const report::Unit unit = stored == report::Unit::gpu_hours ? report::Unit::parameters : stored;
  const auto column = [&](const char* key) { return static_cast<std::size_t>(column_of(differences, key)); };
  for (const auto& row : differences.rows) {
    if (QString::fromStdString(std::get<std::string>(row[column("key")])) != tile.key()) continue;
    const double a = std::get<double>(row[column("a")]);
    const double d = std::get<double>(row[column("difference")]);
    const double* change = std::get_if<double>(&row[column("change")]);
    QString text = QObject::tr("A %1;  %2%3").arg(formatted(a, unit), d > 0 ? "+" : "", formatted(d, unit));
    if (change != nullptr) text += QStringLiteral(" (%1)").arg(formatted(*change, report::Unit::change));
    return tile.show_difference(text, static_cast<int>(std::get<double>(row[column("better")])));
  }
  tile.show_difference({});
}

}  // namespace

void show_tiles(const std::vector<Tile*>& tiles, const report::Report& current, const report::Report* pinned) {
  const report::Table differences = pinned == nullptr ? report::Table{} : report::difference(*pinned, current);
  for (Tile* tile : tiles) {
    const report::Figure* f = report::find_figure(current, tile->key().toStdString());
    if (f == nullptr) {
      tile->show_nothing();
      continue;
    }
    tile->show_figure(*f);
    if (pinned == nullptr)
      tile->show_difference({});
    else
      show_difference(*tile, differences, f->unit);
  }
}

}  // namespace sextant::gui
