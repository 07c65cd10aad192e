// SPDX-License-Identifier: Apache-2.0
// The named parts of a GPU's memory. Their sum is the total, always.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/quantity.hpp"

namespace sextant::sim {

enum class MemoryTerm : std::uint8_t {
  weights,
  gathered_weights,
  gradients,
  optimizer,
  layers,
  stage_outputs,
  embedding,
  head,
  recomputed,
  working,
  communication,
  workspace,
  slack,
  count_
};

inline constexpr std::size_t memory_term_count = static_cast<std::size_t>(MemoryTerm::count_);

/// The classes of `memory_gb` in results.
enum class MemoryClass : std::uint8_t { weights, gradients, optimizer, activations, buffers };

inline constexpr std::array<std::string_view, 5> memory_class_names{"weights", "gradients", "optimizer", "activations",
                                                                    "buffers"};

/// What a term is: one row each, in the order of the enumeration.
struct MemoryTermInfo {
  MemoryTerm term;
  MemoryClass group;
  std::string_view tag;      ///< "memory/weights"
  std::string_view title;    ///< for people
  std::string_view formula;  ///< how it is computed
  std::string_view source;   ///< where the formula comes from
};

[[nodiscard]] const std::array<MemoryTermInfo, memory_term_count>& memory_term_table();

/// Bytes per term.
class MemoryTerms {
 public:
  [[nodiscard]] Bytes operator[](MemoryTerm t) const { return bytes_[static_cast<std::size_t>(t)]; }
  Bytes& operator[](MemoryTerm t) { return bytes_[static_cast<std::size_t>(t)]; }

  [[nodiscard]] Bytes sum() const {
    Bytes total;
    for (const Bytes b : bytes_) total += b;
    return total;
  }
  [[nodiscard]] Bytes of(MemoryClass group) const;

 private:
  std::array<Bytes, memory_term_count> bytes_{};
};

/// Memory is counted as drivers and vendors count it: "80 GB" of a GPU are 80 x 2^30 bytes, and nvidia-smi's figures,
/// which published runs quote, are binary too. All `memory_gb` of results are in this unit.
inline constexpr Bytes memory_gb{1073741824.0};

}  // namespace sextant::sim
