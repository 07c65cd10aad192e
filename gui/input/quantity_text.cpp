// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/input/quantity_text.hpp"

#include <QRegularExpression>
#include <array>
#include <cmath>
#include <utility>

namespace sextant::gui {

namespace {

using Factor = std::pair<const char*, double>;

constexpr std::array<Factor, 9> magnitudes{{{"k", 1e3},
                                            {"m", 1e6},
                                            {"mio", 1e6},
                                            {"million", 1e6},
                                            {"b", 1e9},
                                            {"g", 1e9},
                                            {"billion", 1e9},
                                            {"t", 1e12},
                                            {"trillion", 1e12}}};

constexpr std::array<Factor, 13> times{{{"h", 1.0 / 24},
                                        {"hour", 1.0 / 24},
                                        {"hours", 1.0 / 24},
                                        {"d", 1},
                                        {"day", 1},
                                        {"days", 1},
                                        {"w", 7},
                                        {"week", 7},
                                        {"weeks", 7},
                                        {"month", 30.4375},
                                        {"months", 30.4375},
                                        {"year", 365.25},
                                        {"years", 365.25}}};

constexpr std::array<Factor, 7> per_hour{
    {{"/h", 1}, {"/hour", 1}, {"/gpu-hour", 1}, {"/gpuh", 1}, {"/gpu-h", 1}, {"/day", 1.0 / 24}, {"/d", 1.0 / 24}}};

template <std::size_t N>
std::optional<double> factor(const std::array<Factor, N>& table, const QString& word) {
  for (const auto& [name, value] : table) {
    if (word == QLatin1String(name)) return value;
  }
  return std::nullopt;
}

std::optional<double> unit_factor(QString unit, Amount kind) {
  if (kind == Amount::tokens) unit.remove(QRegularExpression(QStringLiteral("tok(en)?s?$")));
  if (kind == Amount::count) unit.remove(QRegularExpression(QStringLiteral("(gpu|sequence)s?$")));
  unit = unit.trimmed();
  if (unit.isEmpty()) return 1.0;
  if (kind == Amount::days) return factor(times, unit);
  if (kind == Amount::usd_per_gpu_hour) return factor(per_hour, unit);
  return factor(magnitudes, unit);
}

struct Scale {
  double size;
  const char* suffix;
};
constexpr std::array<Scale, 4> scales{{{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "K"}}};

QString plain(double v) { return QString::number(v, 'g', 12); }

QString grouped(double v) {
  QString digits = QString::number(v, 'f', 0);
  for (qsizetype at = digits.size() - 3; at > 0; at -= 3) digits.insert(at, ',');
  return digits;
}

QString scaled(double v) {
  for (const Scale& s : scales) {
    if (std::abs(v) >= s.size) return plain(v / s.size) + QLatin1String(s.suffix);
  }
  return plain(v);
}

}  // namespace

std::optional<double> parse_amount(const QString& text, Amount kind, sim::report::DisplayUnits units) {
  QString s = text.trimmed().toLower();
  const bool money = kind == Amount::usd || kind == Amount::usd_per_gpu_hour;
  const bool dollars = s.contains('$') || s.contains(QStringLiteral("usd"));
  const bool yuan = s.contains(QChar(0xa5)) || s.contains(QStringLiteral("cny")) || s.contains(QStringLiteral("rmb"));
  if (dollars && yuan) return std::nullopt;
  s.remove(',').remove('$').remove(QChar(0x202f)).remove(QStringLiteral("usd"));
  s.remove(QChar(0xa5)).remove(QStringLiteral("cny")).remove(QStringLiteral("rmb"));
  if (yuan && !money) return std::nullopt;
  static const QRegularExpression form(
      QStringLiteral("^([0-9]*\\.?[0-9]+(?:e[+-]?[0-9]+)?|[0-9]+\\.)\\s*([a-z/ -]*)$"));
  const QRegularExpressionMatch match = form.match(s.simplified());
  if (!match.hasMatch()) return std::nullopt;
  bool good = false;
  const double number = match.captured(1).toDouble(&good);
  const auto unit = unit_factor(match.captured(2).remove(' '), kind);
  if (!good || !unit || !std::isfinite(number * *unit)) return std::nullopt;
  double value = number * *unit;
  if (money && (yuan || (units.cny && !dollars))) value /= sim::report::cny_per_usd;
  if (kind == Amount::days && units.hours && match.captured(2).trimmed().isEmpty()) value /= sim::report::hours_a_day;
  return kind == Amount::count || kind == Amount::tokens ? std::round(value) : value;
}

QString amount_text(double value, Amount kind, sim::report::DisplayUnits units) {
  // Six digits are read again as the same amount to a millionth: nothing is written that was not typed.
  constexpr int digits = 6;
  const auto in_yuan = [&] { return value * sim::report::cny_per_usd; };
  if (units.hours && kind == Amount::days) return plain(value * sim::report::hours_a_day) + QStringLiteral(" h");
  if (units.cny && kind == Amount::usd) return QChar(0xa5) + scaled(QString::number(in_yuan(), 'g', digits).toDouble());
  if (units.cny && kind == Amount::usd_per_gpu_hour)
    return QStringLiteral("¥%1/h").arg(QString::number(in_yuan(), 'g', digits));
  switch (kind) {
    case Amount::count: return grouped(value);
    case Amount::tokens: return scaled(value) + QStringLiteral(" tokens");
    case Amount::days: return plain(value) + QStringLiteral(" days");
    case Amount::usd: return QStringLiteral("$") + scaled(value);
    case Amount::usd_per_gpu_hour: return QStringLiteral("$%1/h").arg(plain(value));
  }
  return {};
}

double tokens_of_billions(double billions) { return std::round(billions * 1e9); }
double billions_of_tokens(double tokens) { return tokens / 1e9; }

}  // namespace sextant::gui
