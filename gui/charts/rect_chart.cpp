// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/rect_chart.hpp"

#include <QApplication>
#include <QKeyEvent>
#include <QToolTip>
#include <cmath>

namespace sextant::gui {

namespace {

constexpr double least_label_width = 22;  // pixels
constexpr double thickest_bar = 30;       // pixels
constexpr double least_row_height = 13;   // pixels between row labels

}  // namespace

RectPlottable::RectPlottable(QCPAxis* key, QCPAxis* value) : QCPAbstractPlottable(key, value) {}

QCPRange RectPlottable::getKeyRange(bool& found, QCP::SignDomain) const {
  found = !rects.empty();
  QCPRange range;
  for (const Rect& r : rects) range.expand(QCPRange(r.x0, r.x1));
  return range;
}

QCPRange RectPlottable::getValueRange(bool& found, QCP::SignDomain, const QCPRange&) const {
  found = !rects.empty();
  QCPRange range;
  for (const Rect& r : rects) range.expand(QCPRange(r.y0, r.y1));
  return range;
}

void RectPlottable::draw(QCPPainter* painter) {
  const Theme& t = theme_of(mParentPlot->palette());
  const QCPRange view = mKeyAxis->range();
  const QFont font = font_of(type::caption);
  painter->setAntialiasing(false);
  painter->setFont(font);
  for (const Rect& r : rects) {
    if (r.x1 < view.lower || r.x0 > view.upper) continue;
    QRectF box = QRectF(coordsToPixels(r.x0, r.y1), coordsToPixels(r.x1, r.y0)).normalized();
    // On tall windows bars keep to a height that reads as a bar.
    if (slim && box.height() > thickest_bar) {
      box.setTop(box.center().y() - thickest_bar / 2);
      box.setHeight(thickest_bar);
    }
    QColor colour = t.series[static_cast<std::size_t>(r.colour) % t.series.size()];
    if (r.soft) colour.setAlpha(96);
    if (box.width() < 2) {
      painter->setPen(QPen(colour, std::max(r.x0 == r.x1 ? 3.0 : 1.0, box.width())));
      painter->drawLine(box.topLeft(), box.bottomLeft());
    } else {
      painter->setPen(outlined && box.width() > 4 ? QPen(t.surface, 1) : QPen(Qt::NoPen));
      painter->setBrush(colour);
      painter->drawRect(box);
    }
    if (labels != Labels::none) draw_label(painter, r, box, t);
  }
  if (chosen < 0 || static_cast<std::size_t>(chosen) >= rects.size()) return;
  const Rect& r = rects[static_cast<std::size_t>(chosen)];
  const QRectF box = QRectF(coordsToPixels(r.x0, r.y1), coordsToPixels(r.x1, r.y0)).normalized();
  painter->setBrush(Qt::NoBrush);
  painter->setPen(QPen(t.accent, 2));
  painter->drawRect(box.adjusted(-3, -2, 3, 2));
}

void RectPlottable::draw_label(QCPPainter* painter, const Rect& r, const QRectF& box, const Theme& t) const {
  if (r.label.isEmpty()) return;
  if (labels == Labels::beside) {
    painter->setPen(t.text);
    painter->drawText(QPointF(box.right() + space::xs, box.center().y() + painter->fontMetrics().ascent() / 2.0 - 1),
                      r.label);
    return;
  }
  if (box.width() < least_label_width || box.height() < type::caption) return;
  const QFontMetrics metrics = painter->fontMetrics();
  if (metrics.horizontalAdvance(r.label) > box.width() - space::xs) return;
  // Black on every colour of the palette but the blue, which is darkest.
  const QColor colour = t.series[static_cast<std::size_t>(r.colour) % t.series.size()];
  painter->setPen(qGray(colour.rgb()) > 110 ? QColor("#10151b") : QColor("#ffffff"));
  painter->drawText(box, Qt::AlignCenter, r.label);
}

RectangleChart::RectangleChart(Rows rows, QWidget* parent) : Chart(parent), rows_(rows) {
  plot_ = new RectPlottable(xAxis, yAxis);
  setMouseTracking(true);
  if (rows == Rows::left) {
    yAxis->grid()->setVisible(false);
    yAxis->setTickLength(0, 0);
  } else {
    xAxis->grid()->setVisible(false);
    xAxis->setTickLength(0, 0);
    plot_->outlined = true;
  }
}

void RectangleChart::show_chart(RectChart chart, RectPlottable::Labels labels) {
  const bool same_view =
      zoomable_ && xAxis->range().size() < chart_.x_high - chart_.x_low && chart.x_high == chart_.x_high;
  chart_ = std::move(chart);
  plot_->rects = chart_.rects;
  if (plot_->chosen >= static_cast<int>(chart_.rects.size())) plot_->chosen = -1;
  plot_->slim = rows_ == Rows::left && !zoomable_;
  if (!zoomable_) setFocusPolicy(next_tagged(chart_.rects, -1, 1) < 0 ? Qt::NoFocus : Qt::TabFocus);
  plot_->labels = labels;
  if (!same_view) xAxis->setRange(chart_.x_low, chart_.x_high);
  double top = chart_.y_high;
  if (rows_ == Rows::below)
    top = std::max(top, limit_ != nullptr && limit_->visible() ? limit_->point1->coords().y() : 0.0) * 1.08;
  yAxis->setRange(chart_.y_low, top);
  label_rows();
  replot(rpQueuedReplot);
}

void RectangleChart::label_rows() {
  auto ticker = QSharedPointer<QCPAxisTickerText>::create();
  if (rows_ == Rows::below) {
    for (std::size_t i = 0; i < chart_.rows.size(); ++i) {
      ticker->addTick(static_cast<double>(i), chart_.rows[i].text);
    }
    xAxis->setTicker(ticker);
    return;
  }
  const double pixels_a_row = axisRect()->height() / std::max(1.0, yAxis->range().size());
  double last = HUGE_VAL;
  for (const RowLabel& row : chart_.rows) {
    if ((last - row.y) * pixels_a_row < least_row_height) continue;
    ticker->addTick(row.y, row.text);
    last = row.y;
  }
  yAxis->setTicker(ticker);
}

void RectangleChart::set_unit(report::Unit unit) {
  (rows_ == Rows::left ? xAxis : yAxis)->setTicker(QSharedPointer<UnitTicker>::create(static_cast<int>(unit)));
}

void RectangleChart::set_limit(double value, const QString& text) {
  if (limit_ == nullptr) {
    limit_ = new QCPItemStraightLine(this);
    limit_text_ = new QCPItemText(this);
    limit_text_->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    limit_text_->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
    limit_text_->position->setTypeY(QCPItemPosition::ptPlotCoords);
  }
  limit_->setVisible(!text.isEmpty());
  limit_text_->setVisible(!text.isEmpty());
  limit_->point1->setCoords(0, value);
  limit_->point2->setCoords(1, value);
  limit_text_->position->setCoords(1.0, value);
  limit_text_->setText(text);
  restyle();
}

void RectangleChart::set_zoomable(bool on) {
  zoomable_ = on;
  setInteractions(on ? QCP::Interactions(QCP::iRangeDrag | QCP::iRangeZoom) : QCP::Interactions());
  axisRect()->setRangeDrag(Qt::Horizontal);
  axisRect()->setRangeZoom(Qt::Horizontal);
  setFocusPolicy(on ? Qt::StrongFocus : Qt::NoFocus);
}

void RectangleChart::set_legend(const std::vector<std::pair<int, QString>>& entries) {
  legend_entries_ = entries;
  legend->clearItems();
  while (graphCount() > 0) removeGraph(0);
  for (const auto& [colour, text] : entries) {
    QCPGraph* g = addGraph();
    g->setName(text);
    g->setLineStyle(QCPGraph::lsNone);
    QCPScatterStyle style(QCPScatterStyle::ssSquare, 9);
    const QColor c = theme().series[static_cast<std::size_t>(colour) % theme().series.size()];
    style.setPen(QPen(c));
    style.setBrush(c);
    g->setScatterStyle(style);
    g->setPen(QPen(c));
  }
  legend->setVisible(!entries.empty());
  put_legend_above(0);
}

void RectangleChart::restyle() {
  if (limit_ != nullptr) {
    limit_->setPen(QPen(theme().bad, 1.5, Qt::DashLine));
    limit_text_->setColor(theme().bad);
    limit_text_->setFont(font_of(type::caption, QFont::DemiBold));
  }
  if (!legend_entries_.empty()) set_legend(legend_entries_);
}

void RectangleChart::show_everything() {
  xAxis->setRange(chart_.x_low, chart_.x_high);
  replot(rpQueuedReplot);
}

int RectangleChart::hit(const QPoint& at) const {
  if (!axisRect()->rect().contains(at)) return -1;
  const double y = yAxis->pixelToCoord(at.y());
  const int exact = rect_at(chart_.rects, xAxis->pixelToCoord(at.x()), y);
  // Small bars would be hard to hit: beside them counts too.
  return exact < 0 && rows_ == Rows::left && !zoomable_ ? rect_in_row(chart_.rects, y) : exact;
}

void RectangleChart::mouseMoveEvent(QMouseEvent* event) {
  Chart::mouseMoveEvent(event);
  const int i = hit(event->pos());
  if (i < 0) return QToolTip::hideText();
  const Rect& r = chart_.rects[static_cast<std::size_t>(i)];
  if (!r.hint.isEmpty()) QToolTip::showText(event->globalPosition().toPoint(), r.hint, this);
  setCursor(r.tag.isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
}

void RectangleChart::mousePressEvent(QMouseEvent* event) {
  Chart::mousePressEvent(event);
  pressed_ = event->pos();
}

void RectangleChart::mouseReleaseEvent(QMouseEvent* event) {
  Chart::mouseReleaseEvent(event);
  // Who drags the view asks for nothing.
  if ((event->pos() - pressed_).manhattanLength() >= QApplication::startDragDistance()) return;
  const int i = hit(event->pos());
  if (i >= 0 && !chart_.rects[static_cast<std::size_t>(i)].tag.isEmpty()) {
    Q_EMIT tag_clicked(chart_.rects[static_cast<std::size_t>(i)].tag);
  }
}

void RectangleChart::mouseDoubleClickEvent(QMouseEvent* event) {
  Chart::mouseDoubleClickEvent(event);
  if (zoomable_) show_everything();
}

void RectangleChart::zoom(double factor) {
  xAxis->scaleRange(factor);
  replot(rpQueuedReplot);
}

void RectangleChart::choose(int step) {
  plot_->chosen = next_tagged(chart_.rects, plot_->chosen, step);
  if (zoomable_ && plot_->chosen >= 0) {
    const Rect& r = chart_.rects[static_cast<std::size_t>(plot_->chosen)];
    const QCPRange view = xAxis->range();
    if (r.x0 > view.upper || r.x1 < view.lower) xAxis->setRange(r.x0, view.size(), Qt::AlignCenter);
  }
  replot(rpQueuedReplot);
}

void RectangleChart::ask() {
  if (plot_->chosen >= 0) Q_EMIT tag_clicked(chart_.rects[static_cast<std::size_t>(plot_->chosen)].tag);
}

void RectangleChart::focusOutEvent(QFocusEvent* event) {
  Chart::focusOutEvent(event);
  plot_->chosen = -1;
  replot(rpQueuedReplot);
}

void RectangleChart::keyPressEvent(QKeyEvent* event) {
  if (!zoomable_) {
    switch (event->key()) {
      case Qt::Key_Down:
      case Qt::Key_Right: return choose(1);
      case Qt::Key_Up:
      case Qt::Key_Left: return choose(-1);
      case Qt::Key_Return:
      case Qt::Key_Enter: return ask();
      default: return Chart::keyPressEvent(event);
    }
  }
  const double step = xAxis->range().size() / 8;
  switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoom(0.7);
    case Qt::Key_Minus: return zoom(1 / 0.7);
    case Qt::Key_0:
    case Qt::Key_Home: return show_everything();
    case Qt::Key_Down: return choose(1);
    case Qt::Key_Up: return choose(-1);
    case Qt::Key_Return:
    case Qt::Key_Enter: return ask();
    case Qt::Key_Left: xAxis->moveRange(-step); return replot(rpQueuedReplot);
    case Qt::Key_Right: xAxis->moveRange(step); return replot(rpQueuedReplot);
    default: Chart::keyPressEvent(event);
  }
}

void RectangleChart::resizeEvent(QResizeEvent* event) {
  Chart::resizeEvent(event);
  label_rows();
  replot(rpQueuedReplot);
}

}  // namespace sextant::gui
