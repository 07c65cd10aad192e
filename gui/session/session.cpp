// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/session.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "gui/session/autosave.hpp"
#include "gui/session/run_file.hpp"
#include "sim/report/charts.hpp"

namespace sextant::gui {

namespace {

constexpr int autosave_delay_ms = 800;
constexpr qsizetype most_recent_files = 12;

/// For a shell.
QString quoted(QString path) { return '\'' + path.replace('\'', QStringLiteral("'\\''")) + '\''; }

std::vector<std::string> strings(const QStringList& list) {
  std::vector<std::string> out;
  for (const QString& s : list) out.push_back(s.toStdString());
  return out;
}

}  // namespace

Session::Session(const SessionOptions& options, QObject* parent)
    : QObject(parent),
      options_(options),
      engine_(std::make_unique<Engine>(Workbench::open(options.data.toStdString(), strings(options.profiles)))) {
  // Files given by name: their profiles are known by id from here on.
  for (const QString& file : options.profiles) {
    const Opened read = QFileInfo::exists(file) ? open_file(file) : Opened{};
    if (read.profile) profile_files_.insert(QString::fromStdString(read.profile->id), file);
  }
  engine_->set_units(read_units(options.state_folder));
  connect(&campaigns_, &Campaigns::changed, &autosave_timer_, QOverload<>::of(&QTimer::start));
  autosave_timer_.setSingleShot(true);
  autosave_timer_.setInterval(autosave_delay_ms);
  connect(&autosave_timer_, &QTimer::timeout, this, &Session::autosave);
  connect(engine_.get(), &Engine::answered, this, &Session::take);
  connect(engine_.get(), &Engine::choices_loaded, this, [this](const std::shared_ptr<const Choices>& c) {
    choices_ = c;
    Q_EMIT choices_changed();
  });
  connect(engine_.get(), &Engine::profile_used, this, &Session::take_profiles);
  // Once somebody listens.
  if (!engine_->workbench().faults.empty()) {
    QTimer::singleShot(0, this, [this] {
      Q_EMIT failed(tr("Start"), QString::fromStdString(engine_->workbench().faults.text()).trimmed());
    });
  }
  connect(engine_.get(), &Engine::refused, this, &Session::failed);
}

Session::~Session() {
  autosave();
  engine_.reset();  // its threads end before what they answer to
}

AnswerPtr Session::answer_of(const Scenario* s) const { return s == nullptr ? nullptr : answers_.value(s->id()); }

AnswerPtr Session::compared_answer() const {
  const AnswerPtr a = pinned_answer();
  return a && a->result && pinned_ != current_ ? a : nullptr;
}

bool Session::stale() const {
  const AnswerPtr a = answer();
  return current_ != nullptr && (!a || a->number != asked_.value(current_->id()));
}

Scenario* Session::add(const QString& name, const QByteArray& text) {
  scenarios_.push_back(std::make_unique<Scenario>(next_id_++, name, text, nullptr));
  Scenario* s = scenarios_.back().get();
  undo_group_.addStack(&s->undo());
  connect(s, &Scenario::changed, this, [this, s] { evaluate(s); });
  connect(s, &Scenario::renamed, this, [this] {
    autosave_timer_.start();
    Q_EMIT scenarios_changed();
  });
  evaluate(s);
  Q_EMIT scenarios_changed();
  select(s);
  return s;
}

Scenario* Session::duplicate(Scenario* scenario) {
  if (scenario == nullptr) return nullptr;
  return add(tr("%1, copy").arg(scenario->name()), scenario->text());
}

void Session::close(Scenario* scenario) {
  for (auto it = scenarios_.begin(); it != scenarios_.end(); ++it) {
    if (it->get() != scenario) continue;
    const std::unique_ptr<Scenario> gone = std::move(*it);
    it = scenarios_.erase(it);
    undo_group_.removeStack(&gone->undo());
    if (pinned_ == scenario) pin(nullptr);
    if (current_ == scenario) {
      current_ = nullptr;
      if (!scenarios_.empty()) select(it == scenarios_.end() ? scenarios_.back().get() : it->get());
    }
    answers_.remove(gone->id());
    autosave_timer_.start();
    Q_EMIT scenarios_changed();
    return;
  }
}

void Session::select(Scenario* scenario) {
  if (scenario == current_) return;
  current_ = scenario;
  if (scenario != nullptr) undo_group_.setActiveStack(&scenario->undo());
  Q_EMIT current_changed();
}

void Session::pin(Scenario* scenario) {
  pinned_ = scenario;
  Q_EMIT pinned_changed();
}

Scenario* Session::add_from_catalogue(const QString& run_id) {
  const std::string text = engine_->workbench().run_text(run_id.toStdString());
  if (text.empty()) {
    Q_EMIT failed(tr("New scenario"), tr("the catalogue has no run \"%1\"").arg(run_id));
    return nullptr;
  }
  return add(run_id, QByteArray::fromStdString(text));
}

bool Session::open(const QString& path) {
  Opened file = open_file(path);
  const QString absolute = QFileInfo(path).absoluteFilePath();
  switch (file.kind) {
    case Opened::Kind::run: {
      Scenario* s = add(file.name, file.text);
      s->set_path(absolute, true);
      evaluate(s);  // faults name the file
      remember_file(absolute);
      return true;
    }
    case Opened::Kind::model:
      if (current_ == nullptr) add_from_catalogue(QStringLiteral("llama3-8b-8-h100"));
      edit(tr("Model from %1").arg(file.name), {{QStringLiteral("/model"), QVariantMap{{"hf_config", absolute}}}});
      return true;
    case Opened::Kind::claim: Q_EMIT claim_opened(file.text); return true;
    case Opened::Kind::campaign:
      campaigns_.open(file.name, file.text)->set_path(absolute, true);
      remember_file(absolute);
      Q_EMIT campaign_opened();
      return true;
    case Opened::Kind::profile: {
      engine_->workbench().measurements->give(file.profile);
      profile_files_.insert(QString::fromStdString(file.profile->id), absolute);
      remember_file(absolute);
      take_profiles();
      Q_EMIT profile_opened(QString::fromStdString(file.profile->id));
      return true;
    }
    case Opened::Kind::nothing: break;
  }
  if (file.faults.empty()) file.faults.add({path.toStdString(), 0, "", "cannot be read", ""});
  Q_EMIT failed(tr("Open %1").arg(QFileInfo(path).fileName()), QString::fromStdString(file.faults.text()).trimmed());
  return false;
}

bool Session::save(Scenario* scenario, const QString& path) {
  QString reason;
  if (scenario == nullptr || !scenario->save(path, &reason)) {
    Q_EMIT failed(tr("Save %1").arg(path), reason);
    return false;
  }
  remember_file(QFileInfo(path).absoluteFilePath());
  autosave();
  return true;
}

void Session::edit(const QString& what, const QList<Edit>& edits, const QString& merge_key) {
  if (current_ != nullptr) current_->edit(what, edits, merge_key);
}

void Session::evaluate(Scenario* s) {
  asked_[s->id()] = ++number_;
  const QString file = s->path().isEmpty() ? s->name() : s->path();
  engine_->evaluate(s->id(), number_, s->text(), file);
  autosave_timer_.start();
  if (s == current_) Q_EMIT edited();
}

void Session::take(const AnswerPtr& answer) {
  answers_.insert(answer->scenario, answer);
  const auto is = [&](const Scenario* s) { return s != nullptr && s->id() == answer->scenario; };
  if (is(current_) || is(pinned_)) Q_EMIT answered();
}

ReportPtr Session::run_page() const {
  const AnswerPtr a = answer();
  if (!a || !a->result) return nullptr;
  return std::make_shared<const report::Report>(
      report::run_page(a->result->run, a->result->prediction, engine_->workbench().calibration));
}

QString Session::profile_name(const QString& id) const { return quoted(profile_files_.value(id, id)); }

QString Session::command_line(const QString& command, const QString& options) const {
  if (current_ == nullptr) return {};
  QString words = options.isEmpty() ? QString() : ' ' + options;
  for (const auto& profile : engine_->workbench().measurements->given()) {
    const QString id = QString::fromStdString(profile->id);
    words += QStringLiteral(" --profile %1").arg(profile_name(id));
  }
  if (current_->saved()) return QStringLiteral("sextant %1 %2%3").arg(command, quoted(current_->path()), words);
  return QStringLiteral("sextant %1 -%2 <<'RUN'\n%3\nRUN\n")
      .arg(command, words, QString::fromUtf8(current_->text()).trimmed());
}

void Session::evaluate_all() {
  for (const auto& s : scenarios_) evaluate(s.get());
}

void Session::set_units(report::DisplayUnits units) {
  if (units == engine_->units()) return;
  engine_->set_units(units);
  write_units(options_.state_folder, units);
  evaluate_all();
  Q_EMIT units_changed();
}

void Session::take_profiles() {
  evaluate_all();
  Q_EMIT profiles_changed();
}

QStringList Session::recent_files() const { return read_recent(options_.state_folder); }

void Session::remember_file(const QString& path) {
  QStringList files = recent_files();
  files.removeAll(path);
  files.prepend(path);
  write_recent(options_.state_folder, files.mid(0, most_recent_files));
}

int Session::recover() {
  const QList<Kept> kept = read_autosave(options_.state_folder);
  for (const Kept& k : kept) {
    Scenario* s = k.campaign ? campaigns_.open(k.name, k.text) : add(k.name, k.text);
    s->set_path(k.path, k.clean);
  }
  return static_cast<int>(kept.size());
}

void Session::autosave() {
  if (options_.state_folder.isEmpty()) return;
  QList<Kept> keep;
  for (const auto& s : scenarios_) keep.push_back({s->name(), s->path(), s->text(), s->saved()});
  for (const auto& c : campaigns_.all()) {
    if (!c->undo().isClean() || !c->path().isEmpty())
      keep.push_back({c->name(), c->path(), c->text(), c->saved(), true});
  }
  QString reason;
  const bool good = write_autosave(options_.state_folder, keep, &reason);
  if (!good && !autosave_failed_) {
    Q_EMIT failed(tr("Autosave"), tr("%1. Your work is kept in memory; save it to a file with Ctrl+S.").arg(reason));
  }
  autosave_failed_ = !good;
}

}  // namespace sextant::gui
