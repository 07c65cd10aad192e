// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/verdict.hpp"

namespace sextant::sim {

std::string_view name_of(Verdict verdict) {
  for (const auto& [name, value] : verdict_names) {
    if (value == verdict) return name;
  }
  return "";
}

Verdict verdict_of(const VerdictBasis& b) {
  if (b.contradicts_itself) return Verdict::impossible;
  if (b.claimed && b.claimed->high < b.floor) return Verdict::impossible;
  if (!b.claimed || !b.simulated) return Verdict::undetermined;
  if (b.claimed->high < b.simulated->low) return Verdict::implausible;
  if (b.claimed->low > b.simulated->high) return Verdict::generous;
  return Verdict::consistent;
}

}  // namespace sextant::sim
