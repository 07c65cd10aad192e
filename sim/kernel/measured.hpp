// SPDX-License-Identifier: Apache-2.0
// Kernel times measured on the part a run uses: which products and attention calls have a near shape, and how long it
// took there.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/kernel_profile.hpp"
#include "sim/kernel/attention.hpp"
#include "sim/kernel/gemm.hpp"

namespace sextant::sim {

/// Profiles are large and shared by the runs of a search.
using KernelProfiles = std::vector<std::shared_ptr<const hardware::KernelProfile>>;

/// Farthest shape that counts as near, in factors of two over all axes. With all samples of its n and k left out, a
/// product of 256 rows or more is found again from neighbours that near to 4.5 % (median; p90 12.5 %) in the shipped
/// A100 table and to 6 % (16.5 %) in H100's: as good as the closed form at the table's level, better below 2,048 rows
/// of H100. Farther neighbours are too few there to judge by.
inline constexpr double near_distance = 0.5;

/// A profile's answer to one kernel call.
struct MeasuredTime {
  Seconds time;          ///< of the call alone on the part
  bool lasting = false;  ///< at the clock the part holds under load; else as in a short burst
  double distance = 0;   ///< of the nearest shape used; 0: measured itself
  const hardware::KernelProfile* profile = nullptr;
  const Source* source = nullptr;
};

/// What is known of one part. Immutable; runs share it.
class MeasuredKernels {
 public:
  /// Times of `given` replace closed forms, those of `known` only count as measured. Profiles of other parts are left
  /// out, and of two with the same id the given one stays.
  MeasuredKernels(std::string gpu, const KernelProfiles& given, const KernelProfiles& known);

  [[nodiscard]] const std::string& gpu() const { return gpu_; }
  [[nodiscard]] bool has_given() const { return !given_.empty(); }

  /// The given profiles' answer, if it is near.
  [[nodiscard]] std::optional<MeasuredTime> given(const hardware::KernelQuery& query) const;
  /// The answer of any profile, if it is near; a given one goes first.
  [[nodiscard]] std::optional<MeasuredTime> nearest(const hardware::KernelQuery& query) const;

 private:
  struct Entry {
    std::shared_ptr<const hardware::KernelProfile> profile;
    std::optional<double> sustained;
  };
  static std::optional<MeasuredTime> ask(const std::vector<Entry>& entries, const hardware::KernelQuery& query);

  std::string gpu_;
  std::vector<Entry> given_;
  std::vector<Entry> known_;
};

/// The given profiles of a part alone; null where none of them is of it.
[[nodiscard]] std::shared_ptr<const MeasuredKernels> measured_on(const std::string& gpu, const KernelProfiles& given);

/// How much longer a large GEMM takes when the part has run them for half a minute (the family "sustained") than in a
/// short burst: the clock falls under full power. Nothing where the profile does not say.
[[nodiscard]] std::optional<double> sustained_slowdown(const hardware::KernelProfile& profile);

/// The product of one pass of Y[m x n] = X[m x k] W[k x n], or of `groups` of them in one grouped call.
[[nodiscard]] hardware::KernelQuery linear_query(hardware::KernelDtype dtype, hardware::KernelPass pass,
                                                 GemmShape forward, double groups);

/// Causal self-attention over whole sequences; nothing for windows and for pieces of a context-parallel ring.
[[nodiscard]] std::optional<hardware::KernelQuery> attention_query(const AttentionShape& shape,
                                                                   hardware::KernelPass pass);

/// Puts measured times in the place of the closed form's where a given profile has a near shape. A profile's times are
/// those of the whole part: `device` says what a communication kernel beside them takes away.
void take_measured(const Device& device, const GemmClass& family, GemmShape forward, double groups, LinearTime& time);
void take_measured(const Device& device, const AttentionShape& shape, AttentionTime& time);

}  // namespace sextant::sim
