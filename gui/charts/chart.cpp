// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/chart.hpp"

#include <QEvent>
#include <QRegularExpression>
#ifdef SEXTANT_SVG
#include <QSvgGenerator>
#endif

#include "gui/geometry/grid.hpp"
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

void Chart::fit_legend() {
  if (legend->layout() != plotLayout() || !legend->visible() || legend->itemCount() == 0) return;
  std::vector<int> widths;
  for (int i = 0; i < legend->itemCount(); ++i) {
    // Cells of the last line may be empty.
    const QCPAbstractLegendItem* entry = legend->item(i);
    if (entry != nullptr) widths.push_back(entry->minimumOuterSizeHint().width() + legend->columnSpacing());
  }
  const QMargins around = legend->margins();
  const int columns = legend_columns(widths, width() - around.left() - around.right(), legend_most_);
  if (columns == legend->wrap()) return;
  legend->setWrap(columns);
  legend->setFillOrder(QCPLegend::foColumnsFirst, true);
}

void Chart::resizeEvent(QResizeEvent* event) {
  fit_legend();
  QCustomPlot::resizeEvent(event);
}

void Chart::put_legend_above(int most) {
  legend_most_ = most;
  legend->setFillOrder(QCPLegend::foColumnsFirst);
  legend->setRowSpacing(0);
  legend->setMargins({space::s, 0, space::s, 2});
  if (legend->layout() == plotLayout()) return fit_legend();
  plotLayout()->insertRow(0);
  plotLayout()->addElement(0, 0, legend);
  plotLayout()->setRowStretchFactor(0, 0.001);
  fit_legend();
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
  legend->setIconSize(12, 12);
  legend->setIconTextPadding(space::xs);
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

namespace {

/// "5.00 s" on an axis is "5 s".
QString without_zeros(QString text) {
  static const QRegularExpression zeros(QStringLiteral("(\\.\\d*?)0+(?=\\D|$)"));
  static const QRegularExpression point(QStringLiteral("\\.(?=\\D|$)"));
  return text.replace(zeros, QStringLiteral("\\1")).remove(point);
}

QString label_of(double tick, int unit) {
  return without_zeros(QString::fromStdString(sim::report::format(tick, static_cast<sim::report::Unit>(unit))));
}

}  // namespace

QString UnitTicker::getTickLabel(double tick, const QLocale&, QChar, int) { return label_of(tick, unit_); }

QString LogUnitTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
  // Powers of ten of a second read better than hours here.
  if (static_cast<sim::report::Unit>(unit_) == sim::report::Unit::seconds && tick >= 1) {
    return QString::fromStdString(sim::report::grouped(tick)) + QStringLiteral(" s");
  }
  return label_of(tick, unit_);
}

}  // namespace sextant::gui
