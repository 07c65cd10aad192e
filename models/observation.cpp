// SPDX-License-Identifier: Apache-2.0
#include "models/observation.hpp"

#include "base/json/shape.hpp"
#include "models/citation.hpp"
#include "models/schemas.hpp"

namespace sextant::models {

namespace {

struct Measured {
  double step_time_s = 0;
  double tokens_per_s_per_gpu = 0;
  std::optional<double> memory_gb;
};

/// A run kept as written.
struct RawRun {
  json::Node node;
};

struct Row {
  std::string id;
  RawRun run;
  Measured measured;
  Citation source;
  std::string suspect;
};

}  // namespace

}  // namespace sextant::models

namespace sextant::json {

template <>
struct Value<models::RawRun> {
  static bool read(const Cursor& c, const Range&, models::RawRun& out) {
    if (c.node().type != Type::object) return c.expected("an object");
    out.node = c.node();
    return true;
  }
  static Json write(const models::RawRun&, const Range&) { return nullptr; }
  static Json describe(const Range&) { return {{"type", "object"}}; }
};

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

void read_row(const json::Cursor& at, std::vector<Observation>& out) {
  Row row;
  if (!json::ShapeOf<Row>::get().read(at, row)) return;
  const json::Node* node = at.node().find("source");
  std::optional<Source> source = source_from(row.source, row.source.verified, at.member("source", *node));
  if (!source) return;
  out.push_back({std::move(row.id), std::move(row.run.node), row.measured.step_time_s,
                 row.measured.tokens_per_s_per_gpu, row.measured.memory_gb, std::move(*source),
                 std::move(row.source.publisher), std::move(row.suspect), at.node().line, at.file()});
}

}  // namespace

std::vector<Observation> read_observations(std::string_view text, const std::string& file, Diagnostics& faults) {
  std::vector<Observation> out;
  const std::optional<json::Node> root = json::parse(text, file, faults);
  if (!root) return out;
  const json::Cursor at(*root, file, faults);
  if (root->type != json::Type::array) {
    read_row(at, out);
    return out;
  }
  out.reserve(root->items.size());
  for (std::size_t i = 0; i < root->items.size(); ++i) read_row(at.item(i), out);
  return out;
}

nlohmann::ordered_json observation_schema() { return json::ShapeOf<Row>::get().schema(); }

}  // namespace sextant::models
