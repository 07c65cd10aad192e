// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/points.hpp"

#include <fmt/format.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "base/json/write_node.hpp"
#include "sim/api.hpp"
#include "sim/checked_run.hpp"

namespace sextant::sim::sweep {

namespace {

using Json = nlohmann::ordered_json;

/// The keys of `simulate --json` with the same meaning.
void summarise(Json& line, const Run& run, const Prediction& p) {
  line["feasible"] = p.feasible();
  Json reasons = Json::array();
  for (const Infeasible& o : p.obstacles) reasons.push_back(o.reason + (o.hint.empty() ? "" : "; " + o.hint));
  if (!p.feasible()) line["reasons"] = std::move(reasons);
  line["gpus"] = run.cluster.gpus;
  line["dp"] = run.parallelism.dp;
  line["step_time_s"] = p.step.time.value();
  line["step_time_band_s"] = {p.band.low.value(), p.band.high.value()};
  line["tokens_per_s_per_gpu"] = p.efficiency.tokens_per_s_per_gpu;
  line["model_tflops_per_gpu"] = p.efficiency.model_rate.value() / 1e12;
  line["mfu"] = p.efficiency.mfu;
  line["hfu"] = p.efficiency.hfu;
  line["bubble_s"] = p.step.bubble.value();
  line["memory_gb"] = {{"total", p.memory.total() / memory_gb}, {"capacity", p.memory.capacity / memory_gb}};
}

class Points {
 public:
  Points(const Setting& setting, const Evaluation& how) : setting_(setting), how_(how) {}

  PointLine line(std::uint64_t point) {
    const std::vector<FieldValue> values = values_of(setting_.sweep, point);
    PointLine out{point, Outcome::fault, {}};
    Json line{{"point", point}, {"sweep", setting_.id}};
    Json& at = line["at"] = Json::object();
    for (const FieldValue& v : values) at[v.pointer] = json::to_json(v.value);
    Diagnostics faults;
    const auto run = run_at(values, faults);
    if (run) {
      const Prediction p = predict(*run, how_.calibration);
      out.outcome = p.feasible() ? Outcome::feasible : Outcome::infeasible;
      summarise(line, *run, p);
    } else {
      Json& error = line["error"] = Json::array();
      for (const Diagnostic& d : faults.list()) {
        error.push_back(d.pointer + ": " + d.message + (d.hint.empty() ? "" : "; " + d.hint));
      }
    }
    out.text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return out;
  }

 private:
  std::optional<Run> run_at(const std::vector<FieldValue>& values, Diagnostics& faults) {
    json::Node node = setting_.run;
    std::vector<std::string> notes;
    lay_over(node, values, how_.catalogue, notes, faults);
    if (!faults.empty()) return std::nullopt;
    auto run = checked_run(node, setting_.run_file, how_.catalogue, faults);
    if (run && how_.measured) {
      const std::lock_guard lock(measuring_);
      how_.measured(*run);
    }
    return run;
  }

  const Setting& setting_;
  const Evaluation& how_;
  std::mutex measuring_;
};

/// FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923).
std::uint64_t hashed(std::string_view text, std::uint64_t hash) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return (hash ^ 0xFFU) * 1099511628211ULL;  // ends the text: "ab" "c" is not "a" "bc"
}

}  // namespace

std::string setting_id(const Setting& setting, const Calibration& calibration, std::span<const std::string> others) {
  std::uint64_t hash = 14695981039346656037ULL;
  hash = hashed(json::to_json(setting.run).dump(), hash);
  for (const Axis& axis : setting.sweep.axes) {
    for (const std::string& field : axis.fields) hash = hashed(field, hash);
    for (const auto& step : axis.steps) {
      for (const json::Node& value : step) hash = hashed(json::to_json(value).dump(), hash);
    }
  }
  hash = hashed(write_calibration(calibration), hash);
  for (const std::string& other : others) hash = hashed(other, hash);
  return fmt::format("{:016x}", hash);
}

std::vector<PointLine> evaluate(const Setting& setting, std::span<const std::uint64_t> points, const Evaluation& how) {
  std::vector<PointLine> lines(points.size());
  Points evaluated(setting, how);
  if (how.threads < 2) {
    for (std::size_t i = 0; i < points.size(); ++i) lines[i] = evaluated.line(points[i]);
    return lines;
  }
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(how.threads));
  tbb::task_arena arena(how.threads);
  arena.execute([&] {
    tbb::parallel_for(std::size_t{0}, points.size(), [&](std::size_t i) { lines[i] = evaluated.line(points[i]); });
  });
  return lines;
}

std::optional<ReadLine> read_line(std::string_view text) {
  const Json line = Json::parse(text, nullptr, false);
  if (!line.is_object()) return std::nullopt;
  const auto point = line.find("point");
  const auto sweep = line.find("sweep");
  if (point == line.end() || !point->is_number_unsigned() || sweep == line.end() || !sweep->is_string()) {
    return std::nullopt;
  }
  ReadLine out{point->get<std::uint64_t>(), sweep->get<std::string>(), Outcome::fault};
  const auto feasible = line.find("feasible");
  if (feasible != line.end() && feasible->is_boolean()) {
    out.outcome = feasible->get<bool>() ? Outcome::feasible : Outcome::infeasible;
  } else if (!line.contains("error")) {
    return std::nullopt;
  }
  return out;
}

}  // namespace sextant::sim::sweep
