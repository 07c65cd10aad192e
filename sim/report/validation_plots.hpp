// SPDX-License-Identifier: Apache-2.0
// Validation as two pictures: SVG files that need nothing else, light or dark by the reader's preference.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/report/validation_report.hpp"

namespace sextant::sim::report {

/// One measured step in a picture.
struct PlotPoint {
  double measured_s = 0;
  double predicted_s = 0;
  double half_width = 0;  ///< of the band's logarithm
  int gpus = 1;
  std::string regime;  ///< decides the colour
};

[[nodiscard]] std::vector<PlotPoint> plot_points(std::span<const ValidationRow> rows);
/// The same rows as refits without them predict them.
[[nodiscard]] std::vector<PlotPoint> plot_points(std::span<const ValidationRow> rows,
                                                 std::span<const LeftOutRow> left_out);

/// Predicted against measured step time, both logarithmic, coloured by regime, with lines at 1:1 and 10 % to either
/// side.
[[nodiscard]] std::string scatter_svg(std::span<const PlotPoint> points, const std::string& title);

/// Signed error against the number of GPUs, with the running median and the median 80 % band.
[[nodiscard]] std::string error_by_scale_svg(std::span<const PlotPoint> points, const std::string& title);

}  // namespace sextant::sim::report
