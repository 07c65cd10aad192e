// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the simulator off the UI thread; the newest question wins. Answers come as signals on the thread of the engine.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QStringList>

#include "gui/session/answer.hpp"
#include "gui/session/lane.hpp"
#include "models/claim.hpp"
#include "sim/report/accuracy_report.hpp"

namespace sextant::gui {

/// What a campaign costs.
struct Bill {
  report::Report report;    ///< what `sextant cost --json` prints
  report::Report headline;  ///< in the units asked for, as are those below
  report::Report shown;     ///< the report for people
  report::Report page;      ///< for an HTML file
  std::function<report::Report(const std::string& tag)> explain;
};
using BillPtr = std::shared_ptr<const Bill>;

/// A kernel profile held against roofline and closed forms.
struct Kernels {
  report::Report report;  ///< what `sextant show profile --json` prints
  report::Report roofs;   ///< without items where the GPU is not in the catalogue
  report::Table samples;  ///< of the report, with tags
  report::Table tables;   ///< the same
  std::function<report::Report(const std::string& tag)> explain;
};
using KernelsPtr = std::shared_ptr<const Kernels>;

class Engine : public QObject {
  Q_OBJECT
 public:
  explicit Engine(std::shared_ptr<const Workbench> workbench, QObject* parent = nullptr);

  [[nodiscard]] const Workbench& workbench() const { return *workbench_; }
  /// Of everything that is asked from now on.
  void set_units(report::DisplayUnits units) { units_ = units; }
  [[nodiscard]] report::DisplayUnits units() const { return units_; }

  /// One configuration: quick, on a thread of its own.
  void evaluate(int scenario, std::uint64_t number, const QByteArray& text, const QString& file);
  /// What takes longer; each kind cancels its own predecessor.
  void load_choices();
  void draw(const AnswerPtr& answer);
  /// Of a scenario that is compared with; beside the current one's.
  void draw_pinned(const AnswerPtr& answer);
  void explain(const AnswerPtr& answer, const QString& tag);
  void explain(const BillPtr& bill, const QString& tag);
  void explain(const KernelsPtr& read, const QString& tag);
  /// A measured step, or a set of them.
  void explain_measured(const QString& tag);
  void find_nearest(const AnswerPtr& answer);
  /// The text's run on other GPUs; texts[0] is the run itself.
  void compare(const QList<QByteArray>& texts, const QString& file);
  void check_claims();
  void check_claim(const QString& id);
  void check_claim_text(const QByteArray& text);
  void measure_accuracy();
  /// Layouts of the answer's run on its own and, `steps` halvings and doublings around it, on other numbers of GPUs.
  void search_layouts(const AnswerPtr& answer, const Search& search);
  void cancel_search() { search_.cancel(layouts); }
  [[nodiscard]] bool searching() const { return !search_.idle(); }
  /// Answers name the id of the campaign; several may be asked for.
  void cost_campaign(int id, const QByteArray& text, const QString& file);
  /// Takes a profile of the catalogue for predictions, or gives it back.
  void use_profile(const QString& id, bool on);
  /// A profile of the catalogue, or one that was opened.
  void read_kernels(const QString& profile);

  [[nodiscard]] bool idle() const { return quick_.idle() && slow_.idle() && search_.idle() && undelivered_ == 0; }

 Q_SIGNALS:
  void answered(const sextant::gui::AnswerPtr& answer);
  void choices_loaded(const std::shared_ptr<const sextant::gui::Choices>& choices);
  void drawn(const sextant::gui::PicturePtr& picture);
  void explained(const QString& tag, const sextant::gui::ReportPtr& report);
  void nearest_found(std::uint64_t number, const sextant::gui::ReportPtr& report);
  void compared(const sextant::gui::ReportPtr& report);
  void claims_checked(const sextant::gui::ReportPtr& report);
  void claims_progress(int done, int all);
  void claim_checked(const sextant::gui::ReportPtr& report);
  void accuracy_measured(const sextant::gui::ReportPtr& report);
  void campaign_costed(int id, const sextant::gui::BillPtr& bill);
  void campaign_refused(int id, const QString& why);
  void kernels_read(const sextant::gui::KernelsPtr& kernels);
  void profile_used(const QString& id, bool on);
  /// What was found so far; 100 percent: all.
  void layouts_found(const sextant::gui::FoundPtr& found);
  void search_progress(std::uint64_t number, int percent);
  /// A request that cannot be answered, in words.
  void refused(const QString& what, const QString& why);

 private:
  enum Kind : int {
    choices,
    picture,
    pinned_picture,
    explanation_kind,
    nearest,
    comparison,
    claim,
    all_claims,
    accuracy,
    kernels,
    profile_use,
    layouts,
    campaign  ///< and its id added: the last
  };

  /// Runs `emit_it` on the engine's thread.
  void deliver(std::function<void()> emit_it);
  void slow(Kind kind, std::function<void(const Ticket&)> job) { slow_.submit(kind, std::move(job)); }
  [[nodiscard]] const std::vector<report::ValidationBeside>& validations(const Ticket& ticket);
  void draw_as(Kind kind, const AnswerPtr& answer);
  void refuse(const QString& what, const Diagnostics& faults);
  void check_one(const models::Claim& claim, report::DisplayUnits units);

  std::shared_ptr<const Workbench> workbench_;
  report::DisplayUnits units_;
  std::atomic<int> undelivered_{0};
  std::vector<report::ValidationBeside> validations_;  ///< of the slow lane
  // Last, so that the threads end first.
  Lane quick_;
  Lane slow_;
  Lane search_;
};

}  // namespace sextant::gui
