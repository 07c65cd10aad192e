// SPDX-License-Identifier: GPL-3.0-or-later
// Bars, stacks and Gantt rows: rectangles that can be hovered, clicked and zoomed into.
#pragma once

#include "gui/charts/chart.hpp"
#include "gui/geometry/rectangles.hpp"

namespace sextant::gui {

/// Draws thousands of rectangles: those outside the view or thinner than a pixel cost nothing.
class RectPlottable : public QCPAbstractPlottable {
  Q_OBJECT
 public:
  enum class Labels { none, inside, beside };

  RectPlottable(QCPAxis* key, QCPAxis* value);

  std::vector<Rect> rects;
  Labels labels = Labels::none;
  bool outlined = false;
  bool slim = false;  ///< bars are no thicker than reads well
  int chosen = -1;    ///< has a ring around it

  double selectTest(const QPointF&, bool, QVariant* = nullptr) const override { return -1; }
  QCPRange getKeyRange(bool& found, QCP::SignDomain) const override;
  QCPRange getValueRange(bool& found, QCP::SignDomain, const QCPRange&) const override;

 protected:
  void draw(QCPPainter* painter) override;
  void drawLegendIcon(QCPPainter*, const QRectF&) const override {}

 private:
  void draw_label(QCPPainter* painter, const Rect& r, const QRectF& box, const Theme& t) const;
};

class RectangleChart : public Chart {
  Q_OBJECT
 public:
  enum class Rows { left, below };  ///< row labels on the y axis, or column labels on the x axis

  explicit RectangleChart(Rows rows, QWidget* parent = nullptr);

  void show_chart(RectChart chart, RectPlottable::Labels labels);
  void set_unit(report::Unit unit);
  /// A line across all columns, e.g. a capacity.
  void set_limit(double value, const QString& text);
  void set_zoomable(bool on);
  [[nodiscard]] const RectChart& chart() const { return chart_; }
  void set_legend(const std::vector<std::pair<int, QString>>& entries);

 public Q_SLOTS:
  void show_everything();

 protected:
  void restyle() override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  [[nodiscard]] int hit(const QPoint& at) const;
  void label_rows();
  void zoom(double factor);
  void choose(int step);
  void ask();

  Rows rows_;
  RectChart chart_;
  RectPlottable* plot_;
  QCPItemStraightLine* limit_ = nullptr;
  QCPItemText* limit_text_ = nullptr;
  std::vector<std::pair<int, QString>> legend_entries_;
  bool zoomable_ = false;
  QPoint pressed_;
};

}  // namespace sextant::gui
