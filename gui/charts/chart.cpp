// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/chart.hpp"

#include <QEvent>
#ifdef SEXTANT_SVG
#include <QSvgGenerator>
#endif

#include "sim/report/unit.hpp"

namespace sextant::gui {

Chart::Chart(QWidget* parent) : QCustomPlot(parent) {
  setMinimumSize(120, 80);
  setNoAntialiasingOnDrag(true);
  plotLayout()->setMargins({});
  axisRect()->setMinimumMargins({space::s, space::s, space::l, space::xs});
  axisRect()->setupFullAxesBox(false);
  xAxis2->setVisible(false);
  yAxis2->setVisible(false);
  empty_ = new QCPItemText(this);
  empty_->position->setType(QCPItemPosition::ptAxisRectRatio);
  empty_->position->setCoords(0.5, 0.5);
  empty_->setVisible(false);
  style_all();
}

void Chart::set_title(const QString& title) {
  setAccessibleName(title);
  setObjectName(title);
}

void Chart::set_empty_text(const QString& text) {
  empty_->setText(text);
  empty_->setVisible(!text.isEmpty());
  xAxis->setVisible(text.isEmpty());
  yAxis->setVisible(text.isEmpty());
}

void Chart::name_axes(const QString& x, const QString& y) {
  xAxis->setLabel(x);
  yAxis->setLabel(y);
}

bool Chart::save_picture(const QString& path) {
  if (path.endsWith(QLatin1String(".pdf"))) return savePdf(path);
#ifdef SEXTANT_SVG
  if (path.endsWith(QLatin1String(".svg"))) {
    QSvgGenerator generator;
    generator.setFileName(path);
    generator.setSize(size());
    generator.setViewBox(rect());
    generator.setTitle(accessibleName());
    QCPPainter painter;
    if (!painter.begin(&generator)) return false;
    toPainter(&painter, width(), height());
    return painter.end();
  }
#endif
  return savePng(path, 0, 0, 2.0);
}

void Chart::style_axis(QCPAxis* axis) {
  const Theme& t = theme();
  const QPen line(t.border, 1);
  axis->setBasePen(line);
  axis->setTickPen(line);
  axis->setSubTickPen(Qt::NoPen);
  axis->setTickLengthIn(0);
  axis->setTickLengthOut(3);
  axis->setTickLabelColor(t.muted);
  axis->setLabelColor(t.muted);
  axis->setTickLabelFont(font_of(type::caption));
  axis->setLabelFont(font_of(type::caption));
  axis->setLabelPadding(space::xs);
  axis->grid()->setPen(QPen(t.grid, 1));
  axis->grid()->setZeroLinePen(QPen(t.grid, 1));
  axis->grid()->setSubGridVisible(false);
}

void Chart::style_all() {
  setBackground(QBrush(theme().surface));
  for (QCPAxis* axis : {xAxis, yAxis, xAxis2, yAxis2}) style_axis(axis);
  legend->setBrush(QBrush(theme().surface));
  legend->setBorderPen(Qt::NoPen);
  legend->setTextColor(theme().text);
  legend->setFont(font_of(type::caption));
  empty_->setColor(theme().muted);
  empty_->setFont(font_of(type::body));
}

void Chart::changeEvent(QEvent* event) {
  QCustomPlot::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::StyleChange) return;
  style_all();
  restyle();
  replot(rpQueuedReplot);
}

QString UnitTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
  return QString::fromStdString(sim::report::format(tick, static_cast<sim::report::Unit>(unit_)));
}

QString LogUnitTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
  return QString::fromStdString(sim::report::format(tick, static_cast<sim::report::Unit>(unit_)));
}

}  // namespace sextant::gui
