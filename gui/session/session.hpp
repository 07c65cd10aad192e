// SPDX-License-Identifier: GPL-3.0-or-later
// The scenarios that are open, which one is current, which one is pinned as A, and what is known of each.
#pragma once

#include <QHash>
#include <QObject>
#include <QTimer>
#include <QUndoGroup>
#include <memory>
#include <vector>

#include "gui/session/campaigns.hpp"
#include "gui/session/engine.hpp"
#include "gui/session/scenario.hpp"

namespace sextant::gui {

struct SessionOptions {
  QString data;
  QStringList profiles;  ///< kernel profiles and at most one calibration
  QString state_folder;  ///< autosave and recent files; "": none are kept
};

class Session : public QObject {
  Q_OBJECT
 public:
  explicit Session(const SessionOptions& options, QObject* parent = nullptr);
  ~Session() override;

  [[nodiscard]] Engine& engine() { return *engine_; }
  [[nodiscard]] Campaigns& campaigns() { return campaigns_; }
  [[nodiscard]] QUndoGroup& undo_group() { return undo_group_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Scenario>>& scenarios() const { return scenarios_; }
  [[nodiscard]] Scenario* current() const { return current_; }
  [[nodiscard]] Scenario* pinned() const { return pinned_; }
  /// What was last found of the current scenario; of the pinned one. nullptr before the first answer.
  [[nodiscard]] AnswerPtr answer() const { return answer_of(current_); }
  [[nodiscard]] AnswerPtr pinned_answer() const { return answer_of(pinned_); }
  /// The pinned scenario's answer where the current one is to be compared with it; else nullptr.
  [[nodiscard]] AnswerPtr compared_answer() const;
  /// Whether the current answer is older than the current text.
  [[nodiscard]] bool stale() const;
  [[nodiscard]] const std::shared_ptr<const Choices>& choices() const { return choices_; }

  Scenario* add(const QString& name, const QByteArray& text);
  Scenario* duplicate(Scenario* scenario);
  void close(Scenario* scenario);
  void select(Scenario* scenario);
  void pin(Scenario* scenario);
  Scenario* add_from_catalogue(const QString& run_id);
  /// A run becomes a scenario, a campaign one of the campaigns; a model goes into the current run; a kernel profile is
  /// used from then on; a claim is signalled. False, with `failed`, otherwise.
  bool open(const QString& path);
  bool save(Scenario* scenario, const QString& path);
  /// How numbers are shown; everything is worked out again. Kept for the next time.
  void set_units(report::DisplayUnits units);
  [[nodiscard]] report::DisplayUnits units() const { return engine_->units(); }

  void edit(const QString& what, const QList<Edit>& edits, const QString& merge_key = {});

  [[nodiscard]] QStringList recent_files() const;
  /// Scenarios that an earlier session left without saving them.
  int recover();
  /// Writes what is not saved now; done by itself a moment after each edit.
  void autosave();
  /// The current run as a page with charts; nullptr where it cannot be evaluated.
  [[nodiscard]] ReportPtr run_page() const;
  /// A profile as a command line names it: its file where it was opened from one, else its id.
  [[nodiscard]] QString profile_name(const QString& id) const;
  /// The command line that gives the same result: `command` with the current run and `options`.
  [[nodiscard]] QString command_line(const QString& command = QStringLiteral("simulate"),
                                     const QString& options = {}) const;

 Q_SIGNALS:
  void scenarios_changed();
  void current_changed();
  void pinned_changed();
  /// A new text of the current scenario: what is shown is stale.
  void edited();
  /// The current or the pinned scenario has a new answer.
  void answered();
  void claim_opened(const QByteArray& text);
  void campaign_opened();
  void profile_opened(const QString& id);
  /// Predictions rest on other measurements.
  void profiles_changed();
  void units_changed();
  void choices_changed();
  /// Something did not work: what, and why.
  void failed(const QString& what, const QString& why);

 private:
  [[nodiscard]] AnswerPtr answer_of(const Scenario* s) const;
  void evaluate(Scenario* scenario);
  void take(const AnswerPtr& answer);
  void remember_file(const QString& path);
  void evaluate_all();
  void take_profiles();

  SessionOptions options_;
  QUndoGroup undo_group_;
  Campaigns campaigns_{undo_group_};
  QHash<QString, QString> profile_files_;  ///< of opened profiles, by id
  std::vector<std::unique_ptr<Scenario>> scenarios_;
  Scenario* current_ = nullptr;
  Scenario* pinned_ = nullptr;
  QHash<int, AnswerPtr> answers_;
  QHash<int, std::uint64_t> asked_;  ///< number of the newest question of each scenario
  std::uint64_t number_ = 0;
  int next_id_ = 1;
  QTimer autosave_timer_;
  bool autosave_failed_ = false;
  std::shared_ptr<const Choices> choices_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace sextant::gui
