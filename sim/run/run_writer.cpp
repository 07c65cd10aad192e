// SPDX-License-Identifier: Apache-2.0
#include "sim/run/run_writer.hpp"

#include <nlohmann/json.hpp>

#include "hardware/schema.hpp"
#include "sim/run/shapes.hpp"

namespace sextant::sim {

namespace {

using json::Json;

template <class E>
Json name_of(E value) {
  return json::Value<E>::write(value, {});
}

Json parallelism_json(const Run& run) {
  const Parallelism& p = run.parallelism;
  Json out;
  out["tp"] = p.tp;
  out["pp"] = p.pp;
  if (p.vp > 1) out["vp"] = p.vp;
  out["cp"] = p.cp;
  if (run.model.has_experts()) {
    out["ep"] = p.ep;
    out["etp"] = p.etp;
  }
  out["dp"] = p.dp;
  if (p.tp > 1) out["sequence_parallel"] = p.sequence_parallel;
  out["sharding"] = name_of(p.sharding);
  if (p.sharding_group > 0) out["sharding_group"] = p.sharding_group;
  if (p.pp > 1) out["schedule"] = name_of(p.schedule);
  return out;
}

Json recompute_json(const Recompute& r) {
  Json out;
  out["mode"] = name_of(r.mode);
  if (r.mode == RecomputeMode::selective) out["modules"] = json::Value<Modules>::write(r.modules, {});
  if (r.mode == RecomputeMode::block) out["layers"] = r.layers;
  return out;
}

}  // namespace

std::string run_json(const Run& run, const std::string& model, const std::vector<std::string>& features) {
  Json out;
  out["format"] = "sextant/run/1";
  out["model"] = Json::parse(model);
  out["cluster"] = hardware::to_json(run.cluster);
  out["stack"] = run.stack.id;
  out["precision"] = name_of(run.precision);
  out["parallelism"] = parallelism_json(run);
  out["batch"] = {{"seq_len", run.batch.seq_len},
                  {"global_sequences", run.batch.global_sequences},
                  {"micro_sequences", run.batch.micro_sequences}};
  if (!run.recompute.silent) out["recompute"] = recompute_json(run.recompute);
  if (run.routing != Routing::unknown) out["routing"] = name_of(run.routing);
  if (!features.empty()) out["features"] = features;
  if (run.task != Task::pretrain) out["task"] = name_of(run.task);
  out["software_date"] = run.software_date;
  return out.dump();
}

}  // namespace sextant::sim
