// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_flags.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/quantities.hpp"
#include "sim/run/options.hpp"
#include "sim/search/plan.hpp"

namespace sextant::cli {

namespace {

constexpr const char* goal = "What is asked for";
constexpr const char* search_group = "The search";

template <class Parse>
CLI::Validator is(Parse parse, std::string expected) {
  return CLI::Validator(
      [parse, expected = std::move(expected)](std::string& text) {
        return parse(text) ? std::string{} : fmt::format("\"{}\" is not {}", text.substr(0, 60), expected);
      },
      "");
}

template <class Table>
std::vector<std::string> names_of(const Table& table, bool with_any) {
  std::vector<std::string> out;
  for (const auto& [name, value] : table) out.emplace_back(name);
  if (with_any) out.emplace_back("any");
  return out;
}

CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](std::string& text) {
        if (std::find(words.begin(), words.end(), text) != words.end()) return std::string{};
        const std::string hint = did_you_mean(text, std::vector<std::string_view>(words.begin(), words.end()));
        return fmt::format("\"{}\" is not one of {}{}", text.substr(0, 60), fmt::join(words, ", "),
                           hint.empty() ? "" : "; " + hint);
      },
      "");
}

/// Options of a run that mean something else to a plan, or nothing.
void replace_run_options(CLI::App& app, PlanFlags& f) {
  for (const char* name :
       {"--gpus", "--precision", "--schedule", "--sharding", "--sharding-group", "--dp", "--sequence-parallel"}) {
    app.remove_option(app.get_option(name));
  }
  const std::string what = app.get_option("--model")->get_group();
  const std::string layout = app.get_option("--tp")->get_group();
  const std::string step = app.get_option("--seq-len")->get_group();
  app.add_option("--gpus", f.gpus, "cluster size, a range or several: 2048, 256..4096 or 512,768")
      ->type_name("N..N")
      ->check(is(parse_sizes, "a cluster size such as 2048, 256..4096 or 512,768"))
      ->group(what);
  app.add_option("--precision", f.precisions, "one or more, e.g. bf16,fp8")
      ->type_name("WORD,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(one_of(names_of(sim::precision_names, false)))
      ->group(step);
  app.add_option("--schedule", f.run.schedule, "a pipeline schedule, or any: also those the stack does not run")
      ->type_name("WORD")
      ->check(one_of(names_of(sim::schedule_names, true)))
      ->group(layout);
  app.add_option("--sharding", f.run.sharding,
                 "none, zero1, zero2, zero3, hsdp, or any: also what the stack does not run")
      ->type_name("WORD")
      ->check(one_of(names_of(sim::sharding_names, true)))
      ->group(layout);
}

}  // namespace

void add_plan_flags(CLI::App& app, PlanFlags& f) {
  app.add_option("--tokens", f.tokens, "tokens to train on, e.g. 14.8T")
      ->type_name("N")
      ->check(is(parse_count, "a number of tokens such as 14.8T, 250B or 2e12"))
      ->group(goal);
  app.add_option("--deadline", f.deadline, "wall time at most, e.g. 60d or 8w")
      ->type_name("TIME")
      ->check(is(parse_days, "a time such as 60d, 8w or 36h"))
      ->group(goal);
  app.add_option("--budget", f.budget, "US dollars at most, e.g. 6e6 or 5.6M")
      ->type_name("USD")
      ->check(is(parse_dollars, "an amount such as 6e6, 5.6M or 250K"))
      ->group(goal);
  app.add_option("--objective", f.objective, "cost, time or pareto")
      ->type_name("WORD")
      ->check(one_of(names_of(sim::search::objective_names, false)))
      ->group(goal);
  app.add_option("--usd-per-gpu-hour", f.usd_per_gpu_hour, "rent to reckon with; else from the price rows of the GPU")
      ->type_name("X")
      ->check(CLI::PositiveNumber)
      ->group(goal);
  add_run_flags(app, f.run);
  replace_run_options(app, f);
  app.add_option(
         "--reserve", f.reserve,
         fmt::format("memory of each GPU to leave free, e.g. 5% or 4GB; else {:g}%", 100 * sim::search::usual_reserve))
      ->type_name("X")
      ->check(is(parse_reserve, "a share or an amount of memory such as 5%, 4GB or 0"))
      ->group(search_group);
  app.add_option("--top", f.top, "layouts to show")->type_name("N")->check(CLI::Range(1, 1000))->group(search_group);
  app.add_option("--threads", f.threads, "threads; else as many as the machine has. The answer is the same")
      ->type_name("N")
      ->check(CLI::Range(1, 1024))
      ->group(search_group);
}

std::vector<std::pair<int, int>> PlanFlags::sizes() const {
  return gpus ? parse_sizes(*gpus).value_or(std::vector<std::pair<int, int>>{}) : std::vector<std::pair<int, int>>{};
}

void settle(PlanFlags& f) {
  if (f.run.schedule == "any") {
    f.any_schedule = true;
    f.run.schedule.reset();
  }
  if (f.run.sharding == "any") {
    f.any_sharding = true;
    f.run.sharding.reset();
  }
  if (!f.precisions.empty()) f.run.precision = f.precisions.front();
  if (!f.sizes().empty()) f.run.gpus = f.sizes().front().first;
}

}  // namespace sextant::cli
