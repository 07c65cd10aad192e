// SPDX-License-Identifier: Apache-2.0
// Does `sextant plan` take what people type, refuse what it cannot, and print what scripts rely on?
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::test;
using nlohmann::json;

namespace {

const std::vector<std::string> question{"plan",      "--model", "llama3-8b",          "--gpu", "h100", "--tokens", "1T",
                                        "--seq-len", "8192",    "--global-sequences", "512"};

std::vector<std::string> ask(const std::vector<std::string>& more) {
  std::vector<std::string> all = question;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

json planned(const std::vector<std::string>& more) {
  std::vector<std::string> all = ask(more);
  all.emplace_back("--json");
  const Finished f = run_sextant(all);
  INFO(f.err);
  REQUIRE((f.code == 0 || f.code == 3));
  return json::parse(f.out);
}

}  // namespace

TEST_CASE("amounts are read strictly") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows{
      {{"--gpus", "64.."}, "--gpus: \"64..\" is not a cluster size"},
      {{"--gpus", "64..32"}, "--gpus"},
      {{"--gpus", "0"}, "--gpus"},
      {{"--gpus", "64x"}, "--gpus"},
      {{"--gpus", "64", "--deadline", "60x"}, "--deadline: \"60x\" is not a time"},
      {{"--gpus", "64", "--deadline", "-3d"}, "--deadline"},
      {{"--gpus", "64", "--budget", "six"}, "--budget: \"six\" is not an amount"},
      {{"--gpus", "64", "--budget", "6e6e6"}, "--budget"},
      {{"--gpus", "64", "--objective", "money"}, "cost, time, pareto"},
      {{"--gpus", "64", "--schedule", "dualpip"}, "did you mean \"dualpipe\"?"},
      {{"--gpus", "64", "--precision", "bf16,fp9"}, "did you mean \"fp8\"?"},
      {{"--gpus", "64", "--top", "0"}, "--top"},
      {{"--gpus", "64", "--reserve", "100%"}, "--reserve: \"100%\" is not a share or an amount of memory"},
      {{"--gpus", "64", "--reserve", "-1GB"}, "--reserve"},
      {{"--gpus", "64", "--reserve", "4TB"}, "--reserve"},
  };
  for (const auto& [more, says] : rows) {
    const Finished f = run_sextant(ask(more));
    INFO(f.err);
    CHECK(f.code == 1);
    CHECK(contains(f.err, says));
    CHECK(f.out.empty());
  }
  CHECK(run_sextant({"plan", "--tokens", "14.8X"}).code == 1);
  CHECK(contains(run_sextant({"plan", "--model", "llama3-8b"}).err, "--tokens"));
  const Finished f = run_sextant(ask({"--gpus", "64", "--precision", "mxfp8"}));
  CHECK(f.code == 2);
  CHECK(contains(f.err, "fp8 is the nearest"));
}

TEST_CASE("the same amount can be typed in several ways") {
  const json a = planned({"--gpus", "64", "--deadline", "8w", "--budget", "6e6"});
  const json b = planned({"--gpus", "64..64", "--deadline", "56d", "--budget", "$6M"});
  CHECK(a["best"]["days"] == b["best"]["days"]);
  CHECK(planned({"--gpus", "64", "--deadline", "1344h"})["best"]["days"] == a["best"]["days"]);
}

TEST_CASE("the plan's JSON has the keys that scripts rely on") {
  const json plan = planned({"--gpus", "64..256"});
  CHECK(plan["format"] == "sextant/plan/1");
  for (const char* key : {"candidates", "feasible", "seconds", "configurations_per_s"}) {
    INFO(key);
    CHECK(plan[key].get<double>() > 0);
  }
  std::int64_t all = plan["costed"];
  for (const auto& [why, n] : plan["rejected"].items()) all += n.get<std::int64_t>();
  CHECK(all == plan["candidates"]);
  CHECK(plan["rejected"].contains("memory"));
  CHECK(plan["rejected"].contains("divisibility"));
  for (const json* p : {&plan["best"], &plan["pareto"][0]}) {
    for (const char* key : {"run", "step_time_s", "days", "gpu_hours", "cost_usd"}) CHECK(p->contains(key));
    for (const char* key : {"low", "mid", "high"}) CHECK((*p)["cost_usd"][key].get<double>() > 0);
  }
}

TEST_CASE("memory is left free unless all of it may be used") {
  const json usual = planned({"--gpus", "64"});
  const double capacity = usual["best"]["memory_gb"]["capacity"];
  CHECK(usual["reserve_gb"].get<double>() == Approx(0.03 * capacity));
  for (const json& p : usual["ranking"]) CHECK(p["memory_gb"]["free"].get<double>() > 0.0299 * capacity);
  CHECK(planned({"--gpus", "64", "--reserve", "0"})["reserve_gb"] == 0.0);
  CHECK(planned({"--gpus", "64", "--reserve", "4GB"})["reserve_gb"] == 4.0);
  CHECK(planned({"--gpus", "64", "--reserve", "25%"})["best"]["memory_gb"]["free"].get<double>() > 0.249 * capacity);
}

TEST_CASE("a run that no change on its GPUs saves is told how many GPUs it takes") {
  const Finished f = run_sextant({"simulate", "--model", "llama3.1-405b", "--gpu", "h100", "--gpus", "8", "--tp", "8",
                                  "--seq-len", "8192", "--global-sequences", "8", "--json"});
  CHECK(f.code == 3);
  const std::string reason = json::parse(f.out)["reasons"][0];
  INFO(reason);
  CHECK(contains(reason, "no change of layout or recompute on these GPUs fits; "));
  CHECK(contains(reason, " GPUs do, the fewest there are: tp 8, pp "));
}

TEST_CASE("simulate finds the plan's step time in the plan's run, to the last digit") {
  const TemporaryFolder folder;
  const json plan = planned({"--gpus", "64,96"});
  for (const json& p : plan["pareto"]) {
    const std::string file = folder / "run.json";
    std::ofstream(file) << p["run"].dump();
    const Finished f = run_sextant({"simulate", file, "--json"});
    INFO(f.err);
    REQUIRE(f.code == 0);
    CHECK(json::parse(f.out)["step_time_s"] == p["step_time_s"]);
  }
}

TEST_CASE("threads change nothing in the plan") {
  json one = planned({"--gpus", "64", "--threads", "1"});
  json two = planned({"--gpus", "64", "--threads", "2"});
  for (json* p : {&one, &two}) {
    p->erase("seconds");
    p->erase("configurations_per_s");
  }
  CHECK(one == two);
}

TEST_CASE("a plan that cannot be leaves with 3 and names the nearest that can") {
  const Finished f = run_sextant(ask({"--gpus", "64", "--deadline", "5d"}));
  CHECK(f.code == 3);
  CHECK(contains(f.out, "No plan: the fastest layout takes"));
  CHECK(contains(f.out, "Nearest change: "));
  const json plan = planned({"--gpus", "64", "--deadline", "5d"});
  CHECK_FALSE(plan.contains("best"));
  CHECK(plan["nearest"][0]["days"].get<double>() <= 5);
  CHECK(plan["nearest"][0]["run"]["cluster"]["gpus"].get<int>() > 64);
}

TEST_CASE("a plan reads well at 80 columns and says what a tie is") {
  const Finished f = run_sextant(ask({"--gpus", "64..256", "--deadline", "60d"}));
  CHECK(f.code == 0);
  for (const std::string& line : lines(f.out)) {
    INFO(line);
    CHECK(line.size() <= 80);
  }
  for (const char* part : {"Cheapest:", "wall time", "GPU-hours", "The best layouts", "a tie", "rejected:"}) {
    INFO(part);
    CHECK(contains(f.out, part));
  }
}

TEST_CASE("a run of the catalogue is planned for beside its own layout") {
  const json plan = json::parse(run_sextant({"plan", "deepseek-v3-2048-h800", "--tokens", "14.8T", "--json"}).out);
  // Its batch is 15,360 sequences on 2,048 GPUs; the layout the report states is within 5 % of the best found.
  CHECK(plan["best"]["run"]["batch"]["global_sequences"] == 15360);
  CHECK(plan["best"]["run"]["cluster"]["gpus"] == 2048);
  CHECK(plan["own"]["over_best"].get<double>() >= 0);
  CHECK(plan["own"]["over_best"].get<double>() <= 0.05);
}
