// SPDX-License-Identifier: Apache-2.0
#include "sim/calibration/own_rows.hpp"

#include <algorithm>

#include "sim/step/communication.hpp"

namespace sextant::sim {

namespace {

std::vector<Parameter> own_parameters_of(const Run& run) {
  const Stack& stack = run.stack;
  const Parallelism& p = run.parallelism;
  std::vector<Parameter> own;
  own.push_back(stack.memory_bound_factor.value_or(stack.memory_bound));
  own.push_back(stack.host_layer);
  if (run.model.has_experts() && stack.host_sync_in_moe) own.push_back(Parameter::host_moe_sync);
  if (p.tp > 1) own.push_back(Parameter::collective_latency);
  if (run.cluster.gpus > 1) own.push_back(Parameter::contention_compute);
  if (run.cluster.gpus > run.cluster.gpus_per_node) own.push_back(ring_efficiency_of(run.cluster));
  return own;
}

/// The covariance of `calibration`, with that of the refitted parameters in its place. What they had in common with
/// the others is forgotten: the new rows moved them.
void replace_posterior(Calibration& calibration, const Fit& fit) {
  std::vector<Parameter> fitted = calibration.fitted;
  for (const Parameter p : fit.fitted) {
    if (std::find(fitted.begin(), fitted.end(), p) == fitted.end()) fitted.push_back(p);
  }
  const auto place = [](const std::vector<Parameter>& list, Parameter p) {
    return static_cast<std::size_t>(std::find(list.begin(), list.end(), p) - list.begin());
  };
  const std::size_t n = fitted.size();
  const std::size_t before = calibration.fitted.size();
  const std::size_t own = fit.fitted.size();
  std::vector<double> covariance(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const std::size_t oi = place(fit.fitted, fitted[i]);
      const std::size_t oj = place(fit.fitted, fitted[j]);
      if (oi < own && oj < own) {
        covariance[i * n + j] = fit.covariance[oi * own + oj];
      } else if (oi == own && oj == own && calibration.covariance.size() == before * before) {
        covariance[i * n + j] = calibration.covariance[i * before + j];
      }
    }
  }
  calibration.fitted = std::move(fitted);
  calibration.covariance = std::move(covariance);
}

}  // namespace

std::vector<Parameter> own_parameters(const std::vector<FitRow>& rows) {
  std::vector<Parameter> own;
  for (const FitRow& row : rows) {
    for (const Parameter p : own_parameters_of(row.run)) {
      if (std::find(own.begin(), own.end(), p) == own.end()) own.push_back(p);
    }
  }
  std::sort(own.begin(), own.end());
  return own;
}

Calibration fit_own_rows(const std::vector<FitRow>& rows, const Calibration& calibration, const FitOptions& options,
                         double least_sigma) {
  FitOptions own = options;
  own.free.clear();
  for (const Parameter p : own_parameters(rows)) {
    ParameterInfo info = parameter_table()[static_cast<std::size_t>(p)];
    info.sigma = std::max(least_sigma, posterior_sigma(calibration, p).value_or(info.sigma));
    info.prior = calibration.parameters[p];
    own.free.push_back(info);
  }
  const Fit result = fit(rows, calibration.parameters, own);
  Calibration refitted = calibration;
  refitted.parameters = result.parameters;
  refitted.rows += static_cast<int>(rows.size());
  replace_posterior(refitted, result);
  return refitted;
}

}  // namespace sextant::sim
