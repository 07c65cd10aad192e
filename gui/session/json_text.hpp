// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of JSON texts by pointer, as a run file is edited: everything else stays as it is, in its order.
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QVariant>
#include <optional>

namespace sextant::gui {

/// One change. An invalid value removes the key; objects and lists are QVariantMap and QVariantList.
struct Edit {
  QString pointer;
  QVariant value;
};

/// The text with the changes; the same text where it is no JSON object.
[[nodiscard]] QByteArray edited(const QByteArray& text, const QList<Edit>& edits);

/// The value at a pointer; invalid where there is none.
[[nodiscard]] QVariant value_at(const QByteArray& text, const QString& pointer);

/// Whether it is a JSON object at all.
[[nodiscard]] bool is_object(const QByteArray& text);

/// The object at a pointer as a text of its own; nothing where there is none.
[[nodiscard]] std::optional<QByteArray> object_at(const QByteArray& text, const QString& pointer);

}  // namespace sextant::gui
