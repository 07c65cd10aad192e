// SPDX-License-Identifier: Apache-2.0
// One thing to measure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/kernel_names.hpp"
#include "hardware/kernel_work.hpp"

namespace sextant::profile {

using hardware::KernelAxes;
using hardware::KernelAxis;
using hardware::KernelDtype;
using hardware::KernelFamily;
using hardware::KernelPass;

enum class Suite : std::uint8_t { quick, moe, dense, full };

inline constexpr hardware::NameTable<Suite, 4> suite_names{
    {{"quick", Suite::quick}, {"moe", Suite::moe}, {"dense", Suite::dense}, {"full", Suite::full}}};

struct Case {
  KernelFamily family = KernelFamily::gemm;
  KernelDtype dtype = KernelDtype::bf16;
  KernelPass pass = KernelPass::none;
  KernelAxes axes;
  bool quick = false;                ///< part of the quick suite
  bool dense = false;                ///< dense models need it
  bool moe = false;                  ///< mixture-of-experts models need it
  std::vector<std::string> used_by;  ///< e.g. "llama-3-70b fc1 tp4 mb1"; the first word is the model's id

  /// "gemm/bf16/fwd/m4096-n4096-k4096": unique in the table and stable between versions.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] bool in(Suite suite) const;
  [[nodiscard]] bool of_model(std::string_view id) const;
};

/// Every case, in the order they run: cheap ceilings first, so that an interrupted run has them.
[[nodiscard]] std::vector<Case> all_cases();

using Work = hardware::KernelWork;
[[nodiscard]] Work work_of(const Case& c);

/// Bytes of device memory the case allocates, inputs rotated included; runs leave out what does not fit.
[[nodiscard]] double footprint_bytes(const Case& c);

}  // namespace sextant::profile
