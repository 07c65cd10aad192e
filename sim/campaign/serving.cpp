// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/serving.hpp"

#include "base/json/shape.hpp"

namespace sextant::json {

template <>
struct ShapeOf<sim::ServingEngine> {
  static const Shape<sim::ServingEngine>& get() {
    using E = sim::ServingEngine;
    constexpr Range gb_per_s = positive().in_units_of(1e9);
    constexpr Range microseconds = non_negative().in_units_of(1e-6);
    static const Shape<E> shape =
        Shape<E>("serving engine")
            .ignored("format", "sextant/serving/1")
            .required("id", &E::id, "name in campaigns")
            .required("title", &E::title, "name for people")
            .optional("aliases", &E::aliases, "further names")
            .required("hbm_share", &E::hbm_share, "of the peak memory rate in decoding", positive(1))
            .required("gemm_share", &E::gemm_share, "of the dense peak in GEMMs", positive(1))
            .required("step_us", &E::step, "host and scheduler, per decoding step", microseconds)
            .required("layer_us", &E::layer, "small kernels of a layer", microseconds)
            .required("reduction_us", &E::reduction, "an all-reduce inside a node", microseconds)
            .required("exchange_us", &E::exchange_latency, "an expert dispatch or combine over the network",
                      microseconds)
            .required("exchange_gb_per_s", &E::exchange, "expert exchange of a GPU over the network", gb_per_s)
            .required("memory_share", &E::memory_share, "of a GPU that only generates", positive(1))
            .required("memory_share_colocated", &E::memory_share_colocated, "of a GPU that also trains", positive(1))
            .required("most_sequences", &E::most_sequences, "a replica works on at a time", positive())
            .required("refit_gb_per_s", &E::refit, "new weights, colocated", gb_per_s)
            .required("refit_separate_gb_per_s", &E::refit_separate, "new weights over the network", gb_per_s)
            .required("round_us", &E::round, "fixed part of a rollout", microseconds)
            .required("training_slowdown", &E::training_slowdown, "over a pre-training step of the same tokens",
                      positive(10))
            .required("source", &E::source, "where the figures come from");
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::sim {

namespace {

constexpr std::string_view folder = "sim/data/serving/";

std::optional<ServingEngine> load(const Catalogue& catalogue, const std::string& path, Diagnostics& faults) {
  const auto node = json::parse(*catalogue.text(path), path, faults);
  ServingEngine engine;
  if (!node || !json::ShapeOf<ServingEngine>::get().read(json::Cursor(*node, path, faults), engine)) return {};
  return engine;
}

bool answers_to(const ServingEngine& engine, std::string_view id) {
  if (folded_id(engine.id) == folded_id(id)) return true;
  for (const std::string& alias : engine.aliases) {
    if (folded_id(alias) == folded_id(id)) return true;
  }
  return false;
}

}  // namespace

std::optional<ServingEngine> find_serving_engine(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                                 const Diagnostic& place) {
  std::vector<std::string> names;
  for (const std::string& path : catalogue.list(folder)) {
    auto engine = load(catalogue, path, faults);
    if (!engine) continue;
    if (answers_to(*engine, id)) return engine;
    names.push_back(engine->id);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  Diagnostic d = place;
  d.message = "no serving engine \"" + std::string(id.substr(0, 80)) + "\"";
  d.hint = did_you_mean(id, views);
  if (d.hint.empty() && !names.empty()) d.hint = "there is " + names.front();
  faults.add(std::move(d));
  return std::nullopt;
}

}  // namespace sextant::sim
