// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/stage_model.hpp"

#include "gui/input/quantity_text.hpp"
#include "gui/models/table_model.hpp"
#include "sim/report/difference.hpp"
#include "sim/report/explain_campaign.hpp"

namespace sextant::gui {

namespace {

struct Head {
  const char* title;
  const char* tip;
  const char* key;  ///< of the report's column; nullptr: from the text
};
constexpr Head heads[StageModel::column_count] = {
    {"stage", "Its name.", nullptr},
    {"kind", "What is trained, and how.", nullptr},
    {"tokens or steps", "What it trains on. Enter or F2 edits it, with a unit: 14.3T, or a number of steps.", nullptr},
    {"GPUs", "It runs on.", "gpus"},
    {"GPU-hours", "Of training alone.", "gpu_hours/mid"},
    {"B − A", "GPU-hours more than the pinned campaign's stage of the same name.", nullptr},
    {"time", "Of training alone.", "days"},
    {"MFU", "Useful FLOPs over the dense 16-bit peak.", "mfu"}};

/// The key a stage states its amount of work by; "" where it does otherwise (RL).
QString amount_key(const QVariantMap& stage) {
  for (const char* key : {"tokens_b", "steps"}) {
    if (stage.contains(QLatin1String(key))) return QLatin1String(key);
  }
  return {};
}

QString amount_shown(const QVariantMap& stage) {
  const QString key = amount_key(stage);
  if (key == QLatin1String("steps"))
    return amount_text(stage.value(key).toDouble(), Amount::count) + QStringLiteral(" steps");
  return key.isEmpty() ? QStringLiteral("–")
                       : amount_text(tokens_of_billions(stage.value(key).toDouble()), Amount::tokens);
}

}  // namespace

void StageModel::set_stages(const QVariantList& stages, const sim::report::Table& found,
                            const sim::report::Table& pinned, sim::report::DisplayUnits units) {
  const bool same_rows = stages.size() == stages_.size();
  if (!same_rows) beginResetModel();
  stages_ = stages;
  found_ = found;
  units_ = units;
  differences_ =
      pinned.rows.empty() ? sim::report::Table{} : sim::report::difference(pinned, found, "name", "gpu_hours/mid");
  if (!same_rows) return endResetModel();
  if (!stages_.isEmpty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, column_count - 1));
}

int StageModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(stages_.size());
}
int StageModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : column_count; }

QString StageModel::why_tag(int row) const {
  const QString stage = stages_.value(row).toMap().value(QStringLiteral("name")).toString();
  return QString::fromStdString(sim::report::stage_tag(stage.toStdString()));
}

QString StageModel::found_text(int row, const char* key) const {
  const int column = column_of(found_, key);
  if (column < 0 || static_cast<std::size_t>(row) >= found_.rows.size()) return QStringLiteral("–");
  auto unit = found_.columns[static_cast<std::size_t>(column)].unit;
  if (QLatin1String(key) == QLatin1String("gpu_hours/mid")) unit = sim::report::Unit::parameters;  // "2.44 M"
  if (QLatin1String(key) == QLatin1String("days")) {
    const auto& cell = found_.rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
    const auto* value = std::get_if<double>(&cell);
    if (value != nullptr) return QString::fromStdString(sim::report::format(*value, sim::report::Unit::days, units_));
  }
  return cell_text(found_.rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)], unit);
}

const double* StageModel::difference_of(int row) const {
  if (static_cast<std::size_t>(row) >= found_.rows.size()) return nullptr;
  const auto* stage = std::get_if<std::string>(&found_.rows[static_cast<std::size_t>(row)].front());
  const int column = column_of(differences_, "difference");
  for (const auto& d : differences_.rows) {
    const auto* other = std::get_if<std::string>(&d.front());
    if (stage != nullptr && other != nullptr && *other == *stage)
      return std::get_if<double>(&d[static_cast<std::size_t>(column)]);
  }
  return nullptr;
}

QVariant StageModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const QVariantMap stage = stages_[index.row()].toMap();
  if (role == Qt::TextAlignmentRole) {
    return QVariant(index.column() <= kind ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
  }
  if (role == Qt::ToolTipRole) {
    if (index.column() == name)
      return tr("%1 (%2)").arg(stage.value("name").toString(), stage.value("kind").toString());
    return QString::fromLatin1(heads[index.column()].tip);
  }
  if (role == TableModel::verdict_role) {
    const double* d = index.column() == difference ? difference_of(index.row()) : nullptr;
    return d == nullptr ? 0 : sim::report::better("gpu_hours", *d);
  }
  if (role != Qt::DisplayRole && role != Qt::EditRole) return {};
  switch (index.column()) {
    case name: return stage.value(QStringLiteral("name")).toString();
    case kind: return stage.value(QStringLiteral("kind")).toString();
    case amount: return amount_shown(stage);
    case difference: {
      const double* d = difference_of(index.row());
      if (d == nullptr) return QStringLiteral("–");
      return (*d > 0 ? QStringLiteral("+") : QString()) +
             QString::fromStdString(sim::report::format(*d, sim::report::Unit::parameters));
    }
    default: return found_text(index.row(), heads[index.column()].key);
  }
}

QVariant StageModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= column_count) return {};
  if (role == Qt::DisplayRole) return QString::fromLatin1(heads[section].title);
  if (role == Qt::ToolTipRole) return QString::fromLatin1(heads[section].tip);
  if (role == Qt::TextAlignmentRole) {
    return QVariant(section <= kind ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
  }
  return {};
}

Qt::ItemFlags StageModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags f = QAbstractTableModel::flags(index);
  if (!index.isValid()) return f;
  const bool has_amount = !amount_key(stages_[index.row()].toMap()).isEmpty();
  if (index.column() == name || (index.column() == amount && has_amount)) f |= Qt::ItemIsEditable;
  return f;
}

bool StageModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid)) return false;
  const QString at = QStringLiteral("/stages/%1/").arg(index.row());
  if (index.column() == name) {
    Q_EMIT edit_wanted(at + QStringLiteral("name"), value.toString());
    return true;
  }
  const QString key = amount_key(stages_[index.row()].toMap());
  const bool steps = key == QLatin1String("steps");
  QString text = value.toString();
  if (steps) text.remove(QStringLiteral("steps"));
  const auto number = parse_amount(text, steps ? Amount::count : Amount::tokens);
  if (!number || key.isEmpty()) {
    Q_EMIT refused(tr("\"%1\" is no amount such as 14.3T").arg(value.toString()));
    return false;
  }
  Q_EMIT edit_wanted(at + key, steps ? *number : billions_of_tokens(*number));
  return true;
}

}  // namespace sextant::gui
