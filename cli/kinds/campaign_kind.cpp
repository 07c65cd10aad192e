// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/campaign_input.hpp"
#include "cli/entry_text.hpp"
#include "cli/kinds/common.hpp"
#include "sim/campaign/schema.hpp"
#include "sim/report/reports.hpp"

namespace sextant::cli {

Report list_campaigns(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const std::string& id : entry_ids(session.catalogue(), campaign_entries)) {
    const auto c = load_campaign(session, id);
    if (!c) continue;
    const hardware::Cluster& cluster = c->stages.front().run.cluster;
    rows.push_back({id, c->publisher, cluster.gpu.id, static_cast<double>(cluster.gpus),
                    static_cast<double>(c->stages.size()), c->title});
  }
  return list_report("campaigns",
                     {{"id", "id", Unit::text},
                      {"publisher", "", Unit::text},
                      {"gpu", "", Unit::text},
                      {"gpus", "", Unit::count},
                      {"stages", "stages", Unit::count},
                      {"title", "title", Unit::text}},
                     std::move(rows));
}

std::optional<Shown> show_campaign(Session& session, const std::string& id_or_file, const ShowOptions&) {
  const auto c = load_campaign(session, id_or_file);
  if (!c) return std::nullopt;
  Report r;
  r.format = "sextant/campaign-summary/1";
  r.title = c->title;
  r.subtitle = fmt::format("{}; {}", c->publisher, source_text(c->source));
  r.add(Fact{"id", "", c->id});
  Table stages{.key = "stages",
               .title = "Stages",
               .columns = {{"name", "stage", Unit::text},
                           {"kind", "kind", Unit::text},
                           {"gpus", "GPUs", Unit::count},
                           {"gpu", "GPU", Unit::text},
                           {"seq_len", "sequence", Unit::count},
                           {"tokens", "tokens", Unit::tokens},
                           {"layout", "", Unit::text}},
               .main = true};
  for (const sim::Stage& s : c->stages) {
    stages.rows.push_back({s.name, std::string(sim::name_of(s.kind)), static_cast<double>(s.run.cluster.gpus),
                           s.run.cluster.gpu.id, static_cast<double>(s.run.batch.seq_len), s.tokens(),
                           s.layout_stated ? sim::report::layout_text(s.run) : std::string("searched")});
  }
  r.add(std::move(stages));
  List published{.key = "published", .title = "Published"};
  for (const sim::PublishedLine& p : c->published) {
    published.points.push_back(
        fmt::format("{}: {} GPU-hours ({})", p.line, sim::report::grouped(p.gpu_hours), source_text(p.source)));
  }
  r.add(std::move(published));
  r.add(List{.key = "notes", .title = "Notes", .points = c->notes});
  return Shown{std::move(r), {}};
}

std::string campaign_schema_text() { return sim::campaign_schema().dump(2) + "\n"; }

}  // namespace sextant::cli
