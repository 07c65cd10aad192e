// SPDX-License-Identifier: Apache-2.0
#include "sim/calibration/fit.hpp"

#include <algorithm>
#include <map>

#include "sim/calibration/problem.hpp"

namespace sextant::sim {

Fit fit(const std::vector<FitRow>& rows, const Parameters& start, const FitOptions& options) {
  constexpr double enough = 1e-6;  // relative fall of the cost
  const Problem problem(rows, start, options);
  const RowWeights weights = problem.weights();
  Point point = point_at(problem, problem.unknowns_of(start), weights);
  double damping = 1e-3;
  Eigen::MatrixXd normal;
  int iterations = 0;
  for (int i = 0; i < options.iterations; ++i) {
    const Problem::Normal n =
        problem.normal(point.x, point.errors, problem.jacobian(point.x, point.errors, weights), weights);
    normal = n.matrix;
    const double before = point.cost;
    const bool improved = improve(problem, n, weights, damping, point);
    iterations = i + 1;
    if (options.progress) options.progress(i + 1, point.cost);
    if (!improved || before - point.cost <= enough * before) break;
  }
  Fit result = fit_at(problem, point, normal);
  result.iterations = iterations;
  return result;
}

void set_weights(std::vector<FitRow>& rows, const std::vector<bool>& doubtful, double publisher_rows) {
  std::map<std::string, double> publishers;
  for (const FitRow& row : rows) publishers[row.publisher] += 1.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].weight = std::min(1.0, publisher_rows / publishers[rows[i].publisher]);
    if (doubtful[i]) rows[i].weight *= 0.1;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double low = rows[i].measured.value();
    double high = low;
    std::vector<std::size_t> same;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      if (rows[k].publisher != rows[i].publisher || !same_run(rows[k].run, rows[i].run)) continue;
      same.push_back(k);
      low = std::min(low, rows[k].measured.value());
      high = std::max(high, rows[k].measured.value());
    }
    if (same.front() != i || high <= 1.08 * low) continue;
    for (const std::size_t k : same) rows[k].weight *= 0.2;
  }
}

}  // namespace sextant::sim
