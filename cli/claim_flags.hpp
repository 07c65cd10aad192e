// SPDX-License-Identifier: Apache-2.0
// A claim on the command line: its figures as flags, alone or over a claim of the catalogue.
#pragma once

#include <optional>
#include <string>

#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "models/claim.hpp"

namespace CLI {
class App;
}

namespace sextant::cli {

struct ClaimFlags {
  std::optional<std::string> model, gpu, precision, stack, tokens, batch_tokens, hours_are;
  std::optional<double> gpu_hours, days, cost_usd, usd_per_gpu_hour;
  std::optional<int> gpus, seq_len, tp, pp, vp, cp, ep, dp;
};

void add_claim_flags(CLI::App& app, ClaimFlags& flags);

[[nodiscard]] bool any_given(const ClaimFlags& flags);

/// Lays the flags over a claim. Wrong values are faults of the command line.
void lay_over(models::Claim& claim, const ClaimFlags& flags, const Catalogue& catalogue, Diagnostics& faults);

}  // namespace sextant::cli
