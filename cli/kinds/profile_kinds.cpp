// SPDX-License-Identifier: Apache-2.0
#include "cli/kinds/common.hpp"
#include "hardware/catalogue.hpp"
#include "hardware/kernel_profile.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/report/profile_report.hpp"
#include "sim/report/reports.hpp"

namespace sextant::cli {

namespace {

/// Against the part's roof and forms, where the catalogue knows the part; between GPUs on its usual nodes.
Shown shown_kernels(Session& session, const hardware::KernelProfile& p) {
  const auto residuals = sim::profile_residuals(p, session.catalogue(), session.calibration().parameters);
  return {sim::report::kernel_profile_report(p, residuals), {}};
}

Shown shown_calibration(const sim::Calibration& c) {
  return {sim::report::calibration_report(c), sim::write_calibration(c)};
}

std::optional<Shown> show_file(Session& session, const std::string& path) {
  const auto document = read_document(session, path);
  if (!document) return std::nullopt;
  const json::Cursor at(document->node, document->file, session.faults());
  if (hardware::is_kernel_profile(document->node)) {
    const auto profile = hardware::read_kernel_profile(at);
    return profile ? std::optional(shown_kernels(session, *profile)) : std::nullopt;
  }
  const auto calibration = sim::read_calibration(at);
  return calibration ? std::optional(shown_calibration(*calibration)) : std::nullopt;
}

}  // namespace

Report list_profiles(Session& session) {
  std::vector<std::vector<Cell>> rows;
  if (const auto c = sim::shipped_calibration(session.catalogue(), session.faults())) {
    rows.push_back({std::string(shipped_calibration_id), std::string("calibration"), static_cast<double>(c->rows),
                    std::string("all"), source_text(c->source)});
  }
  for (const std::string& id : hardware::kernel_profile_ids(session.catalogue())) {
    const auto p = hardware::find_kernel_profile(session.catalogue(), id, session.faults());
    if (!p) continue;
    rows.push_back({id, std::string("kernels"), static_cast<double>(p->size()), p->gpu, source_text(p->source)});
  }
  return list_report("profiles",
                     {{"id", "id", Unit::text},
                      {"type", "type", Unit::text},
                      {"rows", "rows", Unit::count},
                      {"gpu", "GPU", Unit::text},
                      {"source", "", Unit::text}},
                     std::move(rows));
}

std::optional<Shown> show_profile(Session& session, const std::string& id_or_file, const ShowOptions&) {
  if (looks_like_file(id_or_file)) return show_file(session, id_or_file);
  if (folded_id(id_or_file) == folded_id(shipped_calibration_id)) {
    const auto c = sim::shipped_calibration(session.catalogue(), session.faults());
    return c ? std::optional(shown_calibration(*c)) : std::nullopt;
  }
  const auto p = hardware::find_kernel_profile(session.catalogue(), id_or_file, session.faults());
  return p ? std::optional(shown_kernels(session, *p)) : std::nullopt;
}

}  // namespace sextant::cli
