// SPDX-License-Identifier: Apache-2.0
#include "models/catalogue.hpp"

#include <algorithm>
#include <filesystem>

#include "models/hf/read.hpp"
#include "models/native_shape.hpp"

namespace sextant::models {

namespace {

namespace fs = std::filesystem;

std::string stem(const std::string& path) { return fs::path(path).stem().string(); }

/// Names a configuration that stands in a folder of its own by that folder.
std::string name_of_file(const std::string& path) {
  const std::string name = stem(path);
  return name == "config" ? fs::path(path).parent_path().filename().string() : name;
}

std::optional<json::Node> parse_lenient(std::string_view text, const std::string& file, Diagnostics& faults) {
  return json::parse(text, file, faults, {.non_finite_as_null = true, .allow_duplicate_keys = true});
}

/// Other people's files may repeat keys and hold Infinity; ours may not.
std::optional<Model> read_text(std::string_view text, const std::string& file, Diagnostics& faults) {
  const std::optional<json::Node> lenient = parse_lenient(text, file, faults);
  if (!lenient) return std::nullopt;
  if (hf::is_config(*lenient)) {
    return hf::read_config(json::Cursor(*lenient, file, faults), name_of_file(file));
  }
  const std::optional<json::Node> strict = json::parse(text, file, faults);
  if (!strict) return std::nullopt;
  return read_native_model(json::Cursor(*strict, file, faults));
}

ModelEntry entry_of(const std::string& path, const json::Node& node) {
  ModelEntry e;
  e.path = path;
  e.id = stem(path);
  const auto text = [&](std::string_view key) {
    const json::Node* value = node.find(key);
    return value != nullptr && value->type == json::Type::string ? value->string : std::string{};
  };
  if (!hf::is_config(node)) {
    if (const std::string name = text("name"); !name.empty()) e.id = name;
    e.title = text("title");
    e.hf_id = text("hf_id");
  }
  if (const json::Node* aliases = node.find("aliases"); aliases != nullptr) {
    for (const json::Node& alias : aliases->items) e.aliases.push_back(alias.string);
  }
  return e;
}

bool answers_to(const ModelEntry& e, const std::string& folded) {
  if (folded_id(e.id) == folded || (!e.hf_id.empty() && folded_id(e.hf_id) == folded)) return true;
  if (const std::size_t slash = e.hf_id.find('/'); slash != std::string::npos) {
    if (folded_id(std::string_view(e.hf_id).substr(slash + 1)) == folded) return true;
  }
  return std::any_of(e.aliases.begin(), e.aliases.end(), [&](const std::string& a) { return folded_id(a) == folded; });
}

std::optional<Model> read_path(const std::string& path, Diagnostics& faults) {
  const std::optional<std::string> text = read_text_file(path, faults);
  return text ? read_text(*text, path, faults) : std::nullopt;
}

std::string hint_for(const Catalogue& catalogue, std::string_view id) {
  Diagnostics ignored;
  const std::vector<ModelEntry> entries = list_models(catalogue, ignored);
  std::vector<std::string_view> ids;
  for (const ModelEntry& e : entries) {
    ids.push_back(e.id);
    for (const std::string& alias : e.aliases) ids.push_back(alias);
  }
  std::string hint = did_you_mean(id, ids);
  return hint.empty() ? "sextant list models shows those there are" : hint;
}

std::string no_model(std::string_view id) { return "no model \"" + std::string(id.substr(0, 80)) + "\" is known"; }

/// A native object that leaves its structure to the catalogue's model of the same name, and may change keys of it.
std::optional<Model> read_over_catalogue(const Catalogue& catalogue, const json::Cursor& at,
                                         const StatedModel& stated) {
  std::string path = find_model_path(catalogue, stated.name);
  if (path.empty() && !stated.hf_id.empty()) path = find_model_path(catalogue, stated.hf_id);
  if (path.empty()) return model_from(stated, at);  // reports what is missing
  Diagnostics faults;
  const std::optional<json::Node> node = json::parse(*catalogue.text(path), path, faults);
  if (!node || hf::is_config(*node)) return find_model(catalogue, stated.name, at.faults());
  std::optional<StatedModel> whole = read_stated_model(json::Cursor(*node, path, faults));
  if (!whole || !json::ShapeOf<StatedModel>::get().read_over(at, *whole)) return std::nullopt;
  return model_from(*whole, at);
}

/// Biases, sinks and norms inside a layer that a run which writes the model's widths out rarely repeats: where it names
/// the repository of a model of the catalogue, that model's count.
StatedModel with_details_of(const Catalogue& catalogue, const json::Cursor& at, StatedModel stated) {
  const auto text = catalogue.text(std::string(model_folder) + stated.name + ".json");
  if (stated.hf_id.empty() || !text) return stated;
  Diagnostics faults;
  const std::optional<json::Node> node = json::parse(*text, stated.name, faults);
  if (!node || hf::is_config(*node)) return stated;
  const std::optional<StatedModel> known = read_stated_model(json::Cursor(*node, stated.name, faults));
  if (!known || folded_id(known->hf_id) != folded_id(stated.hf_id)) return stated;
  StatedModel detailed;
  detailed.qkv_bias = known->qkv_bias;
  detailed.output_bias = known->output_bias;
  detailed.mlp_bias = known->mlp_bias;
  detailed.qk_norm = known->qk_norm;
  detailed.attention_sinks = known->attention_sinks;
  detailed.output_gate = known->output_gate;
  detailed.shared_expert_gate = known->shared_expert_gate;
  detailed.router_bias = known->router_bias;
  return json::ShapeOf<StatedModel>::get().read_over(at, detailed) ? detailed : stated;
}

}  // namespace

std::vector<ModelEntry> list_models(const Catalogue& catalogue, Diagnostics& faults) {
  std::vector<ModelEntry> entries;
  for (const std::string& path : catalogue.list(model_folder)) {
    if (const auto node = parse_lenient(*catalogue.text(path), path, faults)) entries.push_back(entry_of(path, *node));
  }
  return entries;
}

std::string find_model_path(const Catalogue& catalogue, std::string_view id) {
  const std::string folded = folded_id(id);
  if (folded.empty()) return {};
  const std::vector<std::string> paths = catalogue.list(model_folder);
  for (const std::string& path : paths) {
    if (folded_id(stem(path)) == folded) return path;
  }
  Diagnostics ignored;
  for (const ModelEntry& e : list_models(catalogue, ignored)) {
    if (answers_to(e, folded)) return e.path;
  }
  return {};
}

std::optional<Model> find_model(const Catalogue& catalogue, std::string_view id, Diagnostics& faults) {
  const std::string path = find_model_path(catalogue, id);
  if (path.empty()) {
    faults.add({"command line", 0, "", no_model(id), hint_for(catalogue, id)});
    return std::nullopt;
  }
  return read_text(*catalogue.text(path), path, faults);
}

std::optional<Model> load_model(const Catalogue& catalogue, const std::string& id_or_path, Diagnostics& faults) {
  std::error_code error;
  if (fs::is_regular_file(id_or_path, error)) return read_path(id_or_path, faults);
  if (fs::is_directory(id_or_path, error) && fs::is_regular_file(fs::path(id_or_path) / "config.json", error)) {
    return read_path((fs::path(id_or_path) / "config.json").string(), faults);
  }
  const bool looks_like_path = fs::path(id_or_path).extension() == ".json";
  if (looks_like_path && find_model_path(catalogue, id_or_path).empty()) {
    faults.add({id_or_path, 0, "", "no such file", ""});
    return std::nullopt;
  }
  return find_model(catalogue, id_or_path, faults);
}

std::optional<Model> read_model(const Catalogue& catalogue, const json::Cursor& at, const std::string& folder) {
  const json::Node& node = at.node();
  if (node.type == json::Type::string) {
    const std::string path = find_model_path(catalogue, node.string);
    if (path.empty()) {
      at.fault(no_model(node.string), hint_for(catalogue, node.string));
      return std::nullopt;
    }
    return read_text(*catalogue.text(path), path, at.faults());
  }
  if (node.type != json::Type::object) {
    at.expected("a model's id, a model object or a Hugging Face configuration");
    return std::nullopt;
  }
  if (const json::Node* config = node.find("hf_config"); config != nullptr) {
    constexpr std::string_view known[] = {"hf_config"};
    if (!json::refuse_unknown_keys(at, known)) return std::nullopt;
    if (config->type == json::Type::object) {
      return hf::read_config(at.member("hf_config", *config), "unnamed");
    }
    if (config->type != json::Type::string) {
      at.member("hf_config", *config).expected("the path of a config.json");
      return std::nullopt;
    }
    const fs::path path =
        fs::path(config->string).is_absolute() ? fs::path(config->string) : folder / fs::path(config->string);
    return read_path(path.string(), at.faults());
  }
  if (hf::is_config(node)) return hf::read_config(at, "unnamed");
  const std::optional<StatedModel> stated = read_stated_model(at);
  if (!stated) return std::nullopt;
  if (!states_structure(*stated)) return read_over_catalogue(catalogue, at, *stated);
  return model_from(with_details_of(catalogue, at, *stated), at);
}

std::optional<Model> resolve_stated(const Catalogue& catalogue, const StatedModel& stated) {
  Diagnostics ignored;
  if (states_structure(stated)) {
    const json::Node nowhere;
    const std::string file = stated.name;
    return model_from(stated, json::Cursor(nowhere, file, ignored));
  }
  std::string path = find_model_path(catalogue, stated.name);
  if (path.empty() && !stated.hf_id.empty()) path = find_model_path(catalogue, stated.hf_id);
  return path.empty() ? std::nullopt : read_text(*catalogue.text(path), path, ignored);
}

}  // namespace sextant::models
