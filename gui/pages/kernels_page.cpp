// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/kernels_page.hpp"

#include <QCoreApplication>
#include <QFileInfo>
#include <QSplitter>
#include <QStandardPaths>
#include <utility>

#include "gui/geometry/lines.hpp"
#include "gui/geometry/roofline.hpp"
#include "gui/models/cells.hpp"
#include "gui/models/table_model.hpp"
#include "sim/report/difference.hpp"
#include "sim/report/explain_kernel.hpp"

namespace sextant::gui {

namespace {

constexpr std::pair<const char*, const char*> shown_columns[] = {{"family", "kernel"},
                                                                 {"shape", "shape"},
                                                                 {"measured_s", "measured"},
                                                                 {"roof_share", "roof"},
                                                                 {"form_over_measured", "form"}};

/// The samples with titles for people; "form" as `sextant show profile` says it.
report::Table for_people(report::Table samples) {
  for (report::Column& c : samples.columns) {
    c.title.clear();
    for (const auto& [key, title] : shown_columns) {
      if (c.key == key) c.title = title;
    }
    if (c.key == "form_over_measured") c.unit = report::Unit::share;
  }
  return samples;
}

/// Beside this program, or on the PATH.
QString profiler_program() {
  const QString beside = QCoreApplication::applicationDirPath() + QStringLiteral("/sextant-profile");
  return QFileInfo(beside).isExecutable() ? beside : QStandardPaths::findExecutable(QStringLiteral("sextant-profile"));
}

}  // namespace

KernelsPage::KernelsPage(Session& session, QWidget* parent)
    : Page(QStringLiteral("kernels"), tr("Kernels"), session, parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::l, space::m);
  layout->setSpacing(space::m);
  banner_ = new Banner(this);
  layout->addWidget(banner_);
  auto* split = new QSplitter(Qt::Horizontal, this);
  split->setHandleWidth(space::m);
  auto* left = new Card(tr("Roofline"), split);
  profile_ = new QComboBox(left);
  profile_->setMinimumWidth(220);
  profile_->setToolTip(tr("Measured kernel times: those that ship with Sextant and your own."));
  measure_ = new QPushButton(tr("Measure this GPU"), left);
  measure_->setToolTip(tr("Runs sextant-profile's quick suite on the GPU of this machine, some minutes."));
  use_ = new QPushButton(tr("Use in predictions"), left);
  use_->setCheckable(true);
  use_->setToolTip(
      tr("Takes these times in place of the closed forms, for runs on the GPU they were measured on; the "
         "command line's --profile."));
  left->head()->addWidget(profile_);
  auto* actions = new QHBoxLayout;
  actions->setSpacing(space::s);
  actions->addWidget(use_);
  actions->addWidget(measure_);
  actions->addStretch();
  chart_ = new ScatterChart(left);
  chart_->set_title(tr("Measured kernels on the roofline"));
  chart_->set_axes(tr("arithmetic intensity, FLOP/byte"), report::Unit::number, tr("FLOP/s of one GPU"),
                   report::Unit::flop_per_s, true);
  figures_ = caption({}, left);
  figures_->setWordWrap(true);
  coverage_ = caption({}, left);
  coverage_->setWordWrap(true);
  coverage_->setToolTip(tr("Share of the step's FLOPs in kernels that have a measured shape near them."));
  about_ = caption({}, left);
  about_->setWordWrap(true);
  left->content()->addWidget(chart_, 1);
  left->content()->addLayout(actions);
  left->content()->addWidget(coverage_);
  left->content()->addWidget(figures_);
  left->content()->addWidget(about_);
  auto* right = new QSplitter(Qt::Vertical, split);
  right->setHandleWidth(space::m);
  auto* points = new Card(tr("Measured against model"), right);
  points_ = new TableView(points);
  points_->setFrameShape(QFrame::NoFrame);
  points_->setAccessibleName(tr("Measured kernels against the model"));
  points->content()->addWidget(points_);
  auto* tables = new Card(tr("By kernel, medians"), right);
  tables_ = new TableView(tables);
  tables_->setFrameShape(QFrame::NoFrame);
  tables_->setAccessibleName(tr("Medians by kernel"));
  tables->content()->addWidget(tables_);
  right->addWidget(points);
  right->addWidget(tables);
  for (TableView* t : {points_, tables_}) {
    t->setToolTip(tr("Enter or a double click shows where a row's figures come from."));
    connect(t, &TableView::row_activated, this, &Page::why);
  }
  connect(chart_, &ScatterChart::point_clicked, this, &Page::why);
  split->addWidget(left);
  split->addWidget(right);
  split->setSizes({490, 610});
  layout->addWidget(split, 1);
  connect(&session.engine(), &Engine::kernels_read, this, &KernelsPage::take);
  connect(&session, &Session::choices_changed, this, &KernelsPage::fill_profiles);
  connect(profile_, &QComboBox::currentIndexChanged, this, &KernelsPage::ask);
  connect(measure_, &QPushButton::clicked, this, &KernelsPage::run_profiler);
  connect(use_, &QPushButton::clicked, this,
          [this](bool on) { session_.engine().use_profile(profile_->currentData().toString(), on); });
  connect(&session, &Session::profile_opened, this, &KernelsPage::show_opened);
  connect(&session, &Session::profiles_changed, this, &KernelsPage::refresh);
  connect(&session.engine(), &Engine::refused, this, [this](const QString& what, const QString& why) {
    if (what != tr("Kernels")) return;
    refresh();
    banner_->show_text(why, Banner::Mood::bad);
  });
  connect(&profiler_, &QProcess::finished, this, &KernelsPage::finish_profiler);
  connect(&profiler_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) finish_profiler(-1);
  });
}

void KernelsPage::fill_profiles() {
  if (!session_.choices() || profile_->count() > 0) return;
  const QSignalBlocker quiet(profile_);
  for (const Choice& c : session_.choices()->profiles) {
    profile_->addItem(QString::fromStdString(c.id), QString::fromStdString(c.id));
  }
  const int wanted = profile_->findText(QStringLiteral("h100-sxm-80gb-fp16-vidur"));
  if (wanted >= 0) profile_->setCurrentIndex(wanted);
}

/// Opened profiles are not in the catalogue; they go before it.
void KernelsPage::show_opened(const QString& id) {
  fill_profiles();
  if (profile_->findData(id) < 0) profile_->insertItem(0, tr("%1 (opened)").arg(id), id);
  profile_->setCurrentIndex(profile_->findData(id));
  refresh();
}

void KernelsPage::refresh() {
  const std::string id = profile_->currentData().toString().toStdString();
  bool used = false;
  for (const auto& p : session_.engine().workbench().measurements->given()) used = used || p->id == id;
  use_->setChecked(used);
  const AnswerPtr a = session_.answer();
  const report::Figure* f =
      a && a->result ? report::find_figure(a->result->step, "coverage/measured_flop_share") : nullptr;
  coverage_->setText(f == nullptr ? QString()
                                  : tr("Measured shapes near the current run's kernels: %1 %2.")
                                        .arg(formatted(f->value, f->unit), QString::fromStdString(f->note)));
}

void KernelsPage::explain(const QString& tag) {
  if (!report::explains_kernel(tag.toStdString())) return Page::explain(tag);
  if (kernels_) session_.engine().explain(kernels_, tag);
}

QString KernelsPage::command() const {
  return QStringLiteral("sextant show profile %1").arg(session_.profile_name(profile_->currentData().toString()));
}

void KernelsPage::activate() {
  fill_profiles();
  refresh();
  if (!kernels_) ask();
}

void KernelsPage::ask() {
  if (profile_->count() == 0) return;
  banner_->show_text({}, Banner::Mood::neutral);
  refresh();
  session_.engine().read_kernels(profile_->currentData().toString());
}

void KernelsPage::take(const KernelsPtr& made) {
  kernels_ = made;
  std::vector<std::pair<QString, double>> peaks;
  for (const char* key : {"peak_flop_per_s", "peak_fp8_flop_per_s"}) {
    const report::Figure* f = report::find_figure(made->roofs, key);
    if (f != nullptr) peaks.emplace_back(QString::fromStdString(f->label), f->value);
  }
  const report::Figure* hbm = report::find_figure(made->roofs, "hbm_bytes_per_s");
  auto points = roofline_points(made->samples);
  chart_->set_empty_text(
      points.empty() ? tr("This profile holds no kernels that count FLOPs;\nwhat it holds is listed at the right.")
                     : QString());
  chart_->show_points(std::move(points), roof_lines(peaks, hbm == nullptr ? 0 : hbm->value));
  points_->source().set_table(for_people(made->samples));
  points_->set_stretch(points_->source().shown_column("shape"), 132);
  tables_->source().set_table(made->tables);
  tables_->set_stretch(0, 132);
  QStringList lines;
  for (const report::Report* r : {&made->report, &made->roofs}) {
    for (const report::Item& item : r->items) {
      const auto* f = std::get_if<report::Figure>(&item);
      if (f != nullptr && !f->key.starts_with("peak_"))
        lines.push_back(QStringLiteral("%1 %2").arg(QString::fromStdString(f->label), formatted(f->value, f->unit)));
    }
  }
  figures_->setText(lines.join(QStringLiteral(";  ")));
  QStringList about{QString::fromStdString(made->report.subtitle)};
  if (const report::List* notes = report::find_list(made->report, "note")) {
    for (const std::string& p : notes->points) {
      if (!p.starts_with("--")) about.push_back(QString::fromStdString(p));
    }
  }
  about_->setText(about.join('\n'));
}

void KernelsPage::run_profiler() {
  const QString program = profiler_program();
  if (program.isEmpty()) {
    return banner_->show_text(tr("sextant-profile is neither beside this program nor on the PATH. Build it where CUDA "
                                 "is installed, run it there, and open its file with --profile."),
                              Banner::Mood::neutral);
  }
  if (profiler_.state() != QProcess::NotRunning) return;
  measured_to_ =
      QStandardPaths::writableLocation(QStandardPaths::TempLocation) + QStringLiteral("/sextant-profile.json");
  profiler_.setProgram(program);
  profiler_.setArguments(
      {QStringLiteral("run"), QStringLiteral("--suite"), QStringLiteral("quick"), QStringLiteral("-o"), measured_to_});
  measure_->setEnabled(false);
  banner_->show_text(tr("Measuring; this takes some minutes. The window goes on working."), Banner::Mood::neutral);
  profiler_.start();
}

void KernelsPage::finish_profiler(int code) {
  measure_->setEnabled(true);
  if (code == 0 && session_.open(measured_to_)) {
    return banner_->show_text(
        tr("Measured, and used in predictions from now on. The profile is %1; copy it to keep it.").arg(measured_to_),
        Banner::Mood::good);
  }
  const QString said = QString::fromUtf8(profiler_.readAllStandardError()).trimmed();
  banner_->show_text(
      tr("Nothing was measured: %1").arg(said.isEmpty() ? tr("sextant-profile ended with code %1").arg(code) : said),
      Banner::Mood::bad);
}

report::Table KernelsPage::table() const {
  const report::Table* t = kernels_ ? report::find_table(kernels_->report, "samples") : nullptr;
  return t == nullptr ? report::Table{} : *t;
}

}  // namespace sextant::gui
