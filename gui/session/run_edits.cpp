// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/run_edits.hpp"

#include <QJsonDocument>
#include <nlohmann/json.hpp>

#include "hardware/schema.hpp"

namespace sextant::gui {

namespace {

const QString cluster_pointer = QStringLiteral("/cluster");
const QString gpus_pointer = QStringLiteral("/cluster/gpus");
const QString dp_pointer = QStringLiteral("/parallelism/dp");

QVariant written_out(const hardware::Cluster& cluster) {
  const std::string text = hardware::to_json(cluster).dump();
  return QJsonDocument::fromJson(QByteArray::fromStdString(text)).toVariant();
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

}  // namespace sextant::gui
