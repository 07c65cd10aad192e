// SPDX-License-Identifier: GPL-3.0-or-later
// One run that is being worked on: its text, the file it came from, what was done to it.
#pragma once

#include <QObject>
#include <QUndoStack>

#include "gui/session/json_text.hpp"

namespace sextant::gui {

class Scenario : public QObject {
  Q_OBJECT
 public:
  Scenario(int id, QString name, QByteArray text, QObject* parent);

  [[nodiscard]] int id() const { return id_; }
  [[nodiscard]] const QString& name() const { return name_; }
  [[nodiscard]] const QString& path() const { return path_; }
  [[nodiscard]] const QByteArray& text() const { return text_; }
  [[nodiscard]] bool saved() const { return !path_.isEmpty() && undo_.isClean(); }
  [[nodiscard]] QUndoStack& undo() { return undo_; }
  [[nodiscard]] QVariant value(const QString& pointer) const { return value_at(text_, pointer); }

  void rename(const QString& name);
  /// As an edit that can be undone. Edits with the same `merge_key` in a row (a slider that moves) are one.
  void edit(const QString& what, const QList<Edit>& edits, const QString& merge_key = {});
  void replace_text(const QString& what, const QByteArray& text);
  void end_merging() { ++merge_epoch_; }
  /// Writes the text; false with the reason where that fails. What is in memory stays.
  bool save(const QString& path, QString* reason);
  void set_path(const QString& path, bool clean);

 Q_SIGNALS:
  void changed();
  void renamed();

 private:
  friend class TextEdit;
  void set_text(const QByteArray& text);

  int id_;
  QString name_;
  QString path_;
  QByteArray text_;
  int merge_epoch_ = 0;
  QUndoStack undo_;
};

}  // namespace sextant::gui
