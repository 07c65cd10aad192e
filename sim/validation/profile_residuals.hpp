// SPDX-License-Identifier: Apache-2.0
// A kernel profile held against the part's roofline and against the closed forms that stand in where nothing was
// measured.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "hardware/cluster.hpp"
#include "hardware/kernel_profile.hpp"
#include "sim/parameters/parameters.hpp"

namespace sextant::sim {

/// One measured shape.
struct ShapeResidual {
  std::string shape;  ///< "4096 x 7168 x 2048"
  Seconds measured;
  std::size_t sample = 0;  ///< of the profile's table
  double spread = 0;
  double flops = 0;
  double bytes = 0;           ///< fewest that the call must move
  double roof_share = 0;      ///< least time under the data sheet's peaks over the measured one; 0: not known
  FlopRate peak;              ///< the data sheet's, dense, in the table's format; 0: not a matrix product, or not known
  bool memory_bound = false;  ///< which of the two roofs is the nearer one
  std::optional<Seconds> form;  ///< the closed form's time

  [[nodiscard]] double ratio() const { return form ? *form / measured : 0; }  ///< form over measured
};

/// All shapes of one table of the profile, by time.
struct TableResiduals {
  hardware::KernelFamily family = hardware::KernelFamily::gemm;
  hardware::KernelDtype dtype = hardware::KernelDtype::bf16;
  hardware::KernelPass pass = hardware::KernelPass::none;
  std::vector<ShapeResidual> shapes;
  std::size_t table = 0;  ///< of the profile

  double median_roof_share = 0;
  double best_roof_share = 0;
  std::size_t formed = 0;       ///< shapes that have a closed form
  double median_deviation = 0;  ///< of |form / measured - 1|
  double p90_deviation = 0;
  double median_ratio = 0;  ///< form over measured: its level against the table's
  double median_shape_error =
      0;  ///< of |form / measured / median ratio - 1|: what remains when the level is the table's
};

/// Closed forms are those of a step with calibrated rates on the whole part, nothing beside them; between GPUs on
/// `usual`, the part's usual nodes and network. `usual` null: the part is not in the catalogue, and only rates can be
/// told.
[[nodiscard]] std::vector<TableResiduals> profile_residuals(const hardware::KernelProfile& profile,
                                                            const hardware::Cluster* usual,
                                                            const Parameters& parameters);

/// The same with the part and its usual nodes out of the catalogue.
[[nodiscard]] std::vector<TableResiduals> profile_residuals(const hardware::KernelProfile& profile,
                                                            const Catalogue& catalogue, const Parameters& parameters);

}  // namespace sextant::sim
