// SPDX-License-Identifier: Apache-2.0
// The least-squares problem behind a calibration. Private to sim/calibration: the only header that shows Eigen.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "sim/calibration/fit.hpp"
#include "sim/step/step.hpp"

namespace sextant::sim {

/// Which rows of a problem count: their weights, 0 for a row that is left out.
using RowWeights = Eigen::VectorXd;

/// Residuals of rows and priors as functions of x, the logarithms of the fitted parameters.
class Problem {
 public:
  Problem(const std::vector<FitRow>& rows, const Parameters& base, const FitOptions& options);

  [[nodiscard]] Eigen::Index unknowns() const { return static_cast<Eigen::Index>(free_.size()); }
  [[nodiscard]] const std::vector<ParameterInfo>& free() const { return free_; }
  [[nodiscard]] Eigen::VectorXd unknowns_of(const Parameters& parameters) const;
  [[nodiscard]] Parameters parameters(const Eigen::VectorXd& x) const;
  [[nodiscard]] RowWeights weights() const;

  /// log(predicted / measured) of each row whose weight is not 0; 0 for the others.
  [[nodiscard]] Eigen::VectorXd errors(const Eigen::VectorXd& x, const RowWeights& weights) const;
  /// Derivatives of `errors` (forward differences): one row a row, one column an unknown.
  [[nodiscard]] Eigen::MatrixXd jacobian(const Eigen::VectorXd& x, const Eigen::VectorXd& errors,
                                         const RowWeights& weights) const;

  /// Half the sum of robust squared errors and of squared deviations from the priors.
  [[nodiscard]] double cost(const Eigen::VectorXd& x, const Eigen::VectorXd& errors, const RowWeights& weights) const;

  /// Gauss-Newton's normal equations of the cost.
  struct Normal {
    Eigen::MatrixXd matrix;
    Eigen::VectorXd gradient;
  };
  [[nodiscard]] Normal normal(const Eigen::VectorXd& x, const Eigen::VectorXd& errors, const Eigen::MatrixXd& jacobian,
                              const RowWeights& weights) const;

 private:
  [[nodiscard]] const ParameterInfo& info(Eigen::Index i) const { return free_[static_cast<std::size_t>(i)]; }
  template <class F>
  void parallel(F body) const;

  const std::vector<FitRow>& rows_;
  Parameters base_;
  double noise_;
  std::vector<ParameterInfo> free_;
  mutable std::vector<StepWorkspace> workspaces_;  // buffers only: one a thread
};

/// A point of the minimisation.
struct Point {
  Eigen::VectorXd x;
  Eigen::VectorXd errors;
  double cost = 0;
};

[[nodiscard]] Point point_at(const Problem& problem, Eigen::VectorXd x, const RowWeights& weights);

/// One Levenberg-Marquardt step: raises `damping` until the cost falls. False when it does not.
bool improve(const Problem& problem, const Problem::Normal& normal, const RowWeights& weights, double& damping,
             Point& point);

/// The fit that ends at `point`: its parameters, its cost and the Laplace posterior of the normal matrix.
[[nodiscard]] Fit fit_at(const Problem& problem, const Point& point, const Eigen::MatrixXd& normal);

}  // namespace sextant::sim
