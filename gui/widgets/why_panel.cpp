// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/why_panel.hpp"

#include <QBoxLayout>
#include <QEvent>
#include <QKeyEvent>

#include "gui/widgets/basics.hpp"
#include "gui/widgets/report_html.hpp"

namespace sextant::gui {

WhyPanel::WhyPanel(QWidget* parent) : QFrame(parent) {
  setProperty("card", true);
  setMinimumWidth(300);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::s, space::s);
  auto* top = new QHBoxLayout;
  top->addWidget(heading(tr("Why?"), this));
  top->addStretch();
  auto* close = new QPushButton(tr("Close"), this);
  close->setProperty("flat", true);
  close->setToolTip(tr("Close this panel (Esc)"));
  connect(close, &QPushButton::clicked, this, &QWidget::hide);
  top->addWidget(close);
  layout->addLayout(top);
  text_ = new QTextBrowser(this);
  text_->setOpenExternalLinks(true);
  text_->setFrameShape(QFrame::NoFrame);
  text_->setStyleSheet(QStringLiteral("QTextBrowser { border: none; padding: 0; }"));
  layout->addWidget(text_, 1);
}

void WhyPanel::show_report(const sim::report::Report& report) {
  report_ = report;
  text_->setHtml(report_html(report_, theme_of(palette())));
  show();
}

void WhyPanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) return hide();
  QFrame::keyPressEvent(event);
}

void WhyPanel::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) text_->setHtml(report_html(report_, theme_of(palette())));
}

}  // namespace sextant::gui
