// SPDX-License-Identifier: Apache-2.0
#include "sim/report/campaign_tables.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

std::string tokens_text(double tokens) {
  if (!(tokens > 0)) return "-";
  return tokens >= 1e12 ? fmt::format("{:.3g} T", tokens / 1e12) : fmt::format("{:.3g} B", tokens / 1e9);
}

std::string share_text(double share) { return fmt::format("{:.1f} %", 100 * share); }

/// Long times between failures read in the reader's unit of long times.
std::string mtbf_text(Seconds s, DisplayUnits units) {
  const double days = s.value() / 86400;
  return units.hours && days >= 2 ? format(days, Unit::days, units) : format(s.value(), Unit::seconds);
}

std::string seconds_text(Seconds s) { return format(s.value(), Unit::seconds); }

}  // namespace

void add_stage_tables(Report& r, const Campaign& campaign, const CampaignCost& c) {
  Table people{.title = "Stages, training alone",
               .columns = {{"", "stage", Unit::text},
                           {"", "tokens", Unit::count},
                           {"", "step", Unit::count},
                           {"", "GPU-hours", Unit::count},
                           {"", "80 % band", Unit::text}},
               .audience = Audience::people};
  Table programs{.key = "stages",
                 .columns = {{"name", "stage", Unit::text},
                             {"kind", "kind", Unit::text},
                             {"line", "line", Unit::text},
                             {"tokens", "tokens", Unit::tokens},
                             {"seq_len", "sequence", Unit::count},
                             {"gpus", "GPUs", Unit::count},
                             {"gpu_hours/low", "low", Unit::number},
                             {"gpu_hours/mid", "mid", Unit::number},
                             {"gpu_hours/high", "high", Unit::number},
                             {"days", "days", Unit::number},
                             {"step_time_s", "step", Unit::seconds},
                             {"mfu", "MFU", Unit::share},
                             {"layout", "layout", Unit::text},
                             {"layout_searched", "searched", Unit::text},
                             {"teacher_gpu_hours", "teacher", Unit::number},
                             {"obstacles", "obstacles", Unit::text}},
                 .audience = Audience::programs,
                 .main = true};
  for (std::size_t i = 0; i < c.stages.size(); ++i) {
    const StageHours& s = c.stages[i];
    const Stage& stage = campaign.stages[i];
    people.rows.push_back({stage.name, tokens_text(s.tokens),
                           s.step.value() > 0 ? seconds_text(s.step) : std::string("-"), short_hours(s.gpu_hours.mid),
                           short_hours(s.gpu_hours)});
    programs.rows.push_back({stage.name, std::string(name_of(stage.kind)), stage.line, s.tokens,
                             static_cast<double>(s.run.batch.seq_len), static_cast<double>(s.gpus), s.gpu_hours.low,
                             s.gpu_hours.mid, s.gpu_hours.high, s.days(), s.step.value(), s.mfu, layout_text(s.run),
                             s.searched, s.teacher ? Cell{s.teacher_hours} : Cell{}, s.obstacles});
  }
  r.add(std::move(people)).add(std::move(programs));
  List layouts{.title = "Layouts", .points = {}, .audience = Audience::people};
  for (std::size_t i = 0; i < c.stages.size(); ++i) {
    const StageHours& s = c.stages[i];
    if (s.tokens <= 0) continue;
    layouts.points.push_back(
        fmt::format("{}: {}{}{}{}", campaign.stages[i].name, layout_text(s.run),
                    s.mfu > 0 ? fmt::format("; MFU {:.1f} %", 100 * s.mfu) : "",
                    s.searched ? fmt::format("; fastest of {} that fit", s.considered) : "; stated",
                    s.fits ? "" : "; by Sextant's count that does not fit in memory"));
  }
  r.add(std::move(layouts));
}

void add_line_tables(Report& r, const Campaign& campaign, const CampaignCost& c) {
  if (c.lines.empty()) return;
  const bool throughput = campaign.hours_are == models::HoursAre::throughput;
  Table people{.title = throughput ? "Against the published lines (tokens over throughput)"
                                   : "Against the published lines (interruptions included)",
               .columns = {{"", "line", Unit::text},
                           {"", "published", Unit::count},
                           {"", "simulated", Unit::count},
                           {"", "80 % band", Unit::text},
                           {"", "", Unit::text}},
               .audience = Audience::people};
  people.columns.back().title = "verdict";
  Table programs{.key = "lines",
                 .columns = {{"line", "line", Unit::text},
                             {"published_gpu_hours", "published", Unit::number},
                             {"gpu_hours/low", "low", Unit::number},
                             {"gpu_hours/mid", "mid", Unit::number},
                             {"gpu_hours/high", "high", Unit::number},
                             {"inside", "inside", Unit::text},
                             {"explanation", "explanation", Unit::text}},
                 .audience = Audience::programs};
  for (const LineCost& l : c.lines) {
    people.rows.push_back({l.line, short_hours(l.published), short_hours(l.gpu_hours.mid), short_hours(l.gpu_hours),
                           std::string(l.inside()                      ? "inside"
                                       : l.published < l.gpu_hours.low ? "below"
                                                                       : "above")});
    programs.rows.push_back(
        {l.line, l.published, l.gpu_hours.low, l.gpu_hours.mid, l.gpu_hours.high, l.inside(), l.explanation});
  }
  r.add(std::move(people)).add(std::move(programs));
}

void add_rl_tables(Report& r, const Campaign& campaign, const CampaignCost& c) {
  Table people{.title = "A round of reinforcement learning, seconds; tokens/s of a generating GPU",
               .columns = {{"", "stage", Unit::text},
                           {"", "generate", Unit::count},
                           {"", "tail", Unit::count},
                           {"", "score", Unit::count},
                           {"", "train", Unit::count},
                           {"", "refit", Unit::count},
                           {"", "round", Unit::count},
                           {"", "tokens/s", Unit::count}},
               .audience = Audience::people};
  Table programs{.key = "rl_rounds",
                 .columns = {{"stage", "stage", Unit::text},
                             {"generation_s", "", Unit::number},
                             {"tail_s", "", Unit::number},
                             {"reward_s", "", Unit::number},
                             {"log_probs_s", "", Unit::number},
                             {"training_s", "", Unit::number},
                             {"refit_s", "", Unit::number},
                             {"fixed_s", "", Unit::number},
                             {"total_s", "", Unit::number},
                             {"concurrency", "", Unit::number},
                             {"generated_tokens_per_s_per_gpu", "", Unit::number}},
                 .audience = Audience::programs};
  const auto short_text = [](Seconds s) { return short_hours(s.value()); };
  for (std::size_t i = 0; i < c.stages.size(); ++i) {
    if (!c.stages[i].rl) continue;
    const RlStep& s = *c.stages[i].rl;
    people.rows.push_back({campaign.stages[i].name, short_text(s.generation), short_text(s.detail.tail),
                           short_text(s.log_probs + s.reward), short_text(s.training), short_text(s.refit),
                           short_text(s.total), fmt::format("{:.0f}", s.detail.tokens_per_s_per_gpu())});
    programs.rows.push_back({campaign.stages[i].name, s.generation.value(), s.detail.tail.value(), s.reward.value(),
                             s.log_probs.value(), s.training.value(), s.refit.value(), s.fixed.value(), s.total.value(),
                             s.detail.concurrency, s.detail.tokens_per_s_per_gpu()});
  }
  if (people.rows.empty()) return;
  r.add(std::move(people)).add(std::move(programs));
}

void add_goodput_tables(Report& r, const CampaignCost& c, DisplayUnits units) {
  const Goodput& g = c.goodput;
  Table t{.title = fmt::format("Where {} GPUs' time goes, largest stage", grouped(c.stages[c.main].gpus)),
          .columns = {{"", " ", Unit::text}, {"", " ", Unit::count}, {"", "", Unit::share, true}},
          .audience = Audience::people};
  const auto row = [&t](std::string what, double share) {
    t.rows.push_back({std::move(what), share_text(share), share});
  };
  row("trains", g.effective);
  row("work lost to failures, done again", g.lost_work);
  row("detection and restart", g.restarts);
  row("checkpoints", g.checkpoints);
  row("waiting for a spare node", g.waiting);
  row("planned stops", g.planned);
  row("stragglers", g.stragglers);
  r.add(std::move(t));
  r.add(List{
      .points = {fmt::format("a failure every {}, a checkpoint of {} every {}", mtbf_text(c.failures.mtbf(), units),
                             seconds_text(c.failures.stall), seconds_text(c.failures.interval)),
                 fmt::format(
                     "{:.1f} to {:.1f} % over the published failure rates; played out 4,000 failures long: {:.1f} %",
                     100 * c.effective.low, 100 * c.effective.high, 100 * c.simulated.effective)},
      .audience = Audience::people});
}

void add_money_tables(Report& r, const CampaignCost& c, DisplayUnits units) {
  Table t{.title = "A GPU-hour, rented and owned",
          .columns = {{"", " ", Unit::text},
                      {"", std::string(currency_sign(units)), Unit::count},
                      {"", "80 % band", Unit::text},
                      {"", "how", Unit::text}},
          .audience = Audience::people};
  Table programs{.key = "gpu_hour",
                 .columns = {{"how", "", Unit::text},
                             {"part", "", Unit::text},
                             {"usd/low", "", Unit::number},
                             {"usd/mid", "", Unit::number},
                             {"usd/high", "", Unit::number},
                             {"basis", "", Unit::text}},
                 .audience = Audience::programs};
  const auto amount = [units](double usd) { return fmt::format("{:.2f}", in_currency(usd, units)); };
  const auto row = [&](std::string what, const std::string& how, const std::string& part, const Band<double>& b,
                       const std::string& basis) {
    t.rows.push_back({std::move(what), amount(b.mid), amount(b.low) + " .. " + amount(b.high), basis});
    programs.rows.push_back({how, part, b.low, b.mid, b.high, basis});
  };
  if (c.rent) {
    std::string basis = c.rent->basis;
    if (!c.rent->quoted) basis += "; assumed, not quoted";
    if (c.rent->other_dates) basis += "; none of the campaign's time";
    row("rented", "rent", "", c.rent->usd_per_gpu_hour, basis);
  }
  for (const OwnedPrice& o : c.owned) {
    row(o.title, o.setting, "", o.usd_per_gpu_hour, o.basis);
    for (const OwnedPart& p : o.parts) row("  " + p.what, o.setting, p.what, p.usd_per_gpu_hour, p.how);
  }
  if (!t.rows.empty()) r.add(std::move(t)).add(std::move(programs));
}

void add_elsewhere_tables(Report& r, const CampaignCost& c, const std::vector<CampaignElsewhere>& elsewhere,
                          DisplayUnits units) {
  if (elsewhere.empty()) return;
  Table people{.title = "The same campaign on other GPUs",
               .columns = {{"", "GPU", Unit::text},
                           {"", "GPU-hours", Unit::count},
                           {"", units.hours ? "hours" : "days", Unit::count},
                           {"", "against", Unit::count},
                           {"", std::string(currency_sign(units)) + "/h", Unit::count},
                           {"", "rented", Unit::count},
                           {"", "80 % band", Unit::text}},
               .audience = Audience::people};
  Table programs{.key = "compare",
                 .columns = {{"gpu", "", Unit::text},
                             {"feasible", "", Unit::text},
                             {"same_network", "", Unit::text},
                             {"gpu_hours/low", "", Unit::number},
                             {"gpu_hours/mid", "", Unit::number},
                             {"gpu_hours/high", "", Unit::number},
                             {"days", "", Unit::number},
                             {"gpu_hours_relative", "", Unit::number},
                             {"usd_per_gpu_hour", "", Unit::number},
                             {"cost_usd/low", "", Unit::number},
                             {"cost_usd/mid", "", Unit::number},
                             {"cost_usd/high", "", Unit::number},
                             {"energy_kwh", "", Unit::number},
                             {"notes", "", Unit::text}},
                 .audience = Audience::programs};
  List notes{.title = {}, .points = {}, .audience = Audience::people};
  const auto row = [&](const std::string& gpu, const CampaignCost& there, bool same_network,
                       const std::vector<std::string>& why) {
    const double ratio = there.paid.mid / c.paid.mid;
    std::vector<Cell> seen{
        gpu, short_hours(there.paid.mid),
        units.hours ? grouped(std::ceil(there.days * hours_a_day)) : fmt::format("{:.0f}", std::ceil(there.days)),
        fmt::format("{:.2f} x", ratio)};
    std::vector<Cell> read{
        gpu, there.feasible(), same_network, there.paid.low, there.paid.mid, there.paid.high, there.days, ratio};
    if (there.rent_usd) {
      seen.insert(seen.end(), {fmt::format("{:.2f}", in_currency(there.rent->usd_per_gpu_hour.mid, units)),
                               short_usd(there.rent_usd->mid, units), short_usd(*there.rent_usd, units)});
      read.insert(read.end(),
                  {there.rent->usd_per_gpu_hour.mid, there.rent_usd->low, there.rent_usd->mid, there.rent_usd->high});
    } else {
      seen.insert(seen.end(), {Cell{}, Cell{}, std::string("no price known")});
      read.insert(read.end(), {Cell{}, Cell{}, Cell{}, Cell{}});
    }
    read.emplace_back(there.energy.kwh.mid);
    read.emplace_back(why);
    for (const std::string& w : why) notes.points.push_back(gpu + ": " + w);
    if (!there.feasible()) notes.points.push_back(gpu + ": a stage does not run there as it stands");
    people.rows.push_back(std::move(seen));
    programs.rows.push_back(std::move(read));
  };
  row(c.stages[c.main].run.cluster.gpu.id, c, true, {});
  for (const CampaignElsewhere& e : elsewhere) {
    row(e.gpu, e.cost, e.move.same_network, e.move.notes);
  }
  std::string same;
  for (const CampaignElsewhere& e : elsewhere) {
    if (e.move.same_network) same += (same.empty() ? "" : ", ") + e.gpu;
  }
  if (!same.empty()) {
    notes.points.push_back(same + ": in the campaign's own nodes and network; only the GPU and its NVLink change");
  }
  r.add(std::move(people)).add(std::move(programs));
  if (!notes.points.empty()) r.add(std::move(notes));
}

void add_left_out(Report& r, const Campaign& campaign, const CampaignCost& c, DisplayUnits units) {
  List list{
      .key = "left_out", .title = "In no line above (published multipliers of the final run, not added)", .points = {}};
  const double base = c.rent_usd ? c.rent_usd->mid : 0;
  for (const LeftOut& l : campaign.left_out) {
    std::string text = l.what;
    if (l.low && l.high && base > 0) {
      text += fmt::format(": {:.2g} to {:.2g} times the run, {}", *l.low, *l.high,
                          short_usd({base * *l.low, base * 0.5 * (*l.low + *l.high), base * *l.high}, units));
    }
    list.points.push_back(std::move(text));
  }
  if (!list.points.empty()) r.add(std::move(list));
}

}  // namespace sextant::sim::report
