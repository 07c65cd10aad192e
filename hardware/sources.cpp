// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "hardware/shapes.hpp"

namespace sextant::hardware {

namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) out.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

bool contains(std::span<const std::string_view> list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

bool read_sources(const json::Cursor& at, std::map<std::string, Source>& sources) {
  if (at.node().type != json::Type::object) return at.expected("an object of sources by key");
  bool good = true;
  for (const json::Member& m : at.node().members) {
    const json::Cursor entry = at.member(m.key, m.value);
    Source source;
    if (!json::Value<Source>::read(entry, {}, source)) {
      good = false;
      continue;
    }
    if (m.key.empty()) sources[""] = source;
    for (const std::string& key : words(m.key)) sources[key] = source;
  }
  return good;
}

bool read_default_source(const json::Cursor& at, std::map<std::string, Source>& sources) {
  return json::Value<Source>::read(at, {}, sources[""]);
}

json::Json write_sources(const std::map<std::string, Source>& sources) {
  json::Json out = json::Json::object();
  for (const auto& [key, source] : sources) {
    if (!key.empty()) out[key] = json::ShapeOf<Source>::get().write(source);
  }
  return out.empty() ? json::Json(nullptr) : out;
}

json::Json write_default_source(const std::map<std::string, Source>& sources) {
  const auto found = sources.find("");
  return found == sources.end() ? json::Json(nullptr) : json::ShapeOf<Source>::get().write(found->second);
}

json::Json describe_sources() {
  return {{"type", "object"}, {"additionalProperties", json::ShapeOf<Source>::get().schema()}};
}

bool check_sources(const json::Cursor& at, const std::map<std::string, Source>& sources,
                   std::span<const std::string_view> sourceless) {
  bool good = true;
  std::vector<std::string_view> figures;
  for (const json::Member& m : at.node().members) {
    if (!contains(sourceless, m.key) && m.value.type != json::Type::null) figures.push_back(m.key);
  }
  const bool has_default = sources.count("") > 0;
  for (const std::string_view key : figures) {
    if (has_default || sources.count(std::string(key)) > 0) continue;
    at.fault_at(key, "has no source", "name it in \"sources\" or give a \"default_source\"");
    good = false;
  }
  for (const auto& [key, source] : sources) {
    if (key.empty() || contains(figures, key)) continue;
    at.fault_at("sources", "a source for \"" + key + "\", which is no figure of this file", did_you_mean(key, figures));
    good = false;
  }
  return good;
}

}  // namespace sextant::hardware
