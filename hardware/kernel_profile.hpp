// SPDX-License-Identifier: Apache-2.0
// Measured kernel times by shape (`sextant/profile/1`): what `sextant-profile` writes, and the published tables that
// ship under hardware/data/profiles. A query between measured shapes is answered by interpolation with a stated
// distance.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/json/cursor.hpp"
#include "base/quantity.hpp"
#include "base/source.hpp"
#include "hardware/kernel_names.hpp"

namespace sextant::hardware {

/// One measured shape.
struct KernelSample {
  KernelAxes axes;
  Seconds time;
  double spread = 0;  ///< half the interquartile range over the median; 0: not known
  int source = -1;    ///< index into KernelProfile::sources; -1: the profile's own
};

/// All samples of one family, format and pass.
struct KernelTable {
  KernelFamily family = KernelFamily::gemm;
  KernelDtype dtype = KernelDtype::bf16;
  KernelPass pass = KernelPass::none;
  std::vector<KernelSample> samples;  ///< sorted by the family's first interpolated axis
};

/// The axis by which a table's samples are sorted.
[[nodiscard]] KernelAxis first_interpolated_axis(KernelFamily family);

struct KernelProfile {
  std::string id;
  std::string name;
  std::string gpu;                        ///< catalogue id of the part it was measured on
  std::vector<std::string> same_kernels;  ///< further parts whose kernels take the same time (H800: H100's units)
  std::string note;
  Source source;
  std::vector<Source> sources;  ///< of single tables
  std::vector<KernelTable> tables;

  [[nodiscard]] std::size_t size() const;
  /// Whether its times hold for the part with this catalogue id.
  [[nodiscard]] bool is_of(std::string_view gpu_id) const;
};

struct KernelQuery {
  KernelFamily family = KernelFamily::gemm;
  KernelDtype dtype = KernelDtype::bf16;
  KernelPass pass = KernelPass::fwd;
  KernelAxes axes;
  /// bf16 and fp16 run at the same rate on every matrix unit since Ampere: each may stand for the other.
  bool other_16_bit = true;
  /// A pass that was not measured may be answered by another one's product of the same m, n, k.
  bool other_pass = false;
};

struct ProfileHit {
  Seconds time;
  double distance =
      0;              ///< to the nearest sample used, in factors of two over the interpolated axes; 0: measured itself
  int samples = 0;    ///< used
  double spread = 0;  ///< of the nearest one
  KernelDtype dtype = KernelDtype::bf16;  ///< of the table that answered
  KernelPass pass = KernelPass::fwd;
  const Source* source = nullptr;

  [[nodiscard]] bool exact() const { return distance == 0; }
};

/// The time of the query's kernel, from samples at most a factor of two away in every axis. Nothing when there are
/// none.
///
/// log(time) is linear between samples: time over the family's prior (all FLOPs or bytes equal: t ~ m n k, t ~ s^2) is
/// averaged over the nearest sample in each direction, weighted by 1 / distance; between two samples on a line that is
/// the straight line through both, and at a sample it is the sample.
[[nodiscard]] std::optional<ProfileHit> lookup(const KernelProfile& profile, const KernelQuery& query);

/// The best answer of several profiles: the nearest, the more trusted of equally near ones.
[[nodiscard]] std::optional<ProfileHit> lookup(const std::vector<KernelProfile>& profiles, const KernelQuery& query);

/// Whether a file says that it is a kernel profile.
[[nodiscard]] bool is_kernel_profile(const json::Node& node);
[[nodiscard]] std::optional<KernelProfile> read_kernel_profile(const json::Cursor& at);

/// Ids (file names without .json) of the shipped and overlaid profiles.
[[nodiscard]] std::vector<std::string> kernel_profile_ids(const Catalogue& catalogue);
[[nodiscard]] std::optional<KernelProfile> find_kernel_profile(const Catalogue& catalogue, std::string_view id,
                                                               Diagnostics& faults,
                                                               const Diagnostic& place = {"command line", 0, "", "",
                                                                                          ""});
/// All profiles whose times hold for the part; a faulty file that names the part is reported and left out.
[[nodiscard]] std::vector<KernelProfile> kernel_profiles_of(const Catalogue& catalogue, std::string_view gpu_id,
                                                            Diagnostics& faults);

}  // namespace sextant::hardware
