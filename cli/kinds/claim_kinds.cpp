// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/diagnostic.hpp"
#include "cli/kinds/common.hpp"
#include "models/claim.hpp"
#include "models/observation.hpp"
#include "models/schemas.hpp"

namespace sextant::cli {

namespace {

Cell number(const std::optional<double>& v) { return v ? Cell{*v} : Cell{}; }
Cell number(const std::optional<int>& v) { return v ? Cell{static_cast<double>(*v)} : Cell{}; }

std::string text_of(const json::Node* node) {
  return node != nullptr && node->type == json::Type::string ? node->string : std::string();
}

/// The name of a run's model: an id, or the object's "name".
std::string model_name(const json::Node& run) {
  const json::Node* model = run.find("model");
  if (model == nullptr) return {};
  return model->type == json::Type::object ? text_of(model->find("name")) : text_of(model);
}

Report claim_report(const models::Claim& c) {
  Report r;
  r.format = "sextant/claim/1";
  r.title = c.id;
  r.subtitle = fmt::format("{}, {}; {}", c.publisher, c.source.title, c.source.where);
  r.add(Fact{"id", "", c.id});
  r.add(Fact{"model", "model", c.model.name});
  r.add(Fact{"stage", "stage", std::string(models::name(c.stage))});
  if (c.tokens_b)
    r.add(Figure{.key = "tokens_b", .label = "tokens", .value = *c.tokens_b, .unit = Unit::number, .note = "billion"});
  if (!c.hardware.gpu.empty()) r.add(Fact{"gpu", "GPU", c.hardware.gpu});
  const auto figure = [&r](std::string key, std::string label, const std::optional<double>& v, Unit unit) {
    if (v) r.add(Figure{.key = "claimed/" + std::move(key), .label = std::move(label), .value = *v, .unit = unit});
  };
  r.add(Heading{"Claimed"});
  figure("gpu_hours", "GPU-hours", c.claimed.gpu_hours, Unit::gpu_hours);
  figure("gpus", "GPUs", c.claimed.gpus, Unit::count);
  figure("days", "days", c.claimed.days, Unit::days);
  figure("cost_usd", "cost", c.claimed.cost_usd, Unit::usd);
  figure("usd_per_gpu_hour", "price", c.claimed.usd_per_gpu_hour, Unit::usd_per_gpu_hour);
  figure("training_flop", "FLOPs", c.claimed.training_flop, Unit::flop);
  figure("tokens_per_s_per_gpu", "throughput per GPU", c.claimed.tokens_per_s_per_gpu, Unit::tokens_per_s);
  if (c.claimed.mfu_pct) figure("mfu", "MFU", *c.claimed.mfu_pct / 100.0, Unit::share);
  r.add(List{.key = "covers", .title = "Covers", .points = c.covers});
  r.add(List{.key = "leaves_out", .title = "Leaves out", .points = c.leaves_out});
  r.add(List{.key = "remarks", .title = "Remarks", .points = c.remarks});
  r.add(Fact{.key = "source", .value = source_text(c.source)});
  return r;
}

/// The row with the id, of a file or of the catalogue; a file with one row needs no id.
template <class T>
const T* pick(Session& session, const std::vector<T>& rows, const std::string& id, bool from_file,
              std::string_view what) {
  if (from_file && !rows.empty()) return &rows.front();
  const std::string wanted = folded_id(id);
  std::vector<std::string_view> ids;
  for (const T& row : rows) {
    if (folded_id(row.id) == wanted) return &row;
    ids.push_back(row.id);
  }
  const std::string hint = did_you_mean(id, ids);
  session.faults().add({"command line", 0, "", fmt::format("no {} \"{}\"", what, id),
                        hint.empty() ? fmt::format("sextant list {}s shows them", what) : hint});
  return nullptr;
}

}  // namespace

Report list_claims(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const models::Claim& c : models::list_claims(session.catalogue(), session.faults())) {
    rows.push_back({c.id, std::string(models::name(c.stage)), number(c.tokens_b), c.hardware.gpu,
                    number(c.hardware.gpus), number(c.claimed.gpu_hours), number(c.claimed.cost_usd), c.publisher,
                    c.model.name});
  }
  return list_report("claims",
                     {{"id", "id", Unit::text},
                      {"stage", "stage", Unit::text},
                      {"tokens_b", "tokens, B", Unit::count},
                      {"gpu", "GPU", Unit::text},
                      {"gpus", "GPUs", Unit::count},
                      {"gpu_hours", "GPU-hours", Unit::count},
                      {"cost_usd", "cost", Unit::usd},
                      {"publisher", "", Unit::text},
                      {"model", "", Unit::text}},
                     std::move(rows));
}

Report list_observations(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const models::Observation& o : models::list_observations(session.catalogue(), session.faults())) {
    const json::Node* cluster = o.run.find("cluster");
    const json::Node* gpus = cluster != nullptr ? cluster->find("gpus") : nullptr;
    const std::string gpu =
        cluster == nullptr ? "" : text_of(cluster->type == json::Type::object ? cluster->find("gpu") : cluster);
    rows.push_back({o.id, model_name(o.run), gpu, gpus != nullptr ? Cell{gpus->number} : Cell{}, o.step_time_s,
                    o.memory_gb ? Cell{*o.memory_gb} : Cell{}, o.publisher, o.suspect, o.file});
  }
  return list_report("observations",
                     {{"id", "id", Unit::text},
                      {"model", "model", Unit::text},
                      {"gpu", "GPU", Unit::text},
                      {"gpus", "GPUs", Unit::count},
                      {"step_time_s", "step", Unit::seconds},
                      {"memory_gb", "memory", Unit::gigabytes},
                      {"publisher", "", Unit::text},
                      {"suspect", "", Unit::text},
                      {"file", "", Unit::text}},
                     std::move(rows));
}

std::optional<Shown> show_claim(Session& session, const std::string& id_or_file, const ShowOptions&) {
  const bool file = looks_like_file(id_or_file);
  std::vector<models::Claim> claims;
  if (file) {
    const auto text = read_input(id_or_file, session.faults());
    if (text) claims = models::read_claims(text->text, text->file, session.faults());
    if (!session.faults().empty()) return std::nullopt;
  } else {
    claims = models::list_claims(session.catalogue(), session.faults());
  }
  const models::Claim* claim = pick(session, claims, id_or_file, file, "claim");
  if (claim == nullptr) return std::nullopt;
  return Shown{claim_report(*claim), {}};
}

std::optional<Shown> show_observation(Session& session, const std::string& id_or_file, const ShowOptions&) {
  const bool file = looks_like_file(id_or_file);
  std::vector<models::Observation> rows;
  if (file) {
    const auto text = read_input(id_or_file, session.faults());
    if (text) rows = models::read_observations(text->text, text->file, session.faults());
    if (!session.faults().empty()) return std::nullopt;
  } else {
    rows = models::list_observations(session.catalogue(), session.faults());
  }
  const models::Observation* o = pick(session, rows, id_or_file, file, "observation");
  if (o == nullptr) return std::nullopt;
  Report r;
  r.format = "sextant/observation-summary/1";
  r.title = o->id;
  r.subtitle = fmt::format("{}; {}", o->publisher, source_text(o->source));
  r.add(Fact{"id", "", o->id});
  r.add(Fact{"model", "model", model_name(o->run)});
  r.add(Figure{.key = "step_time_s", .label = "step time", .value = o->step_time_s, .unit = Unit::seconds});
  if (o->tokens_per_s_per_gpu > 0) {
    r.add(Figure{.key = "tokens_per_s_per_gpu",
                 .label = "throughput per GPU",
                 .value = o->tokens_per_s_per_gpu,
                 .unit = Unit::tokens_per_s});
  }
  if (o->memory_gb)
    r.add(Figure{.key = "memory_gb", .label = "memory", .value = *o->memory_gb, .unit = Unit::gigabytes});
  if (!o->suspect.empty()) r.add(Fact{"suspect", "suspect", o->suspect});
  r.add(Fact{"trust", "trust", trust_text(o->source.trust)});
  return Shown{std::move(r), {}};
}

std::string model_schema_text() { return models::model_schema().dump(2) + "\n"; }
std::string claim_schema_text() { return models::claim_schema().dump(2) + "\n"; }
std::string observation_schema_text() { return models::observation_schema().dump(2) + "\n"; }

}  // namespace sextant::cli
