// SPDX-License-Identifier: Apache-2.0
#include "sim/search/shortlist.hpp"

#include <algorithm>
#include <cmath>

#include "sim/memory/terms.hpp"

namespace sextant::sim::search {

int headroom_steps(Bytes headroom) {
  constexpr double gb_a_step = 4;
  constexpr double most_steps = 4;
  return static_cast<int>(std::clamp(std::floor(headroom / memory_gb / gb_a_step), 0.0, most_steps));
}

bool better(const Found& a, const Found& b) {
  if (a.step != b.step) return a.step < b.step;
  if (a.headroom != b.headroom) return a.headroom > b.headroom;
  return before(a.candidate, b.candidate);
}

void Shortlist::add(const Found& found) {
  add_layout(found);
  add_to_front(found);
}

void Shortlist::add_layout(const Found& found) {
  const auto same = std::find_if(layouts_.begin(), layouts_.end(),
                                 [&](const Found& f) { return same_layout(f.candidate, found.candidate); });
  if (same != layouts_.end()) {
    if (!better(found, *same)) return;
    layouts_.erase(same);
  }
  layouts_.insert(std::upper_bound(layouts_.begin(), layouts_.end(), found, better), found);
  if (layouts_.size() > top_) layouts_.pop_back();
}

void Shortlist::add_to_front(const Found& found) {
  const int headroom = headroom_steps(found.headroom);
  // Of those that leave as much and take as long, the better.
  for (const Found& f : front_) {
    if (headroom_steps(f.headroom) >= headroom && better(f, found)) return;
  }
  std::erase_if(front_, [&](const Found& f) { return headroom_steps(f.headroom) <= headroom && better(found, f); });
  front_.insert(std::upper_bound(front_.begin(), front_.end(), found, better), found);
  const Seconds slowest = front_.front().step * slack_;
  std::erase_if(front_, [&](const Found& f) { return f.step > slowest; });
}

bool Shortlist::hopeless(Seconds step, Bytes headroom) const {
  if (layouts_.size() < top_ || !(layouts_.back().step < step)) return false;
  if (step > front_.front().step * slack_) return true;
  const int steps = headroom_steps(headroom);
  return std::any_of(front_.begin(), front_.end(),
                     [&](const Found& f) { return f.step < step && headroom_steps(f.headroom) >= steps; });
}

}  // namespace sextant::sim::search
