// SPDX-License-Identifier: Apache-2.0
// The named parts of a step. Their sum is the step time, always: what is not a named cost of the busiest stage is the
// bubble.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/quantity.hpp"

namespace sextant::sim {

enum class Term : std::uint8_t {
  gemm,
  grouped_gemm,
  attention,
  elementwise,
  cast,
  embedding,
  head,
  recompute,
  host,
  tensor_comm,
  context_comm,
  expert_comm,
  pipeline_comm,
  shard_comm,
  accumulation,
  engine,
  bubble,
  gradient_comm,
  optimizer,
  fixed,
  straggler,
  count_
};

inline constexpr std::size_t term_count = static_cast<std::size_t>(Term::count_);

/// What a term is: one row each, in the order of the enumeration.
struct TermInfo {
  Term term;
  std::string_view tag;      ///< "step/compute/gemm"
  std::string_view title;    ///< for people
  std::string_view formula;  ///< how it is computed
  std::string_view source;   ///< where the formula comes from
};

[[nodiscard]] const std::array<TermInfo, term_count>& term_table();

/// Seconds per term; a plain array, so that the hot path allocates nothing.
class Terms {
 public:
  [[nodiscard]] Seconds operator[](Term t) const { return seconds_[static_cast<std::size_t>(t)]; }
  Seconds& operator[](Term t) { return seconds_[static_cast<std::size_t>(t)]; }

  [[nodiscard]] Seconds sum() const {
    Seconds total;
    for (const Seconds s : seconds_) total += s;
    return total;
  }
  Terms& operator+=(const Terms& o) {
    for (std::size_t i = 0; i < term_count; ++i) seconds_[i] += o.seconds_[i];
    return *this;
  }
  /// this += o * times
  Terms& add(const Terms& o, double times) {
    for (std::size_t i = 0; i < term_count; ++i) seconds_[i] += o.seconds_[i] * times;
    return *this;
  }
  Terms& operator*=(double factor) {
    for (Seconds& s : seconds_) s *= factor;
    return *this;
  }

 private:
  std::array<Seconds, term_count> seconds_{};
};

}  // namespace sextant::sim
