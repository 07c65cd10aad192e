// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/kinds/common.hpp"
#include "hardware/catalogue.hpp"
#include "hardware/schema.hpp"
#include "sim/memory/terms.hpp"

namespace sextant::cli {

namespace {

namespace hw = sextant::hardware;

constexpr double gbit = 0.125e9;

/// The entry of a file or of the catalogue.
template <class T, class Read, class Find>
std::optional<T> load(Session& session, const std::string& id_or_file, Read read, Find find) {
  if (!looks_like_file(id_or_file)) {
    return find(session.catalogue(), std::string_view(id_or_file), session.faults(),
                Diagnostic{"command line", 0, "", "", ""});
  }
  const auto document = read_document(session, id_or_file);
  if (!document) return std::nullopt;
  return read(json::Cursor(document->node, document->file, session.faults()));
}

Cell rate(FlopRate r) { return r > FlopRate{} ? Cell{r.value()} : Cell{}; }

/// Every entry of a kind, each read with `find`.
template <class Find>
auto all(Session& session, hw::Kind kind, Find find) {
  std::vector<typename decltype(find(session.catalogue(), std::string_view{}, session.faults(),
                                     Diagnostic{}))::value_type>
      out;
  for (const hw::Entry& e : hw::list(session.catalogue(), kind, session.faults())) {
    if (auto v = find(session.catalogue(), e.id, session.faults(), Diagnostic{e.path, 0, "", "", ""})) {
      out.push_back(std::move(*v));
    }
  }
  return out;
}

std::string shown_json(const hw::Json& json) { return json.dump(2) + "\n"; }

template <class T>
Shown finish(Report report, const T& value) {
  const std::string data = shown_json(hw::to_json(value));
  add_sourced_values(report, data, value.sources);
  if (!value.note.empty()) report.add(List{.title = "Note", .points = {value.note}});
  return {std::move(report), data};
}

}  // namespace

Report list_gpus(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const hw::Accelerator& g : all(session, hw::Kind::gpu, hw::find_accelerator)) {
    rows.push_back({g.id, rate(g.peak.bf16 > FlopRate{} ? g.peak.bf16 : g.peak.fp16), rate(g.peak.fp8),
                    g.memory / sim::memory_gb, g.hbm.value(), g.nvlink.value(), g.tdp.value(),
                    static_cast<double>(g.release_year), g.aliases});
  }
  return list_report("gpus",
                     {{"id", "id", Unit::text},
                      {"bf16_flop_per_s", "16-bit dense", Unit::flop_per_s},
                      {"fp8_flop_per_s", "FP8 dense", Unit::flop_per_s},
                      {"memory_gb", "memory", Unit::gigabytes},
                      {"hbm_bytes_per_s", "HBM", Unit::bytes_per_s},
                      {"nvlink_bytes_per_s", "NVLink", Unit::bytes_per_s},
                      {"tdp_w", "TDP", Unit::watts},
                      {"release_year", "", Unit::count},
                      {"aliases", "", Unit::text}},
                     std::move(rows));
}

Report list_nodes(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const hw::Node& n : all(session, hw::Kind::node, hw::find_node)) {
    rows.push_back({n.id, static_cast<double>(n.gpus), static_cast<double>(n.nvlink_domain),
                    n.nic_per_gpu.value() / gbit, n.fabric, n.max_power.value(), n.name});
  }
  return list_report("nodes",
                     {{"id", "id", Unit::text},
                      {"gpus", "GPUs", Unit::count},
                      {"nvlink_domain", "NVLink", Unit::count},
                      {"nic_gbit_per_s_per_gpu", "Gbit/s a GPU", Unit::number},
                      {"fabric", "fabric", Unit::text},
                      {"max_power_w", "power", Unit::watts},
                      {"name", "", Unit::text}},
                     std::move(rows));
}

Report list_fabrics(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const hw::Fabric& f : all(session, hw::Kind::fabric, hw::find_fabric)) {
    rows.push_back({f.id, static_cast<double>(f.planes), static_cast<double>(f.layers), f.oversubscription, f.name});
  }
  return list_report("fabrics",
                     {{"id", "id", Unit::text},
                      {"planes", "planes", Unit::count},
                      {"layers", "layers", Unit::count},
                      {"oversubscription", "oversubscription", Unit::number},
                      {"name", "name", Unit::text}},
                     std::move(rows));
}

Report list_clusters(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const hw::Entry& e : hw::list(session.catalogue(), hw::Kind::cluster, session.faults())) {
    const auto c = hw::find_cluster(session.catalogue(), e.id, session.faults(), {e.path, 0, "", "", ""});
    if (!c) continue;
    rows.push_back({e.id, c->gpu.id, static_cast<double>(c->gpus), static_cast<double>(c->gpus_per_node),
                    c->nic_per_gpu.value() / gbit, c->fabric, e.aliases});
  }
  return list_report("clusters",
                     {{"id", "id", Unit::text},
                      {"gpu", "GPU", Unit::text},
                      {"gpus", "GPUs", Unit::count},
                      {"gpus_per_node", "a node", Unit::count},
                      {"nic_gbit_per_s_per_gpu", "Gbit/s a GPU", Unit::number},
                      {"fabric", "fabric", Unit::text},
                      {"aliases", "", Unit::text}},
                     std::move(rows));
}

Report list_grids(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const hw::Grid& g : all(session, hw::Kind::grid, hw::find_grid)) {
    rows.push_back(
        {g.id, g.name, g.g_co2_per_kwh, g.electricity ? Cell{g.electricity->value() * 3.6e6} : Cell{}, g.pue});
  }
  return list_report("grids",
                     {{"id", "id", Unit::text},
                      {"name", "name", Unit::text},
                      {"g_co2_per_kwh", "g CO2/kWh", Unit::number},
                      {"usd_per_kwh", "$/kWh", Unit::number},
                      {"pue", "PUE", Unit::number}},
                     std::move(rows));
}

Report list_prices(Session& session) {
  const hw::Prices prices = hw::load_prices(session.catalogue(), session.faults());
  std::vector<std::vector<Cell>> rows;
  for (const hw::PriceRow& p : prices.rental) {
    const hw::Json json = hw::to_json(p);
    rows.push_back({p.gpu, p.price.value() * 3600.0, p.provider, p.date, json.value("commitment", ""), p.region,
                    source_text(p.source)});
  }
  return list_report("prices",
                     {{"gpu", "GPU", Unit::text},
                      {"usd_per_gpu_hour", "$/GPU-hour", Unit::usd_per_gpu_hour},
                      {"provider", "provider", Unit::text},
                      {"date", "date", Unit::text},
                      {"commitment", "commitment", Unit::text},
                      {"region", "", Unit::text},
                      {"source", "", Unit::text}},
                     std::move(rows));
}

std::optional<Shown> show_gpu(Session& session, const std::string& id_or_file, const ShowOptions&) {
  const auto g = load<hw::Accelerator>(session, id_or_file, hw::read_accelerator, hw::find_accelerator);
  if (!g) return std::nullopt;
  Report r;
  r.title = g->name;
  r.subtitle = fmt::format("{}; also {}", g->id, joined(g->aliases));
  const auto peak = [&r](std::string label, FlopRate f, std::string note = {}) {
    if (f > FlopRate{})
      r.add(Figure{.label = std::move(label), .value = f.value(), .unit = Unit::flop_per_s, .note = std::move(note)});
  };
  r.add(Heading{"Dense peaks"});
  peak("FP64", g->peak.fp64);
  peak("TF32", g->peak.tf32);
  peak("FP16", g->peak.fp16);
  peak("BF16", g->peak.bf16,
       g->sustained_bf16_gemm
           ? fmt::format("best large GEMM measured: {:.0f} TFLOP/s", g->sustained_bf16_gemm->value() / 1e12)
           : "");
  peak("FP8", g->peak.fp8,
       g->sustained_fp8_gemm
           ? fmt::format("best large GEMM measured: {:.0f} TFLOP/s", g->sustained_fp8_gemm->value() / 1e12)
           : "");
  peak("FP4", g->peak.fp4);
  r.add(Heading{"Memory and links"});
  r.add(Figure{.label = "memory",
               .value = g->memory / sim::memory_gb,
               .unit = Unit::gigabytes,
               .note = "as the driver shows it"});
  r.add(Figure{.label = "HBM", .value = g->hbm.value(), .unit = Unit::bytes_per_s});
  r.add(Figure{.label = "ridge point",
               .value = hw::ridge_point(*g),
               .unit = Unit::flop_per_byte,
               .note = "16-bit GEMMs below it wait for memory"});
  r.add(Figure{.label = g->nvlink_links > 0 ? "NVLink" : "PCIe between GPUs",
               .value = g->nvlink.value(),
               .unit = Unit::bytes_per_s,
               .note = "each direction"});
  r.add(Figure{.label = "TDP", .value = g->tdp.value(), .unit = Unit::watts});
  r.add(Heading{"Export control (3A090)"});
  r.add(Figure{.label = "TPP",
               .value = g->export_control.tpp,
               .unit = Unit::count,
               .note = "dense TOPS x bit length; over 4,800 is controlled"});
  r.add(Figure{.label = "performance density",
               .value = g->export_control.performance_density,
               .unit = Unit::number,
               .note = "TPP a mm2"});
  if (!g->export_control.class_2023.empty())
    r.add(Fact{.label = "class of October 2023", .value = g->export_control.class_2023});
  if (!g->export_control.note.empty()) r.add(Fact{.label = "", .value = g->export_control.note});
  return finish(std::move(r), *g);
}

std::optional<Shown> show_node(Session& session, const std::string& id_or_file, const ShowOptions&) {
  const auto n = load<hw::Node>(session, id_or_file, hw::read_node, hw::find_node);
  if (!n) return std::nullopt;
  Report r;
  r.title = n->name;
  r.subtitle = n->id;
  r.add(Figure{.label = "GPUs", .value = static_cast<double>(n->gpus), .unit = Unit::count});
  r.add(Figure{.label = "joined by NVLink", .value = static_cast<double>(n->nvlink_domain), .unit = Unit::count});
  r.add(Figure{
      .label = "network a GPU", .value = n->nic_per_gpu.value(), .unit = Unit::bytes_per_s, .note = "each direction"});
  r.add(Figure{.label = "rated power", .value = n->max_power.value(), .unit = Unit::watts});
  r.add(Fact{.label = "fabric", .value = n->fabric});
  return finish(std::move(r), *n);
}

std::optional<Shown> show_fabric(Session& session, const std::string& id_or_file, const ShowOptions&) {
  const auto f = load<hw::Fabric>(session, id_or_file, hw::read_fabric, hw::find_fabric);
  if (!f) return std::nullopt;
  Report r;
  r.title = f->name;
  r.subtitle = f->id;
  return finish(std::move(r), *f);
}

std::optional<Shown> show_grid(Session& session, const std::string& id_or_file, const ShowOptions&) {
  const auto g = load<hw::Grid>(session, id_or_file, hw::read_grid, hw::find_grid);
  if (!g) return std::nullopt;
  Report r;
  r.title = g->name;
  r.subtitle = g->id;
  return finish(std::move(r), *g);
}

std::optional<Shown> show_cluster(Session& session, const std::string& id_or_file, const ShowOptions&) {
  std::optional<hw::Cluster> c;
  if (looks_like_file(id_or_file)) {
    const auto document = read_document(session, id_or_file);
    if (document)
      c = hw::read_cluster(json::Cursor(document->node, document->file, session.faults()), session.catalogue());
  } else {
    c = hw::find_cluster(session.catalogue(), id_or_file, session.faults());
  }
  if (!c) return std::nullopt;
  Report r;
  r.title = c->id;
  r.subtitle =
      fmt::format("{} x {} in {} nodes", sim::report::grouped(c->gpus), c->gpu.id, sim::report::grouped(c->nodes()));
  r.add(Figure{.label = "GPUs of a node", .value = static_cast<double>(c->gpus_per_node), .unit = Unit::count});
  r.add(Figure{.label = "joined by NVLink", .value = static_cast<double>(c->nvlink_domain), .unit = Unit::count});
  r.add(Figure{
      .label = "network a GPU", .value = c->nic_per_gpu.value(), .unit = Unit::bytes_per_s, .note = "each direction"});
  r.add(Figure{.label = "rated node power", .value = c->node_power.value(), .unit = Unit::watts});
  r.add(Fact{.label = "node", .value = c->node});
  r.add(Fact{.label = "fabric", .value = c->fabric});
  r.add(List{.title = "Taken from the usual node", .points = c->assumptions});
  return Shown{std::move(r), shown_json(hw::to_json(*c))};
}

std::string gpu_schema_text() { return shown_json(hw::gpu_schema()); }
std::string node_schema_text() { return shown_json(hw::node_schema()); }
std::string fabric_schema_text() { return shown_json(hw::fabric_schema()); }
std::string cluster_schema_text() { return shown_json(hw::cluster_schema()); }
std::string grid_schema_text() { return shown_json(hw::grid_schema()); }
std::string price_schema_text() { return shown_json(hw::price_schema()); }

}  // namespace sextant::cli
