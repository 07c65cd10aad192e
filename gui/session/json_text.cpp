// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/json_text.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace sextant::gui {

namespace {

using Json = nlohmann::ordered_json;
using Pointer = Json::json_pointer;

Json parsed(const QByteArray& text) { return Json::parse(text.begin(), text.end(), nullptr, false); }

Json number(double v) {
  constexpr double exact = 9007199254740992.0;  // 2^53: whole doubles up to here are written as integers
  if (std::floor(v) == v && std::abs(v) < exact) return static_cast<long long>(v);
  return v;
}

Json json_of(const QVariant& v) {
  switch (v.typeId()) {
    case QMetaType::Bool: return v.toBool();
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::LongLong:
    case QMetaType::ULongLong: return v.toLongLong();
    case QMetaType::Double:
    case QMetaType::Float: return number(v.toDouble());
    case QMetaType::QVariantList:
    case QMetaType::QStringList: {
      Json list = Json::array();
      for (const QVariant& item : v.toList()) list.push_back(json_of(item));
      return list;
    }
    case QMetaType::QVariantMap: {
      Json object = Json::object();
      const QVariantMap map = v.toMap();
      for (auto it = map.begin(); it != map.end(); ++it) object[it.key().toStdString()] = json_of(it.value());
      return object;
    }
    default: return v.toString().toStdString();
  }
}

QVariant variant_of(const Json& j) {
  switch (j.type()) {
    case Json::value_t::boolean: return j.get<bool>();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return QVariant::fromValue(j.get<qlonglong>());
    case Json::value_t::number_float: return j.get<double>();
    case Json::value_t::string: return QString::fromStdString(j.get<std::string>());
    case Json::value_t::array: {
      QVariantList list;
      for (const Json& item : j) list.push_back(variant_of(item));
      return list;
    }
    case Json::value_t::object: {
      QVariantMap map;
      for (const auto& [key, value] : j.items()) map.insert(QString::fromStdString(key), variant_of(value));
      return map;
    }
    default: return {};
  }
}

void set(Json& root, const QString& where, const QVariant& value) {
  const Pointer pointer(where.toStdString());
  const Pointer parent = pointer.parent_pointer();
  if (!value.isValid()) {
    if (root.contains(pointer) && root.at(parent).is_object()) root.at(parent).erase(pointer.back());
    return;
  }
  // A parent that is absent or of another kind becomes an object.
  if (!root.contains(parent) || !root.at(parent).is_object()) root[parent] = Json::object();
  root[pointer] = json_of(value);
}

}  // namespace

QByteArray edited(const QByteArray& text, const QList<Edit>& edits) {
  Json root = parsed(text);
  if (!root.is_object()) return text;
  for (const Edit& e : edits) set(root, e.pointer, e.value);
  return QByteArray::fromStdString(root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

QVariant value_at(const QByteArray& text, const QString& where) {
  const Json root = parsed(text);
  const Pointer pointer(where.toStdString());
  return root.is_object() && root.contains(pointer) ? variant_of(root.at(pointer)) : QVariant();
}

bool is_object(const QByteArray& text) { return parsed(text).is_object(); }

std::optional<QByteArray> object_at(const QByteArray& text, const QString& where) {
  const Json root = parsed(text);
  const Pointer pointer(where.toStdString());
  if (!root.is_object() || !root.contains(pointer) || !root.at(pointer).is_object()) return std::nullopt;
  return QByteArray::fromStdString(root.at(pointer).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace sextant::gui
