// SPDX-License-Identifier: Apache-2.0
#include "sim/run/field_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "hardware/schema.hpp"
#include "models/catalogue.hpp"

namespace sextant::sim {

namespace {

json::Node object_node(int line = 0) {
  json::Node n;
  n.type = json::Type::object;
  n.line = line;
  return n;
}

/// The member of an object, added where it is missing; an absent or null object becomes one.
json::Node& member(json::Node& object, std::string_view key) {
  if (object.type == json::Type::null) object.type = json::Type::object;
  for (json::Member& m : object.members) {
    if (m.key == key) return m.value;
  }
  object.members.push_back({std::string(key), object.line, {}});
  return object.members.back().value;
}

/// Where a value goes; nullptr and a fault where the way leads through something that is no object.
json::Node* place_of(json::Node& root, const std::string& pointer, Diagnostics& faults) {
  json::Node* node = &root;
  std::string_view rest = pointer;
  while (!rest.empty()) {
    if (node->type != json::Type::object && node->type != json::Type::null) {
      const std::string above = pointer.substr(0, pointer.size() - rest.size());
      faults.add(
          {"command line", 0, pointer, fmt::format("{} is no object but {}", above, json::name(node->type)), ""});
      return nullptr;
    }
    rest.remove_prefix(1);
    const std::size_t slash = rest.find('/');
    node = &member(*node, rest.substr(0, slash));
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
  }
  return node;
}

bool any_below(std::span<const FieldValue> values, std::string_view folder) {
  return std::any_of(values.begin(), values.end(),
                     [folder](const FieldValue& v) { return v.pointer.rfind(folder, 0) == 0; });
}

const FieldValue* find(std::span<const FieldValue> values, std::string_view pointer) {
  const auto at =
      std::find_if(values.begin(), values.end(), [pointer](const FieldValue& v) { return v.pointer == pointer; });
  return at == values.end() ? nullptr : &*at;
}

/// A cluster named by id becomes an object, so that fields of it can change.
void write_out_cluster(json::Node& run, const Catalogue& catalogue, Diagnostics& faults) {
  json::Node& cluster = member(run, "cluster");
  if (cluster.type != json::Type::string) return;
  const auto found = hardware::find_cluster(catalogue, cluster.string, faults);
  Diagnostics none;
  cluster = found ? json::parse(hardware::to_json(*found).dump(), "", none).value_or(object_node()) : object_node();
}

/// A model named by id becomes what its file says.
void write_out_model(json::Node& run, const Catalogue& catalogue) {
  json::Node& model = member(run, "model");
  if (model.type != json::Type::string) return;
  const std::string path = models::find_model_path(catalogue, model.string);
  if (path.empty()) return;  // the reader says which ids there are
  Diagnostics none;
  if (auto text = json::parse(catalogue.text(path).value_or(""), path, none)) model = std::move(*text);
}

void lay_cluster(json::Node& run, std::span<const FieldValue> values, const Catalogue& catalogue,
                 std::vector<std::string>& notes, Diagnostics& faults) {
  if (const FieldValue* whole = find(values, "/cluster")) member(run, "cluster") = whole->value;
  if (!any_below(values, "/cluster/")) return;
  write_out_cluster(run, catalogue, faults);
  json::Node& cluster = member(run, "cluster");
  const FieldValue* gpu = find(values, "/cluster/gpu");
  if (gpu == nullptr || cluster.find("gpu") == nullptr) return;
  const json::Node gpus = cluster.find("gpus") != nullptr ? *cluster.find("gpus") : json::Node{};
  cluster = object_node(cluster.line);
  if (gpus.type != json::Type::null) member(cluster, "gpus") = gpus;
  notes.push_back(
      fmt::format("the nodes and the network are those {} is usually sold in",
                  gpu->value.type == json::Type::string ? gpu->value.string : std::string("the given GPU")));
}

/// A dp that was right for other degrees is wrong for these.
void drop_stale_dp(json::Node& run, std::span<const FieldValue> values, std::vector<std::string>& notes) {
  static constexpr std::array<std::string_view, 5> degrees{"/cluster/gpus", "/cluster", "/parallelism/tp",
                                                           "/parallelism/pp", "/parallelism/cp"};
  const bool changed = std::any_of(degrees.begin(), degrees.end(),
                                   [&](std::string_view pointer) { return find(values, pointer) != nullptr; });
  if (!changed || find(values, "/parallelism/dp") != nullptr || run.find("parallelism") == nullptr) return;
  json::Node& parallelism = member(run, "parallelism");
  if (parallelism.find("dp") == nullptr) return;
  std::erase_if(parallelism.members, [](const json::Member& m) { return m.key == "dp"; });
  notes.emplace_back("dp is what the GPUs leave, because the layout changed");
}

}  // namespace

json::Node string_node(std::string text) {
  json::Node n;
  n.type = json::Type::string;
  n.string = std::move(text);
  return n;
}

json::Node number_node(double value) {
  json::Node n;
  n.type = json::Type::number;
  n.number = value;
  n.integral = std::floor(value) == value;
  return n;
}

void lay_over(json::Node& run, std::span<const FieldValue> values, const Catalogue& catalogue,
              std::vector<std::string>& notes, Diagnostics& faults) {
  drop_stale_dp(run, values, notes);
  lay_cluster(run, values, catalogue, notes, faults);
  if (const FieldValue* whole = find(values, "/model")) member(run, "model") = whole->value;
  if (any_below(values, "/model/")) write_out_model(run, catalogue);
  for (const FieldValue& v : values) {
    if (v.pointer == "/cluster" || v.pointer == "/model") continue;
    if (json::Node* place = place_of(run, v.pointer, faults)) *place = v.value;
  }
}

}  // namespace sextant::sim
