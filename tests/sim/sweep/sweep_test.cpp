// SPDX-License-Identifier: Apache-2.0
// Does a sweep hold the points its file asks for, and is each the run that these values make?
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/embedded.hpp"
#include "sim/api.hpp"
#include "sim/checked_run.hpp"
#include "sim/sweep/points.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using Json = nlohmann::json;

namespace {

const Catalogue& catalogue() {
  static Diagnostics faults;
  static const Catalogue all = Catalogue::open(embedded_files(), "", faults);
  return all;
}

constexpr const char* run_text = R"({"model": "llama3-8b", "cluster": {"gpu": "h100", "gpus": 64},
  "stack": "megatron-core", "parallelism": {"tp": 2, "dp": 32, "sharding": "zero1"},
  "batch": {"seq_len": 8192, "global_sequences": 256, "micro_sequences": 1}})";

sweep::Setting setting(const std::string& axes) {
  Diagnostics faults;
  const std::string text = R"({"run": )" + std::string(run_text) + R"(, "axes": [)" + axes + "]}";
  const auto node = sextant::json::parse(text, "sweep.json", faults);
  REQUIRE(node);
  auto read = sweep::read_sweep(sextant::json::Cursor(*node, "sweep.json", faults));
  INFO(faults.text());
  REQUIRE(read);
  sweep::Setting s{std::move(*read), {}, "sweep.json", {}};
  s.run = s.sweep.run;
  s.id = sweep::setting_id(s, Calibration{}, {});
  return s;
}

std::vector<double> numbers(const std::string& axis) {
  std::vector<double> out;
  const sweep::Setting s = setting(axis);
  for (const auto& step : s.sweep.axes.front().steps) out.push_back(step.front().number);
  return out;
}

std::vector<std::uint64_t> all_points(const sweep::Setting& s) {
  std::vector<std::uint64_t> out(s.sweep.points());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = i;
  return out;
}

}  // namespace

TEST_CASE("ranges reach their end where a step does, and not beyond") {
  CHECK(numbers(R"({"field": "/x", "from": 1, "to": 8, "step": 2})") == std::vector<double>{1, 3, 5, 7});
  CHECK(numbers(R"({"field": "/x", "from": 8, "to": 64, "factor": 2})") == std::vector<double>{8, 16, 32, 64});
  CHECK(numbers(R"({"field": "/x", "from": 3, "to": 64, "factor": 2})") == std::vector<double>{3, 6, 12, 24, 48});
  CHECK(numbers(R"({"field": "/x", "from": 5, "to": 5, "step": 1})") == std::vector<double>{5});
  // 0.1 is no binary fraction: ten steps of it miss 1 by a rounding and still mean it.
  CHECK(numbers(R"({"field": "/x", "from": 0, "to": 1, "step": 0.1})").size() == 11);
  CHECK(numbers(R"({"field": "/x", "from": 0, "to": 1, "points": 3})") == std::vector<double>{0, 0.5, 1});
  const auto log = numbers(R"({"field": "/x", "from": 1, "to": 10000, "points": 5, "scale": "log"})");
  REQUIRE(log.size() == 5);
  for (std::size_t i = 0; i < log.size(); ++i) CHECK(log[i] == Approx(std::pow(10.0, i)));
}

TEST_CASE("multiples are rounded to and counted once") {
  CHECK(numbers(R"({"field": "/x", "from": 8, "to": 32, "points": 7, "scale": "log", "multiple_of": 8})") ==
        std::vector<double>{8, 16, 24, 32});
}

TEST_CASE("the last axis changes fastest, fields of one axis change together") {
  const auto s = setting(R"({"fields": ["/parallelism/tp", "/parallelism/pp"], "values": [[1, 2], [4, 8]]},
                            {"field": "/precision", "values": ["bf16", "fp8"]})");
  REQUIRE(s.sweep.points() == 4);
  const auto at = [&s](std::uint64_t point) {
    const auto v = sweep::values_of(s.sweep, point);
    return std::tuple(v[0].value.number, v[1].value.number, v[2].value.string);
  };
  CHECK(at(0) == std::tuple(1.0, 2.0, std::string("bf16")));
  CHECK(at(1) == std::tuple(1.0, 2.0, std::string("fp8")));
  CHECK(at(2) == std::tuple(4.0, 8.0, std::string("bf16")));
  CHECK(at(3) == std::tuple(4.0, 8.0, std::string("fp8")));
}

TEST_CASE("a point is the run with these values, to the last bit") {
  const auto s = setting(R"({"field": "/parallelism/tp", "values": [1, 4]},
                            {"field": "/cluster/gpu_overrides/hbm_bytes_per_s", "values": [2e12]},
                            {"field": "/model/layers", "values": [16, 32]})");
  const Calibration calibration;
  const sweep::Evaluation how{catalogue(), calibration, 1, {}};
  const auto lines = sweep::evaluate(s, all_points(s), how);
  REQUIRE(lines.size() == 4);
  for (const auto& [point, tp, layers] : {std::tuple(0U, 1, 16), {1U, 1, 32}, {2U, 4, 16}, {3U, 4, 32}}) {
    // The same run written by hand: dp is what the GPUs leave.
    Json run = Json::parse(run_text);
    run["parallelism"].erase("dp");
    run["parallelism"]["tp"] = tp;
    run["cluster"]["gpu_overrides"]["hbm_bytes_per_s"] = 2e12;
    run["model"] = Json::parse(*catalogue().text("models/data/models/llama3-8b.json"));
    run["model"]["layers"] = layers;
    Diagnostics faults;
    const auto node = sextant::json::parse(run.dump(), "run.json", faults);
    const auto whole = checked_run(*node, "run.json", catalogue(), faults);
    INFO(faults.text());
    REQUIRE(whole);
    const Prediction direct = predict(*whole, calibration);
    const Json line = Json::parse(lines[point].text);
    CHECK(line["point"] == point);
    CHECK(line["step_time_s"].get<double>() == direct.step.time.value());
    CHECK(line["mfu"].get<double>() == direct.efficiency.mfu);
    CHECK(line["memory_gb"]["total"].get<double>() == direct.memory.total() / memory_gb);
    CHECK(line["feasible"] == direct.feasible());
    CHECK(line["dp"] == 64 / tp);
  }
}

TEST_CASE("values that contradict each other are the point's fault, not the sweep's") {
  const auto s = setting(R"({"field": "/parallelism/tp", "values": [2, 3, 4]})");
  const Calibration calibration;
  const auto lines = sweep::evaluate(s, all_points(s), {catalogue(), calibration, 1, {}});
  CHECK(lines[0].outcome != sweep::Outcome::fault);
  CHECK(lines[1].outcome == sweep::Outcome::fault);  // 3 divides neither 64 GPUs nor 32 heads
  CHECK(Json::parse(lines[1].text)["error"].dump().find("tp 3 does not divide 32 heads") != std::string::npos);
  CHECK(lines[2].outcome != sweep::Outcome::fault);
}

TEST_CASE("lines do not depend on threads, nor on which points are asked for together") {
  const auto s = setting(R"({"field": "/cluster/gpus", "from": 8, "to": 512, "factor": 2},
                            {"field": "/parallelism/tp", "values": [1, 2, 4, 8]})");
  const Calibration calibration;
  const auto one = sweep::evaluate(s, all_points(s), {catalogue(), calibration, 1, {}});
  const auto four = sweep::evaluate(s, all_points(s), {catalogue(), calibration, 4, {}});
  for (std::size_t i = 0; i < one.size(); ++i) {
    const std::uint64_t point = i;
    CHECK(one[i].text == four[i].text);
    CHECK(one[i].text == sweep::evaluate(s, {&point, 1}, {catalogue(), calibration, 1, {}}).front().text);
  }
}

TEST_CASE("another run, axis or calibration is another sweep") {
  const auto a = setting(R"({"field": "/parallelism/tp", "values": [1, 2]})");
  CHECK(setting(R"({"field": "/parallelism/tp", "values": [1, 2]})").id == a.id);
  CHECK(setting(R"({"field": "/parallelism/tp", "values": [1, 4]})").id != a.id);
  CHECK(setting(R"({"field": "/parallelism/pp", "values": [1, 2]})").id != a.id);
  Calibration other;
  other.id = "other";
  CHECK(sweep::setting_id(a, other, {}) != a.id);
  const std::vector<std::string> version{"0.2.0"};
  CHECK(sweep::setting_id(a, Calibration{}, version) != a.id);
}
