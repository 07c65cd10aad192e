// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/tile.hpp"

#include <QBoxLayout>
#include <QKeyEvent>

#include "gui/theme/theme.hpp"
#include "gui/widgets/basics.hpp"

namespace sextant::gui {

namespace {

QString text_of(const std::string& s) { return QString::fromStdString(s); }

/// Pixels that bring the unit onto the number's base line.
constexpr int unit_lift = 3;

QString elided(const QLabel& label, const QString& text, int width) {
  return label.fontMetrics().elidedText(text, Qt::ElideRight, width);
}

}  // namespace

Tile::Tile(const QString& key, const QString& label, const QString& definition, QWidget* parent)
    : QFrame(parent), key_(key) {
  setProperty("card", true);
  setFocusPolicy(Qt::TabFocus);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::m, space::m);
  layout->setSpacing(2);
  auto* top = new QHBoxLayout;
  label_ = caption(label, this);
  label_->setFont(font_of(type::caption, QFont::DemiBold));
  top->addWidget(label_);
  top->addStretch();
  top->addWidget(caption(tr("why?"), this));
  layout->addLayout(top);
  value_ = new QLabel(this);
  value_->setFont(font_of(type::figure, QFont::DemiBold));
  // A label of its own: rich text in one would be laid out anew, slowly, with every number.
  unit_ = new QLabel(this);
  unit_->setFont(font_of(type::heading, QFont::Medium));
  unit_->setContentsMargins(0, 0, 0, unit_lift);
  auto* line = new QHBoxLayout;
  line->setSpacing(space::xs);
  line->addWidget(value_);
  line->addWidget(unit_, 0, Qt::AlignBottom);
  line->addStretch();
  layout->addLayout(line);
  band_ = new QLabel(this);
  band_->setFont(font_of(type::caption));
  layout->addWidget(band_);
  note_ = caption({}, this);
  note_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  layout->addWidget(note_);
  difference_ = new QLabel(this);
  difference_->setFont(font_of(type::caption, QFont::DemiBold));
  difference_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  difference_->setToolTip(tr("The pinned scenario A, and how much this one differs from it."));
  difference_->hide();
  layout->addWidget(difference_);
  layout->addStretch();
  setCursor(Qt::PointingHandCursor);
  setToolTip(definition + tr("\nClick, or press Enter: where the number comes from."));
}

void Tile::show_figure(const sim::report::Figure& f) {
  setEnabled(true);
  label_->setText(text_of(f.label));
  // "GPU-hours" stands above already.
  const sim::report::Unit unit = f.unit == sim::report::Unit::gpu_hours ? sim::report::Unit::parameters : f.unit;
  plain_ = text_of(sim::report::format(f.value, unit, f.band));
  const qsizetype gap = plain_.indexOf(' ');
  value_->setText(plain_.left(gap < 0 ? plain_.size() : gap));
  unit_->setText(gap < 0 ? QString() : plain_.mid(gap + 1));
  band_->setText(f.band ? tr("%1, 80 % band").arg(text_of(sim::report::format(*f.band, unit))) : QString());
  band_->setVisible(f.band.has_value());
  const QString note = text_of(f.note);
  note_->setText(wrapped_ ? note : elided(*note_, note, note_->width() > 0 && isVisible() ? note_->width() : 10000));
  note_->setToolTip(note);
  setAccessibleName(QStringLiteral("%1 %2").arg(label_->text(), plain_));
}

void Tile::set_wrapped() {
  wrapped_ = true;
  note_->setWordWrap(true);
}

void Tile::show_nothing() {
  plain_ = QStringLiteral("–");
  value_->setText(plain_);
  unit_->clear();
  band_->clear();
  note_->clear();
  show_difference({});
}

void Tile::show_difference(const QString& text, int better) {
  difference_->setText(text);
  const Theme& t = theme_of(palette());
  QPalette ink = difference_->palette();
  ink.setColor(QPalette::WindowText, better > 0 ? t.good : better < 0 ? t.bad : t.text);
  difference_->setPalette(ink);
  difference_->setVisible(!text.isEmpty());
}

void Tile::set_stale(bool stale) {
  if (stale == stale_) return;
  stale_ = stale;
  unit_->setEnabled(!stale);
  value_->setEnabled(!stale);  // in the palette's muted colour; a style sheet would cost milliseconds
}

void Tile::mouseReleaseEvent(QMouseEvent*) { Q_EMIT why(key_); }

void Tile::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space) {
    Q_EMIT why(key_);
    return;
  }
  QFrame::keyPressEvent(event);
}

}  // namespace sextant::gui
