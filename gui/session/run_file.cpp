// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/run_file.hpp"

#include <QFileInfo>

#include "base/catalogue.hpp"
#include "base/json/cursor.hpp"
#include "base/json/node.hpp"
#include "gui/session/json_text.hpp"
#include "models/hf/read.hpp"

namespace sextant::gui {

namespace {

bool has(const json::Node& node, std::string_view key) { return node.find(key) != nullptr; }

std::string format_of(const json::Node& node) {
  const json::Node* format = node.find("format");
  return format != nullptr && format->type == json::Type::string ? format->string : std::string();
}

Opened::Kind kind_of(const json::Node& node) {
  if (node.type != json::Type::object) return Opened::Kind::nothing;
  const std::string format = format_of(node);
  if (format == "sextant/profile/1") return Opened::Kind::profile;
  if (format == "sextant/model/1" || models::hf::is_config(node)) return Opened::Kind::model;
  if (format == "sextant/campaign/1" || has(node, "stages")) return Opened::Kind::campaign;
  if (format == "sextant/claim/1" || has(node, "claimed")) return Opened::Kind::claim;
  if (format == "sextant/run/1" || has(node, "cluster") || has(node, "batch") || has(node, "run")) {
    return Opened::Kind::run;
  }
  return has(node, "layers") || has(node, "hidden") ? Opened::Kind::model : Opened::Kind::nothing;
}

/// "v3.sextant.json" -> "v3"
QString plain_name(const QString& path) {
  QString name = QFileInfo(path).fileName();
  for (const char* ending : {".json", ".sextant"}) {
    if (name.endsWith(QLatin1String(ending))) name.chop(static_cast<int>(qstrlen(ending)));
  }
  return name;
}

}  // namespace

Opened open_file(const QString& path) {
  Opened out;
  out.name = plain_name(path);
  const std::string file = path.toStdString();
  const auto text = read_text_file(file, out.faults);
  if (!text) return out;
  // Other people's configurations hold NaN and repeat keys; the readers of our own files refuse those later.
  const auto node = json::parse(*text, file, out.faults, {.non_finite_as_null = true, .allow_duplicate_keys = true});
  if (!node) return out;
  out.kind = kind_of(*node);
  out.text = QByteArray::fromStdString(*text);
  if (out.kind == Opened::Kind::profile) {
    auto profile = hardware::read_kernel_profile(json::Cursor(*node, file, out.faults));
    if (profile && out.faults.empty()) {
      out.profile = std::make_shared<const hardware::KernelProfile>(std::move(*profile));
    } else {
      out.kind = Opened::Kind::nothing;
    }
    return out;
  }
  if (out.kind == Opened::Kind::nothing) {
    out.faults.add({file, 1, "", "is neither a run, nor a model, a campaign, a claim or a kernel profile",
                    "a run has \"model\", \"cluster\" and \"batch\""});
  } else if (out.kind == Opened::Kind::run && !has(*node, "model") && has(*node, "run")) {
    out.text = object_at(out.text, QStringLiteral("/run")).value_or(out.text);
  }
  return out;
}

}  // namespace sextant::gui
