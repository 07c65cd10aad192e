// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/run_edits.hpp"

#include <QJsonDocument>
#include <nlohmann/json.hpp>

#include "hardware/schema.hpp"
#include "sim/report/difference.hpp"

namespace sextant::gui {

namespace {

const QString cluster_pointer = QStringLiteral("/cluster");
const QString gpus_pointer = QStringLiteral("/cluster/gpus");
const QString dp_pointer = QStringLiteral("/parallelism/dp");

QVariant written_out(const hardware::Cluster& cluster) {
  const std::string text = hardware::to_json(cluster).dump();
  return QJsonDocument::fromJson(QByteArray::fromStdString(text)).toVariant();
}

QVariant value_of(const report::Cell& cell) {
  if (const auto* number = std::get_if<double>(&cell)) return *number;
  if (const auto* text = std::get_if<std::string>(&cell)) return QString::fromStdString(*text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&cell)) {
    QStringList words;
    for (const std::string& s : *list) words.push_back(QString::fromStdString(s));
    return words;
  }
  return {};
}

}  // namespace

QList<Edit> gpus_edit(const QByteArray& text, const AnswerPtr& answer, int gpus) {
  QList<Edit> edits;
  const bool named = value_at(text, cluster_pointer).typeId() == QMetaType::QString;
  if (named && answer && answer->result) edits.push_back({cluster_pointer, written_out(answer->result->run.cluster)});
  edits.push_back({gpus_pointer, gpus});
  edits.push_back({dp_pointer, {}});
  return edits;
}

QList<Edit> gpu_edit(const QByteArray& text, const AnswerPtr& answer, const QString& gpu) {
  QVariant gpus = value_at(text, gpus_pointer);
  if (!gpus.isValid() && answer && answer->result) gpus = answer->result->run.cluster.gpus;
  QVariantMap cluster{{QStringLiteral("gpu"), gpu}};
  if (gpus.isValid()) cluster.insert(QStringLiteral("gpus"), gpus);
  return {{cluster_pointer, cluster}, {dp_pointer, {}}};
}

QList<Edit> degree_edit(const QString& pointer, const QVariant& value) {
  QList<Edit> edits{{pointer, value}};
  if (pointer == QLatin1String("/parallelism/tp") || pointer == QLatin1String("/parallelism/pp") ||
      pointer == QLatin1String("/parallelism/cp")) {
    edits.push_back({dp_pointer, {}});
  }
  return edits;
}

QList<Edit> layout_edit(const QByteArray& text, const AnswerPtr& answer, const report::Table& layouts,
                        const QString& id) {
  QList<Edit> edits;
  const int gpus = report::column_of(layouts, "gpus");
  for (const auto& row : layouts.rows) {
    const auto* name = std::get_if<std::string>(&row.front());
    if (name == nullptr || QString::fromStdString(*name) != id) continue;
    const double* wanted = std::get_if<double>(&row[static_cast<std::size_t>(gpus)]);
    if (wanted != nullptr && answer && answer->result &&
        answer->result->run.cluster.gpus != static_cast<int>(*wanted)) {
      edits = gpus_edit(text, answer, static_cast<int>(*wanted));
    }
    for (std::size_t i = 0; i < layouts.columns.size(); ++i) {
      const std::string& key = layouts.columns[i].key;
      if (key.starts_with('/')) edits.push_back({QString::fromStdString(key), value_of(row[i])});
    }
  }
  return edits;
}

}  // namespace sextant::gui
