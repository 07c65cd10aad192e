// SPDX-License-Identifier: Apache-2.0
#include "cli/sweep_input.hpp"

#include <filesystem>

#include "base/json/cursor.hpp"
#include "cli/entry_text.hpp"
#include "cli/run_input.hpp"
#include "sim/checked_run.hpp"

namespace sextant::cli {

namespace {

/// A run beside the sweep's file is named as it is seen from there.
std::string beside(const std::string& sweep_file, const std::string& run) {
  const std::filesystem::path path = std::filesystem::path(sweep_file).parent_path() / run;
  std::error_code error;
  return std::filesystem::exists(path, error) ? path.string() : run;
}

}  // namespace

std::optional<sim::sweep::Setting> load_sweep(Session& session, const std::string& file_or_id) {
  const auto text = entry_text(session, file_or_id, sweep_entries);
  if (!text) return std::nullopt;
  const auto node = json::parse(text->text, text->file, session.faults());
  if (!node) return std::nullopt;
  auto sweep = sim::sweep::read_sweep(json::Cursor(*node, text->file, session.faults()));
  if (!sweep) return std::nullopt;
  sim::sweep::Setting setting{std::move(*sweep), {}, text->file, {}};
  if (setting.sweep.run.type == json::Type::string) {
    auto run = load_stated(session, beside(text->file, setting.sweep.run.string), {});
    if (!run) return std::nullopt;
    setting.run = std::move(run->node);
    setting.run_file = run->file;
  } else {
    setting.run = sim::run_part(setting.sweep.run);
  }
  sim::sweep::check_fields(setting.sweep, text->file, setting.run, setting.run_file, session.catalogue(),
                           session.faults());
  if (!session.faults().empty()) return std::nullopt;
  return setting;
}

}  // namespace sextant::cli
