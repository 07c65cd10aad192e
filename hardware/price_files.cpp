// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "hardware/price_file.hpp"

namespace sextant::hardware {

namespace {

bool read_date(const json::Cursor& at, std::string& date) {
  if (!json::Value<std::string>::read(at, {}, date)) return false;
  if (parse_date(date)) return true;
  return at.expected("a date: 2024, 2024-11 or 2024-11-29");
}

template <class T, class Get>
void add_date(json::Shape<T>& shape, Get get) {
  shape.custom(
      "date", "of the price: 2024, 2024-11 or 2024-11-29", true,
      [get](const json::Cursor& at, T& v) { return read_date(at, get(v)); },
      [get](const T& v) { return json::Json(get(v)); },
      [] {
        return json::Json{{"type", "string"}};
      });
}

template <class T>
void add_source_key(json::Shape<T>& shape) {
  shape.required("source", &T::source, "a key of the file's \"sources\"")
      .optional("where", &T::where, "page or table of that source");
}

template <class Row>
bool settle_sources(const json::Cursor& at, std::string_view key, const std::map<std::string, Source>& sources,
                    std::vector<Sourced<Row>>& in, std::vector<Row>& out) {
  std::vector<std::string_view> known;
  for (const auto& [name, source] : sources) known.push_back(name);
  const json::Node* list = at.node().find(key);
  bool good = true;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto found = sources.find(in[i].source);
    if (found == sources.end()) {
      const json::Cursor rows = at.member(key, *list);
      rows.item(i).fault_at("source", "\"" + in[i].source + "\" is not in this file's \"sources\"",
                            did_you_mean(in[i].source, known));
      good = false;
      continue;
    }
    in[i].row.source = found->second;
    if (!in[i].where.empty()) in[i].row.source.where = in[i].where;
    out.push_back(std::move(in[i].row));
  }
  return good;
}

template <class T>
void move_behind(std::vector<T>& from, std::vector<T>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

}  // namespace sextant::hardware

namespace sextant::json {

using hardware::CostFigure;
using hardware::OwnershipDefaults;
using hardware::PriceFile;
using hardware::PriceRow;
using hardware::Prices;
using hardware::PurchaseRow;
using hardware::Sourced;

template <>
struct ShapeOf<Sourced<PriceRow>> {
  static const Shape<Sourced<PriceRow>>& get() {
    static const Shape<Sourced<PriceRow>> shape = [] {
      using Line = Sourced<PriceRow>;
      Shape<Line> s("rental price");
      s.required(
           "gpu", [](auto& v) -> auto& { return v.row.gpu; }, "catalogue id")
          .required(
              "provider", [](auto& v) -> auto& { return v.row.provider; }, "who rents it out")
          .optional(
              "region", [](auto& v) -> auto& { return v.row.region; }, "as the provider names it")
          .required(
              "commitment", [](auto& v) -> auto& { return v.row.commitment; }, "for how long")
          .required(
              "usd_per_gpu_hour", [](auto& v) -> auto& { return v.row.price; }, "price of one GPU for an hour",
              positive(10000).in_units_of(hardware::usd_per_gpu_hour));
      hardware::add_date(
          s, [](auto& v) -> auto& { return v.row.date; });
      s.optional(
           "gpu_as_printed", [](auto& v) -> auto& { return v.row.gpu_as_printed; },
           "where the source is less exact than the id")
          .optional(
              "note", [](auto& v) -> auto& { return v.row.note; }, "instance type, remarks");
      hardware::add_source_key(s);
      return s;
    }();
    return shape;
  }
};

template <>
struct ShapeOf<Sourced<PurchaseRow>> {
  static const Shape<Sourced<PurchaseRow>>& get() {
    static const Shape<Sourced<PurchaseRow>> shape = [] {
      using Line = Sourced<PurchaseRow>;
      Shape<Line> s("purchase price");
      s.required(
           "gpu", [](auto& v) -> auto& { return v.row.gpu; }, "catalogue id")
          .required(
              "usd_per_gpu", [](auto& v) -> auto& { return v.row.price; }, "price of one GPU", positive(1e7))
          .optional(
              "system", [](auto& v) -> auto& { return v.row.system; },
              "true: the share of a server, with host, NVSwitch and NICs");
      hardware::add_date(
          s, [](auto& v) -> auto& { return v.row.date; });
      s.optional(
          "note", [](auto& v) -> auto& { return v.row.note; }, "remarks");
      hardware::add_source_key(s);
      return s;
    }();
    return shape;
  }
};

const Shape<CostFigure>& ShapeOf<CostFigure>::get() {
  static const Shape<CostFigure> shape = [] {
    Shape<CostFigure> s("cost figure");
    s.required("what", &CostFigure::what, "what it is the price, life or share of")
        .required("low", &CostFigure::low, "the figure, or the low end of a range", positive())
        .optional("high", &CostFigure::high, "the high end of a range", positive());
    hardware::add_date(
        s, [](auto& v) -> auto& { return v.date; });
    s.required("source", &CostFigure::source, "where it comes from").check([](const Cursor& at, const CostFigure& v) {
      if (v.high == 0 || v.high >= v.low) return true;
      at.fault_at("high", "is below low");
      return false;
    });
    return s;
  }();
  return shape;
}

const Shape<OwnershipDefaults>& ShapeOf<OwnershipDefaults>::get() {
  using O = OwnershipDefaults;
  static const Shape<O> shape =
      Shape<O>("ownership")
          .required("server_usd", &O::server, "8-GPU server with its share of the network", positive(1e8))
          .required("capital_cost_per_year", &O::capital_cost, "weighted average cost of capital", between(0, 1))
          .required("life_years", &O::life_years, "years of use", positive(30))
          .required("server_power_w", &O::server_power, "with its share of the network", positive(1e6))
          .required("colocation_usd_per_kw_month", &O::usd_per_kw_month, "electricity extra", positive(1e5))
          .required("usd_per_kwh", &O::electricity, "electricity", positive(100).in_units_of(hardware::usd_per_kwh))
          .required("power_utilisation", &O::power_utilisation, "average over rated power", positive(1))
          .required("pue", &O::pue, "power usage effectiveness", between(1, 5))
          .required("usd_per_server_month", &O::usd_per_server_month, "remote hands, support, internet",
                    non_negative(1e6))
          .required("usd_per_gpu_hour_published", &O::usd_per_gpu_hour_published, "what the source computes from these",
                    positive(1000))
          .required("source", &O::source, "where the figures come from");
  return shape;
}

const Shape<PriceFile>& ShapeOf<PriceFile>::get() {
  static const Shape<PriceFile> shape =
      Shape<PriceFile>("prices")
          .ignored("format", "\"sextant/prices/1\" where a program wrote the file")
          .ignored("note", "remarks")
          .optional("sources", &PriceFile::sources, "sources by the key that rows name")
          .optional("rental", &PriceFile::rental, "rental prices")
          .optional("purchase", &PriceFile::purchase, "purchase prices")
          .optional(
              "colocation_usd_per_kw_month", [](auto& v) -> auto& { return v.rest.colocation_usd_per_kw_month; },
              "rent of a rack's power and space")
          .optional(
              "depreciation_years", [](auto& v) -> auto& { return v.rest.depreciation_years; },
              "years over which owners write servers off")
          .optional(
              "network_share_of_capital", [](auto& v) -> auto& { return v.rest.network_share_of_capital; },
              "network over cluster capital cost")
          .optional(
              "datacentre_usd_per_w", [](auto& v) -> auto& { return v.rest.datacentre_usd_per_w; },
              "building and power per watt of critical load")
          .optional(
              "ownership", [](auto& v) -> auto& { return v.rest.ownership; },
              "inputs of the owner's cost that one published model uses together");
  return shape;
}

}  // namespace sextant::json

namespace sextant::hardware {

bool read_prices(const json::Cursor& at, Prices& prices) {
  PriceFile file;
  bool good = json::ShapeOf<PriceFile>::get().read(at, file);
  if (!good) return false;
  good = settle_sources(at, "rental", file.sources, file.rental, prices.rental);
  good = settle_sources(at, "purchase", file.sources, file.purchase, prices.purchase) && good;
  for (auto member : {&Prices::colocation_usd_per_kw_month, &Prices::depreciation_years,
                      &Prices::network_share_of_capital, &Prices::datacentre_usd_per_w}) {
    for (CostFigure& f : file.rest.*member) f.high = std::max(f.low, f.high);
    move_behind(file.rest.*member, prices.*member);
  }
  if (file.rest.ownership) prices.ownership = std::move(file.rest.ownership);
  return good;
}

}  // namespace sextant::hardware
