// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/scatter_chart.hpp"

#include <QApplication>
#include <QToolTip>
#include <algorithm>
#include <array>
#include <cmath>

namespace sextant::gui {

namespace {

constexpr int legend_entries_a_line = 4;
constexpr std::size_t many = 2000;  // points are smaller then
constexpr double reach = 9;         // pixels around a point that belong to it
/// Pixels that an axis label takes, with the room around it.
constexpr int label_width = 110;
constexpr int label_height = 48;
constexpr std::array<QCPScatterStyle::ScatterShape, 5> shapes{QCPScatterStyle::ssCircle, QCPScatterStyle::ssSquare,
                                                              QCPScatterStyle::ssTriangle, QCPScatterStyle::ssDiamond,
                                                              QCPScatterStyle::ssTriangleInverted};

}  // namespace

ScatterChart::ScatterChart(QWidget* parent) : Chart(parent) {
  setMouseTracking(true);
  setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
}

void ScatterChart::set_axes(const QString& x, sim::report::Unit x_unit, const QString& y, sim::report::Unit y_unit,
                            bool logarithmic) {
  name_axes(x, y);
  logarithmic_ = logarithmic;
  const auto set = [logarithmic](QCPAxis* axis, sim::report::Unit unit) {
    axis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (logarithmic) {
      axis->setTicker(QSharedPointer<LogUnitTicker>::create(static_cast<int>(unit)));
    } else {
      const int labels = axis->ticker()->tickCount();
      axis->setTicker(QSharedPointer<UnitTicker>::create(static_cast<int>(unit)));
      axis->ticker()->setTickCount(labels);
    }
  };
  set(xAxis, x_unit);
  set(yAxis, y_unit);
}

void ScatterChart::show_points(std::vector<PointGroup> groups, std::vector<Line> lines) {
  groups_ = std::move(groups);
  lines_ = std::move(lines);
  rebuild();
  fit();
  replot(rpQueuedReplot);
}

void ScatterChart::mark(const QString& id) {
  marked_ = id;
  rebuild();
  replot(rpQueuedReplot);
}

void ScatterChart::rebuild() {
  clearPlottables();
  const Theme& t = theme();
  const auto colour = [&t](int i) { return t.series[static_cast<std::size_t>(i) % t.series.size()]; };
  for (const Line& line : lines_) {
    auto* curve = new QCPCurve(xAxis, yAxis);
    curve->setPen(
        QPen(line.colour == 7 ? t.muted : colour(line.colour), 1.2, line.dashed ? Qt::DashLine : Qt::SolidLine));
    for (const auto& [x, y] : line.points) curve->addData(x, y);
    curve->setName(line.name);
    if (line.name.isEmpty()) curve->removeFromLegend();
  }
  for (const PointGroup& group : groups_) {
    const QColor c = colour(group.colour);
    QCPScatterStyle style(shapes[static_cast<std::size_t>(group.shape) % shapes.size()],
                          group.points.size() > many ? 3.5 : 7);
    style.setPen(QPen(group.hollow ? c : c.darker(t.dark ? 130 : 115), group.points.size() > many ? 0.5 : 1.2));
    QColor fill = c;
    fill.setAlpha(group.points.size() > many ? 110 : 200);
    style.setBrush(group.hollow ? QBrush(Qt::NoBrush) : QBrush(fill));
    QCPGraph* g = addGraph();
    g->setName(group.name);
    if (group.name.isEmpty()) g->removeFromLegend();
    g->setLineStyle(QCPGraph::lsNone);
    g->setScatterStyle(style);
    QCPGraph* ring = nullptr;
    for (const Point& p : group.points) {
      g->addData(p.x, p.y);
      if (!marked_.isEmpty() && p.id == marked_) {
        ring = addGraph();
        ring->addData(p.x, p.y);
        ring->setLineStyle(QCPGraph::lsNone);
        QCPScatterStyle round(QCPScatterStyle::ssCircle, 15);
        round.setPen(QPen(t.text, 2));
        ring->setScatterStyle(round);
        ring->removeFromLegend();
        if (p.high > p.low) {
          auto* band = new QCPCurve(xAxis, yAxis);
          band->setPen(QPen(t.text, 1.5));
          band->addData(p.x, p.low);
          band->addData(p.x, p.high);
          band->removeFromLegend();
        }
      }
    }
  }
  legend->setVisible(groups_.size() > 1 ||
                     std::any_of(lines_.begin(), lines_.end(), [](const Line& l) { return !l.name.isEmpty(); }));
  if (legend->visible()) put_legend_above(legend_entries_a_line);
}

void ScatterChart::fit() {
  double x_low = HUGE_VAL, x_high = -HUGE_VAL, y_low = HUGE_VAL, y_high = -HUGE_VAL;
  for (const PointGroup& g : groups_) {
    for (const Point& p : g.points) {
      x_low = std::min(x_low, p.x);
      x_high = std::max(x_high, p.x);
      y_low = std::min(y_low, p.y);
      y_high = std::max(y_high, p.y);
    }
  }
  if (!(x_low <= x_high)) return;
  for (const Line& line : lines_) {
    if (line.name.isEmpty()) continue;  // only lines that are named must be seen
    for (const auto& [x, y] : line.points) y_high = std::max(y_high, y);
  }
  const auto set = [this](QCPAxis* axis, double low, double high) {
    if (logarithmic_) {
      axis->setRange(low / 1.6, high * 1.6);
    } else {
      const double margin = std::max((high - low) * 0.08, std::abs(high) * 0.02);
      axis->setRange(low - margin, high + margin);
    }
  };
  set(xAxis, x_low, x_high);
  set(yAxis, y_low, y_high);
}

const Point* ScatterChart::point_near(const QPointF& at) const {
  const Point* best = nullptr;
  double nearest = reach;
  for (const PointGroup& g : groups_) {
    for (const Point& p : g.points) {
      const double d = std::hypot(xAxis->coordToPixel(p.x) - at.x(), yAxis->coordToPixel(p.y) - at.y());
      if (d > nearest) continue;
      nearest = d;
      best = &p;
    }
  }
  return best;
}

std::optional<QPointF> ScatterChart::place_of(const QString& id) const {
  for (const PointGroup& g : groups_) {
    for (const Point& p : g.points) {
      if (p.id == id) return QPointF(xAxis->coordToPixel(p.x), yAxis->coordToPixel(p.y));
    }
  }
  return std::nullopt;
}

/// As many labels as have room.
void ScatterChart::resizeEvent(QResizeEvent* event) {
  Chart::resizeEvent(event);
  if (logarithmic_) return;
  xAxis->ticker()->setTickCount(std::clamp(width() / label_width, 2, 8));
  yAxis->ticker()->setTickCount(std::clamp(height() / label_height, 2, 8));
}

void ScatterChart::mouseMoveEvent(QMouseEvent* event) {
  Chart::mouseMoveEvent(event);
  const Point* p = point_near(event->position());
  setCursor(p == nullptr || p->id.isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
  if (p == nullptr) return QToolTip::hideText();
  QToolTip::showText(event->globalPosition().toPoint(), p->hint, this);
}

void ScatterChart::mousePressEvent(QMouseEvent* event) {
  Chart::mousePressEvent(event);
  pressed_ = event->pos();
}

void ScatterChart::mouseReleaseEvent(QMouseEvent* event) {
  Chart::mouseReleaseEvent(event);
  // Who drags the view asks for nothing.
  if ((event->pos() - pressed_).manhattanLength() >= QApplication::startDragDistance()) return;
  const Point* p = point_near(event->position());
  if (p != nullptr && !p->id.isEmpty()) Q_EMIT point_clicked(p->id);
}

void ScatterChart::mouseDoubleClickEvent(QMouseEvent* event) {
  Chart::mouseDoubleClickEvent(event);
  fit();
  replot(rpQueuedReplot);
}

}  // namespace sextant::gui
