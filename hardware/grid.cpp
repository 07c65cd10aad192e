// SPDX-License-Identifier: Apache-2.0
#include "hardware/grid.hpp"

#include <array>

#include "hardware/shapes.hpp"

namespace sextant::json {

using hardware::Grid;

const Shape<Grid>& ShapeOf<Grid>::get() {
  static const Shape<Grid> shape = [] {
    Shape<Grid> s("grid");
    s.ignored("format", "\"sextant/grid/1\" where a program wrote the file")
        .required("id", &Grid::id, "catalogue id, e.g. \"us\"")
        .required("name", &Grid::name, "country or cloud region")
        .optional("aliases", &Grid::aliases, "further ids people write")
        .optional("usd_per_kwh", &Grid::electricity, "electricity price for industry",
                  positive(100).in_units_of(hardware::usd_per_kwh))
        .required("g_co2_per_kwh", &Grid::g_co2_per_kwh, "CO2 equivalent, location-based", non_negative(5000))
        .optional("pue", &Grid::pue, "power usage effectiveness to assume there", between(1, 5))
        .optional("note", &Grid::note, "remarks");
    hardware::add_sources(s);
    return s;
  }();
  return shape;
}

}  // namespace sextant::json

namespace sextant::hardware {

std::optional<Grid> read_grid(const json::Cursor& at) {
  static constexpr std::array<std::string_view, 7> sourceless{"format",         "id",     "name", "aliases", "note",
                                                              "default_source", "sources"};
  Grid grid;
  if (!json::ShapeOf<Grid>::get().read(at, grid)) return std::nullopt;
  if (!check_sources(at, grid.sources, sourceless)) return std::nullopt;
  return grid;
}

}  // namespace sextant::hardware
