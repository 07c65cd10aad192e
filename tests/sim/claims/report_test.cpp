// SPDX-License-Identifier: Apache-2.0
// Do the JSON forms hold the keys that scripts read?
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/embedded.hpp"
#include "hardware/catalogue.hpp"
#include "sim/report/check_report.hpp"
#include "sim/report/exporters.hpp"
#include "sim/report/validation_report.hpp"
#include "tests/sim/validation/observations.hpp"

using namespace sextant;
using namespace sextant::sim;
using Json = nlohmann::json;

TEST_CASE("a checked claim has the keys of sextant/check/1") {
  Diagnostics faults;
  const auto claim = models::load_claim(catalogue(), "deepseek-v3-total", faults);
  REQUIRE(claim);
  const Calibration c = calibration();
  const hardware::Prices prices = hardware::load_prices(catalogue(), faults);
  const Check result = check(*claim, {catalogue(), c, faults}, prices);
  const Json json = Json::parse(report::to_json(report::check_report(result)));
  CHECK(json.at("format") == "sextant/check/1");
  CHECK(json.at("claim") == "deepseek-v3-total");
  CHECK(json.at("verdict") == "consistent");
  CHECK(json.at("gpu_hours").at("claimed") == 2788000.0);
  CHECK(json.at("cost_usd").at("claimed") == 5576000.0);
  for (const char* money : {"gpu_hours", "cost_usd"}) {
    CHECK(json.at(money).at("low") < json.at(money).at("mid"));
    CHECK(json.at(money).at("mid") < json.at(money).at("high"));
  }
  for (const char* key : {"mfu", "tokens_per_s_per_gpu", "step_time_s"}) CHECK(json.at("implied").at(key) > 0);
  for (const Json& reason : json.at("reasons")) {
    CHECK(reason.at("text").get<std::string>().size() > 10);
    CHECK(reason.contains("kind"));
  }
  CHECK_FALSE(json.at("scope").at("covers").empty());
  CHECK_FALSE(json.at("scope").at("leaves_out").empty());
  CHECK(json.at("nearest_measured").at(0).contains("id"));
  CHECK(json.at("nearest_measured").at(0).contains("distance"));
  CHECK(json.at("stages").size() >= 4);
  CHECK(json.at("elsewhere").size() == 2);
}

TEST_CASE("a claim's text says the verdict and both numbers first, within 80 columns") {
  Diagnostics faults;
  const auto claim = models::load_claim(catalogue(), "deepseek-v3-total", faults);
  REQUIRE(claim);
  const Calibration c = calibration();
  const hardware::Prices prices = hardware::load_prices(catalogue(), faults);
  const Check result = check(*claim, {catalogue(), c, faults}, prices);
  const std::string text = report::to_text(report::check_report(result), {});
  const std::size_t verdict = text.find("CONSISTENT: 2.788 M GPU-hours are claimed");
  REQUIRE(verdict != std::string::npos);
  CHECK(verdict < text.find("Physics"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(line.size() <= 80);
  }
}

TEST_CASE("a validation has the keys of sextant/validation/1") {
  const Validation v = validated({GptRow{}});
  report::ValidationView view;
  view.seconds = 0.5;
  view.beside.push_back({"check", "never fitted", v});
  const Json json = Json::parse(report::to_json(report::validation_report(v, view)));
  CHECK(json.at("format") == "sextant/validation/1");
  CHECK(json.at("seconds") == 0.5);
  const Json& row = json.at("rows").at(0);
  for (const char* key :
       {"id", "measured_s", "predicted_s", "low_s", "high_s", "error", "predicted_memory_gb", "infeasible"}) {
    INFO(key);
    CHECK(row.contains(key));
  }
  CHECK_FALSE(row.contains("measured_memory_gb"));
  for (const char* key : {"n", "median_abs_error", "mean_abs_error", "p90_abs_error", "bias", "coverage_80",
                          "baseline_median_abs_error"}) {
    INFO(key);
    CHECK(json.at("summary").contains(key));
    CHECK(json.at("groups").at("kind=dense").contains(key));
    CHECK(json.at("never_fitted").at("check").at("summary").contains(key));
  }
  CHECK(json.at("groups").contains("publisher=A/B labs"));  // a slash is no level
}
