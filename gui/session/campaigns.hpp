// SPDX-License-Identifier: GPL-3.0-or-later
// The campaigns that are open, which one is current, which one is pinned as A.
#pragma once

#include <QObject>
#include <QUndoGroup>
#include <memory>
#include <vector>

#include "gui/session/scenario.hpp"

namespace sextant::gui {

class Campaigns : public QObject {
  Q_OBJECT
 public:
  explicit Campaigns(QUndoGroup& undo_group) : undo_group_(undo_group) {}

  [[nodiscard]] const std::vector<std::unique_ptr<Scenario>>& all() const { return all_; }
  [[nodiscard]] Scenario* current() const { return current_; }
  [[nodiscard]] Scenario* pinned() const { return pinned_; }

  /// As a new one, which becomes current.
  Scenario* open(const QString& name, const QByteArray& text);
  Scenario* duplicate(Scenario* campaign);
  void select(Scenario* campaign);
  void pin(Scenario* campaign);
  void close(Scenario* campaign);

 Q_SIGNALS:
  /// Which there are, their names, which one is current or pinned.
  void changed();
  void edited(sextant::gui::Scenario* campaign);

 private:
  QUndoGroup& undo_group_;
  std::vector<std::unique_ptr<Scenario>> all_;
  Scenario* current_ = nullptr;
  Scenario* pinned_ = nullptr;
  int next_id_ = 1;
};

}  // namespace sextant::gui
