// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/taken.hpp"

#include "sim/report/names.hpp"

namespace sextant::gui {

QString taken(const sim::Run& run, const QString& pointer) {
  const sim::Parallelism& p = run.parallelism;
  const std::pair<const char*, int> numbers[] = {
      {"/parallelism/tp", p.tp}, {"/parallelism/pp", p.pp},
      {"/parallelism/vp", p.vp}, {"/parallelism/cp", p.cp},
      {"/parallelism/ep", p.ep}, {"/parallelism/etp", p.etp},
      {"/parallelism/dp", p.dp}, {"/batch/micro_sequences", run.batch.micro_sequences}};
  for (const auto& [key, value] : numbers) {
    if (pointer == QLatin1String(key)) return QString::number(value);
  }
  const auto text = [](std::string_view s) { return QString::fromUtf8(s.data(), static_cast<qsizetype>(s.size())); };
  if (pointer == QLatin1String("/precision")) return text(sim::report::name_of(run.precision));
  if (pointer == QLatin1String("/recompute/mode")) return text(sim::report::name_of(run.recompute.mode));
  if (pointer == QLatin1String("/parallelism/schedule")) return text(sim::report::name_of(p.schedule));
  if (pointer == QLatin1String("/parallelism/sharding")) return text(sim::report::name_of(p.sharding));
  return {};
}

}  // namespace sextant::gui
