// SPDX-License-Identifier: GPL-3.0-or-later
// Points of several groups with bands, lines beneath them, hover and click.
#pragma once

#include <optional>

#include "gui/charts/chart.hpp"
#include "sim/report/unit.hpp"

namespace sextant::gui {

struct Point {
  double x = 0, y = 0;
  double low = 0, high = 0;  ///< of y; equal: no band
  QString hint;
  QString id;
};

struct PointGroup {
  QString name;
  int colour = 0;
  int shape = 0;  ///< circles, squares, triangles, diamonds...: groups differ in more than colour
  bool hollow = false;
  std::vector<Point> points;
};

struct Line {
  QString name;
  std::vector<std::pair<double, double>> points;
  bool dashed = false;
  int colour = 7;
};

class ScatterChart : public Chart {
  Q_OBJECT
 public:
  explicit ScatterChart(QWidget* parent = nullptr);

  void show_points(std::vector<PointGroup> groups, std::vector<Line> lines);
  void set_axes(const QString& x, sim::report::Unit x_unit, const QString& y, sim::report::Unit y_unit,
                bool logarithmic);
  /// Where a point lies on the widget; nothing where there is none with this id.
  [[nodiscard]] std::optional<QPointF> place_of(const QString& id) const;
  /// A ring around the point with this id.
  void mark(const QString& id);
  [[nodiscard]] const std::vector<PointGroup>& groups() const { return groups_; }

 Q_SIGNALS:
  void point_clicked(const QString& id);

 protected:
  void restyle() override { rebuild(); }
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void rebuild();
  void fit();
  [[nodiscard]] const Point* point_near(const QPointF& at) const;

  std::vector<PointGroup> groups_;
  std::vector<Line> lines_;
  QString marked_;
  bool logarithmic_ = false;
  QPoint pressed_;
};

}  // namespace sextant::gui
