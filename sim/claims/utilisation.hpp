// SPDX-License-Identifier: Apache-2.0
// What share of the peak measured runs reach: all that can be said of a model whose structure is not published.
#pragma once

#include <optional>

#include "base/band.hpp"
#include "base/catalogue.hpp"
#include "hardware/accelerator.hpp"

namespace sextant::sim {

struct Utilisation {
  Band<double> share;  ///< 95 % of the runs, of 6 x active parameters over the dense 16-bit peak
  int rows = 0;
  bool of_its_kind = true;  ///< dense for dense, MoE for MoE
};

/// Over shipped observations of the architecture on two nodes or more, of dense or of MoE models; of both where those
/// of the kind are fewer than ten, nothing where all are.
[[nodiscard]] std::optional<Utilisation> measured_utilisation(hardware::Architecture architecture, bool experts,
                                                              const Catalogue& catalogue, Diagnostics& faults);

}  // namespace sextant::sim
