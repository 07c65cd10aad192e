// SPDX-License-Identifier: Apache-2.0
#include "sim/report/check_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <iterator>

#include "sim/report/names.hpp"

namespace sextant::sim::report {

namespace {

constexpr std::string_view band_note = "95 %";

Cell hours_cell(const std::optional<Band<double>>& band, double Band<double>::*end) {
  return band ? Cell{(*band).*end} : Cell{};
}

std::string sentence(const Check& c) {
  std::string verdict(name_of(c.verdict));
  std::transform(verdict.begin(), verdict.end(), verdict.begin(), [](unsigned char x) { return std::toupper(x); });
  const std::string claimed =
      c.claimed ? hours_text(c.claimed->mid) + " GPU-hours are claimed" : "no GPU-hours are claimed";
  std::string simulated = "the simulation cannot be run";
  if (const auto& s = c.simulated.gpu_hours) {
    simulated = fmt::format("the simulation finds {} ({} to {}, {})", hours_text(s->mid), hours_text(s->low),
                            hours_text(s->high), band_note);
  }
  return fmt::format("{}: {}, {}.", verdict, claimed, simulated);
}

Verdict::Mood mood_of(sim::Verdict v) {
  if (contradicted(v)) return Verdict::Mood::bad;
  return v == sim::Verdict::consistent ? Verdict::Mood::good : Verdict::Mood::neutral;
}

void add_number(Report& report, std::string key, double value, Unit unit) {
  report.add(Figure{.key = std::move(key), .value = value, .unit = unit, .audience = Audience::programs});
}

void add_band(Report& report, const std::string& key, const std::optional<double>& claimed,
              const std::optional<Band<double>>& band, Unit unit) {
  if (claimed) add_number(report, key + "/claimed", *claimed, unit);
  if (!band) return;
  add_number(report, key + "/low", band->low, unit);
  add_number(report, key + "/mid", band->mid, unit);
  add_number(report, key + "/high", band->high, unit);
}

/// The keys of the JSON form that people read as sentences and tables.
void add_for_programs(Report& report, const Check& c) {
  report.add(Fact{"claim", "", c.id, Audience::programs});
  report.add(Fact{"verdict", "", std::string(name_of(c.verdict)), Audience::programs});
  add_band(report, "gpu_hours", c.claimed ? std::optional(c.claimed->mid) : std::nullopt, c.simulated.gpu_hours,
           Unit::number);
  if (c.floor_hours > 0) add_number(report, "gpu_hours/physical_floor", c.floor_hours, Unit::number);
  add_band(report, "cost_usd", c.claimed_cost_usd, c.cost_usd, Unit::number);
  if (c.implied.mfu > 0) add_number(report, "implied/mfu", c.implied.mfu, Unit::number);
  if (c.implied.tokens_per_s_per_gpu > 0) {
    add_number(report, "implied/tokens_per_s_per_gpu", c.implied.tokens_per_s_per_gpu, Unit::number);
  }
  if (c.implied.step_time_s > 0) add_number(report, "implied/step_time_s", c.implied.step_time_s, Unit::seconds);
}

constexpr std::array<std::pair<Reason::Kind, std::string_view>, 4> sections{
    {{Reason::Kind::physics, "Physics"},
     {Reason::Kind::simulation, "Simulation"},
     {Reason::Kind::arithmetic, "Arithmetic of the claim"},
     {Reason::Kind::scope, "Remarks"}}};

void add_reasons(Report& report, const Check& c) {
  Table t{.key = "reasons", .title = {}, .columns = {}, .rows = {}, .audience = Audience::programs};
  t.columns = {{"kind", "kind", Unit::text}, {"text", "reason", Unit::text}};
  for (const Reason& r : c.reasons) t.rows.push_back({std::string(name_of(r.kind)), r.text});
  report.add(std::move(t));
  for (const auto& [kind, title] : sections) {
    List list{.key = {}, .title = std::string(title), .points = {}, .audience = Audience::people};
    for (const Reason& r : c.reasons) {
      if (r.kind == kind) list.points.push_back(r.text);
    }
    if (!list.points.empty()) report.add(std::move(list));
  }
}

std::string tokens_text(double tokens) {
  return tokens >= 1e12 ? fmt::format("{:.1f} T", tokens / 1e12) : fmt::format("{:.1f} B", tokens / 1e9);
}

std::string layout_of(const StageRow& row) {
  if (row.as_stated) return "taken as stated";
  if (!row.simulation) return "";
  const Parallelism& p = row.simulation->typical.parallelism;
  std::string text = fmt::format("tp {} pp {}", p.tp, p.pp);
  if (p.vp > 1) text += fmt::format(" vp {}", p.vp);
  if (p.cp > 1) text += fmt::format(" cp {}", p.cp);
  if (p.ep > 1) text += fmt::format(" ep {}", p.ep);
  return text + fmt::format(" dp {}", p.dp);
}

Cell rounded(const std::optional<double>& hours) { return hours ? Cell{std::round(*hours)} : Cell{}; }

void add_stages(Report& report, const Check& c) {
  Table people{.key = {}, .title = "Claimed against simulated, GPU-hours (95 %)", .audience = Audience::people};
  people.columns = {{"", "stage", Unit::text}, {"", "tokens", Unit::text}, {"", "claimed", Unit::count},
                    {"", "low", Unit::count},  {"", "mid", Unit::count},   {"", "high", Unit::count}};
  Table programs{.key = "stages", .title = {}, .audience = Audience::programs, .main = true};
  programs.columns = {{"name", "stage", Unit::text},
                      {"level", "level", Unit::count},
                      {"tokens", "tokens", Unit::tokens},
                      {"gpu_hours/claimed", "claimed", Unit::gpu_hours},
                      {"gpu_hours/low", "low", Unit::gpu_hours},
                      {"gpu_hours/mid", "mid", Unit::gpu_hours},
                      {"gpu_hours/high", "high", Unit::gpu_hours},
                      {"layout", "layout", Unit::text}};
  for (const StageRow& row : c.simulated.rows) {
    const auto end = [&](double Band<double>::*e) {
      return row.gpu_hours ? std::optional((*row.gpu_hours).*e) : std::nullopt;
    };
    const std::string indent(static_cast<std::size_t>(row.level) * 2, ' ');
    people.rows.push_back({indent + row.name, row.tokens > 0 ? Cell{tokens_text(row.tokens)} : Cell{},
                           rounded(row.claimed), rounded(end(&Band<double>::low)), rounded(end(&Band<double>::mid)),
                           rounded(end(&Band<double>::high))});
    programs.rows.push_back({row.name, static_cast<double>(row.level), row.tokens > 0 ? Cell{row.tokens} : Cell{},
                             row.claimed ? Cell{*row.claimed} : Cell{}, hours_cell(row.gpu_hours, &Band<double>::low),
                             hours_cell(row.gpu_hours, &Band<double>::mid),
                             hours_cell(row.gpu_hours, &Band<double>::high), layout_of(row)});
  }
  report.add(std::move(people));
  report.add(std::move(programs));
}

std::string hours_and_range(const Band<double>& b) {
  return fmt::format("{} ({} to {})", hours_text(b.mid), hours_text(b.low), hours_text(b.high));
}

std::string price_and_range(const Band<double>& b, DisplayUnits units) {
  return fmt::format("{} ({} to {})", money_text(b.mid, 2, units), money_text(b.low, 2, units),
                     money_text(b.high, 2, units));
}

std::string cost_and_range(const Band<double>& b, DisplayUnits units) {
  return fmt::format("{} ({} to {})", dollars_text(b.mid, units), dollars_text(b.low, units),
                     dollars_text(b.high, units));
}

void add_cost(Report& report, const Check& c, DisplayUnits units) {
  if (!c.claimed_cost_usd && !c.cost_usd) return;
  report.add(Heading{"Cost"});
  if (c.claimed_cost_usd) report.add(Fact{"", "claimed", dollars_text(*c.claimed_cost_usd, units), Audience::people});
  if (c.cost_usd) {
    report.add(Fact{"", "simulated", fmt::format("{}; {}", cost_and_range(*c.cost_usd, units), c.price_basis),
                    Audience::people});
  }
}

void elsewhere_for_people(Report& report, const Check& c, DisplayUnits units) {
  report.add(Heading{"The same training on as many other GPUs"});
  for (const ElsewhereCost& e : c.elsewhere) {
    std::string text = e.gpu_hours ? hours_and_range(*e.gpu_hours) + " GPU-hours" : "does not fit";
    if (e.usd_per_gpu_hour)
      text += fmt::format(" at {} an hour, {}", price_and_range(*e.usd_per_gpu_hour, units), e.basis);
    if (e.cost_usd) text = cost_and_range(*e.cost_usd, units) + ": " + text;
    report.add(Fact{"", e.gpu, std::move(text), Audience::people});
  }
}

void add_elsewhere(Report& report, const Check& c, DisplayUnits units) {
  if (c.elsewhere.empty()) return;
  elsewhere_for_people(report, c, units);
  Table t{.key = "elsewhere", .title = {}, .audience = Audience::programs};
  t.columns = {{"gpu", "GPU", Unit::text},
               {"gpu_hours/low", "low", Unit::number},
               {"gpu_hours/mid", "mid", Unit::number},
               {"gpu_hours/high", "high", Unit::number},
               {"usd_per_gpu_hour/low", "low", Unit::number},
               {"usd_per_gpu_hour/mid", "mid", Unit::number},
               {"usd_per_gpu_hour/high", "high", Unit::number},
               {"cost_usd/low", "low", Unit::number},
               {"cost_usd/mid", "mid", Unit::number},
               {"cost_usd/high", "high", Unit::number},
               {"price_basis", "prices", Unit::text}};
  for (const ElsewhereCost& e : c.elsewhere) {
    std::vector<Cell> row{e.gpu};
    for (const auto* band : {&e.gpu_hours, &e.usd_per_gpu_hour, &e.cost_usd}) {
      for (double Band<double>::*end : {&Band<double>::low, &Band<double>::mid, &Band<double>::high}) {
        row.push_back(hours_cell(*band, end));
      }
    }
    row.push_back(e.basis.empty() ? Cell{} : Cell{e.basis});
    t.rows.push_back(std::move(row));
  }
  report.add(std::move(t));
}

void add_nearest(Report& report, const Check& c) {
  if (c.nearest.empty()) return;
  Table t{.key = "nearest_measured", .title = "Nearest published measurements", .columns = {}, .rows = {}};
  t.columns = {{"distance", "distance", Unit::number},
               {"mfu", "MFU", Unit::share},
               {"tokens_per_s_per_gpu", "tokens/s/GPU", Unit::count},
               {"publisher", "", Unit::text},
               {"id", "measurement", Unit::text}};
  for (const Neighbour& n : c.nearest) {
    t.rows.push_back({std::round(n.distance * 100) / 100, n.mfu, n.tokens_per_s_per_gpu, n.publisher, n.id});
  }
  report.add(std::move(t));
}

std::vector<std::string> multiplier_texts(const Check& c, DisplayUnits units) {
  std::vector<std::string> texts;
  for (const Multiplier& m : multipliers()) {
    std::string text = fmt::format("{}: {:.2g} to {:.2g} times the run's cost", m.what, m.low, m.high);
    if (c.cost_usd) {
      text += fmt::format(", {} to {}", dollars_text(c.cost_usd->mid * m.low, units),
                          dollars_text(c.cost_usd->mid * m.high, units));
    }
    texts.push_back(fmt::format("{} ({})", text, m.source));
  }
  return texts;
}

std::vector<std::string> texts_of(const std::vector<Assumption>& assumptions) {
  std::vector<std::string> texts;
  for (const Assumption& a : assumptions) {
    std::string text = a.why.empty() ? a.what : a.what + ": " + a.why;
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace

Report check_report(const Check& c, DisplayUnits units) {
  Report report{.format = "sextant/check/1",
                .title = fmt::format("{} ({})", c.id, c.publisher),
                .subtitle = fmt::format("{}; {}, {}", c.what, c.source.title, c.source.date)};
  report.add(Verdict{sentence(c), mood_of(c.verdict)});
  add_for_programs(report, c);
  report.add(List{.key = "missing", .title = "To decide it, Sextant would need", .points = c.missing});
  add_reasons(report, c);
  add_stages(report, c);
  add_cost(report, c, units);
  add_elsewhere(report, c, units);
  report.add(List{.key = "scope/covers", .title = "The figures cover", .points = c.scope.covers});
  report.add(List{.key = "scope/leaves_out", .title = "They leave out", .points = c.scope.leaves_out});
  report.add(List{.key = "scope/multipliers",
                  .title = "Published multipliers of what is left out (no part of the verdict)",
                  .points = multiplier_texts(c, units)});
  add_nearest(report, c);
  report.add(List{
      .key = "assumptions", .title = "Assumed where the claim is silent", .points = texts_of(c.simulated.assumptions)});
  return report;
}

}  // namespace sextant::sim::report
