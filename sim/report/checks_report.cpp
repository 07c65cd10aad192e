// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/report/campaign_report.hpp"
#include "sim/report/check_report.hpp"
#include "sim/report/difference.hpp"

namespace sextant::sim::report {

namespace {

using Verdicts = std::vector<sim::Verdict>;

/// A claim that states what a check needs: the hours, and work and hardware that can be simulated.
bool determined(const Check& c) { return c.claimed && c.simulated.gpu_hours; }

std::size_t count(const std::vector<Check>& checks, const Verdicts& of, bool only_determined) {
  return static_cast<std::size_t>(std::count_if(checks.begin(), checks.end(), [&](const Check& c) {
    return (!only_determined || determined(c)) && std::find(of.begin(), of.end(), c.verdict) != of.end();
  }));
}

Cell number(const std::optional<Band<double>>& band, double Band<double>::*end) {
  return band ? Cell{(*band).*end} : Cell{};
}

/// What is missing, in a word or two.
std::string lacks(const Check& c) {
  if (c.verdict != sim::Verdict::undetermined || c.missing.empty()) return {};
  const std::string& first = c.missing.front();
  constexpr std::size_t most = 30;
  if (first.find("tokens") != std::string::npos) return "lacks tokens";
  if (first.find("structure") != std::string::npos) return "lacks the model";
  return "lacks " + first.substr(0, std::min(first.find_first_of(",("), most));
}

Table people_table(const std::vector<Check>& checks) {
  Table t{.columns = {{"", "claim", Unit::text},
                      {"", "verdict", Unit::text},
                      {"", "claimed", Unit::count},
                      {"", "MFU", Unit::count},
                      {"", "simulated, 95 %", Unit::text}},
          .audience = Audience::people};
  for (const Check& c : checks) {
    const auto& band = c.simulated.gpu_hours;
    const bool tells = c.implied.mfu > 0;
    t.rows.push_back({c.id, std::string(name_of(c.verdict)), c.claimed ? Cell{short_hours(c.claimed->mid)} : Cell{},
                      tells ? Cell{fmt::format("{:.0f} %", 100 * c.implied.mfu)} : Cell{},
                      band && c.verdict != sim::Verdict::undetermined ? short_hours(*band) : lacks(c)});
  }
  return t;
}

Table programs_table(const std::vector<Check>& checks) {
  Table t{.key = "claims", .audience = Audience::programs, .main = true};
  t.columns = {{"claim", "claim", Unit::text},
               {"verdict", "verdict", Unit::text},
               {"gpu_hours/claimed", "claimed", Unit::gpu_hours},
               {"gpu_hours/low", "low", Unit::gpu_hours},
               {"gpu_hours/mid", "mid", Unit::gpu_hours},
               {"gpu_hours/high", "high", Unit::gpu_hours},
               {"mfu", "MFU", Unit::share},
               {"determined", "determined", Unit::text},
               {"missing", "missing", Unit::text}};
  for (const Check& c : checks) {
    const auto& band = c.simulated.gpu_hours;
    t.rows.push_back({c.id, std::string(name_of(c.verdict)), c.claimed ? Cell{c.claimed->mid} : Cell{},
                      number(band, &Band<double>::low), number(band, &Band<double>::mid),
                      number(band, &Band<double>::high), c.implied.mfu > 0 ? Cell{c.implied.mfu} : Cell{},
                      determined(c), c.missing});
  }
  return t;
}

}  // namespace

Report checks_report(const std::vector<Check>& checks, double scale) {
  Report report{.format = "sextant/checks/1", .title = fmt::format("{} claims, checked", checks.size())};
  if (scale != 1) {
    report.title = fmt::format("{} claims cut to {:.3g} of their budgets, checked", checks.size(), scale);
    report.subtitle = "Hours, days and money shrink together, so that each claim agrees with itself as before.";
  }
  report.add(people_table(checks)).add(programs_table(checks));
  for (const auto& [name, verdict] : verdict_names) {
    report.add(Figure{.key = fmt::format("verdicts/{}", name),
                      .label = std::string(name),
                      .value = static_cast<double>(count(checks, {verdict}, false)),
                      .unit = Unit::count});
  }
  const auto n = static_cast<double>(std::count_if(checks.begin(), checks.end(), determined));
  const auto good = static_cast<double>(count(checks, {sim::Verdict::consistent, sim::Verdict::generous}, true));
  const auto bad = static_cast<double>(count(checks, {sim::Verdict::implausible, sim::Verdict::impossible}, true));
  report.add(Figure{.key = "determined", .label = "tell tokens, GPU and hours", .value = n, .unit = Unit::count});
  if (n > 0) {
    report.add(Figure{.key = "share_consistent_or_generous",
                      .label = "of those, consistent or generous",
                      .value = good / n,
                      .unit = Unit::share});
    report.add(Figure{.key = "share_implausible_or_impossible",
                      .label = "of those, implausible or impossible",
                      .value = bad / n,
                      .unit = Unit::share});
  }
  return report;
}

namespace {

struct ClaimFigure {
  std::string_view column;  ///< of the table of claims
  std::string_view figure;  ///< of a claim's own report
  std::string_view label;
  Unit unit;
};
constexpr std::array<ClaimFigure, 5> claim_figure_rows{{
    {"gpu_hours/claimed", "gpu_hours/claimed", "claimed", Unit::gpu_hours},
    {"gpu_hours/low", "gpu_hours/low", "simulated, low", Unit::gpu_hours},
    {"gpu_hours/mid", "gpu_hours/mid", "simulated", Unit::gpu_hours},
    {"gpu_hours/high", "gpu_hours/high", "simulated, high", Unit::gpu_hours},
    {"mfu", "implied/mfu", "MFU the claim implies", Unit::share},
}};

void add(Report& r, const ClaimFigure& f, double value) {
  r.add(Figure{.key = std::string(f.column), .label = std::string(f.label), .value = value, .unit = f.unit});
}

}  // namespace

Report claim_figures(const Table& claims, std::string_view id) {
  Report r;
  for (const std::vector<Cell>& row : claims.rows) {
    const auto* name = std::get_if<std::string>(&row.front());
    if (name == nullptr || *name != id) continue;
    for (const ClaimFigure& f : claim_figure_rows) {
      const int at = column_of(claims, f.column);
      const auto* v = at < 0 ? nullptr : std::get_if<double>(&row[static_cast<std::size_t>(at)]);
      if (v != nullptr) add(r, f, *v);
    }
  }
  return r;
}

Report claim_figures(const Report& check) {
  Report r;
  for (const ClaimFigure& f : claim_figure_rows) {
    if (const Figure* found = find_figure(check, f.figure)) add(r, f, found->value);
  }
  return r;
}

}  // namespace sextant::sim::report
