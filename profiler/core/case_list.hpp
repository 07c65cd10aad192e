// SPDX-License-Identifier: Apache-2.0
// Collects cases; equal shapes of several models become one case. Internal to the case table.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "profiler/core/case.hpp"
#include "profiler/core/model_shapes.hpp"

namespace sextant::profile {

class CaseList {
 public:
  /// Adds the case, or what it says of suites and users to the equal one that is there.
  void add(Case c);

  [[nodiscard]] std::vector<Case> take() && { return std::move(cases_); }

 private:
  std::vector<Case> cases_;
  std::map<std::string, std::size_t> by_name_;
};

/// A case of one model: its suite follows from whether the model has experts.
[[nodiscard]] inline Case case_of(const ModelShape& model, KernelFamily family, KernelDtype dtype, KernelPass pass,
                                  KernelAxes axes, const std::string& use) {
  Case c;
  c.family = family;
  c.dtype = dtype;
  c.pass = pass;
  c.axes = axes;
  c.dense = model.experts == 0;
  c.moe = model.experts > 0;
  c.used_by.push_back(std::string(model.id) + " " + use);
  return c;
}

void add_ceilings(CaseList& list);  ///< copy, triad, square GEMMs, launches, sustained clock
void add_gemms(CaseList& list);     ///< projections of every model
void add_grouped_gemms(CaseList& list);
void add_attention(CaseList& list);
void add_memory_bound(CaseList& list);  ///< norms, activations, casts, routing, loss, optimizer
void add_collectives(CaseList& list);

}  // namespace sextant::profile
