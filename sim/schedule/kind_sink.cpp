// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/kind_sink.hpp"

#include <algorithm>

namespace sextant::sim::schedule {

namespace {

/// Duration of a pair until the pairs are numbered.
constexpr std::uint32_t pair_duration = 0xffffffff;

}  // namespace

void KindSink::begin(const Layout& layout, int microbatches) {
  layout_ = layout;
  chunks_ = static_cast<std::size_t>(layout.chunks);
  microbatches_ = microbatches / layout.routes();
  const auto virtual_stages = static_cast<std::uint32_t>(layout.virtual_stages());
  rows = {static_cast<std::uint32_t>(layout.routes()) * virtual_stages, virtual_stages};
  const auto devices = static_cast<std::size_t>(layout.stages);
  const std::size_t most = devices * (3 * static_cast<std::size_t>(microbatches_) * chunks_ + 1);
  if (items.size() < most) items.resize(most);
  place_.clear();
  for (int stage = 0; stage < layout.stages; ++stage) {
    for (int chunk = 0; chunk < layout.chunks; ++chunk) {
      const Site site = layout.site(chunk, stage);
      place_.push_back(static_cast<std::uint32_t>(site.route) * virtual_stages +
                       static_cast<std::uint32_t>(site.virtual_stage));
    }
  }
  lists.clear();
  kinds.assign(1, {{}, rows.sink(), rows.sink(), rows.sink(), rows.sink(), 0});
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
  const auto free_hop = static_cast<std::uint16_t>(layout_.hops());
  const auto none = static_cast<std::uint32_t>(static_cast<std::size_t>(layout_.stages) * chunks_);
  Kind k{{static_cast<std::uint32_t>(stage), 0, 0, 0, 0, pair_duration, free_hop, free_hop},
         rows.source(),
         rows.sink(),
         rows.source(),
         rows.sink(),
         none};
  const std::uint32_t forward = place(stage, item.chunk);
  const std::uint32_t backward = place(stage, backward_chunk(item));
  const std::uint32_t forward_stage = forward % rows.virtual_stages;
  const std::uint32_t backward_stage = backward % rows.virtual_stages;
  // Hops are numbered as Layout::hop_index does: one less a route than virtual stages.
  if (has_forward(item.pass)) {
    k.forward = forward;
    if (forward_stage > 0) k.forward_from = forward - 1;
    if (rows.is_sent(k.forward)) k.op.hop0 = static_cast<std::uint16_t>(forward - forward / rows.virtual_stages);
  }
  if (has_input_gradient(item.pass)) {
    k.gradient = rows.places + backward;
    if (backward_stage + 1 < rows.virtual_stages) k.gradient_from = k.gradient + 1;
    if (rows.is_sent(k.gradient)) k.op.hop1 = static_cast<std::uint16_t>(backward - backward / rows.virtual_stages - 1);
  }
  if (has_weight_gradient(item.pass)) k.weight = static_cast<std::uint32_t>(stage * chunks_ + backward_chunk(item));
  if (item.pass == Pass::forward_backward) {
    overlaps.push_back({static_cast<int>(forward_stage), static_cast<int>(backward_stage)});
    overlap_.push_back(overlaps.back());
  } else {
    k.op.duration = static_cast<std::uint32_t>(item.pass) * rows.virtual_stages + forward_stage;
    overlap_.push_back({});
  }
  kinds.push_back(k);
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
