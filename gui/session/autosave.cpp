// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/autosave.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

namespace sextant::gui {

namespace {

QString autosave_file(const QString& folder) { return folder + QStringLiteral("/session.sextant.autosave"); }
QString units_file(const QString& folder) { return folder + QStringLiteral("/units.json"); }
QString recent_file(const QString& folder) { return folder + QStringLiteral("/recent.json"); }

bool write(const QString& path, const QByteArray& text, QString* reason) {
  QDir().mkpath(QFileInfo(path).absolutePath());
  QSaveFile file(path);
  if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit()) return true;
  if (reason != nullptr) *reason = QStringLiteral("cannot write %1: %2").arg(path, file.errorString());
  return false;
}

QJsonDocument read(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return {};
  return QJsonDocument::fromJson(file.readAll());
}

}  // namespace

bool write_autosave(const QString& folder, const QList<Kept>& scenarios, QString* reason) {
  QJsonArray list;
  for (const Kept& k : scenarios) {
    list.append(QJsonObject{{"name", k.name},
                            {"path", k.path},
                            {"text", QString::fromUtf8(k.text)},
                            {"clean", k.clean},
                            {"campaign", k.campaign}});
  }
  const QJsonObject root{{"format", "sextant/autosave/1"}, {"scenarios", list}};
  return write(autosave_file(folder), QJsonDocument(root).toJson(), reason);
}

QList<Kept> read_autosave(const QString& folder) {
  QList<Kept> out;
  if (folder.isEmpty()) return out;
  for (const QJsonValue& v : read(autosave_file(folder)).object().value("scenarios").toArray()) {
    const QJsonObject o = v.toObject();
    if (!o.value("text").isString()) continue;
    out.push_back({o.value("name").toString(), o.value("path").toString(), o.value("text").toString().toUtf8(),
                   o.value("clean").toBool(), o.value("campaign").toBool()});
  }
  return out;
}

void write_units(const QString& folder, report::DisplayUnits units) {
  if (folder.isEmpty()) return;
  write(units_file(folder), QJsonDocument(QJsonObject{{"hours", units.hours}, {"cny", units.cny}}).toJson(), nullptr);
}

report::DisplayUnits read_units(const QString& folder) {
  if (folder.isEmpty()) return {};
  const QJsonObject o = read(units_file(folder)).object();
  return {o.value("hours").toBool(), o.value("cny").toBool()};
}

void write_recent(const QString& folder, const QStringList& files) {
  if (folder.isEmpty()) return;
  write(recent_file(folder), QJsonDocument(QJsonArray::fromStringList(files)).toJson(), nullptr);
}

QStringList read_recent(const QString& folder) {
  QStringList out;
  if (folder.isEmpty()) return out;
  for (const QJsonValue& v : read(recent_file(folder)).array()) {
    if (QFileInfo::exists(v.toString())) out.push_back(v.toString());
  }
  return out;
}

}  // namespace sextant::gui
