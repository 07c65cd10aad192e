// SPDX-License-Identifier: Apache-2.0
#include "sim/search/shortlist.hpp"

#include <algorithm>
#include <cmath>

#include "sim/memory/terms.hpp"

namespace sextant::sim::search {

namespace {

int whole_gb(Bytes b) { return static_cast<int>(std::floor(b / memory_gb)); }

}  // namespace

int Found::headroom_gb() const { return whole_gb(headroom); }

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
  const int headroom = found.headroom_gb();
  // Of those that leave as many GB and take as long, the better.
  for (const Found& f : front_) {
    if (f.headroom_gb() >= headroom && better(f, found)) return;
  }
  std::erase_if(front_, [&](const Found& f) { return f.headroom_gb() <= headroom && better(found, f); });
  front_.insert(std::upper_bound(front_.begin(), front_.end(), found, better), found);
  const Seconds slowest = front_.front().step * slack_;
  std::erase_if(front_, [&](const Found& f) { return f.step > slowest; });
}

bool Shortlist::hopeless(Seconds step, Bytes headroom) const {
  if (layouts_.size() < top_ || !(layouts_.back().step < step)) return false;
  if (step > front_.front().step * slack_) return true;
  const int gb = whole_gb(headroom);
  return std::any_of(front_.begin(), front_.end(),
                     [&](const Found& f) { return f.step < step && f.headroom_gb() >= gb; });
}

}  // namespace sextant::sim::search
