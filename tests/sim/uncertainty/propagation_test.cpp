// SPDX-License-Identifier: Apache-2.0
// Does what is not known of the parameters reach a figure as the laws of probability say?
#include "sim/uncertainty/propagation.hpp"

#include <cmath>
#include <random>

#include "sim/step/step.hpp"
#include "tests/sim/validation/observations.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

/// Two fitted parameters with standard deviations 0.1 and 0.2 and the given correlation, all others certain enough not
/// to be asked.
Calibration two(double correlation) {
  Calibration c;
  c.fitted = {Parameter::gemm_rate_ampere, Parameter::gemm_rate_hopper};
  c.covariance = {0.01, 0.02 * correlation, 0.02 * correlation, 0.04};
  return c;
}

/// ln of a^3 / b^2.
double power_law(const Parameters& p) {
  return 3 * std::log(p[Parameter::gemm_rate_ampere]) - 2 * std::log(p[Parameter::gemm_rate_hopper]);
}

double sigma_of(const Calibration& c, const LogFigure& f) { return propagated_sigma(c, responses(c, f)); }

/// A draw of all parameters: L z for the fitted ones, priors for the others.
Parameters draw(const Calibration& c, std::mt19937& random) {
  std::normal_distribution<double> normal;
  const std::size_t n = c.fitted.size();
  std::vector<double> factor(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = c.covariance[i * n + j];
      for (std::size_t k = 0; k < j; ++k) rest -= factor[i * n + k] * factor[j * n + k];
      factor[i * n + j] = i == j ? std::sqrt(std::max(0.0, rest)) : rest / factor[j * n + j];
    }
  }
  std::vector<double> z(n);
  for (double& v : z) v = normal(random);
  Parameters p = c.parameters;
  for (const ParameterInfo& info : parameter_table()) {
    if (!posterior_sigma(c, info.parameter)) p[info.parameter] *= std::exp(info.sigma * normal(random));
  }
  for (std::size_t i = 0; i < n; ++i) {
    double moved = 0;
    for (std::size_t k = 0; k <= i; ++k) moved += factor[i * n + k] * z[k];
    p[c.fitted[i]] *= std::exp(moved);
  }
  return p;
}

}  // namespace

TEST_CASE("a product of powers has the analytic spread, correlation included") {
  // var = 9 x 0.01 + 4 x 0.04 - 12 x cov, cov = 0.02 rho.
  CHECK(sigma_of(two(0), power_law) == Approx(std::sqrt(0.25)));
  CHECK(sigma_of(two(1), power_law) == Approx(std::sqrt(0.25 - 0.24)));
  CHECK(sigma_of(two(-0.5), power_law) == Approx(std::sqrt(0.25 + 0.12)));
}

TEST_CASE("a parameter that no row identifies adds its prior") {
  const LogFigure f = [](const Parameters& p) { return 2 * std::log(p[Parameter::step_fixed_time]) + power_law(p); };
  const double prior = parameter_table()[static_cast<std::size_t>(Parameter::step_fixed_time)].sigma;
  CHECK(sigma_of(two(0), f) == Approx(std::sqrt(0.25 + 4 * prior * prior)));
}

TEST_CASE("the step time of a real run spreads as a thousand draws of the posterior do") {
  const Calibration c = calibration();
  const Run run = validated({GptRow{}}).rows[0].run;
  const LogFigure log_time = [&](const Parameters& p) { return std::log(evaluate(run, p).time.value()); };
  std::mt19937 random(7);
  double sum = 0;
  double squares = 0;
  constexpr int draws = 1000;
  for (int i = 0; i < draws; ++i) {
    const double t = log_time(draw(c, random));
    sum += t;
    squares += t * t;
  }
  const double sampled = std::sqrt(squares / draws - (sum / draws) * (sum / draws));
  // A thousand draws know a standard deviation to 2 %; the rest is curvature.
  CHECK(sigma_of(c, log_time) == Approx(sampled).epsilon(0.15));
}

TEST_CASE("half the data, twice the variance") {
  Calibration half = two(0.3);
  for (double& v : half.covariance) v *= 2;
  CHECK(sigma_of(half, power_law) == Approx(std::sqrt(2.0) * sigma_of(two(0.3), power_law)));
}
