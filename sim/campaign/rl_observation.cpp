// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/rl_observation.hpp"

#include <cmath>

#include "sim/campaign/campaign_shapes.hpp"

namespace sextant::sim {

namespace {

struct StatedObservation {
  RlObservation row;
  RunPart run;
  StatedRl rl;
};

}  // namespace

}  // namespace sextant::sim

namespace sextant::json {

template <>
struct ShapeOf<sim::StatedObservation> {
  static const Shape<sim::StatedObservation>& get() {
    using O = sim::StatedObservation;
    static const Shape<O> shape =
        Shape<O>("observation of an RL step")
            .required(
                "id", [](auto& v) -> auto& { return v.row.id; }, "unique name")
            .required("run", &O::run, "keys of a run: how the policy is trained, on the GPUs that train")
            .required("rl", &O::rl, "one round")
            .required(
                "step_time_s", [](auto& v) -> auto& { return v.row.step_time_s; }, "of the round", positive())
            .optional(
                "notes", [](auto& v) -> auto& { return v.row.notes; }, "remarks")
            .required(
                "source", [](auto& v) -> auto& { return v.row.source; }, "where it was published");
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::sim {

bool RlRow::inside() const {
  return std::abs(std::log(predicted.total.value() / observation.step_time_s)) <= predicted.half_width;
}

std::vector<RlObservation> read_rl_observations(std::string_view text, const std::string& file,
                                                const Catalogue& catalogue, Diagnostics& faults) {
  std::vector<RlObservation> out;
  const auto root = json::parse(text, file, faults);
  if (!root) return out;
  const json::Cursor at(*root, file, faults);
  if (root->type != json::Type::array) {
    at.expected("an array of observed RL steps");
    return out;
  }
  for (std::size_t i = 0; i < root->items.size(); ++i) {
    const json::Cursor item = at.item(i);
    StatedObservation stated;
    if (!json::ShapeOf<StatedObservation>::get().read(item, stated)) continue;
    const Samples& samples = stated.rl.work.samples;
    json::Node node = stated.run.node;
    add_batch(node, samples.prompt_tokens + samples.response_tokens, stated.rl.work.minibatch_sequences);
    auto run = run_at(node, file, item.pointer() + "/run", catalogue, faults);
    auto rl = rl_at(std::move(stated.rl), item.member("rl", *item.node().find("rl")), catalogue);
    if (!run || !rl) continue;
    stated.row.run = std::move(*run);
    stated.row.rl = std::move(*rl);
    out.push_back(std::move(stated.row));
  }
  return out;
}

std::vector<RlObservation> list_rl_observations(const Catalogue& catalogue, Diagnostics& faults) {
  std::vector<RlObservation> out;
  for (const std::string& path : catalogue.list(rl_observation_folder)) {
    for (RlObservation& row : read_rl_observations(*catalogue.text(path), path, catalogue, faults)) {
      out.push_back(std::move(row));
    }
  }
  return out;
}

std::vector<RlRow> predict_rl(std::vector<RlObservation> rows, const Calibration& calibration) {
  std::vector<RlRow> out;
  for (RlObservation& row : rows) {
    RlStep step = rl_step(row.run, row.rl, calibration);
    out.push_back({std::move(row), std::move(step)});
  }
  return out;
}

}  // namespace sextant::sim
