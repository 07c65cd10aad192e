// SPDX-License-Identifier: Apache-2.0
#include "hardware/prices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

namespace sextant::hardware {

namespace {

/// Days from 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
int days_from_civil(int year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int days_in_month(int year, int month) {
  return days_from_civil(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) -
         days_from_civil(year, month, 1);
}

std::optional<int> digits(std::string_view text, std::size_t begin, std::size_t count) {
  int value = 0;
  const char* first = text.data() + begin;
  const auto [end, error] = std::from_chars(first, first + count, value);
  if (error != std::errc{} || end != first + count || value < 0) return std::nullopt;
  return value;
}

struct Weighted {
  double value;
  double weight;
};

/// Quantile of weighted values, linear between the midpoints of their weights.
double quantile(const std::vector<Weighted>& sorted, double total, double q) {
  double before = 0.0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double middle = before + sorted[i].weight / 2;
    if (q * total <= middle) {
      if (i == 0) return sorted[0].value;
      const double last = before - sorted[i - 1].weight / 2;
      const double t = (q * total - last) / (middle - last);
      return sorted[i - 1].value + t * (sorted[i].value - sorted[i - 1].value);
    }
    before += sorted[i].weight;
  }
  return sorted.back().value;
}

template <class Q>
Band<Q> band(std::vector<Weighted> values) {
  std::sort(values.begin(), values.end(), [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  double total = 0.0;
  for (const Weighted& v : values) total += v.weight;
  return {Q{quantile(values, total, 0.1)}, Q{quantile(values, total, 0.5)}, Q{quantile(values, total, 0.9)}};
}

bool in_dates(const std::string& date, const std::optional<DateWindow>& wanted) {
  if (!wanted) return true;
  const std::optional<DateWindow> printed = parse_date(date);
  return printed && printed->overlaps(*wanted);
}

bool committed(Commitment c, const std::vector<Commitment>& wanted) {
  if (wanted.empty()) return c != Commitment::spot && c != Commitment::assumption;
  return std::find(wanted.begin(), wanted.end(), c) != wanted.end();
}

}  // namespace

std::optional<DateWindow> parse_date(std::string_view text) {
  const bool has_month = text.size() >= 7 && text[4] == '-';
  const bool has_day = text.size() == 10 && has_month && text[7] == '-';
  if (!(text.size() == 4 || (text.size() == 7 && has_month) || has_day)) return std::nullopt;
  const std::optional<int> year = digits(text, 0, 4);
  if (!year) return std::nullopt;
  if (!has_month) return DateWindow{days_from_civil(*year, 1, 1), days_from_civil(*year, 12, 31)};
  const std::optional<int> month = digits(text, 5, 2);
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  const int last = days_in_month(*year, *month);
  if (!has_day) return DateWindow{days_from_civil(*year, *month, 1), days_from_civil(*year, *month, last)};
  const std::optional<int> day = digits(text, 8, 2);
  if (!day || *day < 1 || *day > last) return std::nullopt;
  const int d = days_from_civil(*year, *month, *day);
  return DateWindow{d, d};
}

DateWindow around(DateWindow date, int months) {
  const int days = months * 30437 / 1000;  // a mean month of the Gregorian calendar has 30.437 days
  return {date.first - days, date.last + days};
}

std::string RentalBand::basis() const {
  std::set<std::string_view> providers;
  std::string_view first = rows.front()->date;
  std::string_view last = rows.front()->date;
  for (const PriceRow* row : rows) {
    providers.insert(row->provider);
    first = std::min<std::string_view>(first, row->date);
    last = std::max<std::string_view>(last, row->date);
  }
  const auto counted = [](std::size_t n, std::string_view what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  const std::string dates = first == last ? std::string(first) : fmt::format("{} to {}", first, last);
  return fmt::format("from {} of {}, {}", counted(rows.size(), "price"), counted(providers.size(), "provider"), dates);
}

std::optional<RentalBand> rental_price(std::span<const PriceRow> rows, const PriceQuery& query) {
  RentalBand out;
  std::map<std::string_view, int> per_provider;
  for (const PriceRow& row : rows) {
    if (row.gpu != query.gpu || !in_dates(row.date, query.dates) || !committed(row.commitment, query.commitments))
      continue;
    out.rows.push_back(&row);
    ++per_provider[row.provider];
  }
  if (out.rows.empty()) return std::nullopt;
  std::vector<Weighted> values;
  for (const PriceRow* row : out.rows) values.push_back({row->price.value(), 1.0 / per_provider[row->provider]});
  out.price = band<GpuPrice>(std::move(values));
  return out;
}

std::optional<PurchaseBand> purchase_price(std::span<const PurchaseRow> rows, std::string_view gpu,
                                           std::optional<DateWindow> dates) {
  PurchaseBand out;
  std::vector<Weighted> values;
  for (const PurchaseRow& row : rows) {
    if (row.gpu != gpu || !in_dates(row.date, dates)) continue;
    out.rows.push_back(&row);
    values.push_back({row.price.value(), 1.0});
  }
  if (out.rows.empty()) return std::nullopt;
  out.price = band<Dollars>(std::move(values));
  return out;
}

}  // namespace sextant::hardware
