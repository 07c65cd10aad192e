// SPDX-License-Identifier: Apache-2.0
// A reader who asks for hours and yuan reads hours and yuan everywhere: numbers, sentences, tables, axes.
#include <QRegularExpression>

#include "gui/pages/campaign_page.hpp"
#include "gui/pages/claims_page.hpp"
#include "sim/report/difference.hpp"
#include "tests/gui/desk.hpp"

using namespace sextant;
using namespace sextant::gui;

namespace {

constexpr sim::report::DisplayUnits hours_and_yuan{true, true};

/// Texts that still say dollars or days; "GPU-days" and ISO dates are neither.
QStringList others(const QStringList& texts) {
  static const QRegularExpression money(QStringLiteral("\\$|\\bdollars?\\b|\\bUSD\\b"));
  static const QRegularExpression days(QStringLiteral("\\b[0-9.,]+ days?\\b"));
  QStringList found;
  for (const QString& t : texts) {
    for (const QString& line : t.split('\n')) {
      // The rate is of a dollar; fields say what may be typed, in any unit.
      if (line.contains(QLatin1String("a US dollar")) || line.contains(QLatin1String("e.g."))) continue;
      if (money.match(line).hasMatch() || days.match(line).hasMatch()) found << line;
    }
  }
  return found;
}

}  // namespace

TEST_CASE("no page says dollars or days to who asks for yuan and hours") {
  Desk d;
  d.session.edit("limits", {{"/goal/deadline_days", 60}, {"/goal/budget_usd", 6e6}});
  d.session.set_units(hours_and_yuan);
  REQUIRE(d.settle());
  for (const Page* page : d.window.pages()) {
    INFO(page->id().toStdString());
    REQUIRE(d.show(page->id()));
    CHECK(others(texts_of(*page)).join("; ").toStdString() == "");
  }
  for (const char* tag : {"days", "cost_usd"}) {
    d.window.ask_why(tag);
    REQUIRE(d.settle());
    CHECK(others(texts_of(d.window.why_panel())).join("; ").toStdString() == "");
  }
}

TEST_CASE("the usual units do say dollars and days, so that the test above can fail") {
  Desk d;
  REQUIRE(d.show("campaign"));
  CHECK_FALSE(others(texts_of(*d.window.page())).isEmpty());
  REQUIRE(d.show("claims"));
  CHECK_FALSE(others(texts_of(*d.window.page())).isEmpty());
}

TEST_CASE("a plan's obstacles and nearest changes are said in the reader's units") {
  Desk d;
  d.session.edit("limits", {{"/goal/deadline_days", 1}, {"/goal/budget_usd", 1000}});
  d.session.set_units(hours_and_yuan);
  REQUIRE(d.settle());
  const FoundPtr found = plan_of(d.session.engine().workbench(), *d.session.answer(), {1, 0, false}, {});
  QStringList sentences;
  for (const auto& item : found->sentences.items) {
    if (const auto* v = std::get_if<sim::report::Verdict>(&item)) sentences << QString::fromStdString(v->text);
  }
  REQUIRE(sentences.size() >= 3);
  const QString all = sentences.join('\n');
  CHECK(others(sentences).join("; ").toStdString() == "");
  // $1,000 at 7.1217 yuan a dollar, the average of 2024; a day has 24 hours.
  CHECK(all.contains(QStringLiteral("the budget is ¥7122")));
  CHECK(all.contains(QStringLiteral("the deadline is 24 h")));
}

TEST_CASE("the claim of DeepSeek-V3 in yuan is its dollars times the rate") {
  Desk d;
  d.session.set_units(hours_and_yuan);
  REQUIRE(d.show("claims"));
  // arXiv 2412.19437, table 1: $5.576 M; times 7.1217.
  CHECK(texts_of(*d.window.page()).join('\n').contains(QStringLiteral("¥39.711 M")));
}
