// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/claims_page.hpp"

#include <QEvent>
#include <QLineEdit>
#include <QSplitter>
#include <array>

#include "gui/models/cells.hpp"
#include "gui/models/table_model.hpp"
#include "gui/widgets/report_html.hpp"
#include "sim/report/check_report.hpp"
#include "sim/report/difference.hpp"

namespace sextant::gui {

namespace {

const QString first_choice = QStringLiteral("deepseek-v3-total");

const char* const own_template = R"({
  "format": "sextant/claim/1",
  "id": "my-claim",
  "model": {"name": "deepseek-v3"},
  "stage": "pretrain",
  "tokens_b": 14800,
  "hardware": {"gpu": "H800-SXM-80GB", "gpus": 2048},
  "claimed": {"gpu_hours": 2664000, "usd_per_gpu_hour": 2.0},
  "source": {"title": "typed in", "where": "here", "date": "2026", "trust": "vendor"}
}
)";

void add_band(std::vector<BandRow>& rows, const QString& title, const report::Figure* low, const report::Figure* mid,
              const report::Figure* high, int colour) {
  if (low != nullptr && mid != nullptr && high != nullptr) {
    rows.push_back({title, low->value, mid->value, high->value, colour});
  }
}

}  // namespace

ClaimsPage::ClaimsPage(Session& session, QWidget* parent)
    : Page(QStringLiteral("claims"), tr("Claims"), session, parent) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::l, space::m);
  auto* split = new QSplitter(Qt::Horizontal, this);
  split->setHandleWidth(space::m);
  auto* list = new Card(tr("Published budgets"), split);
  progress_ = new QProgressBar(list);
  progress_->setFixedWidth(120);
  progress_->setTextVisible(false);
  progress_->hide();
  list->head()->addWidget(progress_);
  auto* search = new QLineEdit(list);
  search->setPlaceholderText(tr("Search"));
  search->setClearButtonEnabled(true);
  search->setFixedWidth(140);
  list->head()->addWidget(search);
  auto* own = new QPushButton(tr("Check your own"), list);
  own->setCheckable(true);
  list->head()->addWidget(own);
  table_ = new TableView(list);
  table_->setFrameShape(QFrame::NoFrame);
  table_->setAccessibleName(tr("Claims"));
  table_->setTextElideMode(Qt::ElideMiddle);
  connect(search, &QLineEdit::textChanged, table_, &TableView::filter);
  own_ = make_own();
  own_->hide();
  connect(own, &QPushButton::toggled, own_, &QWidget::setVisible);
  counts_ = caption({}, list);
  counts_->setWordWrap(true);
  list->content()->addWidget(own_);
  list->content()->addWidget(table_, 1);
  list->content()->addWidget(counts_);
  one_card_ = new Card(tr("One claim"), split);
  band_ = new RectangleChart(RectangleChart::Rows::left, one_card_);
  band_->set_title(tr("Claimed GPU-hours against the simulated band"));
  band_->set_unit(report::Unit::parameters);
  band_->xAxis->setLabel(tr("GPU-hours; simulated: 95 % band"));
  band_->setFixedHeight(170);
  text_ = report_browser(tr("What was found of the claim"), one_card_);
  one_card_->content()->addWidget(band_);
  one_card_->content()->addWidget(text_, 1);
  split->addWidget(list);
  split->addWidget(one_card_);
  split->setStretchFactor(0, 1);
  split->setStretchFactor(1, 1);
  split->setSizes({590, 510});
  layout->addWidget(split);
  connect(table_, &TableView::row_selected, this, [this](const QString& id) {
    checked_ = id;
    own_claim_.clear();
    session_.engine().check_claim(id);
  });
  connect(&session.engine(), &Engine::claims_checked, this, &ClaimsPage::take_all);
  connect(&session.engine(), &Engine::claim_checked, this, &ClaimsPage::take_one);
  connect(&session.engine(), &Engine::claims_progress, this, [this](int done, int all) {
    progress_->setRange(0, all);
    progress_->setValue(done);
    progress_->setVisible(done < all);
  });
  connect(&session.engine(), &Engine::refused, this, [this](const QString& what, const QString& why) {
    if (what == QLatin1String("Claim")) own_fault_->show_text(why, Banner::Mood::bad);
  });
}

QWidget* ClaimsPage::make_own() {
  auto* box = new QWidget(this);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(caption(tr("A claim as sextant check reads it; every key of “claimed” may be left out."), box));
  own_text_ = new QPlainTextEdit(QString::fromLatin1(own_template), box);
  own_text_->setMinimumHeight(190);
  own_text_->setTabChangesFocus(true);
  column->addWidget(own_text_);
  own_fault_ = new Banner(box);
  column->addWidget(own_fault_);
  auto* go = new QPushButton(tr("Check"), box);
  go->setProperty("primary", true);
  column->addWidget(go, 0, Qt::AlignLeft);
  connect(go, &QPushButton::clicked, this, [this] { check_text(own_text_->toPlainText().toUtf8()); });
  return box;
}

void ClaimsPage::check_text(const QByteArray& text) {
  own_fault_->show_text({}, Banner::Mood::neutral);
  own_text_->setPlainText(QString::fromUtf8(text));
  own_claim_ = text;
  session_.engine().check_claim_text(text);
}

void ClaimsPage::activate() {
  if (table_->source().table().rows.empty()) session_.engine().check_claims();
}

void ClaimsPage::forget() { table_->source().set_table({}); }

QString ClaimsPage::command() const {
  return checked_.isEmpty() ? QStringLiteral("sextant check --all") : QStringLiteral("sextant check %1").arg(checked_);
}

void ClaimsPage::take_all(const ReportPtr& made) {
  const report::Table* t = report::find_table(*made, "claims");
  if (t == nullptr) return;
  claims_ = *t;
  QStringList counts;
  for (const report::Item& item : made->items) {
    const auto* f = std::get_if<report::Figure>(&item);
    if (f != nullptr && f->value > 0)
      counts.push_back(QStringLiteral("%1 %2").arg(QString::fromStdString(report::format(f->value, f->unit)),
                                                   QString::fromStdString(f->label)));
  }
  counts_->setText(tr("Claimed and simulated: GPU-hours. %1.").arg(counts.join(QStringLiteral(", "))));
  show_all();
  if (!own_claim_.isEmpty()) return session_.engine().check_claim_text(own_claim_);
  table_->select_key(checked_.isEmpty() ? first_choice : checked_);
}

void ClaimsPage::show_all() {
  report::Table shown = claims_;
  for (report::Column& c : shown.columns) {
    if (c.unit == report::Unit::gpu_hours) c.unit = report::Unit::parameters;    // "2.788 M": the unit is said below
    if (c.key == "gpu_hours/low" || c.key == "gpu_hours/high") c.title.clear();  // the chart has them
    if (c.key == "gpu_hours/mid") c.title = "simulated";
    if (c.key == "determined" || c.key == "missing") c.title.clear();  // said at the right
  }
  static constexpr std::array<report::ComparedColumn, 3> compared{{{"gpu_hours/claimed"}, {"gpu_hours/mid"}, {"mfu"}}};
  if (!pinned_.isEmpty()) {
    report::Table a = claims_;
    std::erase_if(a.rows, [this](const Row& row) { return text_at(row, 0) != pinned_; });
    shown = with_differences(a, std::move(shown), {}, compared);
  }
  table_->source().set_table(std::move(shown));
  table_->source().set_verdict_column(table_->source().shown_column("verdict"), {"consistent"},
                                      {"implausible", "impossible"});
  table_->set_stretch(0, 150);
}

std::vector<BandRow> ClaimsPage::bands() const {
  std::vector<BandRow> rows;
  const auto add = [&](const report::Report& r, const QString& who, int claimed_colour, int colour) {
    if (const report::Figure* claimed = report::find_figure(r, "gpu_hours/claimed")) {
      rows.push_back({tr("%1claimed").arg(who), claimed->value, claimed->value, claimed->value, claimed_colour});
    }
    add_band(rows, tr("%1simulated").arg(who), report::find_figure(r, "gpu_hours/low"),
             report::find_figure(r, "gpu_hours/mid"), report::find_figure(r, "gpu_hours/high"), colour);
  };
  const bool compare = !pinned_.isEmpty() && !shows_pinned();
  if (compare) add(report::claim_figures(claims_, pinned_.toStdString()), tr("A: "), 1, 3);
  add(*one_, compare ? tr("B: ") : QString(), 1, 0);
  if (const report::Figure* floor = report::find_figure(*one_, "gpu_hours/physical_floor")) {
    rows.push_back({tr("physical floor"), floor->value, floor->value, floor->value, 7});
  }
  return rows;
}

void ClaimsPage::take_one(const ReportPtr& made) {
  one_ = made;
  show_one();
  Q_EMIT pin_changed();
}

void ClaimsPage::show_one() {
  one_card_->set_title(QString::fromStdString(one_->title));
  const std::vector<BandRow> rows = bands();
  band_->setVisible(!rows.empty());
  band_->show_chart(band_bars(rows), RectPlottable::Labels::none);
  report::Report rest = *one_;
  rest.title.clear();
  if (!pinned_.isEmpty() && !shows_pinned()) {
    report::Table t =
        report::shown_difference(report::claim_figures(claims_, pinned_.toStdString()), report::claim_figures(*one_));
    t.title = tr("A is %1, B this claim").arg(pinned_).toStdString();
    rest.items.insert(rest.items.begin(), std::move(t));
  }
  text_->setHtml(report_html(rest, theme_of(palette())));
}

void ClaimsPage::pin_own() {
  if (!own_claim_.isEmpty() || checked_.isEmpty()) return Q_EMIT remark(tr("Choose a claim of the list to pin it."));
  pinned_ = pinned_ == checked_ ? QString() : checked_;
  const QString shown = checked_;
  show_all();
  checked_ = shown;
  if (one_) show_one();
  const QSignalBlocker quiet(table_);
  table_->select_key(shown);
}

void ClaimsPage::changeEvent(QEvent* event) {
  Page::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && one_) show_one();
}

}  // namespace sextant::gui
