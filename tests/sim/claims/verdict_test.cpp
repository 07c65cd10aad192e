// SPDX-License-Identifier: Apache-2.0
// Does the verdict follow from the numbers?
#include "sim/claims/verdict.hpp"

#include "tests/support/catch.hpp"

using namespace sextant::sim;

namespace {

VerdictBasis basis(double claimed) {
  VerdictBasis b;
  b.claimed = HoursRange{claimed, claimed};
  b.floor = 100;
  b.simulated = HoursRange{250, 400};
  return b;
}

}  // namespace

TEST_CASE("the verdict is where the claim lies") {
  CHECK(verdict_of(basis(50)) == Verdict::impossible);  // half of the physical floor
  CHECK(verdict_of(basis(99)) == Verdict::impossible);
  CHECK(verdict_of(basis(101)) == Verdict::implausible);
  CHECK(verdict_of(basis(249)) == Verdict::implausible);
  CHECK(verdict_of(basis(250)) == Verdict::consistent);
  CHECK(verdict_of(basis(400)) == Verdict::consistent);
  CHECK(verdict_of(basis(401)) == Verdict::generous);
}

TEST_CASE("a claim that contradicts itself is impossible whatever the hours") {
  VerdictBasis b = basis(300);
  b.contradicts_itself = true;
  CHECK(verdict_of(b) == Verdict::impossible);
}

TEST_CASE("without hours or simulation nothing is decided, but the floor still holds") {
  VerdictBasis b = basis(300);
  b.claimed.reset();
  CHECK(verdict_of(b) == Verdict::undetermined);
  b = basis(300);
  b.simulated.reset();
  CHECK(verdict_of(b) == Verdict::undetermined);
  b.claimed = HoursRange{50, 50};
  CHECK(verdict_of(b) == Verdict::impossible);
}

TEST_CASE("a range of hours is read in its favour") {
  VerdictBasis b = basis(0);
  b.claimed = HoursRange{50, 300};
  CHECK(verdict_of(b) == Verdict::consistent);
  b.claimed = HoursRange{50, 200};
  CHECK(verdict_of(b) == Verdict::implausible);
  b.claimed = HoursRange{350, 900};
  CHECK(verdict_of(b) == Verdict::consistent);
}

TEST_CASE("more claimed hours never make a claim less possible") {
  const auto rank = [](Verdict v) {
    switch (v) {
      case Verdict::impossible: return 0;
      case Verdict::implausible: return 1;
      case Verdict::consistent: return 2;
      case Verdict::generous: return 3;
      case Verdict::undetermined: return -1;
    }
    return -1;
  };
  int last = 0;
  for (double hours = 1; hours < 2000; hours *= 1.07) {
    const int now = rank(verdict_of(basis(hours)));
    CHECK(now >= last);
    last = now;
  }
  CHECK(last == 3);
}
