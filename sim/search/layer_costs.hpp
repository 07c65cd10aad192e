// SPDX-License-Identifier: Apache-2.0
// Layer costs by what they depend on: precision, tp, cp, ep, etp and the micro-batch; the model, the sequence length,
// the stack and the links are the search's own. pp, dp, the schedule, sharding and recompute come later.
#pragma once

#include <array>
#include <cstddef>
#include <unordered_map>
#include <vector>

#include "sim/step/step_parts.hpp"

namespace sextant::sim::search {

/// What the cost of a layer depends on within a search.
struct LayerKey {
  std::array<int, 6> values{};

  bool operator==(const LayerKey&) const = default;
};
[[nodiscard]] LayerKey layer_key(const Run& run);

/// One layer of each kind, and what the whole model adds up to.
struct LayerFamily {
  std::vector<LayerBase> layers;  ///< by layer kind, before recompute
  EndTimes ends;
  Seconds work;               ///< one micro-batch through the whole model, nothing recomputed, no accumulation
  Seconds work_overlapped;    ///< the same where exchange and launches hide behind another micro-batch
  RankParameters parameters;  ///< of the whole model on ranks of one pipeline together
};

/// Works a family out. `communication` is laid out as the run.
[[nodiscard]] LayerFamily layer_family(const Run& run, const Device& device, const Communication& communication,
                                       const Parameters& parameters);

class LayerCosts {
 public:
  /// The family of a key, worked out on first use. The reference stays valid.
  template <class Make>
  const LayerFamily& get(const LayerKey& key, Make make) {
    const auto [at, fresh] = families_.try_emplace(key);
    if (fresh) at->second = make();
    return at->second;
  }
  [[nodiscard]] std::size_t size() const { return families_.size(); }

 private:
  struct Hash {
    std::size_t operator()(const LayerKey& key) const;
  };
  std::unordered_map<LayerKey, LayerFamily, Hash> families_;
};

}  // namespace sextant::sim::search
