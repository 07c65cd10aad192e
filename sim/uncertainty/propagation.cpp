// SPDX-License-Identifier: Apache-2.0
#include "sim/uncertainty/propagation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace sextant::sim {

namespace {

constexpr std::size_t not_fitted = parameter_count;

/// Row of each parameter in the covariance.
std::array<std::size_t, parameter_count> places(const Calibration& c) {
  std::array<std::size_t, parameter_count> place{};
  place.fill(not_fitted);
  if (c.covariance.size() != c.fitted.size() * c.fitted.size()) return place;
  for (std::size_t i = 0; i < c.fitted.size(); ++i) place[static_cast<std::size_t>(c.fitted[i])] = i;
  return place;
}

}  // namespace

std::vector<Response> responses(const Calibration& c, const LogFigure& log_of) {
  const auto place = places(c);
  const std::size_t n = c.fitted.size();
  const double mid = log_of(c.parameters);
  std::vector<Response> list;
  Parameters moved = c.parameters;
  for (const ParameterInfo& info : parameter_table()) {
    const std::size_t i = place[static_cast<std::size_t>(info.parameter)];
    const double sigma = i == not_fitted ? info.sigma : std::sqrt(std::max(0.0, c.covariance[i * n + i]));
    if (!(sigma > 0)) continue;
    const double value = moved[info.parameter];
    moved[info.parameter] = value * std::exp(sigma);
    const double up = log_of(moved) - mid;
    // A parameter that does nothing at its upper end plays no part in this figure.
    if (up != 0) {
      moved[info.parameter] = value * std::exp(-sigma);
      list.push_back({info.parameter, sigma, log_of(moved) - mid, up});
    }
    moved[info.parameter] = value;
  }
  return list;
}

double propagated_sigma(const Calibration& c, std::span<const Response> responses) {
  const auto place = places(c);
  const std::size_t n = c.fitted.size();
  double variance = 0;
  for (const Response& a : responses) {
    const std::size_t i = place[static_cast<std::size_t>(a.parameter)];
    if (i == not_fitted) {
      variance += std::pow(a.slope() * a.sigma, 2);
      continue;
    }
    for (const Response& b : responses) {
      const std::size_t j = place[static_cast<std::size_t>(b.parameter)];
      if (j != not_fitted) variance += a.slope() * b.slope() * c.covariance[i * n + j];
    }
  }
  return std::sqrt(std::max(0.0, variance));
}

}  // namespace sextant::sim
