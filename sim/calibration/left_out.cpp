// SPDX-License-Identifier: Apache-2.0
#include "sim/calibration/left_out.hpp"

#include <cmath>

#include "sim/calibration/problem.hpp"

namespace sextant::sim {

namespace {

constexpr double far = 0.2;      // of a logarithm: beyond it the derivatives at the start no longer serve
constexpr double enough = 3e-6;  // relative fall of the cost that ends a refit
constexpr int most_iterations = 40;

}  // namespace

std::vector<Fit> fit_without(const std::vector<FitRow>& rows, const std::vector<Fold>& folds, const Parameters& all,
                             const FitOptions& options) {
  const Problem problem(rows, all, options);
  const RowWeights everything = problem.weights();
  const Point start = point_at(problem, problem.unknowns_of(all), everything);
  // Near the full fit one set of derivatives serves all folds; a fold that moves away takes its own.
  const Eigen::MatrixXd shared = problem.jacobian(start.x, start.errors, everything);
  std::vector<Fit> result;
  for (std::size_t f = 0; f < folds.size(); ++f) {
    RowWeights weights = everything;
    for (const std::size_t row : folds[f].rows) weights[static_cast<Eigen::Index>(row)] = 0;
    Point point = start;
    point.cost = problem.cost(point.x, point.errors, weights);
    Eigen::VectorXd origin = start.x;
    Eigen::MatrixXd own;
    double damping = 1e-3;
    for (int i = 0; i < most_iterations; ++i) {
      const Eigen::MatrixXd& jacobian = own.size() == 0 ? shared : own;
      const double before = point.cost;
      const bool improved =
          improve(problem, problem.normal(point.x, point.errors, jacobian, weights), weights, damping, point);
      const bool moved_far = (point.x - origin).cwiseAbs().maxCoeff() > far;
      if (moved_far) {
        own = problem.jacobian(point.x, point.errors, weights);
        origin = point.x;
        damping = 1e-3;
      } else if (!improved || before - point.cost <= enough * before) {
        break;
      }
    }
    const Eigen::MatrixXd& last = own.size() == 0 ? shared : own;
    result.push_back(fit_at(problem, point, problem.normal(point.x, point.errors, last, weights).matrix));
    if (options.progress) options.progress(static_cast<int>(f) + 1, point.cost);
  }
  return result;
}

}  // namespace sextant::sim
