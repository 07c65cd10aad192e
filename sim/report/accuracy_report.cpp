// SPDX-License-Identifier: Apache-2.0
#include "sim/report/accuracy_report.hpp"

#include <fmt/format.h>

#include "sim/report/explain_measured_step.hpp"
#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"
#include "sim/validation/sets.hpp"

namespace sextant::sim::report {

namespace {

std::vector<Cell> point(const ValidationRow& r, const std::string& set) {
  return {r.id,
          r.measured.value(),
          r.band.mid.value(),
          r.band.low.value(),
          r.band.high.value(),
          r.errors.error,
          r.errors.in_band,
          r.run.name,
          std::string(r.run.model.has_experts() ? "MoE" : "dense"),
          r.run.cluster.gpu.id,
          static_cast<double>(r.run.cluster.gpus),
          r.run.stack.title,
          std::string(name_of(r.run.precision)),
          layout_text(r.run),
          r.publisher,
          set,
          r.suspect};
}

void summary(Report& r, const ErrorSummary& s, const std::string& at, const std::string& title) {
  r.add(Figure{.key = at + "/n", .label = title + ", rows", .value = static_cast<double>(s.n), .unit = Unit::count});
  r.add(Figure{.key = at + "/median_abs_error",
               .label = title + ", median error",
               .value = s.errors.median,
               .unit = Unit::share});
  r.add(
      Figure{.key = at + "/p90_abs_error", .label = title + ", p90 error", .value = s.errors.p90, .unit = Unit::share});
  r.add(Figure{.key = at + "/bias", .label = title + ", bias", .value = s.errors.bias, .unit = Unit::change});
  r.add(Figure{
      .key = at + "/coverage_80", .label = title + ", inside the 80 % band", .value = s.coverage, .unit = Unit::share});
}

std::string sentence(const std::string& title, const ErrorSummary& s) {
  return fmt::format("{} {} rows: median error {}, p90 {}, bias {}, {} inside the 80 % band", grouped(s.n), title,
                     format(s.errors.median, Unit::share), format(s.errors.p90, Unit::share),
                     format(s.errors.bias, Unit::change), format(s.coverage, Unit::share));
}

}  // namespace

std::vector<ValidationBeside> validate_shipped(const Catalogue& catalogue, const Calibration& calibration,
                                               Diagnostics& faults, const std::function<bool()>& cancelled) {
  std::vector<ValidationBeside> all;
  all.push_back(
      {"fit", "calibrated on", validate(fitted_observations(catalogue, faults), catalogue, calibration, faults)});
  const Baselines baselines = all.front().validation.baselines;
  for (const ObservationSet& set : observation_sets(catalogue)) {
    if (set.fitted) continue;
    if (cancelled()) return all;
    all.push_back(
        {set.name, set.title, validate(load(catalogue, set, faults), catalogue, calibration, faults, &baselines)});
  }
  return all;
}

Report accuracy_report(const std::vector<ValidationBeside>& sets) {
  Report r;
  r.format = "sextant/accuracy/1";
  r.title = "Predicted against measured";
  Table t{.key = "points",
          .title = "Measured steps",
          .columns = {{"id", "measurement", Unit::text},
                      {"measured_s", "measured", Unit::seconds},
                      {"predicted_s", "predicted", Unit::seconds},
                      {"low_s", "low", Unit::seconds},
                      {"high_s", "high", Unit::seconds},
                      {"error", "error", Unit::change},
                      {"in_band", "in band", Unit::text},
                      {"model", "model", Unit::text},
                      {"kind", "kind", Unit::text},
                      {"gpu", "GPU", Unit::text},
                      {"gpus", "GPUs", Unit::count},
                      {"stack", "stack", Unit::text},
                      {"precision", "precision", Unit::text},
                      {"layout", "layout", Unit::text},
                      {"publisher", "publisher", Unit::text},
                      {"set", "set", Unit::text},
                      {"suspect", "doubtful because", Unit::text}},
          .main = true};
  List sentences{.key = "summary", .title = "How well", .points = {}};
  Table summaries{
      .key = "sets", .columns = {{"tag", "", Unit::text}, {"summary", "", Unit::text}}, .audience = Audience::programs};
  for (const ValidationBeside& set : sets) {
    sentences.points.push_back(sentence(set.name == "fit" ? "fitted" : "\"" + set.name + "\"", set.validation.summary));
    summaries.rows.push_back({measured_set_tag(set.name), sentences.points.back()});
    summary(r, set.validation.summary, set.name, set.title);
    for (const ValidationRow& row : set.validation.rows) t.rows.push_back(point(row, set.title));
  }
  r.add(std::move(t)).add(std::move(sentences)).add(std::move(summaries));
  return r;
}

Table nearest_table(const std::vector<Neighbour>& neighbours, const std::vector<ValidationBeside>& sets) {
  Table t{.key = "nearest",
          .title = "Nearest published measurements",
          .columns = {{"id", "measurement", Unit::text},
                      {"distance", "distance", Unit::number},
                      {"mfu", "MFU", Unit::share},
                      {"tokens_per_s_per_gpu", "tokens/s/GPU", Unit::count},
                      {"error", "error", Unit::change},
                      {"publisher", "publisher", Unit::text}}};
  for (const Neighbour& n : neighbours) {
    Cell error;
    for (const ValidationBeside& set : sets) {
      for (const ValidationRow& row : set.validation.rows) {
        if (row.id == n.id) error = row.errors.error;
      }
    }
    t.rows.push_back({n.id, n.distance, n.mfu, n.tokens_per_s_per_gpu, std::move(error), n.publisher});
  }
  return t;
}

}  // namespace sextant::sim::report
