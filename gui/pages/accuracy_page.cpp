// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/accuracy_page.hpp"

#include <QSplitter>
#include <algorithm>
#include <map>

#include "gui/geometry/lines.hpp"
#include "gui/models/cells.hpp"
#include "gui/models/table_model.hpp"
#include "gui/widgets/report_html.hpp"
#include "sim/report/difference.hpp"
#include "sim/report/explain_measured_step.hpp"

namespace sextant::gui {

namespace {

constexpr std::size_t most_groups = 7;

double number(const Row& row, int column) {
  const double* v = number_at(row, column);
  return v == nullptr ? 0 : *v;
}

Point point_of(const report::Table& t, const Row& row) {
  Point p;
  p.id = text_at(row, column_of(t, "id"));
  p.x = number(row, column_of(t, "measured_s"));
  p.y = number(row, column_of(t, "predicted_s"));
  p.low = number(row, column_of(t, "low_s"));
  p.high = number(row, column_of(t, "high_s"));
  p.hint = QStringLiteral("%1\nmeasured %2, predicted %3 (%4)\n%5, %6")
               .arg(p.id, formatted(p.x, report::Unit::seconds), formatted(p.y, report::Unit::seconds),
                    formatted(number(row, column_of(t, "error")), report::Unit::change),
                    text_at(row, column_of(t, "gpu")), text_at(row, column_of(t, "stack")));
  return p;
}

/// Largest groups first; the small ones together.
std::vector<PointGroup> grouped(const report::Table& t, const std::string& by, const QString& only) {
  std::map<QString, std::vector<Point>> points;
  const int key = column_of(t, by);
  const int set = column_of(t, "set");
  for (const auto& row : t.rows) {
    if (!only.isEmpty() && text_at(row, set) != only) continue;
    points[text_at(row, key)].push_back(point_of(t, row));
  }
  std::vector<PointGroup> groups;
  for (auto& [name, list] : points) groups.push_back({name, 0, 0, false, std::move(list)});
  std::stable_sort(groups.begin(), groups.end(),
                   [](const PointGroup& a, const PointGroup& b) { return a.points.size() > b.points.size(); });
  while (groups.size() > most_groups) {
    PointGroup last = std::move(groups.back());
    groups.pop_back();
    PointGroup& others = groups.back();
    others.name = QObject::tr("others");
    others.points.insert(others.points.end(), last.points.begin(), last.points.end());
  }
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].colour = groups[i].shape = static_cast<int>(i);
  return groups;
}

}  // namespace

AccuracyPage::AccuracyPage(Session& session, QWidget* parent)
    : Page(QStringLiteral("accuracy"), tr("Accuracy"), session, parent) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::l, space::m);
  auto* split = new QSplitter(Qt::Horizontal, this);
  split->setHandleWidth(space::m);
  auto* left = new Card(tr("Predicted against measured"), split);
  colour_by_ = new QComboBox(left);
  colour_by_->addItem(tr("by GPU"), "gpu");
  colour_by_->addItem(tr("by stack"), "stack");
  colour_by_->addItem(tr("dense or MoE"), "kind");
  colour_by_->addItem(tr("by set"), "set");
  colour_by_->addItem(tr("by publisher"), "publisher");
  only_ = new QComboBox(left);
  only_->addItem(tr("all sets"), QString());
  only_->setMinimumWidth(130);
  left->head()->addWidget(colour_by_);
  left->head()->addWidget(only_);
  chart_ = new ScatterChart(left);
  chart_->set_title(tr("Predicted against measured step times"));
  chart_->set_axes(tr("measured step time"), report::Unit::seconds, tr("predicted step time"), report::Unit::seconds,
                   true);
  summary_ = caption({}, left);
  summary_->setWordWrap(true);
  summary_->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
  left->content()->addWidget(chart_, 1);
  left->content()->addWidget(summary_);
  auto* right = new Card(tr("Measured steps"), split);
  table_ = new TableView(right);
  table_->setFrameShape(QFrame::NoFrame);
  table_->setTextElideMode(Qt::ElideMiddle);
  table_->setAccessibleName(tr("Measured steps"));
  table_->setToolTip(tr("Enter or a double click shows where a row's figures come from."));
  text_ = report_browser(tr("The measurement chosen"), right);
  right->content()->addWidget(table_, 3);
  right->content()->addWidget(text_, 2);
  split->addWidget(left);
  split->addWidget(right);
  split->setSizes({500, 600});
  layout->addWidget(split);
  connect(&session.engine(), &Engine::accuracy_measured, this, &AccuracyPage::take);
  connect(colour_by_, &QComboBox::currentIndexChanged, this, &AccuracyPage::draw);
  connect(only_, &QComboBox::currentIndexChanged, this, &AccuracyPage::draw);
  connect(chart_, &ScatterChart::point_clicked, table_, &TableView::select_key);
  connect(table_, &TableView::row_selected, this, &AccuracyPage::show_point);
  connect(table_, &TableView::row_activated, this, [this](const QString& id) {
    Q_EMIT why(QString::fromStdString(report::measured_step_tag(id.toStdString())));
  });
  connect(summary_, &QLabel::linkActivated, this, &Page::why);
}

void AccuracyPage::activate() {
  if (!report_) session_.engine().measure_accuracy();
}

void AccuracyPage::explain(const QString& tag) {
  if (!report::explains_measured(tag.toStdString())) return Page::explain(tag);
  if (report_) session_.engine().explain_measured(tag);
}

void AccuracyPage::take(const ReportPtr& made) {
  report_ = made;
  const report::Table* t = report::find_table(*made, "points");
  if (t == nullptr) return;
  QStringList sets;
  for (const auto& row : t->rows) {
    const QString set = text_at(row, column_of(*t, "set"));
    if (!sets.contains(set)) sets.push_back(set);
  }
  const QSignalBlocker quiet(only_);
  for (const QString& set : sets) only_->addItem(set, set);
  table_->source().set_table(with_columns(*t, {"id", "measured_s", "predicted_s", "error"}));
  table_->set_stretch(0);
  QStringList lines;
  if (const report::Table* summaries = report::find_table(*made, "sets")) {
    for (const auto& row : summaries->rows) {
      lines.push_back(QStringLiteral("%1&nbsp; <a href=\"%2\">%3</a>")
                          .arg(text_at(row, column_of(*summaries, "summary")).toHtmlEscaped(),
                               text_at(row, column_of(*summaries, "tag")).toHtmlEscaped(), tr("why?")));
    }
  }
  summary_->setText(lines.join(QStringLiteral("<br>")));
  draw();
  table_->select_key(QStringLiteral("deepseek-v3-h800-fp8-2048-mpft"));
}

void AccuracyPage::draw() {
  const report::Table* t = report_ ? report::find_table(*report_, "points") : nullptr;
  if (t == nullptr) return;
  auto groups = grouped(*t, colour_by_->currentData().toString().toStdString(), only_->currentData().toString());
  chart_->show_points(std::move(groups), identity_lines(0.2));
}

void AccuracyPage::show_point(const QString& id) {
  chart_->mark(id);
  const report::Table* t = report_ ? report::find_table(*report_, "points") : nullptr;
  if (t == nullptr) return;
  for (const auto& row : t->rows) {
    if (text_at(row, column_of(*t, "id")) != id) continue;
    report::Report r;
    for (std::size_t i = 0; i < t->columns.size(); ++i) {
      const QString value = cell_text(row[i], t->columns[i].unit);
      if (!value.isEmpty()) r.add(report::Fact{"", t->columns[i].title, value.toStdString()});
    }
    text_->setHtml(report_html(r, theme_of(palette())));
    return;
  }
}

report::Table AccuracyPage::table() const {
  const report::Table* t = report_ ? report::find_table(*report_, "points") : nullptr;
  return t == nullptr ? report::Table{} : *t;
}

}  // namespace sextant::gui
