// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <filesystem>

#include "hardware/schema.hpp"
#include "models/catalogue.hpp"
#include "models/schemas.hpp"
#include "sim/run/goal.hpp"
#include "sim/run/schema.hpp"
#include "sim/run/shapes.hpp"
#include "sim/run/stated_run.hpp"

namespace sextant::json {

template <>
struct ShapeOf<sim::StatedParallelism> {
  static const Shape<sim::StatedParallelism>& get() {
    using P = sim::StatedParallelism;
    static const Shape<P> shape =
        Shape<P>("parallelism")
            .optional("tp", &P::tp, "tensor parallel ranks", between(1, 1024))
            .optional("pp", &P::pp, "pipeline stages", between(1, 1024))
            .optional("vp", &P::vp, "model chunks a device holds (interleaving)", between(1, 1024))
            .optional("cp", &P::cp, "context parallel ranks", between(1, 1024))
            .optional("ep", &P::ep, "expert parallel ranks", between(1, 4096))
            .optional("etp", &P::etp, "tensor parallel ranks of the experts", between(1, 1024))
            .optional("dp", &P::dp, "data parallel ranks; absent: what the GPUs leave", between(1, 1 << 20))
            .optional("sequence_parallel", &P::sequence_parallel, "norms and residuals split over tp")
            .optional("sharding", &P::sharding, "what data-parallel ranks split")
            .optional("sharding_group", &P::sharding_group, "ranks of one shard group", between(1, 1 << 20))
            .optional("schedule", &P::schedule, "pipeline schedule");
    return shape;
  }
};

template <>
struct ShapeOf<sim::StatedBatch> {
  static const Shape<sim::StatedBatch>& get() {
    using B = sim::StatedBatch;
    static const Shape<B> shape =
        Shape<B>("batch")
            .required("seq_len", &B::seq_len, "tokens of a sequence", between(1, 1 << 26))
            .required("global_sequences", &B::global_sequences, "sequences of a step", between(1, 1 << 28))
            .optional("micro_sequences", &B::micro_sequences, "sequences of a micro-batch", between(1, 1 << 20));
    return shape;
  }
};

template <>
struct ShapeOf<sim::StatedRecompute> {
  static const Shape<sim::StatedRecompute>& get() {
    using R = sim::StatedRecompute;
    static const Shape<R> shape =
        Shape<R>("recompute")
            .required("mode", &R::mode, "none, selective, full or block")
            .optional("modules", &R::modules, "what selective recompute redoes")
            .optional("layers", &R::layers, "layers a stage redoes in block mode", between(1, 4096));
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::sim {

namespace {

// "name", "title", "source" and "notes" are for people.
constexpr std::array<std::string_view, 17> keys{
    "format",   "model", "cluster",       "stack", "precision", "parallelism", "batch", "recompute", "routing",
    "features", "task",  "software_date", "name",  "title",     "source",      "notes", "goal"};

json::Json with_doc(json::Json described, std::string_view doc) {
  described["description"] = std::string(doc);
  return described;
}

template <class T>
json::Json describe(std::string_view doc) {
  return with_doc(json::Value<T>::describe({}), doc);
}

/// Reads an optional member into `out`; false on a fault.
template <class T>
bool member(const json::Cursor& at, std::string_view key, T& out) {
  const json::Node* node = at.node().find(key);
  return node == nullptr || json::Value<T>::read(at.member(key, *node), {}, out);
}

bool check_format(const json::Cursor& at) {
  const json::Node* node = at.node().find("format");
  if (node == nullptr) return true;
  if (node->type == json::Type::string && node->string == "sextant/run/1") return true;
  return at.member("format", *node).expected("\"sextant/run/1\"");
}

/// "YYYY-MM", because the dates of stacks are compared as texts.
bool check_date(const json::Cursor& at, const std::string& date) {
  const auto digit = [&date](std::size_t i) { return date[i] >= '0' && date[i] <= '9'; };
  const bool shaped =
      date.size() == 7 && date[4] == '-' && digit(0) && digit(1) && digit(2) && digit(3) && digit(5) && digit(6);
  if (date.empty() || (shaped && date.substr(5) >= "01" && date.substr(5) <= "12")) return true;
  return at.member("software_date", *at.node().find("software_date")).expected("a month such as \"2024-11\"");
}

bool read_model_and_cluster(const json::Cursor& at, const Catalogue& catalogue, StatedRun& run) {
  bool good = true;
  if (const json::Node* node = at.node().find("model")) {
    const std::string folder = std::filesystem::path(at.file()).parent_path().string();
    run.model = models::read_model(catalogue, at.member("model", *node), folder);
    good = run.model.has_value();
  } else {
    at.fault("the key \"model\" is missing: a catalogue id, a model object or {\"hf_config\": path}");
    good = false;
  }
  if (const json::Node* node = at.node().find("cluster")) {
    run.cluster = hardware::read_cluster(at.member("cluster", *node), catalogue);
    good = run.cluster.has_value() && good;
  } else {
    at.fault("the key \"cluster\" is missing: a catalogue id or {\"gpu\", \"gpus\"}");
    good = false;
  }
  return good;
}

}  // namespace

std::optional<StatedRun> read_run(const json::Cursor& at, const Catalogue& catalogue) {
  if (at.node().type != json::Type::object) {
    at.expected("a run: an object with model, cluster, parallelism and batch");
    return std::nullopt;
  }
  StatedRun run;
  bool good = check_format(at);
  good = json::refuse_unknown_keys(at, keys) && good;
  good = read_model_and_cluster(at, catalogue, run) && good;
  run.stack_stated = at.node().find("stack") != nullptr;
  good = member(at, "stack", run.stack) && good;
  good = member(at, "precision", run.precision) && good;
  good = member(at, "parallelism", run.parallelism) && good;
  if (at.node().find("batch") == nullptr) {
    at.fault("the key \"batch\" is missing: {\"seq_len\", \"global_sequences\"}");
    good = false;
  }
  good = member(at, "batch", run.batch) && good;
  good = member(at, "recompute", run.recompute) && good;
  good = member(at, "routing", run.routing) && good;
  good = member(at, "features", run.features) && good;
  good = member(at, "task", run.task) && good;
  good = member(at, "software_date", run.software_date) && check_date(at, run.software_date) && good;
  if (const json::Node* node = at.node().find("goal")) good = read_goal(at.member("goal", *node)).has_value() && good;
  if (!good) return std::nullopt;
  return run;
}

json::Json run_schema() {
  const json::Json string = {{"type", "string"}};
  json::Json p;
  p["format"] = {{"const", "sextant/run/1"}};
  p["model"] = with_doc({{"oneOf", {string, models::model_schema(), {{"type", "object"}}}}},
                        "a catalogue id, a model, {\"hf_config\": path} or a Hugging Face configuration");
  p["cluster"] = with_doc({{"oneOf", {string, hardware::cluster_schema()}}}, "a catalogue id or a cluster");
  p["stack"] = with_doc(string, "training software: an id of `sextant list stacks`");
  p["precision"] = describe<Precision>("of the matrix products");
  p["parallelism"] = describe<StatedParallelism>("degrees and schedule");
  p["batch"] = describe<StatedBatch>("of one step");
  p["recompute"] = describe<StatedRecompute>("what the backward pass computes again");
  p["routing"] = describe<Routing>("how tokens find experts");
  p["features"] = describe<std::vector<std::string>>("words for what the run switches on");
  p["task"] = describe<Task>("what is trained");
  p["software_date"] = with_doc({{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}$"}}, "of the training software");
  p["goal"] = with_doc(goal_schema(), "what the run is for; a step does not depend on it");
  for (const char* key : {"name", "title", "source", "notes"}) p[key] = {{"description", "for people"}};
  return {{"title", "run"},
          {"type", "object"},
          {"properties", p},
          {"required", {"model", "cluster", "batch"}},
          {"additionalProperties", false}};
}

}  // namespace sextant::sim
