// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/fit_rows.hpp"

#include "base/json/cursor.hpp"
#include "sim/run/stated_run.hpp"

namespace sextant::sim {

std::vector<FitRow> fit_rows(std::span<const models::Observation> observations, const Catalogue& catalogue,
                             Diagnostics& faults) {
  std::vector<FitRow> rows;
  std::vector<bool> doubtful;
  for (const models::Observation& o : observations) {
    const json::Cursor at(o.run, o.file, faults);
    const std::optional<StatedRun> stated = read_run(at, catalogue);
    if (!stated) continue;
    std::optional<Run> run = complete(*stated, catalogue, faults, {o.file, o.run.line, "/run", "", ""});
    if (!run) continue;
    rows.push_back({std::move(*run), Seconds{o.step_time_s}, 1.0, o.publisher});
    doubtful.push_back(!o.suspect.empty());
  }
  set_weights(rows, doubtful);
  return rows;
}

}  // namespace sextant::sim
