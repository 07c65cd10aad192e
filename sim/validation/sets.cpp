// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/sets.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace sextant::sim {

namespace {

constexpr std::string_view folder = "models/data/observations/";
constexpr std::string_view suffix = ".json";

struct Row {
  std::string_view name;
  std::string_view title;
  bool fitted;
};

constexpr std::array<Row, 4> table{{
    {"fit", "published training speeds on A100 and H100", true},
    {"fit-a100-small", "small GPT models on 1 to 8 A100 (vTrain)", true},
    {"check", "a published MoE step on 2,048 H800, held back", false},
    {"blackwell", "B200, B300, GB200 and GB300, from specifications", false},
}};

ObservationSet set_of(const std::string& path) {
  const std::string name = path.substr(folder.size(), path.size() - folder.size() - suffix.size());
  for (const Row& row : table) {
    if (row.name == name) return {path, name, std::string(row.title), row.fitted};
  }
  return {path, name, name, false};
}

}  // namespace

std::vector<ObservationSet> observation_sets(const Catalogue& catalogue) {
  std::vector<ObservationSet> sets;
  for (const std::string& path : catalogue.list(folder, suffix)) sets.push_back(set_of(path));
  std::stable_sort(sets.begin(), sets.end(), [](const auto& a, const auto& b) { return a.fitted > b.fitted; });
  return sets;
}

std::vector<models::Observation> load(const Catalogue& catalogue, const ObservationSet& set, Diagnostics& faults) {
  const auto text = catalogue.text(set.path);
  return text ? models::read_observations(*text, set.path, faults) : std::vector<models::Observation>{};
}

std::vector<models::Observation> fitted_observations(const Catalogue& catalogue, Diagnostics& faults) {
  std::vector<models::Observation> all;
  for (const ObservationSet& set : observation_sets(catalogue)) {
    if (!set.fitted) continue;
    std::vector<models::Observation> rows = load(catalogue, set, faults);
    std::move(rows.begin(), rows.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace sextant::sim
