// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/campaign_page.hpp"

#include <QEvent>
#include <QFileDialog>
#include <QHeaderView>
#include <QSplitter>

#include "gui/models/table_model.hpp"
#include "gui/widgets/report_html.hpp"
#include "sim/report/difference.hpp"

namespace sextant::gui {

namespace {

const QString first_choice = QStringLiteral("deepseek-v3");

const double* number(const std::vector<report::Cell>& row, int column) {
  return column < 0 || static_cast<std::size_t>(column) >= row.size()
             ? nullptr
             : std::get_if<double>(&row[static_cast<std::size_t>(column)]);
}

std::vector<BandRow> stage_bands(const report::Table& t) {
  std::vector<BandRow> out;
  for (const auto& row : t.rows) {
    const double* low = number(row, column_of(t, "gpu_hours/low"));
    const double* mid = number(row, column_of(t, "gpu_hours/mid"));
    const double* high = number(row, column_of(t, "gpu_hours/high"));
    const auto* name = std::get_if<std::string>(&row.front());
    if (low != nullptr && mid != nullptr && high != nullptr && name != nullptr) {
      out.push_back({QString::fromStdString(*name), *low, *mid, *high, 0});
    }
  }
  return out;
}

}  // namespace

CampaignPage::CampaignPage(Session& session, QWidget* parent)
    : Page(QStringLiteral("campaign"), tr("Campaign"), session, parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::l, space::m);
  layout->setSpacing(space::m);
  banner_ = new Banner(this);
  layout->addWidget(banner_);
  auto* split = new QSplitter(Qt::Horizontal, this);
  split->setHandleWidth(space::m);
  auto* left = new QSplitter(Qt::Vertical, split);
  left->setHandleWidth(space::m);
  auto* card = new Card(tr("Stages"), left);
  choice_ = new QComboBox(card);
  choice_->setMinimumWidth(200);
  choice_->setToolTip(tr("Campaigns of the catalogue; drop a campaign file on the window for your own."));
  card->head()->addWidget(choice_);
  auto* keep = new QPushButton(tr("Save as…"), card);
  card->head()->addWidget(keep);
  stages_ = new StageModel(this);
  table_ = new QTableView(card);
  table_->setModel(stages_);
  table_->setShowGrid(false);
  table_->setFrameShape(QFrame::NoFrame);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(28);
  table_->horizontalHeader()->setFont(font_of(type::caption, QFont::DemiBold));
  table_->horizontalHeader()->setHighlightSections(false);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setColumnHidden(StageModel::kind, true);  // the stage's name says it; the tooltip too
  table_->setAccessibleName(tr("Stages of the campaign"));
  card->content()->addWidget(table_);
  auto* chart_card = new Card(tr("GPU-hours by stage"), left);
  hours_ = new RectangleChart(RectangleChart::Rows::left, chart_card);
  hours_->set_title(tr("GPU-hours by stage"));
  hours_->set_unit(report::Unit::parameters);
  hours_->xAxis->setLabel(tr("GPU-hours of training alone, 80 % band"));
  chart_card->content()->addWidget(hours_, 1);
  left->addWidget(card);
  left->addWidget(chart_card);
  auto* right = new Card(tr("Bill"), split);
  text_ = new QTextBrowser(right);
  text_->setFrameShape(QFrame::NoFrame);
  text_->setStyleSheet(QStringLiteral("QTextBrowser { border: none; padding: 0; }"));
  right->content()->addWidget(text_);
  split->addWidget(left);
  split->addWidget(right);
  split->setSizes({660, 440});
  layout->addWidget(split, 1);
  connect(&session.engine(), &Engine::campaign_costed, this, &CampaignPage::take);
  connect(&session, &Session::choices_changed, this, &CampaignPage::fill_choices);
  connect(choice_, &QComboBox::activated, this, [this] {
    const QString id = choice_->currentData().toString();
    open(id, QByteArray::fromStdString(session_.engine().workbench().campaign_text(id.toStdString())));
  });
  connect(keep, &QPushButton::clicked, this, &CampaignPage::save);
  connect(stages_, &StageModel::edit_wanted, this, [this](const QString& pointer, const QVariant& value) {
    if (campaign_ != nullptr) campaign_->edit(tr("Stage"), {{pointer, value}});
  });
  connect(stages_, &StageModel::refused, this,
          [this](const QString& why) { banner_->show_text(why, Banner::Mood::bad); });
  connect(&session.engine(), &Engine::refused, this, [this](const QString& what, const QString& why) {
    if (what != tr("Campaign")) return;
    waiting_ = false;
    banner_->show_text(why, Banner::Mood::bad);
  });
}

void CampaignPage::fill_choices() {
  if (!session_.choices() || choice_->count() > 0) return;
  for (const Choice& c : session_.choices()->campaigns) {
    choice_->addItem(QString::fromStdString(c.title), QString::fromStdString(c.id));
  }
  choice_->setCurrentIndex(choice_->findData(first_choice));
}

void CampaignPage::activate() {
  fill_choices();
  if (campaign_ == nullptr) {
    open(first_choice,
         QByteArray::fromStdString(session_.engine().workbench().campaign_text(first_choice.toStdString())));
  }
}

void CampaignPage::open(const QString& name, const QByteArray& text) {
  if (text.isEmpty()) return;
  if (campaign_ != nullptr) session_.undo_group().removeStack(&campaign_->undo());
  delete campaign_;
  campaign_ = new Scenario(0, name, text, this);
  session_.undo_group().addStack(&campaign_->undo());
  if (isVisible()) session_.undo_group().setActiveStack(&campaign_->undo());
  connect(campaign_, &Scenario::changed, this, &CampaignPage::ask);
  choice_->setCurrentIndex(choice_->findData(name));
  report_.reset();
  ask();
}

void CampaignPage::ask() {
  banner_->show_text({}, Banner::Mood::neutral);
  waiting_ = true;
  show_stages();
  session_.engine().cost_campaign(campaign_->text(), campaign_->name());
}

void CampaignPage::show_stages() {
  const report::Table* found = report_ ? report::find_table(*report_, "stages") : nullptr;
  stages_->set_stages(campaign_->value(QStringLiteral("/stages")).toList(),
                      found == nullptr ? report::Table{} : *found);
  table_->resizeColumnsToContents();
  table_->horizontalHeader()->setSectionResizeMode(StageModel::name, QHeaderView::Stretch);
}

void CampaignPage::take(const ReportPtr& made, const ReportPtr& page) {
  report_ = made;
  page_ = page;
  waiting_ = false;
  show_stages();
  if (const report::Table* t = report::find_table(*made, "stages")) {
    hours_->show_chart(band_bars(stage_bands(*t)), RectPlottable::Labels::none);
  }
  text_->setHtml(report_html(*made, theme_of(palette())));
}

void CampaignPage::save() {
  if (campaign_ == nullptr) return;
  const QString path = QFileDialog::getSaveFileName(
      this, tr("Save campaign"), campaign_->name() + QStringLiteral(".json"), tr("Campaigns (*.json)"));
  QString reason;
  if (!path.isEmpty() && !campaign_->save(path, &reason)) {
    banner_->show_text(tr("%1 could not be written: %2").arg(path, reason), Banner::Mood::bad);
  }
}

report::Table CampaignPage::table() const {
  const report::Table* t = report_ ? report::find_table(*report_, "stages") : nullptr;
  return t == nullptr ? report::Table{} : *t;
}

void CampaignPage::changeEvent(QEvent* event) {
  Page::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && report_) text_->setHtml(report_html(*report_, theme_of(palette())));
}

}  // namespace sextant::gui
