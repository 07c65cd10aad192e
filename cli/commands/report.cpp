// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/json/cursor.hpp"
#include "cli/campaign_input.hpp"
#include "cli/commands/declarations.hpp"
#include "cli/entry_text.hpp"
#include "cli/input.hpp"
#include "cli/run_input.hpp"
#include "hardware/catalogue.hpp"
#include "sim/claims/check.hpp"
#include "sim/report/charts.hpp"
#include "sim/report/exporters.hpp"

namespace sextant::cli {

namespace {

enum class Subject : std::uint8_t { unknown, campaign, run, claim };

struct Options {
  std::string what;
  std::string kind;
  std::vector<std::string> gpus;
};

bool among(const std::vector<std::string>& ids, const std::string& id) {
  return std::any_of(ids.begin(), ids.end(), [&](const std::string& i) { return folded_id(i) == folded_id(id); });
}

/// What a file is: by its format, else by the keys that only one kind has.
Subject subject_of_file(const std::string& path) {
  Diagnostics later;  // the reader of the kind reports them
  const auto text = read_input(path, later);
  const auto node = text ? json::parse(text->text, text->file, later) : std::nullopt;
  if (!node) return Subject::run;
  const json::Node* format = node->find("format");
  if (format != nullptr && format->string == "sextant/campaign/1") return Subject::campaign;
  if (node->type == json::Type::array || node->find("claimed") != nullptr) return Subject::claim;
  return Subject::run;
}

Subject subject_of(Session& session, const Options& o) {
  if (o.kind == "campaign") return Subject::campaign;
  if (o.kind == "run") return Subject::run;
  if (o.kind == "claim") return Subject::claim;
  if (looks_like_file(o.what)) return subject_of_file(o.what);
  if (among(entry_ids(session.catalogue(), campaign_entries), o.what)) return Subject::campaign;
  if (among(entry_ids(session.catalogue(), run_entries), o.what)) return Subject::run;
  Diagnostics unknown;
  return models::load_claim(session.catalogue(), o.what, unknown) ? Subject::claim : Subject::unknown;
}

/// A page unless another form was asked for.
ExitCode print(Session& session, const sim::report::Report& page) {
  const bool asked = session.options().json || !session.options().format.empty() || session.format() != "text";
  return asked ? session.print(page) : session.print(sim::report::to_html(page));
}

ExitCode campaign_page(Session& session, const Options& o) {
  const auto campaign = load_campaign(session, o.what);
  if (!campaign) return session.report_faults();
  const hardware::Prices prices = hardware::load_prices(session.catalogue(), session.faults());
  const sim::Calibration& calibration = session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  const sim::CostInputs inputs{session.catalogue(), calibration, prices, session.faults()};
  sim::CostOptions options;
  options.seed = session.options().seed;
  const auto cost = sim::campaign_cost(*campaign, inputs, options);
  if (!cost) return session.report_faults();
  std::vector<sim::CampaignElsewhere> elsewhere;
  for (const std::string& gpu : o.gpus) {
    auto there = sim::campaign_on(*campaign, gpu, inputs, options);
    if (!there) return session.report_faults();
    elsewhere.push_back(std::move(*there));
  }
  return print(session, sim::report::campaign_page(*campaign, *cost, elsewhere, calibration));
}

ExitCode run_page(Session& session, const Options& o) {
  auto input = load_run(session, o.what, {});
  if (!input) return session.report_faults();
  session.add_measured(input->run);
  const sim::Calibration& calibration = session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  return print(session, sim::report::run_page(input->run, sim::predict(input->run, calibration), calibration));
}

ExitCode claim_page(Session& session, const Options& o) {
  const auto claim = models::load_claim(session.catalogue(), o.what, session.faults());
  const hardware::Prices prices = hardware::load_prices(session.catalogue(), session.faults());
  const sim::Calibration& calibration = session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  const sim::Check check = sim::check(*claim, {session.catalogue(), calibration, session.faults()}, prices, {});
  if (!session.faults().empty()) return session.report_faults();
  return print(session, sim::report::claim_page(check));
}

ExitCode report(Session& session, const Options& o) {
  switch (subject_of(session, o)) {
    case Subject::campaign: return campaign_page(session, o);
    case Subject::run: return run_page(session, o);
    case Subject::claim: return claim_page(session, o);
    case Subject::unknown: break;
  }
  session.faults().add({o.what, 0, "", "no such file, and no campaign, run or claim of the catalogue",
                        "sextant list campaigns, runs or claims shows what there is"});
  return session.report_faults();
}

}  // namespace

Runner declare_report(CLI::App& app) {
  auto o = std::make_shared<Options>();
  app.add_option("WHAT", o->what, "a campaign, a run or a claim: file or catalogue id, looked for in that order")
      ->required();
  app.add_option("--kind", o->kind, "campaign, run or claim, where an id is more than one of them")
      ->type_name("KIND")
      ->check(CLI::IsMember({"campaign", "run", "claim"}));
  app.add_option("--gpu", o->gpus, "a campaign on these GPUs beside its own")
      ->type_name("A,B,C")
      ->delimiter(',')
      ->allow_extra_args(false);
  return [o](Session& session) { return report(session, *o); };
}

}  // namespace sextant::cli
