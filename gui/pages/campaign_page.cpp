// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/campaign_page.hpp"

#include <QEvent>
#include <QHeaderView>
#include <QMenu>
#include <QSplitter>

#include "gui/geometry/grid.hpp"
#include "gui/models/cells.hpp"
#include "gui/models/table_model.hpp"
#include "gui/widgets/report_html.hpp"
#include "gui/widgets/tile_difference.hpp"
#include "sim/report/difference.hpp"
#include "sim/report/explain_campaign.hpp"

namespace sextant::gui {

namespace {

constexpr int tile_columns = 3;
const QString first_choice = QStringLiteral("deepseek-v3");

struct Definition {
  const char* key;
  const char* label;
  const char* text;
};
constexpr Definition definitions[] = {
    {"gpu_hours", "GPU-hours", "GPU-hours that are paid for: training, and what failures and restarts cost."},
    {"days", "Time", "The stages one after another, with failures and restarts."},
    {"rent_usd", "Rented", "GPU-hours at published rents of this GPU."},
    {"owned_usd", "Owned", "Depreciation, power, space and staff of an own cluster in the cheapest place."},
    {"effective", "Goodput", "Share of the time that is paid for in which training goes on."},
    {"energy_kwh", "Energy", "Electricity of nodes, network and cooling."},
};

std::vector<BandRow> stage_bands(const report::Table& t) {
  std::vector<BandRow> out;
  for (const auto& row : t.rows) {
    const double* low = number_at(row, column_of(t, "gpu_hours/low"));
    const double* mid = number_at(row, column_of(t, "gpu_hours/mid"));
    const double* high = number_at(row, column_of(t, "gpu_hours/high"));
    const auto* name = std::get_if<std::string>(&row.front());
    if (low != nullptr && mid != nullptr && high != nullptr && name != nullptr) {
      const QString title = QString::fromStdString(*name);
      out.push_back({title, *low, *mid, *high, 0, QString::fromStdString(report::stage_tag(*name))});
    }
  }
  return out;
}

/// The bill without the sums that the tiles show.
report::Report without_sums(const report::Report& bill) {
  report::Report r = bill;
  r.title.clear();
  std::erase_if(r.items, [](const report::Item& item) {
    const auto* fact = std::get_if<report::Fact>(&item);
    return fact != nullptr && fact->audience != report::Audience::programs;
  });
  return r;
}

}  // namespace

CampaignPage::CampaignPage(Session& session, QWidget* parent)
    : Page(QStringLiteral("campaign"), tr("Campaign"), session, parent), campaigns_(session.campaigns()) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::l, space::m);
  layout->setSpacing(space::m);
  banner_ = new Banner(this);
  layout->addWidget(banner_);
  auto* split = new QSplitter(Qt::Horizontal, this);
  split->setHandleWidth(space::m);
  split->addWidget(make_left(split));
  auto* right = new Card(tr("The bill in detail"), split);
  text_ = report_browser(tr("The bill in detail"), right);
  right->content()->addWidget(text_);
  split->addWidget(right);
  split->setSizes({680, 420});
  layout->addWidget(split, 1);
  connect(&session.engine(), &Engine::campaign_costed, this, &CampaignPage::take);
  connect(&session.engine(), &Engine::campaign_refused, this, [this](int id, const QString& why) {
    waiting_.remove(id);
    if (campaigns_.current() != nullptr && campaigns_.current()->id() == id)
      banner_->show_text(
          tr("This campaign cannot be costed. The bill below is of the last one that could.\n%1").arg(why),
          Banner::Mood::bad);
  });
  connect(&campaigns_, &Campaigns::edited, this, &CampaignPage::ask);
  connect(&campaigns_, &Campaigns::changed, this, &CampaignPage::show_current);
}

void CampaignPage::make_tiles(QBoxLayout* layout) {
  auto* grid = new QGridLayout;
  grid->setSpacing(space::m);
  int i = 0;
  for (const Definition& d : definitions) {
    auto* tile = new Tile(QLatin1String(d.key), tr(d.label), tr(d.text), this);
    tile->set_wrapped();
    connect(tile, &Tile::why, this, &Page::why);
    tiles_.push_back(tile);
    const GridCell at = grid_cell(i++, tile_columns);
    grid->addWidget(tile, at.row, at.column);
    grid->setColumnStretch(at.column, 1);
  }
  layout->addLayout(grid);
}

QWidget* CampaignPage::make_left(QWidget* parent) {
  auto* whole = new QWidget(parent);
  auto* column = new QVBoxLayout(whole);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(space::m);
  make_tiles(column);
  auto* left = new QSplitter(Qt::Vertical, whole);
  left->setHandleWidth(space::m);
  column->addWidget(left, 1);
  auto* card = new Card(tr("Stages"), left);
  catalogue_ = new QPushButton(tr("New from the catalogue"), card);
  catalogue_->setToolTip(tr("Opens a campaign of the catalogue as a new one; drop a campaign file for your own."));
  catalogue_->setProperty("menu", true);
  auto* menu = new QMenu(catalogue_);
  connect(menu, &QMenu::aboutToShow, this, [this, menu] {
    menu->clear();
    if (!session_.choices()) return;
    for (const Choice& c : session_.choices()->campaigns) {
      const QString id = QString::fromStdString(c.id);
      connect(menu->addAction(QString::fromStdString(c.title)), &QAction::triggered, this,
              [this, id] { open_from_catalogue(id); });
    }
  });
  catalogue_->setMenu(menu);
  card->head()->addWidget(catalogue_);
  stages_ = new StageModel(this);
  table_ = new QTableView(card);
  table_->setModel(stages_);
  table_->setItemDelegateForColumn(StageModel::difference, cell_delegate(this));
  table_->setShowGrid(false);
  table_->setFrameShape(QFrame::NoFrame);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(24);
  table_->horizontalHeader()->setFont(font_of(type::caption, QFont::DemiBold));
  table_->horizontalHeader()->setHighlightSections(false);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setColumnHidden(StageModel::kind, true);  // the stage's name says it; the tooltip too
  table_->setObjectName(QStringLiteral("stages"));
  table_->setAccessibleName(tr("Stages of the campaign"));
  table_->setTabKeyNavigation(false);
  connect(table_, &QTableView::activated, this, &CampaignPage::explain_cell);
  card->content()->addWidget(table_);
  auto* chart_card = new Card(tr("GPU-hours by stage"), left);
  hours_ = new RectangleChart(RectangleChart::Rows::left, chart_card);
  hours_->set_title(tr("GPU-hours by stage"));
  hours_->set_unit(report::Unit::parameters);
  hours_->xAxis->setLabel(tr("GPU-hours of training alone, 80 % band"));
  connect(hours_, &Chart::tag_clicked, this, &Page::why);
  chart_card->content()->addWidget(hours_, 1);
  left->addWidget(card);
  left->addWidget(chart_card);
  left->setSizes({264, 176});
  connect(stages_, &StageModel::edit_wanted, this, [this](const QString& pointer, const QVariant& value) {
    if (Scenario* c = campaigns_.current()) c->edit(tr("Stage"), {{pointer, value}});
  });
  connect(stages_, &StageModel::refused, this,
          [this](const QString& why) { banner_->show_text(why, Banner::Mood::bad); });
  return whole;
}

void CampaignPage::open_from_catalogue(const QString& id) {
  const std::string text = session_.engine().workbench().campaign_text(id.toStdString());
  if (!text.empty()) campaigns_.open(id, QByteArray::fromStdString(text));
}

void CampaignPage::activate() {
  if (campaigns_.current() == nullptr)
    open_from_catalogue(first_choice);
  else
    show_current();
}

void CampaignPage::forget() { bills_.clear(); }

BillPtr CampaignPage::bill_of(const Scenario* campaign) const {
  return campaign == nullptr ? nullptr : bills_.value(campaign->id());
}

void CampaignPage::ask(const Scenario* campaign) {
  if (campaign == campaigns_.current()) banner_->show_text({}, Banner::Mood::neutral);
  waiting_.insert(campaign->id());
  session_.engine().cost_campaign(campaign->id(), campaign->text(),
                                  campaign->path().isEmpty() ? campaign->name() : campaign->path());
}

void CampaignPage::take(int id, const BillPtr& bill) {
  waiting_.remove(id);
  bills_.insert(id, bill);
  show_current();
}

void CampaignPage::show_current() {
  for (const Scenario* c : {campaigns_.current(), campaigns_.pinned()}) {
    if (isVisible() && c != nullptr && !bill_of(c) && !waiting_.contains(c->id())) ask(c);
  }
  if (campaigns_.current() == nullptr) return;
  show_stages();
  if (bill()) show_bill();
}

void CampaignPage::show_stages() {
  const auto table_of = [](const BillPtr& b) {
    const report::Table* t = b ? report::find_table(b->report, "stages") : nullptr;
    return t == nullptr ? report::Table{} : *t;
  };
  const BillPtr pinned = campaigns_.pinned() == campaigns_.current() ? nullptr : bill_of(campaigns_.pinned());
  stages_->set_stages(campaigns_.current()->value(QStringLiteral("/stages")).toList(), table_of(bill()),
                      table_of(pinned), session_.units());
  table_->setColumnHidden(StageModel::difference, !pinned);
  table_->resizeColumnsToContents();
  table_->horizontalHeader()->setSectionResizeMode(StageModel::name, QHeaderView::Stretch);
}

void CampaignPage::show_bill() {
  const BillPtr now = bill();
  const BillPtr pinned = campaigns_.pinned() == campaigns_.current() ? nullptr : bill_of(campaigns_.pinned());
  show_tiles(tiles_, now->headline, pinned ? &pinned->headline : nullptr);
  if (const report::Table* t = report::find_table(now->report, "stages")) {
    hours_->show_chart(band_bars(stage_bands(*t)), RectPlottable::Labels::none);
  }
  QString html = report_html(without_sums(now->shown), theme_of(palette()));
  const QString rate = QString::fromStdString(report::rate_note(session_.units()));
  if (!rate.isEmpty()) html += QStringLiteral("<p>%1.</p>").arg(rate);
  text_->setHtml(html);
}

void CampaignPage::explain(const QString& tag) {
  if (const BillPtr b = bill()) session_.engine().explain(b, tag);
}

/// A name or an amount is edited in place, every other cell explained.
void CampaignPage::explain_cell(const QModelIndex& cell) {
  if (cell.flags() & Qt::ItemIsEditable) return table_->edit(cell);
  Q_EMIT why(stages_->why_tag(cell.row()));
}

QUndoStack* CampaignPage::undo() {
  return campaigns_.current() == nullptr ? Page::undo() : &campaigns_.current()->undo();
}

ReportPtr CampaignPage::html() const {
  const BillPtr b = bill();
  return b ? ReportPtr(b, &b->page) : nullptr;
}

QString CampaignPage::command() const {
  const Scenario* c = campaigns_.current();
  if (c == nullptr) return {};
  if (c->saved()) return QStringLiteral("sextant cost '%1'").arg(c->path());
  return QStringLiteral("sextant cost - <<'CAMPAIGN'\n%1\nCAMPAIGN\n").arg(QString::fromUtf8(c->text()).trimmed());
}

report::Table CampaignPage::table() const {
  const BillPtr b = bill();
  const report::Table* t = b ? report::find_table(b->report, "stages") : nullptr;
  return t == nullptr ? report::Table{} : *t;
}

void CampaignPage::changeEvent(QEvent* event) {
  Page::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && bill()) show_bill();
}

}  // namespace sextant::gui
