// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json/write_node.hpp"
#include "cli/entry_text.hpp"
#include "cli/kinds/common.hpp"
#include "cli/sweep_input.hpp"
#include "sim/sweep/schema.hpp"

namespace sextant::cli {

namespace {

std::string fields_text(const sim::sweep::Axis& axis) {
  std::string out;
  for (const std::string& field : axis.fields) out += (out.empty() ? "" : " with ") + field;
  return out;
}

/// "256 .. 4096", or all of a few.
std::string steps_text(const sim::sweep::Axis& axis) {
  const auto value = [&axis](std::size_t i) {
    std::string out;
    for (const json::Node& v : axis.steps[i]) out += (out.empty() ? "" : " ") + json::to_json(v).dump();
    return out;
  };
  if (axis.steps.size() > 6) return value(0) + " .. " + value(axis.steps.size() - 1);
  std::string out;
  for (std::size_t i = 0; i < axis.steps.size(); ++i) out += (out.empty() ? "" : ", ") + value(i);
  return out;
}

}  // namespace

Report list_sweeps(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const std::string& id : entry_ids(session.catalogue(), sweep_entries)) {
    const auto s = load_sweep(session, id);
    if (s) rows.push_back({id, static_cast<double>(s->sweep.points()), s->sweep.title});
  }
  return list_report("sweeps",
                     {{"id", "id", Unit::text}, {"points", "points", Unit::count}, {"title", "title", Unit::text}},
                     std::move(rows));
}

std::optional<Shown> show_sweep(Session& session, const std::string& id_or_file, const ShowOptions&) {
  const auto s = load_sweep(session, id_or_file);
  if (!s) return std::nullopt;
  Report r;
  r.format = "sextant/sweep-summary/1";
  r.title = s->sweep.title.empty() ? id_or_file : s->sweep.title;
  r.add(
      Figure{.key = "points", .label = "points", .value = static_cast<double>(s->sweep.points()), .unit = Unit::count});
  r.add(Fact{"run", "run", s->run_file});
  Table axes{
      .key = "axes",
      .title = "Axes",
      .columns = {{"field", "field", Unit::text}, {"steps", "steps", Unit::count}, {"values", "values", Unit::text}},
      .main = true};
  for (const sim::sweep::Axis& axis : s->sweep.axes) {
    axes.rows.push_back({fields_text(axis), static_cast<double>(axis.steps.size()), steps_text(axis)});
  }
  r.add(std::move(axes));
  r.add(List{.key = "notes", .title = "Notes", .points = s->sweep.notes});
  return Shown{std::move(r), {}};
}

std::string sweep_schema_text() { return sim::sweep::sweep_schema().dump(2) + "\n"; }

}  // namespace sextant::cli
