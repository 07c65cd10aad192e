// SPDX-License-Identifier: GPL-3.0-or-later
// Amounts as people type them: "14.8T tokens", "2,048", "$2/h", "60 days", "5.6M".
#pragma once

#include <QString>
#include <optional>

#include "sim/report/display_units.hpp"

namespace sextant::gui {

enum class Amount {
  count,             ///< GPUs, sequences
  tokens,            ///< K, M, B (G), T
  days,              ///< h, d, w, months, years
  usd,               ///< K, M, B
  usd_per_gpu_hour,  ///< "$2/h", "2", "$48/day"
};

/// The amount in its base unit (tokens, days, dollars, dollars an hour); nothing where it cannot be read.
/// A bare number of days or money is in `units`; "$", "¥", "h" and "days" say otherwise.
[[nodiscard]] std::optional<double> parse_amount(const QString& text, Amount kind,
                                                 sim::report::DisplayUnits units = {});

/// As it is shown in a field and can be read again to the same number.
[[nodiscard]] QString amount_text(double value, Amount kind, sim::report::DisplayUnits units = {});

/// Campaign files count tokens in billions.
[[nodiscard]] double tokens_of_billions(double billions);
[[nodiscard]] double billions_of_tokens(double tokens);

}  // namespace sextant::gui
