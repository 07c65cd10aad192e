// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/kind_sink.hpp"

#include <algorithm>

namespace sextant::sim::schedule {

namespace {

/// Duration of a pair until the pairs are numbered.
constexpr std::uint32_t pair_duration = 0xffffffff;

}  // namespace

void KindSink::begin(const Layout& layout, int microbatches) {
  last_ = layout.virtual_stages() - 1;
  free_hop_ = static_cast<std::uint16_t>(layout.hops());
  none_ = static_cast<std::uint32_t>(layout.stages * layout.chunks);
  chunks_ = static_cast<std::size_t>(layout.chunks);
  microbatches_ = microbatches / layout.routes();
  const auto virtual_stages = static_cast<std::uint32_t>(layout.virtual_stages());
  rows = {static_cast<std::uint32_t>(layout.routes()) * virtual_stages, virtual_stages};
  const auto devices = static_cast<std::size_t>(layout.stages);
  const std::size_t most = devices * (3 * static_cast<std::size_t>(microbatches_) * chunks_ + 1);
  if (items.size() < most) items.resize(most);
  place_.clear();
  site_.clear();
  for (int stage = 0; stage < layout.stages; ++stage) {
    for (int chunk = 0; chunk < layout.chunks; ++chunk) {
      const Site site = site_.emplace_back(layout.site(chunk, stage));
      place_.push_back(static_cast<std::uint32_t>(site.route) * virtual_stages +
                       static_cast<std::uint32_t>(site.virtual_stage));
    }
  }
  lists.clear();
  kinds.clear();
  kinds.push_back({{}, rows.sink(), rows.sink(), rows.sink(), rows.sink()});
  counts.assign(1, {});
  overlap_.assign(1, {});
  overlaps.clear();
  next_ = 0;
}

void KindSink::begin_repetition() {
  lists.back().steady.begin = static_cast<int>(next_ - lists.back().first);
  for (std::size_t k = first_kind_; k < counts.size(); ++k) counts[k].before = counts[k].all;
}

void KindSink::end_repetition() {
  Steady& steady = lists.back().steady;
  steady.length = static_cast<int>(next_ - lists.back().first) - steady.begin;
  for (std::size_t k = first_kind_; k < counts.size(); ++k) counts[k].repeated = counts[k].all - counts[k].before;
}

void KindSink::end_stage() {
  lists.back().end = next_;
  items[next_++] = 0;
}

std::uint32_t KindSink::add_kind(const Item& item) {
  const std::size_t stage = lists.size() - 1;
  Kind& k = kinds.emplace_back();
  k.op.stage = static_cast<std::uint32_t>(stage);
  k.op.duration = pair_duration;
  k.op.hop0 = free_hop_;
  k.op.hop1 = free_hop_;
  k.forward_from = rows.source();
  k.forward = rows.sink();
  k.gradient_from = rows.source();
  k.gradient = rows.sink();
  k.weight = none_;
  const std::size_t forward = stage * chunks_ + item.chunk;
  const std::size_t backward = stage * chunks_ + backward_chunk(item);
  if (has_forward(item.pass)) {
    k.forward = place_[forward];
    if (site_[forward].virtual_stage > 0) k.forward_from = k.forward - 1;
    k.forward_sent = site_[forward].virtual_stage < last_;
    if (k.forward_sent) k.op.hop0 = hop_of(site_[forward]);
  }
  if (has_input_gradient(item.pass)) {
    k.gradient = rows.places + place_[backward];
    if (site_[backward].virtual_stage < last_) k.gradient_from = k.gradient + 1;
    k.gradient_sent = site_[backward].virtual_stage > 0;
    if (k.gradient_sent) k.op.hop1 = static_cast<std::uint16_t>(hop_of(site_[backward]) - 1);
  }
  if (has_weight_gradient(item.pass)) k.weight = static_cast<std::uint32_t>(backward);
  if (item.pass == Pass::forward_backward) {
    overlaps.push_back({site_[forward].virtual_stage, site_[backward].virtual_stage});
    overlap_.push_back(overlaps.back());
  } else {
    k.op.duration = static_cast<std::uint32_t>(item.pass) * rows.virtual_stages +
                    static_cast<std::uint32_t>(site_[forward].virtual_stage);
    overlap_.push_back({});
  }
  counts.emplace_back();
  return static_cast<std::uint32_t>(kinds.size() - 1);
}

void KindSink::number_overlaps() {
  if (overlaps.empty()) return;
  std::sort(overlaps.begin(), overlaps.end());
  overlaps.erase(std::unique(overlaps.begin(), overlaps.end()), overlaps.end());
  for (std::size_t i = 1; i < kinds.size(); ++i) {
    if (kinds[i].op.duration != pair_duration) continue;
    const auto number = std::lower_bound(overlaps.begin(), overlaps.end(), overlap_[i]) - overlaps.begin();
    kinds[i].op.duration = 4 * rows.virtual_stages + 1 + static_cast<std::uint32_t>(number);
  }
}

}  // namespace sextant::sim::schedule
