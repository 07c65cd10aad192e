// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/validation.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <limits>
#include <map>
#include <set>

#include "base/json/cursor.hpp"
#include "sim/memory/feasibility.hpp"
#include "sim/memory/terms.hpp"
#include "sim/run/stated_run.hpp"
#include "sim/uncertainty/step_band.hpp"

namespace sextant::sim {

namespace {

/// Name of a value in one of the tables of sim/run/options.hpp.
template <class Table, class E>
std::string name_in(const Table& table, E value) {
  for (const auto& [name, v] : table) {
    if (v == value) return std::string(name);
  }
  return {};
}

/// Whether Sextant would have run it. Nothing is searched for: a table of rows has no room for advice.
void judge(ValidationRow& row) {
  for (const Infeasible& fault : layout_faults(row.run)) row.reasons.push_back(fault.reason);
  if (row.reasons.empty()) {
    const MemoryEstimate need = memory(row.run);
    row.predicted_memory_gb = need.total() / memory_gb;
    if (!need.fits()) {
      row.reasons.push_back(
          fmt::format("needs {:.1f} GB of {:.1f} GB", *row.predicted_memory_gb, need.capacity / memory_gb));
    }
  }
  row.infeasible = !row.reasons.empty();
}

std::optional<ValidationRow> predict_row(const models::Observation& o, const Catalogue& catalogue,
                                         const Calibration& calibration, Diagnostics& faults,
                                         const KernelProfiles& given) {
  const json::Cursor at(o.run, o.file, faults);
  const std::optional<StatedRun> stated = read_run(at, catalogue);
  if (!stated) return std::nullopt;
  std::optional<Run> run = complete(*stated, catalogue, faults, {o.file, o.run.line, "/run", "", ""});
  if (!run) return std::nullopt;
  ValidationRow row;
  row.id = o.id;
  row.file = o.file;
  row.line = o.line;
  row.publisher = o.publisher;
  row.suspect = o.suspect;
  row.source = o.source;
  row.measured = Seconds{o.step_time_s};
  row.measured_memory_gb = o.memory_gb;
  row.run = std::move(*run);
  row.run.measured = measured_on(row.run.cluster.gpu.id, given);
  row.estimate = evaluate(row.run, calibration.parameters);
  if (!std::isfinite(row.estimate.time.value()) || row.estimate.time <= Seconds{}) {
    at.fault("no time can be computed for this run", "its sizes are beyond what the simulator was made for");
    return std::nullopt;
  }
  return row;
}

/// Band and error of a row that is read; rows do not know each other.
void bound_row(ValidationRow& row, const Calibration& calibration) {
  const StepUncertainty uncertainty = step_uncertainty(row.run, row.estimate, calibration);
  row.uncertainty = uncertainty.why();
  row.band = band_around(row.estimate.time, uncertainty.half_width);
  row.errors.error = row.estimate.time / row.measured - 1.0;
  row.errors.in_band = row.band.contains(row.measured);
  row.errors.half_width = uncertainty.half_width;
  row.errors.regime = uncertainty.name();
  judge(row);
}

/// Rows that count twice are said, because they may be one measurement read from two files.
void note_repeated_ids(Validation& v) {
  std::set<std::string_view> seen;
  int repeated = 0;
  for (const ValidationRow& row : v.rows) repeated += seen.insert(row.id).second ? 0 : 1;
  if (repeated > 0) v.notes.push_back(fmt::format("{} rows repeat the id of another row and count again", repeated));
}

void note_doubtful(Validation& v) {
  const auto doubtful = std::count_if(v.rows.begin(), v.rows.end(), [](const auto& r) { return !r.suspect.empty(); });
  if (doubtful > 0)
    v.notes.push_back(fmt::format("{} rows are marked doubtful by their source's reader; they count", doubtful));
  const auto infeasible = std::count_if(v.rows.begin(), v.rows.end(), [](const auto& r) { return r.infeasible; });
  if (infeasible > 0)
    v.notes.push_back(fmt::format("{} rows would not fit as Sextant counts memory; they count", infeasible));
}

void set_baselines(Validation& v, const Baselines* given) {
  std::vector<BaselineRow> rows;
  for (const ValidationRow& row : v.rows) rows.push_back({ideal_step(row.run), row.measured, baseline_class(row.run)});
  v.baselines = given != nullptr ? *given : fit_baselines(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double share = rows[i].ideal / rows[i].measured;
    v.rows[i].errors.baseline = v.baselines.one * share - 1.0;
    v.rows[i].errors.baseline_by_class = v.baselines.of_class(rows[i].group) * share - 1.0;
  }
}

struct Scale {
  int most;
  std::string_view name;
};
constexpr std::array<Scale, 5> scales{
    {{8, "1-8"}, {64, "9-64"}, {256, "65-256"}, {1024, "257-1024"}, {std::numeric_limits<int>::max(), ">1024"}}};

std::size_t scale_index(int gpus) {
  std::size_t i = 0;
  while (gpus > scales[i].most) ++i;
  return i;
}

std::string recompute_group(const Recompute& r) {
  return r.silent ? "not stated" : name_in(recompute_mode_names, r.mode);
}

struct Membership {
  std::size_t property;  ///< position among the properties
  std::size_t rank;      ///< of the value, before its name decides
  std::string value;

  auto operator<=>(const Membership&) const = default;
};

constexpr std::array<std::string_view, 10> properties{"set",       "set and kind", "kind",      "gpu",    "stack",
                                                      "precision", "gpus",         "recompute", "regime", "publisher"};

/// "models/data/observations/fit.json" is the set "fit".
std::string set_of(const ValidationRow& row) {
  const std::size_t slash = row.file.rfind('/');
  const std::string name = slash == std::string::npos ? row.file : row.file.substr(slash + 1);
  return name.substr(0, name.rfind('.'));
}

std::array<Membership, properties.size()> memberships(const ValidationRow& row, const RowError& error) {
  const Run& run = row.run;
  const std::size_t scale = scale_index(run.cluster.gpus);
  const std::string kind = run.model.has_experts() ? "moe" : "dense";
  return {{{0, 0, set_of(row)},
           {1, 0, set_of(row) + ", " + kind},
           {2, 0, kind},
           {3, 0, run.cluster.gpu.id},
           {4, 0, run.stack.id},
           {5, static_cast<std::size_t>(run.precision), name_in(precision_names, run.precision)},
           {6, scale, std::string(scales[scale].name)},
           {7, 0, recompute_group(run.recompute)},
           {8, 0, error.regime},
           {9, 0, row.publisher}}};
}

}  // namespace

std::vector<ValidationGroup> grouped(std::span<const ValidationRow> rows, std::span<const RowError> errors) {
  std::map<Membership, std::vector<RowError>> members;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const Membership& m : memberships(rows[i], errors[i])) members[m].push_back(errors[i]);
  }
  std::vector<ValidationGroup> groups;
  for (const auto& [m, list] : members) {
    groups.push_back({std::string(properties[m.property]), m.value, summarise(list)});
  }
  return groups;
}

std::string_view scale_of(int gpus) { return scales[scale_index(gpus)].name; }

Validation validate(std::span<const models::Observation> observations, const Catalogue& catalogue,
                    const Calibration& calibration, Diagnostics& faults, const Baselines* baselines,
                    const KernelProfiles& given) {
  Validation v;
  v.rows.reserve(observations.size());
  for (const models::Observation& o : observations) {
    if (std::optional<ValidationRow> row = predict_row(o, catalogue, calibration, faults, given))
      v.rows.push_back(std::move(*row));
  }
  tbb::parallel_for(std::size_t{0}, v.rows.size(), [&](std::size_t i) { bound_row(v.rows[i], calibration); });
  set_baselines(v, baselines);
  std::vector<RowError> errors;
  for (const ValidationRow& row : v.rows) errors.push_back(row.errors);
  v.summary = summarise(errors);
  v.groups = grouped(v.rows, errors);
  note_repeated_ids(v);
  note_doubtful(v);
  return v;
}

}  // namespace sextant::sim
