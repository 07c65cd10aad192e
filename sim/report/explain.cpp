// SPDX-License-Identifier: Apache-2.0
#include "sim/report/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

constexpr std::string_view parameters_tag = "parameters";
constexpr std::string_view tornado_tag = "tornado";
constexpr double nudge = 1e-3;             // relative change of a parameter
constexpr double least_elasticity = 5e-4;  // below it a parameter does not count as an input

const TermInfo* step_term(std::string_view tag) {
  for (const TermInfo& info : term_table()) {
    if (info.tag == tag) return &info;
  }
  return nullptr;
}

const MemoryTermInfo* memory_term(std::string_view tag) {
  for (const MemoryTermInfo& info : memory_term_table()) {
    if (info.tag == tag) return &info;
  }
  return nullptr;
}

Seconds figure(const StepEstimate& step, std::optional<Term> term) { return term ? step.terms[*term] : step.time; }

}  // namespace

std::vector<std::string> explain_tags() {
  std::vector<std::string> tags;
  for (const TermInfo& info : term_table()) tags.emplace_back(info.tag);
  for (const MemoryTermInfo& info : memory_term_table()) tags.emplace_back(info.tag);
  tags.emplace_back(parameters_tag);
  tags.emplace_back(tornado_tag);
  return tags;
}

std::string find_tag(std::string_view word) {
  std::string found;
  const std::string ending = "/" + std::string(word);
  for (const std::string& tag : explain_tags()) {
    if (tag == word) return tag;
    if (!tag.ends_with(ending)) continue;
    if (!found.empty()) return {};
    found = tag;
  }
  return found;
}

Table input_table(const std::vector<Input>& inputs) {
  // People see the value with its scaled unit and the remark; programs see the parts.
  Table t{.key = "inputs",
          .title = "Inputs of this run",
          .columns = {{"name", " ", Unit::text},
                      {"value", "", Unit::number},
                      {"unit", "", Unit::text},
                      {"", " ", Unit::text},
                      {"", " ", Unit::text},
                      {"note", "", Unit::text},
                      {"source", "", Unit::text},
                      {"trust", "", Unit::text}}};
  for (const Input& i : inputs) {
    std::string remark = i.note;
    std::vector<Cell> row{i.name, i.value, std::string(symbol(i.unit)), format(i.value, i.unit), std::string()};
    row.emplace_back(i.note);
    if (i.source != nullptr) {
      const std::string cited = i.source->title + ", " + i.source->where;
      const std::string trust(name_of(i.source->trust));
      remark += fmt::format("{}{} ({})", remark.empty() ? "" : "; ", cited, trust);
      row.emplace_back(cited);
      row.emplace_back(trust);
    }
    row[4] = remark;
    t.rows.push_back(std::move(row));
  }
  return t;
}

std::vector<Influence> influences(const Explained& e, std::optional<Term> term) {
  std::vector<Influence> out;
  const double base = figure(e.prediction.step, term).value();
  if (!(std::abs(base) > 0)) return out;
  for (const ParameterInfo& info : parameter_table()) {
    Parameters changed = e.calibration.parameters;
    changed[info.parameter] *= 1.0 + nudge;
    const double moved = figure(evaluate(e.run, changed), term).value();
    const double elasticity = (moved / base - 1.0) / nudge;
    if (std::abs(elasticity) > least_elasticity) out.push_back({info.parameter, elasticity});
  }
  std::sort(out.begin(), out.end(),
            [](const Influence& a, const Influence& b) { return std::abs(a.elasticity) > std::abs(b.elasticity); });
  return out;
}

Table influence_table(const Calibration& calibration, const std::vector<Influence>& list, std::string title) {
  std::vector<Parameter> only;
  for (const Influence& i : list) only.push_back(i.parameter);
  Table t = parameter_table_of(calibration, only);
  t.title = std::move(title);
  t.columns.insert(t.columns.begin() + 1, {"elasticity", "% per %", Unit::number});
  std::vector<std::vector<Cell>> rows;
  for (const Influence& i : list) {
    const std::string_view tag = parameter_table()[static_cast<std::size_t>(i.parameter)].tag;
    for (const std::vector<Cell>& old : t.rows) {
      if (std::get<std::string>(old.front()) != tag) continue;
      std::vector<Cell>& row = rows.emplace_back();
      row.push_back(old.front());
      row.emplace_back(std::round(i.elasticity * 1000) / 1000);
      row.insert(row.end(), old.begin() + 1, old.end());
    }
  }
  t.rows = std::move(rows);
  return t;
}

Report explain_parameters(const Explained& e) {
  Report r;
  r.format = "sextant/explain/1";
  r.title = fmt::format("Calibrated parameters of {}", run_title(e.run));
  r.subtitle = fmt::format(
      "calibration {}, {} observations; % per %: by how much the step time changes when the "
      "parameter grows by 1 %",
      e.calibration.id, e.calibration.rows);
  r.add(Fact{.key = "tag", .value = std::string(parameters_tag)});
  r.add(Figure{.key = "value", .value = e.prediction.step.time.value(), .unit = Unit::seconds});
  Table t = influence_table(e.calibration, influences(e, std::nullopt), "");
  t.main = true;
  r.add(std::move(t));
  return r;
}

Table tornado_table(const std::vector<TornadoBar>& bars) {
  Table t{.key = "tornado",
          .title = "What moves the step time",
          .columns = {{"low_s", "low", Unit::seconds},
                      {"high_s", "high", Unit::seconds},
                      {"grade", "grade", Unit::text},
                      {"input", "input", Unit::text},
                      {"range", "range", Unit::text},
                      {"why", "", Unit::text},
                      {"source", "", Unit::text}}};
  for (const TornadoBar& b : bars)
    t.rows.push_back({b.low.value(), b.high.value(), std::string(name_of(b.grade)), b.input, b.range, b.why, b.source});
  return t;
}

Report explain_tornado(const Explained& e) {
  Report r;
  r.format = "sextant/explain/1";
  r.title = fmt::format("What moves the step of {}", run_title(e.run));
  r.subtitle =
      "calibrated parameters by one posterior standard deviation, assumed inputs over their range, the model's own "
      "error as its 80 % band";
  r.add(Fact{.key = "tag", .value = std::string(tornado_tag)});
  const Band<Seconds>& band = e.prediction.band;
  r.add(Figure{.key = "value",
               .label = "step time",
               .value = e.prediction.step.time.value(),
               .unit = Unit::seconds,
               .band = Band<double>{band.low.value(), band.mid.value(), band.high.value()},
               .band_key = "band"});
  Table t = tornado_table(tornado(e.run, e.prediction.step, e.prediction.uncertainty, e.calibration));
  t.main = true;
  t.title.clear();
  r.add(std::move(t));
  r.add(List{.title = "",
             .points = {"grade: what an input rests on - measured, vendor, paper, derived or assumed"},
             .audience = Audience::people});
  return r;
}

Report explain_report(const Explained& e, const std::string& tag) {
  if (const TermInfo* info = step_term(tag)) return explain_step_term(e, *info);
  if (const MemoryTermInfo* info = memory_term(tag)) return explain_memory_term(e, *info);
  return tag == tornado_tag ? explain_tornado(e) : explain_parameters(e);
}

Report explain_overview(const Explained& e) {
  Report r;
  r.format = "sextant/explain/1";
  r.title = run_title(e.run);
  r.subtitle = "sextant explain RUN TAG shows formula, inputs and sources of one line";
  Table step{.key = "step",
             .title = fmt::format("Step, {}", format(e.prediction.step.time.value(), Unit::seconds)),
             .columns = {{"tag", " ", Unit::text}, {"seconds", " ", Unit::seconds}, {"title", " ", Unit::text}}};
  for (const TermInfo& info : term_table()) {
    step.rows.push_back({std::string(info.tag), e.prediction.step.terms[info.term].value(), std::string(info.title)});
  }
  const MemoryEstimate& m = e.prediction.memory;
  Table memory{
      .key = "memory",
      .title = fmt::format("Memory of pipeline rank {}, {}", m.worst, format(m.total() / memory_gb, Unit::gigabytes)),
      .columns = {{"tag", " ", Unit::text}, {"gb", " ", Unit::gigabytes}, {"title", " ", Unit::text}}};
  for (const MemoryTermInfo& info : memory_term_table()) {
    memory.rows.push_back({std::string(info.tag), m.fullest()[info.term] / memory_gb, std::string(info.title)});
  }
  r.add(std::move(step)).add(std::move(memory));
  r.add(List{.title = "Also",
             .points = {"parameters: every calibrated parameter that moves this step",
                        "tornado: every input that moves it, over its range, with what it rests on"},
             .audience = Audience::people});
  return r;
}

}  // namespace sextant::sim::report
