// SPDX-License-Identifier: GPL-3.0-or-later
// A QCustomPlot in the theme's colours that can be saved as a picture.
#pragma once

#include "gui/charts/plot.hpp"
#include "gui/theme/theme.hpp"

namespace sextant::gui {

class Chart : public QCustomPlot {
  Q_OBJECT
 public:
  explicit Chart(QWidget* parent = nullptr);

  /// What a screen reader says, and what an empty chart shows.
  void set_title(const QString& title);
  void set_empty_text(const QString& text);
  /// PNG, SVG or PDF by the ending; false where it cannot be written.
  bool save_picture(const QString& path);
  /// Axes with names and units.
  void name_axes(const QString& x, const QString& y);

 Q_SIGNALS:
  void tag_clicked(const QString& tag);

 protected:
  [[nodiscard]] const Theme& theme() const { return theme_of(palette()); }
  /// Colours of everything that the base class does not know.
  virtual void restyle() {}
  void changeEvent(QEvent* event) override;
  /// Above what is drawn, as many entries in a line as fit, at most `most` (0: all).
  void put_legend_above(int most);
  void resizeEvent(QResizeEvent* event) override;
  void style_axis(QCPAxis* axis);
  void style_all();

 private:
  void fit_legend();

  QCPItemText* empty_ = nullptr;
  int legend_most_ = 0;
};

/// Seconds, FLOP/s and so on with SI prefixes on an axis.
class UnitTicker : public QCPAxisTicker {
 public:
  explicit UnitTicker(int unit) : unit_(unit) {}

 protected:
  QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;

 private:
  int unit_;
};

/// The same on a logarithmic axis.
class LogUnitTicker : public QCPAxisTickerLog {
 public:
  explicit LogUnitTicker(int unit) : unit_(unit) {}

 protected:
  QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;

 private:
  int unit_;
};

}  // namespace sextant::gui
