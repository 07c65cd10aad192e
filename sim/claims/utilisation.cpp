// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/utilisation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "hardware/catalogue.hpp"
#include "models/observation.hpp"
#include "sim/claims/physics.hpp"
#include "sim/validation/sets.hpp"

namespace sextant::sim {

namespace {

const json::Node* at(const json::Node& object, std::string_view key) {
  return object.type == json::Type::object ? object.find(key) : nullptr;
}

double number_at(const json::Node& object, std::string_view key) {
  const json::Node* node = at(object, key);
  return node != nullptr && node->type == json::Type::number ? node->number : 0;
}

/// Share of the peak of one row as written, 0 where it does not say enough. Rows on fewer than two nodes are no
/// campaign.
double share_of(const models::Observation& o, const hardware::Accelerator& gpu) {
  constexpr double billion = 1e9;
  const json::Node* model = at(o.run, "model");
  const json::Node* batch = at(o.run, "batch");
  const json::Node* cluster = at(o.run, "cluster");
  if (model == nullptr || batch == nullptr || cluster == nullptr) return 0;
  const double tokens = number_at(*batch, "seq_len") * number_at(*batch, "global_sequences");
  const double gpus = number_at(*cluster, "gpus");
  constexpr double two_nodes = 16;
  if (gpus < two_nodes || !(o.step_time_s > 0)) return 0;
  const double flops = 6 * number_at(*model, "params_active_b") * billion * tokens;
  return flops / (o.step_time_s * gpus * sixteen_bit_peak(gpu).value());
}

bool has_experts(const models::Observation& o) {
  const json::Node* model = at(o.run, "model");
  return model != nullptr && number_at(*model, "experts") > 0;
}

double quantile(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// Shares of the architecture's rows, with what kind of model each is.
std::vector<std::pair<double, bool>> shares_of(hardware::Architecture architecture, const Catalogue& catalogue,
                                               Diagnostics& faults) {
  std::map<std::string, std::optional<hardware::Accelerator>> gpus;
  std::vector<std::pair<double, bool>> shares;
  for (const ObservationSet& set : observation_sets(catalogue)) {
    for (const models::Observation& o : load(catalogue, set, faults)) {
      const json::Node* cluster = at(o.run, "cluster");
      const json::Node* id = cluster != nullptr ? at(*cluster, "gpu") : nullptr;
      if (id == nullptr) continue;
      auto [found, added] = gpus.try_emplace(id->string);
      Diagnostics unknown;
      if (added) found->second = hardware::find_accelerator(catalogue, id->string, unknown);
      if (!found->second || found->second->architecture != architecture) continue;
      if (const double share = share_of(o, *found->second); share > 0) shares.emplace_back(share, has_experts(o));
    }
  }
  return shares;
}

}  // namespace

std::optional<Utilisation> measured_utilisation(hardware::Architecture architecture, bool experts,
                                                const Catalogue& catalogue, Diagnostics& faults) {
  constexpr std::size_t fewest = 10;
  const auto all = shares_of(architecture, catalogue, faults);
  for (const bool of_its_kind : {true, false}) {
    std::vector<double> shares;
    for (const auto& [share, kind] : all) {
      if (!of_its_kind || kind == experts) shares.push_back(share);
    }
    if (shares.size() < fewest) continue;
    std::sort(shares.begin(), shares.end());
    return Utilisation{{quantile(shares, 0.025), quantile(shares, 0.5), quantile(shares, 0.975)},
                       static_cast<int>(shares.size()),
                       of_its_kind};
  }
  return std::nullopt;
}

}  // namespace sextant::sim
