// SPDX-License-Identifier: Apache-2.0
#include "models/observation.hpp"

#include <algorithm>

#include "base/json/shape.hpp"
#include "models/citation.hpp"
#include "models/raw_node.hpp"
#include "models/schemas.hpp"

namespace sextant::models {

namespace {

struct Measured {
  double step_time_s = 0;
  double tokens_per_s_per_gpu = 0;
  std::optional<double> memory_gb;
};

struct Row {
  std::string id;
  RawNode run;
  Measured measured;
  Citation source;
  std::string suspect;
};

}  // namespace

}  // namespace sextant::models

namespace sextant::json {

template <>
struct ShapeOf<models::Measured> {
  static const Shape<models::Measured>& get() {
    using M = models::Measured;
    static const Shape<M> shape =
        Shape<M>("measured")
            .required("step_time_s", &M::step_time_s, "time of one optimizer step", positive())
            .optional("tokens_per_s_per_gpu", &M::tokens_per_s_per_gpu, "tokens a second and GPU", positive())
            .optional("memory_gb", &M::memory_gb, "memory of the fullest GPU, 1e9 bytes", positive());
    return shape;
  }
};

template <>
struct ShapeOf<models::Row> {
  static const Shape<models::Row>& get() {
    using R = models::Row;
    static const Shape<R> shape = Shape<R>("observation")
                                      .required("id", &R::id, "unique name of the row")
                                      .required("run", &R::run, "the configuration, as sextant/run/1")
                                      .required("measured", &R::measured, "what was measured")
                                      .required("source", &R::source, "where it was published")
                                      .optional("suspect", &R::suspect, "why the row is doubtful");
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::models {

namespace {

/// Reads the row at `at`, which is `document`, and takes its run out of the document rather than copying it.
void read_row(const json::Cursor& at, json::Node& document, std::vector<Observation>& out) {
  Row row;
  if (!json::ShapeOf<Row>::get().read(at, row)) return;
  if (row.run.node->type != json::Type::object) {
    at.member("run", *row.run.node).expected("an object");
    return;
  }
  const json::Node* node = at.node().find("source");
  std::optional<Source> source = source_from(row.source, row.source.verified, at.member("source", *node));
  if (!source) return;
  const auto run = std::find_if(document.members.begin(), document.members.end(),
                                [&](const json::Member& m) { return &m.value == row.run.node; });
  out.push_back({std::move(row.id), std::move(run->value), row.measured.step_time_s, row.measured.tokens_per_s_per_gpu,
                 row.measured.memory_gb, std::move(*source), std::move(row.source.publisher), std::move(row.suspect),
                 at.node().line, at.file()});
}

}  // namespace

std::vector<Observation> read_observations(std::string_view text, const std::string& file, Diagnostics& faults) {
  std::vector<Observation> out;
  std::optional<json::Node> root = json::parse(text, file, faults);
  if (!root) return out;
  const json::Cursor at(*root, file, faults);
  if (root->type != json::Type::array) {
    read_row(at, *root, out);
    return out;
  }
  out.reserve(root->items.size());
  for (std::size_t i = 0; i < root->items.size(); ++i) read_row(at.item(i), root->items[i], out);
  return out;
}

std::vector<Observation> list_observations(const Catalogue& catalogue, Diagnostics& faults) {
  std::vector<Observation> all;
  for (const std::string& path : catalogue.list(observation_folder)) {
    for (Observation& o : read_observations(*catalogue.text(path), path, faults)) all.push_back(std::move(o));
  }
  return all;
}

nlohmann::ordered_json observation_schema() { return json::ShapeOf<Row>::get().schema(); }

}  // namespace sextant::models
