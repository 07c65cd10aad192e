// SPDX-License-Identifier: Apache-2.0
#include "sim/calibration/fit.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <map>
#include <thread>
#include <tuple>

#include "sim/step/step.hpp"

namespace sextant::sim {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double difference = 1e-4;  // of a logarithm

/// Residuals of rows and priors as functions of the logarithms of the fitted parameters.
class Problem {
 public:
  Problem(const std::vector<FitRow>& rows, const Parameters& start, const FitOptions& options)
      : rows_(rows),
        base_(start),
        options_(options),
        workspaces_(static_cast<std::size_t>(std::max(1, options.threads))) {
    for (const ParameterInfo& info : parameter_table()) {
      if (info.fitted) free_.push_back(info);
    }
  }

  [[nodiscard]] Eigen::Index unknowns() const { return static_cast<Eigen::Index>(free_.size()); }
  [[nodiscard]] const std::vector<ParameterInfo>& free() const { return free_; }

  [[nodiscard]] VectorXd start() const {
    VectorXd x(unknowns());
    for (Eigen::Index i = 0; i < unknowns(); ++i) x[i] = std::log(base_[info(i).parameter]);
    return x;
  }

  [[nodiscard]] Parameters parameters(const VectorXd& x) const {
    Parameters p = base_;
    for (Eigen::Index i = 0; i < unknowns(); ++i) p[info(i).parameter] = std::exp(x[i]);
    return p;
  }

  [[nodiscard]] VectorXd residuals(const VectorXd& x) const {
    const auto n = static_cast<Eigen::Index>(rows_.size());
    VectorXd r(n + unknowns());
    const Parameters p = parameters(x);
    parallel(n,
             [&](Eigen::Index i, StepWorkspace& w) { r[i] = row_residual(rows_[static_cast<std::size_t>(i)], p, w); });
    for (Eigen::Index i = 0; i < unknowns(); ++i) r[n + i] = (x[i] - std::log(info(i).prior)) / info(i).sigma;
    return r;
  }

  [[nodiscard]] MatrixXd jacobian(const VectorXd& x, const VectorXd& r) const {
    MatrixXd j(r.size(), unknowns());
    for (Eigen::Index i = 0; i < unknowns(); ++i) {
      VectorXd moved = x;
      moved[i] += difference;
      j.col(i) = (residuals(moved) - r) / difference;
    }
    return j;
  }

 private:
  [[nodiscard]] const ParameterInfo& info(Eigen::Index i) const { return free_[static_cast<std::size_t>(i)]; }

  [[nodiscard]] double row_residual(const FitRow& row, const Parameters& p, StepWorkspace& workspace) const {
    const double e = std::log(evaluate(row.run, p, workspace).time / row.measured) / options_.noise;
    // Soft L1 written as a residual, so that the priors stay quadratic.
    const double robust = std::sqrt(2.0 * (std::sqrt(1.0 + e * e) - 1.0));
    return std::sqrt(row.weight) * (e < 0 ? -robust : robust);
  }

  template <class F>
  void parallel(Eigen::Index n, F body) const {
    const auto threads = static_cast<Eigen::Index>(workspaces_.size());
    const auto work = [&](Eigen::Index t) {
      for (Eigen::Index i = t; i < n; i += threads) body(i, workspaces_[static_cast<std::size_t>(t)]);
    };
    std::vector<std::thread> pool;
    for (Eigen::Index t = 1; t < threads; ++t) pool.emplace_back(work, t);
    work(0);
    for (std::thread& t : pool) t.join();
  }

  const std::vector<FitRow>& rows_;
  Parameters base_;
  const FitOptions& options_;
  std::vector<ParameterInfo> free_;
  mutable std::vector<StepWorkspace> workspaces_;  // buffers only: one a thread
};

}  // namespace

Fit fit(const std::vector<FitRow>& rows, const Parameters& start, const FitOptions& options) {
  const Problem problem(rows, start, options);
  VectorXd x = problem.start();
  VectorXd r = problem.residuals(x);
  double cost = 0.5 * r.squaredNorm();
  double damping = 1e-3;
  Fit result;
  MatrixXd normal;
  for (int i = 0; i < options.iterations; ++i) {
    const MatrixXd j = problem.jacobian(x, r);
    normal = j.transpose() * j;
    const VectorXd gradient = j.transpose() * r;
    bool improved = false;
    for (int attempt = 0; attempt < 8 && !improved; ++attempt) {
      MatrixXd damped = normal;
      damped.diagonal() += damping * normal.diagonal();
      VectorXd step = damped.ldlt().solve(-gradient);
      const double largest = step.cwiseAbs().maxCoeff();
      if (largest > 1.0) step /= largest;  // a factor of e at most in one step
      const VectorXd trial = x + step;
      const VectorXd trial_residuals = problem.residuals(trial);
      const double trial_cost = 0.5 * trial_residuals.squaredNorm();
      if (trial_cost < cost) {
        improved = cost - trial_cost > 1e-6 * cost;
        x = trial;
        r = trial_residuals;
        cost = trial_cost;
        damping = std::max(1e-9, damping * 0.2);
        break;
      }
      damping *= 5;
    }
    result.iterations = i + 1;
    if (options.progress) options.progress(i + 1, cost);
    if (!improved) break;
  }
  const MatrixXd covariance = normal.ldlt().solve(MatrixXd::Identity(normal.rows(), normal.cols()));
  result.parameters = problem.parameters(x);
  result.cost = cost;
  for (const ParameterInfo& info : problem.free()) result.fitted.push_back(info.parameter);
  result.covariance.assign(covariance.data(), covariance.data() + covariance.size());
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
