// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "gui/charts/chart.hpp"
#include "gui/session/session.hpp"

namespace sextant::gui {

/// One page of the window. It shows what the session knows and asks the session for more.
class Page : public QWidget {
  Q_OBJECT
 public:
  Page(QString id, QString title, Session& session, QWidget* parent)
      : QWidget(parent), session_(session), id_(std::move(id)), title_(std::move(title)) {}

  [[nodiscard]] const QString& id() const { return id_; }
  [[nodiscard]] const QString& title() const { return title_; }

  /// The page has become visible.
  virtual void activate() { refresh(); }
  /// The current or pinned scenario, or what is known of it, is another.
  virtual void refresh() = 0;
  /// What was found is to be shown in other units, or rests on other measurements: it is asked for again when shown.
  virtual void forget() {}
  /// The inputs have moved on from what is shown.
  virtual void set_stale(bool) {}
  /// What a comma-separated file of the page holds.
  [[nodiscard]] virtual report::Table table() const { return {}; }
  /// The chart that a picture of it shows; nullptr: the whole page.
  [[nodiscard]] virtual Chart* chart() { return nullptr; }
  /// What an HTML file of the page shows; nullptr: the current run's page.
  [[nodiscard]] virtual ReportPtr html() const { return nullptr; }
  /// What undo undoes while the page is shown.
  [[nodiscard]] virtual QUndoStack* undo() {
    return session_.current() == nullptr ? nullptr : &session_.current()->undo();
  }
  /// Whether the page compares something of its own; else scenarios or campaigns are pinned.
  [[nodiscard]] virtual bool pins_own() const { return false; }
  /// Whether what is shown is what the others are compared with.
  [[nodiscard]] virtual bool shows_pinned() const { return false; }
  /// Makes what is shown the one to compare with, or takes that back.
  virtual void pin_own() {}
  /// Asks where a number of the page comes from; the engine answers.
  virtual void explain(const QString& tag) {
    const AnswerPtr a = session_.answer();
    if (a && a->result && !tag.isEmpty()) session_.engine().explain(a, tag);
  }
  /// The command line that prints what the page shows.
  [[nodiscard]] virtual QString command() const { return session_.command_line(); }
  /// Whether everything that the page asked for is there.
  [[nodiscard]] virtual bool complete() const { return true; }

 Q_SIGNALS:
  void why(const QString& tag);
  void remark(const QString& text);
  /// Whether the page shows what it pinned is another.
  void pin_changed();

 protected:
  Session& session_;

 private:
  QString id_;
  QString title_;
};

}  // namespace sextant::gui
