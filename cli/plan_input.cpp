// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_input.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json/write_node.hpp"
#include "cli/entry_text.hpp"
#include "cli/quantities.hpp"
#include "cli/run_input.hpp"
#include "hardware/catalogue.hpp"
#include "sim/api.hpp"
#include "sim/report/names.hpp"
#include "sim/report/run_question.hpp"
#include "sim/run/stated_run.hpp"
#include "sim/search/sizes.hpp"

namespace sextant::cli {

namespace {

using sim::search::Question;

/// A run of the catalogue that was trained, with its id.
struct KnownRun {
  std::string id;
  sim::StatedRun stated;
};

/// The catalogue's run of the same model on the same kind of hardware; the same GPU goes before its relatives.
std::optional<KnownRun> known_run(const Catalogue& catalogue, const sim::StatedRun& asked) {
  std::optional<KnownRun> best;
  for (const std::string& id : entry_ids(catalogue, run_entries)) {
    const std::string path = std::string(run_entries.folder) + id + ".json";
    Diagnostics unread;  // a faulty file is no source of defaults
    const auto node = json::parse(catalogue.text(path).value_or(""), path, unread);
    if (!node || node->find("source") == nullptr) continue;
    auto stated = sim::read_run(json::Cursor(*node, path, unread), catalogue);
    if (!stated || stated->model->spec.name != asked.model->spec.name ||
        stated->cluster->gpu.architecture != asked.cluster->gpu.architecture) {
      continue;
    }
    const bool same_gpu = stated->cluster->gpu.id == asked.cluster->gpu.id;
    if (!best || same_gpu) best = KnownRun{id, std::move(*stated)};
    if (same_gpu) break;
  }
  return best;
}

/// What the question leaves open of the software is taken from a published run of the same model, where there is one.
std::vector<sim::Assumption> adopt(const Catalogue& catalogue, sim::StatedRun& asked) {
  const std::optional<KnownRun> known = known_run(catalogue, asked);
  if (!known || (asked.stack_stated && asked.stack != known->stated.stack)) return {};
  const sim::StatedRun& from = known->stated;
  std::vector<std::string> taken;
  if (!asked.stack_stated) {
    asked.stack = from.stack;
    asked.stack_stated = true;
    taken.push_back("stack " + from.stack);
  }
  if (!asked.precision && from.precision) {
    asked.precision = sim::nearest_precision(asked.cluster->gpu, *from.precision);
    taken.push_back("precision " + std::string(sim::report::name_of(*asked.precision)));
  }
  if (asked.features.empty() && !from.features.empty()) {
    asked.features = from.features;
    taken.push_back(fmt::format("features {}", fmt::join(from.features, ", ")));
  }
  if (!asked.routing && from.routing) {
    asked.routing = from.routing;
    taken.push_back("routing " + std::string(sim::report::name_of(*from.routing)));
  }
  if (asked.software_date.empty() && !from.software_date.empty()) {
    asked.software_date = from.software_date;
    taken.push_back("software of " + from.software_date);
  }
  if (taken.empty()) return {};
  return {{fmt::format("{}", fmt::join(taken, ", ")), "as the catalogue's run " + known->id}};
}

template <class Table, class E>
void set_named(const Table& table, const std::optional<std::string>& word, std::optional<E>& out) {
  for (const auto& [name, value] : table) {
    if (word && name == *word) out = value;
  }
}

sim::search::Freedom freedom_of(const PlanFlags& f, const sim::Run& base) {
  sim::search::Freedom freedom;
  freedom.tp = f.run.tp;
  freedom.pp = f.run.pp;
  freedom.vp = f.run.vp;
  freedom.cp = f.run.cp;
  freedom.ep = f.run.ep;
  freedom.etp = f.run.etp;
  freedom.micro_sequences = f.run.micro_sequences;
  set_named(sim::sharding_names, f.run.sharding, freedom.sharding);
  set_named(sim::schedule_names, f.run.schedule, freedom.schedule);
  if (f.run.recompute) freedom.recompute = base.recompute;
  for (const std::string& word : f.precisions) {
    std::optional<sim::Precision> precision;
    set_named(sim::precision_names, std::optional(word), precision);
    freedom.precisions.push_back(*precision);
  }
  const Reserve reserve = f.reserve ? *parse_reserve(*f.reserve) : Reserve{sim::search::usual_reserve, 0};
  freedom.reserve = base.cluster.gpu.memory * reserve.share + sim::memory_gb * reserve.gigabytes;
  freedom.any_schedule = f.any_schedule;
  freedom.any_sharding = f.any_sharding;
  return freedom;
}

/// Precisions that the GPU does not compute in are faults of the question.
void check_precisions(const PlanFlags& flags, const sim::Run& base, Diagnostics& faults) {
  for (const std::string& word : flags.precisions) {
    std::optional<sim::Precision> wanted;
    set_named(sim::precision_names, std::optional(word), wanted);
    const sim::Precision nearest = sim::nearest_precision(base.cluster.gpu, *wanted);
    if (nearest == *wanted) continue;
    faults.add({"command line", 0, "--precision",
                fmt::format("the {} does not compute in {}", base.cluster.gpu.id, word),
                fmt::format("{} is the nearest it has", sim::report::name_of(nearest))});
  }
}

std::vector<int> sizes_of(const PlanFlags& f, const hardware::Cluster& cluster) {
  std::vector<int> sizes;
  for (const auto& [least, most] : f.sizes()) {
    for (const int n : sim::search::cluster_sizes(least, most, cluster.gpus_per_node)) sizes.push_back(n);
  }
  if (sizes.empty()) sizes.push_back(cluster.gpus);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

std::optional<sim::search::HourlyPrice> price_of(Session& session, const PlanFlags& f, const std::string& gpu) {
  if (f.usd_per_gpu_hour) return sim::report::hourly_price(f.usd_per_gpu_hour, std::nullopt);
  const hardware::Prices prices = hardware::load_prices(session.catalogue(), session.faults());
  return sim::report::hourly_price(std::nullopt, hardware::rental_price(prices.rental, {gpu, std::nullopt, {}}));
}

/// The base run: what is searched is left out of it, so that nothing is assumed of it.
std::optional<sim::Run> base_of(Session& session, const StatedInput& input, const PlanFlags& flags, Question& q) {
  const json::Node node = sim::report::without_layout(input.node, flags.run.recompute.has_value());
  Diagnostics faults;
  std::optional<sim::Run> base;
  if (auto stated = sim::read_run(json::Cursor(node, input.file, faults), session.catalogue())) {
    const std::vector<sim::Assumption> adopted = adopt(session.catalogue(), *stated);
    sim::report::leave_layout_open(*stated);
    base = sim::complete(*stated, session.catalogue(), faults, {input.file, 0, "/stack", "", ""});
    if (base) base->assumptions.insert(base->assumptions.begin(), adopted.begin(), adopted.end());
    q.features = stated->features;
    q.model = json::to_json(*node.find("model")).dump();
  }
  const bool good = faults.empty();
  session.faults().append(placed(faults, flags.run));
  if (!good) return std::nullopt;
  return base;
}

}  // namespace

std::vector<std::string> missing_flags(const PlanFlags& f, bool has_run) {
  std::vector<std::string> out;
  if (!has_run) {
    RunFlags run = f.run;
    if (f.gpus) run.gpus = 1;
    out = missing_flags(run);
  }
  if (!f.tokens) out.emplace_back("--tokens");
  return out;
}

std::optional<PlanInput> load_question(Session& session, const std::string& file_or_id, PlanFlags flags) {
  settle(flags);
  const auto input = load_stated(session, file_or_id, flags.run);
  if (!input) return std::nullopt;
  PlanInput out;
  Question& q = out.question;
  const auto base = base_of(session, *input, flags, q);
  if (!base) return std::nullopt;
  q.base = *base;
  q.base.measured = sim::measured_on(q.base.cluster.gpu.id, session.profiles());
  q.base.notes.insert(q.base.notes.end(), input->notes.begin(), input->notes.end());
  session.add_measured(q.base);
  check_precisions(flags, q.base, session.faults());
  q.sizes = sizes_of(flags, q.base.cluster);
  q.tokens = *parse_count(*flags.tokens);
  for (const auto& [name, value] : sim::search::objective_names) {
    if (name == flags.objective) q.objective = value;
  }
  q.freedom = freedom_of(flags, q.base);
  if (flags.deadline) q.deadline_days = parse_days(*flags.deadline);
  if (flags.budget) q.budget_usd = parse_dollars(*flags.budget);
  q.price = price_of(session, flags, q.base.cluster.gpu.id);
  if (!session.faults().empty()) return std::nullopt;
  // A run's own layout is told beside the plan where it is one of the clusters asked about; it need not be whole.
  if (!file_or_id.empty() && q.sizes.size() == 1) {
    Diagnostics unused;
    const auto stated = sim::read_run(json::Cursor(input->node, input->file, unused), session.catalogue());
    if (stated) out.own = sim::complete(*stated, session.catalogue(), unused, {input->file, 0, "", "", ""});
    if (out.own && sim::broken_rule(*out.own)) out.own.reset();
    if (out.own) out.own->measured = q.base.measured;
  }
  return out;
}

}  // namespace sextant::cli
