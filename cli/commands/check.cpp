// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/claim_flags.hpp"
#include "cli/commands/declarations.hpp"
#include "cli/input.hpp"
#include "cli/terminal.hpp"
#include "hardware/catalogue.hpp"
#include "sim/claims/check.hpp"
#include "sim/claims/scale.hpp"
#include "sim/report/check_report.hpp"

namespace sextant::cli {

namespace {

using models::Claim;

struct Options {
  std::string claim;
  bool all = false;
  double scale = 1;
  ClaimFlags flags;
};

/// The claims of a file, of an id, or the one that flags alone describe.
std::vector<Claim> claims_of(Session& session, const Options& o) {
  Diagnostics& faults = session.faults();
  std::vector<Claim> claims;
  if (o.all && o.claim.empty()) {
    claims = models::list_claims(session.catalogue(), faults);
  } else if (o.claim.empty()) {
    Claim claim;
    claim.id = "command line";
    claim.file = "command line";
    claim.source = {"given on the command line", "", "", Trust::vendor};
    claims.push_back(std::move(claim));
  } else if (looks_like_file(o.claim)) {
    const auto input = read_input(o.claim, faults);
    if (input) claims = models::read_claims(input->text, input->file, faults);
    if (claims.empty() && faults.empty()) faults.add({o.claim, 0, "", "holds no claim", ""});
  } else if (auto claim = models::load_claim(session.catalogue(), o.claim, faults)) {
    claims.push_back(std::move(*claim));
  }
  for (Claim& claim : claims) {
    if (!o.all || !o.claim.empty()) lay_over(claim, o.flags, session.catalogue(), faults);
    if (o.scale != 1) claim = sim::scaled(std::move(claim), o.scale);
  }
  return claims;
}

std::vector<sim::Check> check_all(Session& session, const std::vector<Claim>& claims,
                                  const sim::CheckOptions& options) {
  const hardware::Prices prices = hardware::load_prices(session.catalogue(), session.faults());
  const sim::Calibration& calibration = session.calibration();
  const sim::SimulationInputs inputs{session.catalogue(), calibration, session.faults(), session.profiles()};
  std::vector<sim::Check> checks;
  if (!session.faults().empty()) return checks;
  Progress progress("checking", session.options().quiet || claims.size() == 1);
  for (const Claim& claim : claims) {
    progress.show(static_cast<double>(checks.size()) / static_cast<double>(claims.size()), claim.id);
    checks.push_back(sim::check(claim, inputs, prices, options));
  }
  return checks;
}

ExitCode check(Session& session, const Options& o) {
  if (o.claim.empty() && !o.all && !(o.flags.model && o.flags.tokens && o.flags.gpu)) {
    return session.usage_error("a claim is missing",
                               "name one (sextant list claims), give a file, or --model, --tokens and --gpu");
  }
  const std::vector<Claim> claims = claims_of(session, o);
  if (!session.faults().empty()) return session.report_faults();
  sim::CheckOptions options;
  if (claims.size() > 1) options = {.elsewhere = {}, .neighbours = 0};
  const std::vector<sim::Check> checks = check_all(session, claims, options);
  if (!session.faults().empty()) return session.report_faults();
  if (checks.size() > 1) return session.print(sim::report::checks_report(checks, o.scale));
  return session.print(sim::report::check_report(checks.front()),
                       sim::contradicted(checks.front().verdict) ? ExitCode::contradicted : ExitCode::ok);
}

}  // namespace

Runner declare_check(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("CLAIM", options->claim,
                 "claim of the catalogue (sextant list claims) or a file; without it, flags alone make the claim");
  app.add_flag("--all", options->all, "a table of every claim of the catalogue");
  app.add_option("--scale", options->scale, "multiply the claimed budget first, e.g. 0.333: does the check notice?")
      ->type_name("FACTOR")
      ->check(CLI::Range(1e-6, 1e6));
  add_claim_flags(app, options->flags);
  return [options](Session& session) { return check(session, *options); };
}

}  // namespace sextant::cli
