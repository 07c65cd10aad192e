// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "cli/kinds/common.hpp"
#include "hardware/kernel_profile.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/report/reports.hpp"

namespace sextant::cli {

namespace {

Report kernel_profile_report(const hardware::KernelProfile& p) {
  Report r;
  r.format = "sextant/profile-summary/1";
  r.title = p.name.empty() ? p.id : p.name;
  r.subtitle = fmt::format("{}; {} ({})", p.id, source_text(p.source), trust_text(p.source.trust));
  r.add(Fact{"id", "", p.id});
  r.add(Fact{"gpu", "GPU", p.gpu});
  if (!p.same_kernels.empty()) r.add(Fact{"", "holds for", joined(p.same_kernels)});
  r.add(Figure{.key = "shapes", .label = "shapes", .value = static_cast<double>(p.size()), .unit = Unit::count});
  Table t{.key = "tables",
          .title = "Measured",
          .columns = {{"family", "kernel", Unit::text},
                      {"dtype", "format", Unit::text},
                      {"pass", "pass", Unit::text},
                      {"shapes", "shapes", Unit::count},
                      {"shortest_s", "shortest", Unit::seconds},
                      {"longest_s", "longest", Unit::seconds}}};
  for (const hardware::KernelTable& table : p.tables) {
    if (table.samples.empty()) continue;
    const auto [low, high] = std::minmax_element(
        table.samples.begin(), table.samples.end(),
        [](const hardware::KernelSample& a, const hardware::KernelSample& b) { return a.time < b.time; });
    t.rows.push_back({std::string(hardware::name_of(table.family)), std::string(hardware::name_of(table.dtype)),
                      std::string(hardware::name_of(table.pass)), static_cast<double>(table.samples.size()),
                      low->time.value(), high->time.value()});
  }
  r.add(std::move(t));
  if (!p.note.empty()) r.add(List{"note", "Note", {p.note}});
  return r;
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
    return profile ? std::optional(Shown{kernel_profile_report(*profile), {}}) : std::nullopt;
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
  return p ? std::optional(Shown{kernel_profile_report(*p), {}}) : std::nullopt;
}

}  // namespace sextant::cli
