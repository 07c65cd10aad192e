// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window's bar and menus work on: campaigns while their page is shown, else runs.
#include "gui/pages/campaign_page.hpp"
#include "gui/window/main_window.hpp"

namespace sextant::gui {

bool MainWindow::campaigns_shown() const { return page() == campaign_; }

const std::vector<std::unique_ptr<Scenario>>& MainWindow::documents() const {
  return campaigns_shown() ? session_.campaigns().all() : session_.scenarios();
}

Scenario* MainWindow::document() const {
  return campaigns_shown() ? session_.campaigns().current() : session_.current();
}

Scenario* MainWindow::pinned_document() const {
  return campaigns_shown() ? session_.campaigns().pinned() : session_.pinned();
}

void MainWindow::select_document(Scenario* document) {
  campaigns_shown() ? session_.campaigns().select(document) : session_.select(document);
}

void MainWindow::pin_document() {
  if (page()->pins_own()) {
    page()->pin_own();
    return fill_scenarios();
  }
  Scenario* to = pinned_document() == document() ? nullptr : document();
  campaigns_shown() ? session_.campaigns().pin(to) : session_.pin(to);
}

void MainWindow::duplicate_document() {
  if (campaigns_shown())
    session_.campaigns().duplicate(document());
  else
    session_.duplicate(document());
}

void MainWindow::close_document() {
  if (documents().size() < 2) return report_failure(tr("Close"), tr("the last one stays open; change or replace it"));
  campaigns_shown() ? session_.campaigns().close(document()) : session_.close(document());
}

void MainWindow::step_document(bool forward) {
  const auto& all = documents();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].get() != document()) continue;
    const bool last = forward ? i + 1 == all.size() : i == 0;
    const std::size_t next = forward ? (last ? 0 : i + 1) : (last ? all.size() - 1 : i - 1);
    return select_document(all[next].get());
  }
}

void MainWindow::fill_scenarios() {
  if (scenarios_->isEditable()) return update_title();  // it is being renamed
  const QSignalBlocker quiet(scenarios_);
  kind_->setText(campaigns_shown() ? tr("Campaign") : tr("Scenario"));
  scenarios_->setAccessibleName(kind_->text());
  scenarios_->clear();
  for (const auto& s : documents()) {
    QString name = s->name();
    if (s.get() == pinned_document())
      name = tr("A: %1").arg(name);
    else if (pinned_document() != nullptr && s.get() == document())
      name = tr("B: %1").arg(name);
    scenarios_->addItem(name);
    scenarios_->setItemData(scenarios_->count() - 1, s->path().isEmpty() ? tr("not saved to a file yet") : s->path(),
                            Qt::ToolTipRole);
    if (s.get() == document()) scenarios_->setCurrentIndex(scenarios_->count() - 1);
  }
  const bool shown =
      page()->pins_own() ? page()->shows_pinned() : pinned_document() != nullptr && pinned_document() == document();
  pin_->setText(!page()->pins_own() ? (shown ? tr("Unpin A") : tr("Pin as A"))
                                    : (shown ? tr("Unpin claim") : tr("Pin claim as A")));
  update_title();
}

void MainWindow::update_title() {
  const Scenario* s = document();
  setWindowTitle(s == nullptr
                     ? QStringLiteral("Sextant")
                     : QStringLiteral("%1%2 – Sextant").arg(s->name(), s->saved() ? QString() : QStringLiteral(" *")));
}

}  // namespace sextant::gui
