// SPDX-License-Identifier: Apache-2.0
#include "cli/kinds/common.hpp"
#include "models/catalogue.hpp"
#include "models/counts.hpp"
#include "sim/report/reports.hpp"

namespace sextant::cli {

Report list_models(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const models::ModelEntry& e : models::list_models(session.catalogue(), session.faults())) {
    const auto model = models::find_model(session.catalogue(), e.id, session.faults());
    if (!model) continue;
    const models::ParameterCounts c = models::parameter_counts(model->spec);
    rows.push_back({e.id, c.total, c.active, static_cast<double>(model->spec.layers()),
                    static_cast<double>(model->spec.hidden), std::string(model->spec.has_experts() ? "moe" : "dense"),
                    e.hf_id, e.aliases});
  }
  return list_report("models",
                     {{"id", "id", Unit::text},
                      {"params_total", "parameters", Unit::parameters},
                      {"params_active", "active", Unit::parameters},
                      {"layers", "layers", Unit::count},
                      {"hidden", "hidden", Unit::count},
                      {"kind", "kind", Unit::text},
                      {"hf_id", "", Unit::text},
                      {"aliases", "", Unit::text}},
                     std::move(rows));
}

std::optional<Shown> show_model(Session& session, const std::string& id_or_file, const ShowOptions& options) {
  const auto model = models::load_model(session.catalogue(), id_or_file, session.faults());
  if (!model) return std::nullopt;
  return Shown{sim::report::model_report(*model, options.seq_len), {}};
}

}  // namespace sextant::cli
