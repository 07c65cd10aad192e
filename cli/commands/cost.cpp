// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "cli/campaign_input.hpp"
#include "cli/commands/declarations.hpp"
#include "hardware/catalogue.hpp"
#include "sim/campaign/compare.hpp"
#include "sim/report/campaign_report.hpp"

namespace sextant::cli {

namespace {

struct Options {
  std::string campaign;
  std::vector<std::string> gpus;
  bool search = false;
  std::string provider, commitment, date, grid;
  std::optional<double> usd_per_gpu_hour;
};

const std::map<std::string, hardware::Commitment>& commitments() {
  static const std::map<std::string, hardware::Commitment> names{
      {"on-demand", hardware::Commitment::on_demand},           {"spot", hardware::Commitment::spot},
      {"capacity-block", hardware::Commitment::capacity_block}, {"1-year", hardware::Commitment::one_year},
      {"3-years", hardware::Commitment::three_years},           {"assumption", hardware::Commitment::assumption}};
  return names;
}

ExitCode cost(Session& session, const Options& o) {
  const auto campaign = load_campaign(session, o.campaign);
  if (!campaign) return session.report_faults();
  if (!o.date.empty() && !hardware::parse_date(o.date)) {
    return session.usage_error("--date " + o.date + " is no date", "write 2024, 2024-11 or 2024-11-29");
  }
  const hardware::Prices prices = hardware::load_prices(session.catalogue(), session.faults());
  const sim::Calibration& calibration = session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  const sim::CostInputs inputs{session.catalogue(), calibration, prices, session.faults()};
  sim::CostOptions options;
  options.rent = {o.provider, std::nullopt, o.date, o.usd_per_gpu_hour};
  if (!o.commitment.empty()) options.rent.commitment = commitments().at(o.commitment);
  options.grid = o.grid;
  options.seed = session.options().seed;
  std::optional<sim::Campaign> searched;
  if (o.search) {
    sim::CampaignMove move;
    const std::string& own = campaign->stages.front().run.cluster.gpu.id;
    searched = sim::moved_to(*campaign, own, true, session.catalogue(), move, session.faults());
    if (!searched) return session.report_faults();
  }
  const auto bill = sim::campaign_cost(searched ? *searched : *campaign, inputs, options);
  if (!bill) return session.report_faults();
  std::vector<sim::CampaignElsewhere> elsewhere;
  for (const std::string& gpu : o.gpus) {
    auto there = sim::campaign_on(*campaign, gpu, inputs, options, o.search);
    if (!there) return session.report_faults();
    if (there->gpu != bill->stages[bill->main].run.cluster.gpu.id) elsewhere.push_back(std::move(*there));
  }
  return session.print(sim::report::campaign_report(*campaign, *bill, elsewhere),
                       bill->feasible() ? ExitCode::ok : ExitCode::infeasible);
}

}  // namespace

Runner declare_cost(CLI::App& app) {
  auto o = std::make_shared<Options>();
  app.add_option("CAMPAIGN", o->campaign, "campaign file, catalogue id (sextant list campaigns) or - for stdin")
      ->required();
  app.add_option("--gpu", o->gpus, "the same campaign on these GPUs beside it, e.g. h100,a100")
      ->type_name("A,B,C")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_flag("--search", o->search, "search every stage's layout anew, on each GPU");
  app.add_option("--provider", o->provider, "rental prices of this provider only")->type_name("NAME");
  std::vector<std::string> names;
  for (const auto& [name, value] : commitments()) names.push_back(name);
  app.add_option("--commitment", o->commitment, "rental prices of this kind only")
      ->type_name("KIND")
      ->check(CLI::IsMember(names));
  app.add_option("--date", o->date, "rental prices within a year of it; else the campaign's own date")
      ->type_name("DATE");
  app.add_option("--usd-per-gpu-hour", o->usd_per_gpu_hour, "rent, in place of the price rows")
      ->type_name("USD")
      ->check(CLI::PositiveNumber);
  app.add_option("--grid", o->grid, "where the power comes from (sextant list grids)")->type_name("GRID");
  return [o](Session& session) { return cost(session, *o); };
}

}  // namespace sextant::cli
