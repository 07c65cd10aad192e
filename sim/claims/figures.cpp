// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace sextant::sim {

namespace {

using models::Claim;
using models::ClaimedFigures;

constexpr double hours_per_day = 24;
constexpr double hours_per_year = 8766;
constexpr double seconds_per_hour = 3600;
constexpr double billion = 1e9;
constexpr double slack = 0.02;           // figures are rounded before they are multiplied
constexpr double mfu_conventions = 1.4;  // causal or full attention, recompute counted or not

std::optional<double> gpus_of(const Claim& claim) {
  if (claim.claimed.gpus) return claim.claimed.gpus;
  if (claim.hardware.gpus) return static_cast<double>(*claim.hardware.gpus);
  return std::nullopt;
}

std::string grouped(double value) {
  std::string digits = fmt::format("{:.0f}", value);
  for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<std::size_t>(i), ",");
  }
  return digits;
}

/// Four significant digits without trailing zeros.
std::string short_number(double value) { return fmt::format("{:.4g}", value); }

ClaimedHours point(double hours, std::string how) { return {{hours, hours}, hours, std::move(how)}; }

std::optional<ClaimedHours> from_rates(const Claim& claim, const ClaimContext& context) {
  const ClaimedFigures& f = claim.claimed;
  if (!claim.tokens_b) return std::nullopt;
  const double tokens = *claim.tokens_b * billion;
  if (f.tokens_per_s_per_gpu) {
    return point(tokens / *f.tokens_per_s_per_gpu / seconds_per_hour,
                 fmt::format("tokens over {} tokens/s/GPU", short_number(*f.tokens_per_s_per_gpu)));
  }
  const double flops = context.flops_per_token * tokens;
  if (!(flops > 0)) return std::nullopt;
  if (f.mfu_pct && context.peak_flop_per_s > 0) {
    return point(flops / (*f.mfu_pct / 100 * context.peak_flop_per_s) / seconds_per_hour,
                 fmt::format("FLOPs at the claimed {} % MFU", short_number(*f.mfu_pct)));
  }
  if (f.tflops_per_gpu) {
    return point(flops / (*f.tflops_per_gpu * 1e12) / seconds_per_hour,
                 fmt::format("FLOPs at the claimed {} TFLOP/s a GPU", short_number(*f.tflops_per_gpu)));
  }
  return std::nullopt;
}

std::optional<ClaimedHours> from_cost(const Claim& claim, const ClaimContext& context) {
  const ClaimedFigures& f = claim.claimed;
  if (!f.cost_usd) return std::nullopt;
  if (f.usd_per_gpu_hour) {
    return point(*f.cost_usd / *f.usd_per_gpu_hour,
                 fmt::format("{} at {} a GPU-hour", dollars_text(*f.cost_usd, context.units),
                             money_text(*f.usd_per_gpu_hour, 2, context.units)));
  }
  if (!context.usd_per_gpu_hour) return std::nullopt;
  const Band<double>& price = *context.usd_per_gpu_hour;
  return ClaimedHours{{*f.cost_usd / price.high, *f.cost_usd / price.low},
                      *f.cost_usd / price.mid,
                      fmt::format("{} at the {} to {} a GPU-hour of the time", dollars_text(*f.cost_usd, context.units),
                                  money_text(price.low, 2, context.units), money_text(price.high, 2, context.units))};
}

/// Collects comparisons of two ways to the same number.
class Comparison {
 public:
  /// `computed` should be `stated`, each known to its relative rounding.
  void equal(const std::string& what, double computed, double computed_rounding, double stated,
             const std::string& stated_text) {
    const double tolerance = computed_rounding + rounding_of(stated) + slack;
    const double ratio = computed / stated;
    const bool agrees = std::abs(std::log(ratio)) <= std::log1p(tolerance);
    add(agrees ? fmt::format("{}, as claimed ({})", what, stated_text)
               : fmt::format("{}, but {} is claimed: {:.2f} times as much", what, stated_text, 1 / ratio),
        agrees, !agrees);
  }
  /// A disagreement that has an innocent reading.
  void note(std::string text) { add(std::move(text), false, false); }
  void contradiction(std::string text) { add(std::move(text), false, true); }

  [[nodiscard]] std::vector<ArithmeticCheck> take() { return std::move(checks_); }

 private:
  void add(std::string text, bool agrees, bool contradicts) {
    checks_.push_back({std::move(text), agrees, contradicts});
  }

  std::vector<ArithmeticCheck> checks_;
};

void compare_time(const Claim& claim, DisplayUnits units, Comparison& c) {
  const ClaimedFigures& f = claim.claimed;
  const auto gpus = gpus_of(claim);
  const std::optional<double> hours = f.gpu_hours ? f.gpu_hours : f.gpu_hours_derived;
  if (!hours) return;
  if (gpus && f.days) {
    c.equal(fmt::format("{} GPUs x {} are {} GPU-hours", grouped(*gpus),
                        days_text(*f.days, short_number(*f.days), units), hours_text(*gpus * *f.days * hours_per_day)),
            *gpus * *f.days * hours_per_day, rounding_of(*gpus) + rounding_of(*f.days), *hours, hours_text(*hours));
  }
  if (f.gpu_hours_per_trillion_tokens && claim.tokens_b) {
    const double product = *f.gpu_hours_per_trillion_tokens * *claim.tokens_b / 1000;
    c.equal(
        fmt::format("{} GPU-hours a trillion tokens x {} T tokens are {}", hours_text(*f.gpu_hours_per_trillion_tokens),
                    short_number(*claim.tokens_b / 1000), hours_text(product)),
        product, rounding_of(*f.gpu_hours_per_trillion_tokens) + rounding_of(*claim.tokens_b), *hours,
        hours_text(*hours));
  }
}

void compare_money(const Claim& claim, DisplayUnits units, Comparison& c) {
  const ClaimedFigures& f = claim.claimed;
  const std::optional<double> hours = f.gpu_hours ? f.gpu_hours : f.gpu_hours_derived;
  if (!hours || !f.usd_per_gpu_hour || !f.cost_usd) return;
  const double cost = *hours * *f.usd_per_gpu_hour;
  c.equal(fmt::format("{} GPU-hours x {} are {}", hours_text(*hours), money_text(*f.usd_per_gpu_hour, 2, units),
                      dollars_text(cost, units)),
          cost, rounding_of(*hours) + rounding_of(*f.usd_per_gpu_hour), *f.cost_usd, dollars_text(*f.cost_usd, units));
}

/// Hours may exceed what the claimed speed needs (a bill holds interruptions), but not fall short of it.
void compare_speed(const Claim& claim, const ClaimContext& context, Comparison& c) {
  const ClaimedFigures& f = claim.claimed;
  ClaimContext none;
  const auto hours = f.gpu_hours || f.gpu_hours_derived || f.days ? claimed_hours(claim, none) : std::nullopt;
  if (!hours || !claim.tokens_b) return;
  const double tokens = *claim.tokens_b * billion;
  if (f.tokens_per_s_per_gpu) {
    const double needed = tokens / *f.tokens_per_s_per_gpu / seconds_per_hour;
    const double tolerance = 1 + rounding_of(*f.tokens_per_s_per_gpu) + rounding_of(*claim.tokens_b) + slack;
    const std::string what =
        fmt::format("{} T tokens at {} tokens/s/GPU take {} GPU-hours", short_number(tokens / 1e12),
                    short_number(*f.tokens_per_s_per_gpu), hours_text(needed));
    if (hours->mid * tolerance < needed) {
      c.contradiction(fmt::format("{}, more than the {} claimed", what, hours_text(hours->mid)));
    } else if (hours->mid > needed * tolerance) {
      c.note(fmt::format("{}; the {} claimed hold {:.0f} % more", what, hours_text(hours->mid),
                         100 * (hours->mid / needed - 1)));
    } else {
      c.equal(what, needed, rounding_of(*f.tokens_per_s_per_gpu), hours->mid, hours_text(hours->mid));
    }
  }
  if (f.mfu_pct && context.flops_per_token > 0 && context.peak_flop_per_s > 0) {
    const double implied =
        100 * context.flops_per_token * tokens / (hours->mid * seconds_per_hour * context.peak_flop_per_s);
    const std::string what = fmt::format("{} GPU-hours mean an MFU of {:.1f} %; {} % is claimed",
                                         hours_text(hours->mid), implied, short_number(*f.mfu_pct));
    if (implied > *f.mfu_pct * mfu_conventions) {
      c.contradiction(what + ", and no counting convention explains the difference");
    } else {
      c.note(what + (implied < *f.mfu_pct ? ", so the hours hold more than the run at that speed"
                                          : ", which another way of counting FLOPs explains"));
    }
  }
}

void compare_flops(const Claim& claim, const ClaimContext& context, Comparison& c) {
  if (!claim.claimed.training_flop || !claim.tokens_b || !(context.flops_per_token > 0)) return;
  const double computed = context.flops_per_token * *claim.tokens_b * billion;
  c.note(fmt::format("the stated tokens take {:.2e} FLOPs as counted here; {:.2e} are claimed", computed,
                     *claim.claimed.training_flop));
}

}  // namespace

double rounding_of(double figure) {
  constexpr double most = 0.10;
  if (!(figure > 0)) return most;
  const std::string text = fmt::format("{:.12e}", figure);  // d.dddddddddddde+xx
  std::string mantissa = text.substr(0, text.find('e'));
  mantissa.erase(mantissa.find_last_not_of('0') + 1);
  const auto decimals = static_cast<double>(mantissa.size() - std::min<std::size_t>(mantissa.size(), 2));
  return std::min(most, 0.5 * std::pow(10.0, -decimals) / std::atof(mantissa.c_str()));
}

std::optional<ClaimedHours> claimed_hours(const Claim& claim, const ClaimContext& context) {
  const ClaimedFigures& f = claim.claimed;
  if (f.gpu_hours) return point(*f.gpu_hours, "as stated");
  if (f.gpu_hours_derived) return point(*f.gpu_hours_derived, "worked out from other published figures");
  if (f.gpu_hours_per_trillion_tokens && claim.tokens_b) {
    return point(*f.gpu_hours_per_trillion_tokens * *claim.tokens_b / 1000, "hours a trillion tokens x tokens");
  }
  const auto gpus = gpus_of(claim);
  if (gpus && f.days) {
    return point(*gpus * *f.days * hours_per_day,
                 fmt::format("{} GPUs x {}", grouped(*gpus), days_text(*f.days, short_number(*f.days), context.units)));
  }
  if (f.gpu_years) return point(*f.gpu_years * hours_per_year, fmt::format("{} GPU-years", short_number(*f.gpu_years)));
  if (auto hours = from_rates(claim, context)) return hours;
  return from_cost(claim, context);
}

std::vector<ArithmeticCheck> check_arithmetic(const Claim& claim, const ClaimContext& context) {
  Comparison c;
  compare_time(claim, context.units, c);
  compare_money(claim, context.units, c);
  compare_speed(claim, context, c);
  compare_flops(claim, context, c);
  return c.take();
}

std::string hours_text(double gpu_hours) {
  if (gpu_hours >= 999500) return fmt::format("{:.3f} M", gpu_hours / 1e6);
  if (gpu_hours >= 1000) return grouped(gpu_hours);
  return short_number(gpu_hours);
}

std::string dollars_text(double usd, DisplayUnits units) {
  const double shown = in_currency(usd, units);
  const std::string sign(currency_sign(units));
  if (shown >= 999500) return fmt::format("{}{:.3f} M", sign, shown / 1e6);
  return sign + (shown >= 1000 ? grouped(shown) : short_number(shown));
}

}  // namespace sextant::sim
