// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/basics.hpp"

#include <QEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include "gui/geometry/grid.hpp"
#include "gui/models/sorted_model.hpp"
#include "gui/models/table_model.hpp"
#include "gui/theme/theme.hpp"

namespace sextant::gui {

namespace {

constexpr int bar_width = 96;
constexpr int widest_text = 320;

/// Bars for shares, colours for verdicts.
class CellDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    const QVariant share = index.data(TableModel::share_role);
    if (!share.isValid()) return;
    const Theme& t = theme_of(option.palette);
    QRectF box = QRectF(option.rect).adjusted(space::s, space::s, -space::s, -space::s);
    painter->fillRect(box, t.sunken);
    box.setRight(bar_end(box.left(), box.width(), share.toDouble()));
    painter->fillRect(box, t.series[0]);
  }

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    const int verdict = index.data(TableModel::verdict_role).toInt();
    const Theme& t = theme_of(option->palette);
    if (verdict != 0) {
      option->palette.setColor(QPalette::Text, verdict > 0 ? t.good : t.bad);
      option->font.setWeight(QFont::DemiBold);
    }
  }
};

}  // namespace

QAbstractItemDelegate* cell_delegate(QObject* parent) { return new CellDelegate(parent); }

QLabel* caption(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("role", "caption");
  label->setFont(font_of(type::caption));
  return label;
}

QLabel* heading(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setFont(font_of(type::heading, QFont::DemiBold));
  return label;
}

QLabel* body(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setWordWrap(true);
  label->setFont(font_of(type::body));
  return label;
}

Card::Card(const QString& title, QWidget* parent) : QFrame(parent) {
  setProperty("card", true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::l, space::m);
  layout->setSpacing(space::s);
  head_ = new QHBoxLayout;
  title_ = heading(title, this);
  head_->addWidget(title_);
  head_->addStretch();
  title_->setVisible(!title.isEmpty());
  layout->addLayout(head_);
  content_ = new QVBoxLayout;
  content_->setSpacing(space::s);
  layout->addLayout(content_, 1);
}

void Card::set_title(const QString& title) {
  title_->setText(title);
  title_->setVisible(!title.isEmpty());
}

TableView::TableView(QWidget* parent) : QTableView(parent) {
  model_ = new TableModel(this);
  sorted_ = new SortedModel(this);
  sorted_->setSourceModel(model_);
  setModel(sorted_);
  setItemDelegate(new CellDelegate(this));
  setShowGrid(false);
  setAlternatingRowColors(false);
  setSelectionBehavior(SelectRows);
  setSelectionMode(SingleSelection);
  setEditTriggers(NoEditTriggers);
  setSortingEnabled(true);
  sortByColumn(-1, Qt::AscendingOrder);
  setWordWrap(false);
  setTextElideMode(Qt::ElideRight);
  setTabKeyNavigation(false);
  setHorizontalScrollMode(ScrollPerPixel);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(28);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setFont(font_of(type::caption, QFont::DemiBold));
  horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  connect(this, &QTableView::doubleClicked, this, [this](const QModelIndex& i) { Q_EMIT row_activated(key_of(i)); });
  connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& i) {
    if (i.isValid()) Q_EMIT row_selected(key_of(i));
  });
}

QString TableView::key_of(const QModelIndex& index) const { return index.data(TableModel::key_role).toString(); }

void TableView::set_stretch(int column, int least) {
  stretch_ = column;
  least_ = least;
  fit_columns();
}

void TableView::fit_columns() {
  if (stretch_ >= model_->columnCount() || stretch_ < 0) return;
  std::vector<int> natural;
  for (int i = 0; i < model_->columnCount(); ++i) {
    resizeColumnToContents(i);
    const bool bar = sorted_->rowCount() > 0 && sorted_->index(0, i).data(TableModel::share_role).isValid();
    natural.push_back(bar ? bar_width : i == stretch_ ? columnWidth(i) : std::min(columnWidth(i), widest_text));
  }
  const auto widths = column_widths(std::move(natural), stretch_, viewport()->width(), least_);
  for (std::size_t i = 0; i < widths.size(); ++i) setColumnWidth(static_cast<int>(i), widths[i]);
}

void TableView::filter(const QString& text) { sorted_->setFilterFixedString(text); }

void TableView::select_key(const QString& key) {
  for (int row = 0; row < sorted_->rowCount(); ++row) {
    if (key_of(sorted_->index(row, 0)) != key) continue;
    setCurrentIndex(sorted_->index(row, 0));
    scrollTo(sorted_->index(row, 0), PositionAtCenter);
    return;
  }
}

void TableView::keyPressEvent(QKeyEvent* event) {
  if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
    Q_EMIT row_activated(key_of(currentIndex()));
    return;
  }
  QTableView::keyPressEvent(event);
}

void TableView::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  fit_columns();
}

Banner::Banner(QWidget* parent) : QLabel(parent) {
  setWordWrap(true);
  setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  setFont(font_of(type::body));
  hide();
}

void Banner::show_text(const QString& text, Mood mood) {
  setText(text);
  mood_ = mood;
  restyle();
  setVisible(!text.isEmpty());
}

void Banner::restyle() {
  restyling_ = true;
  const Theme& t = theme_of(palette());
  const QColor ink = mood_ == Mood::bad ? t.bad : mood_ == Mood::good ? t.good : t.warn;
  const QColor back = mood_ == Mood::bad ? t.bad_back : mood_ == Mood::good ? t.good_back : t.warn_back;
  setStyleSheet(QStringLiteral("QLabel { background: %1; color: %2; border-left: 3px solid %2; border-radius: 4px; "
                               "padding: 6px 10px; }")
                    .arg(back.name(), ink.name()));
  restyling_ = false;
}

void Banner::changeEvent(QEvent* event) {
  QLabel::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && !restyling_) restyle();
}

}  // namespace sextant::gui
