// SPDX-License-Identifier: Apache-2.0
#include "sim/calibration/problem.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <thread>

namespace sextant::sim {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double difference = 1e-4;   // of a logarithm
constexpr double largest_step = 1.0;  // a factor of e

}  // namespace

Problem::Problem(const std::vector<FitRow>& rows, const Parameters& base, const FitOptions& options)
    : rows_(rows),
      base_(base),
      noise_(options.noise),
      workspaces_(static_cast<std::size_t>(std::max(1, options.threads))) {
  free_ = options.free;
  if (!free_.empty()) return;
  for (const ParameterInfo& info : parameter_table()) {
    if (info.fitted) free_.push_back(info);
  }
}

VectorXd Problem::unknowns_of(const Parameters& parameters) const {
  VectorXd x(unknowns());
  for (Index i = 0; i < unknowns(); ++i) x[i] = std::log(parameters[info(i).parameter]);
  return x;
}

Parameters Problem::parameters(const VectorXd& x) const {
  Parameters p = base_;
  for (Index i = 0; i < unknowns(); ++i) p[info(i).parameter] = std::exp(x[i]);
  return p;
}

RowWeights Problem::weights() const {
  RowWeights w(static_cast<Index>(rows_.size()));
  for (std::size_t i = 0; i < rows_.size(); ++i) w[static_cast<Index>(i)] = rows_[i].weight;
  return w;
}

template <class F>
void Problem::parallel(F body) const {
  const auto threads = static_cast<Index>(workspaces_.size());
  const auto n = static_cast<Index>(rows_.size());
  const auto work = [&](Index t) {
    for (Index i = t; i < n; i += threads) body(i, workspaces_[static_cast<std::size_t>(t)]);
  };
  std::vector<std::thread> pool;
  for (Index t = 1; t < threads; ++t) pool.emplace_back(work, t);
  work(0);
  for (std::thread& t : pool) t.join();
}

VectorXd Problem::errors(const VectorXd& x, const RowWeights& weights) const {
  VectorXd e = VectorXd::Zero(static_cast<Index>(rows_.size()));
  const Parameters p = parameters(x);
  parallel([&](Index i, StepWorkspace& workspace) {
    if (weights[i] == 0) return;
    const FitRow& row = rows_[static_cast<std::size_t>(i)];
    e[i] = std::log(evaluate(row.run, p, workspace).time / row.measured);
  });
  return e;
}

MatrixXd Problem::jacobian(const VectorXd& x, const VectorXd& errors, const RowWeights& weights) const {
  MatrixXd j(errors.size(), unknowns());
  for (Index i = 0; i < unknowns(); ++i) {
    VectorXd moved = x;
    moved[i] += difference;
    j.col(i) = (this->errors(moved, weights) - errors) / difference;
  }
  return j;
}

double Problem::cost(const VectorXd& x, const VectorXd& errors, const RowWeights& weights) const {
  double sum = 0;
  // Soft L1: quadratic for errors below the noise, linear above.
  for (Index i = 0; i < errors.size(); ++i) {
    const double e = errors[i] / noise_;
    sum += weights[i] * (std::sqrt(1.0 + e * e) - 1.0);
  }
  for (Index i = 0; i < unknowns(); ++i) {
    const double d = (x[i] - std::log(info(i).prior)) / info(i).sigma;
    sum += 0.5 * d * d;
  }
  return sum;
}

Problem::Normal Problem::normal(const VectorXd& x, const VectorXd& errors, const MatrixXd& jacobian,
                                const RowWeights& weights) const {
  // Each robust term is written as a squared residual r(e); its derivative scales the row.
  VectorXd residual(errors.size());
  VectorXd slope(errors.size());
  for (Index i = 0; i < errors.size(); ++i) {
    const double e = errors[i] / noise_;
    const double size = std::sqrt(2.0 * (std::sqrt(1.0 + e * e) - 1.0));
    const double scale = std::sqrt(weights[i]);
    residual[i] = scale * (e < 0 ? -size : size);
    slope[i] = scale / noise_ * (size > 1e-6 ? std::abs(e) / (std::sqrt(1.0 + e * e) * size) : 1.0);
  }
  const MatrixXd scaled = slope.asDiagonal() * jacobian;
  Normal n{scaled.transpose() * scaled, scaled.transpose() * residual};
  for (Index i = 0; i < unknowns(); ++i) {
    const double precision = 1.0 / (info(i).sigma * info(i).sigma);
    n.matrix(i, i) += precision;
    n.gradient[i] += (x[i] - std::log(info(i).prior)) * precision;
  }
  return n;
}

Point point_at(const Problem& problem, VectorXd x, const RowWeights& weights) {
  VectorXd errors = problem.errors(x, weights);
  const double cost = problem.cost(x, errors, weights);
  return {std::move(x), std::move(errors), cost};
}

bool improve(const Problem& problem, const Problem::Normal& normal, const RowWeights& weights, double& damping,
             Point& point) {
  constexpr int attempts = 8;
  for (int i = 0; i < attempts; ++i) {
    MatrixXd damped = normal.matrix;
    damped.diagonal() += damping * normal.matrix.diagonal();
    VectorXd step = damped.ldlt().solve(-normal.gradient);
    const double largest = step.cwiseAbs().maxCoeff();
    if (largest > largest_step) step *= largest_step / largest;
    Point trial = point_at(problem, point.x + step, weights);
    if (trial.cost < point.cost) {
      point = std::move(trial);
      damping = std::max(1e-9, damping * 0.2);
      return true;
    }
    damping *= 5;
  }
  return false;
}

Fit fit_at(const Problem& problem, const Point& point, const MatrixXd& normal) {
  const MatrixXd covariance = normal.ldlt().solve(MatrixXd::Identity(normal.rows(), normal.cols()));
  Fit fit;
  fit.parameters = problem.parameters(point.x);
  fit.cost = point.cost;
  for (const ParameterInfo& info : problem.free()) fit.fitted.push_back(info.parameter);
  fit.covariance.assign(covariance.data(), covariance.data() + covariance.size());
  return fit;
}

}  // namespace sextant::sim
