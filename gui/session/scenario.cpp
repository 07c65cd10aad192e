// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/scenario.hpp"

#include <QSaveFile>
#include <QUndoCommand>

namespace sextant::gui {

/// The text before and after: small, and right whatever the edit was.
class TextEdit : public QUndoCommand {
 public:
  TextEdit(Scenario& scenario, const QString& what, QByteArray after, QString merge_key, int epoch)
      : QUndoCommand(what),
        scenario_(scenario),
        before_(scenario.text()),
        after_(std::move(after)),
        merge_key_(std::move(merge_key)),
        epoch_(epoch) {}

  void undo() override { scenario_.set_text(before_); }
  void redo() override { scenario_.set_text(after_); }
  [[nodiscard]] int id() const override { return merge_key_.isEmpty() ? -1 : 1; }
  bool mergeWith(const QUndoCommand* other) override {
    const auto* next = static_cast<const TextEdit*>(other);
    if (next->merge_key_ != merge_key_ || next->epoch_ != epoch_) return false;
    after_ = next->after_;
    return true;
  }

 private:
  Scenario& scenario_;
  QByteArray before_;
  QByteArray after_;
  QString merge_key_;
  int epoch_;
};

Scenario::Scenario(int id, QString name, QByteArray text, QObject* parent)
    : QObject(parent), id_(id), name_(std::move(name)), text_(std::move(text)) {
  undo_.setUndoLimit(1000);
}

void Scenario::rename(const QString& name) {
  if (name.trimmed().isEmpty() || name == name_) return;
  name_ = name.trimmed();
  Q_EMIT renamed();
}

void Scenario::edit(const QString& what, const QList<Edit>& edits, const QString& merge_key) {
  const QByteArray after = edited(text_, edits);
  if (after != text_) undo_.push(new TextEdit(*this, what, after, merge_key, merge_epoch_));
}

void Scenario::replace_text(const QString& what, const QByteArray& text) {
  if (text != text_) undo_.push(new TextEdit(*this, what, text, {}, merge_epoch_));
}

void Scenario::set_text(const QByteArray& text) {
  text_ = text;
  Q_EMIT changed();
}

bool Scenario::save(const QString& path, QString* reason) {
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(text_) != text_.size() || !file.commit()) {
    if (reason != nullptr) *reason = file.errorString();
    return false;
  }
  set_path(path, true);
  return true;
}

void Scenario::set_path(const QString& path, bool clean) {
  path_ = path;
  if (clean)
    undo_.setClean();
  else
    undo_.resetClean();
  Q_EMIT renamed();
}

}  // namespace sextant::gui
