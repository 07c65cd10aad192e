// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "base/json/cursor.hpp"
#include "hardware/catalogue.hpp"
#include "models/counts.hpp"
#include "models/observation.hpp"
#include "sim/run/stated_run.hpp"
#include "sim/uncertainty/evidence.hpp"
#include "sim/validation/baseline.hpp"
#include "sim/validation/sets.hpp"

namespace sextant::sim {

namespace {

double doublings(double a, double b) { return a > 0 && b > 0 ? std::abs(std::log2(a / b)) : 0; }

double number_at(const json::Node& object, std::string_view key) {
  const json::Node* node = object.find(key);
  return node != nullptr && node->type == json::Type::number ? node->number : 0;
}

std::string text_at(const json::Node& object, std::string_view key) {
  const json::Node* node = object.find(key);
  return node != nullptr && node->type == json::Type::string ? node->string : std::string();
}

/// Reads what a distance needs from a row as written: building all runs would take longer than everything else. A row
/// that states no parameter count is taken as a GPT of its layers and width.
class RowReader {
 public:
  explicit RowReader(const Catalogue& catalogue) : catalogue_(catalogue) {}

  std::optional<Likeness> read(const models::Observation& o) {
    const json::Node* model = o.run.find("model");
    const json::Node* cluster = o.run.find("cluster");
    if (model == nullptr || cluster == nullptr || cluster->type != json::Type::object) return std::nullopt;
    constexpr double billion = 1e9;
    Likeness l;
    const double gpt = 12 * number_at(*model, "layers") * std::pow(number_at(*model, "hidden"), 2);
    l.active_parameters = number_at(*model, "params_active_b") * billion;
    if (!(l.active_parameters > 0)) l.active_parameters = gpt;
    l.total_parameters = std::max(number_at(*model, "params_total_b") * billion, l.active_parameters);
    l.experts = number_at(*model, "experts") > 0;
    l.model = text_at(*model, "name");
    const hardware::Accelerator* gpu = gpu_of(text_at(*cluster, "gpu"));
    if (gpu == nullptr || !(l.active_parameters > 0)) return std::nullopt;
    l.gpu = gpu->id;
    l.architecture = gpu->architecture;
    l.gpus = static_cast<int>(number_at(*cluster, "gpus"));
    const std::string precision = text_at(o.run, "precision");
    for (const auto& [name, value] : precision_names) {
      if (name == precision) l.bits = bits_of(value);
    }
    return l;
  }

 private:
  const hardware::Accelerator* gpu_of(const std::string& id) {
    auto [at, added] = gpus_.try_emplace(id);
    Diagnostics unknown;
    if (added) at->second = hardware::find_accelerator(catalogue_, id, unknown);
    return at->second ? &*at->second : nullptr;
  }

  const Catalogue& catalogue_;
  std::map<std::string, std::optional<hardware::Accelerator>> gpus_;
};

struct Row {
  const models::Observation* observation = nullptr;
  Likeness likeness;
  double distance = 0;
};

std::optional<Neighbour> neighbour(const Row& row, const Catalogue& catalogue, Diagnostics& faults) {
  const models::Observation& o = *row.observation;
  const auto stated = read_run(json::Cursor(o.run, o.file, faults), catalogue);
  if (!stated) return std::nullopt;
  const auto run = complete(*stated, catalogue, faults, {o.file, o.line, "/run", "", ""});
  if (!run) return std::nullopt;
  const double tokens = static_cast<double>(run->batch.global_sequences) * run->batch.seq_len;
  return Neighbour{o.id, row.distance, tokens / o.step_time_s / run->cluster.gpus,
                   time_at_peak(*run).value() / o.step_time_s, o.publisher};
}

}  // namespace

Likeness likeness_of(const Run& run) {
  const models::ParameterCounts counts = models::parameter_counts(run.model);
  return {counts.active,    counts.total,          run.model.has_experts(),
          run.model.name,   run.cluster.gpu.id,    run.cluster.gpu.architecture,
          run.cluster.gpus, bits_of(run.precision)};
}

double distance(const Likeness& a, const Likeness& b) {
  double d = doublings(a.active_parameters, b.active_parameters) +
             0.5 * doublings(a.total_parameters, b.total_parameters) + 0.25 * doublings(a.gpus, b.gpus);
  if (a.experts != b.experts) d += 2;
  if (a.architecture != b.architecture) {
    d += 1;
  } else if (a.gpu != b.gpu) {
    d += 0.25;
  }
  if (a.bits != b.bits) d += 0.5;
  return d;
}

std::vector<Neighbour> nearest_measured(const Likeness& to, const Catalogue& catalogue, std::size_t count,
                                        Diagnostics& faults) {
  std::vector<models::Observation> all;
  for (const ObservationSet& set : observation_sets(catalogue)) {
    for (models::Observation& o : load(catalogue, set, faults)) all.push_back(std::move(o));
  }
  RowReader reader(catalogue);
  std::vector<Row> rows;
  for (const models::Observation& o : all) {
    if (auto likeness = reader.read(o)) rows.push_back({&o, *likeness, distance(to, *likeness)});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.distance < b.distance; });
  std::set<std::tuple<std::string, std::string, int>> seen;
  std::vector<Neighbour> nearest;
  for (const Row& row : rows) {
    if (nearest.size() == count) break;
    if (!seen.insert({row.likeness.model, row.likeness.gpu, row.likeness.bits}).second) continue;
    if (auto n = neighbour(row, catalogue, faults)) nearest.push_back(std::move(*n));
  }
  return nearest;
}

}  // namespace sextant::sim
