// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/program_cache.hpp"

namespace sextant::sim::schedule {

std::size_t ProgramCache::Hash::operator()(const Key& key) const {
  // Shapes stay below 2^13 stages x chunks and 2^16 micro-batches; a multiplicative hash mixes them.
  std::uint64_t bits = static_cast<std::uint64_t>(key.id);
  for (const int field : {key.shape.stages, key.shape.chunks, key.shape.microbatches, key.shape.microbatch_group}) {
    bits = (bits ^ static_cast<std::uint64_t>(field)) * 0x9e3779b97f4a7c15ULL;
    bits ^= bits >> 32;
  }
  return bits;
}

const Program& ProgramCache::get(const Schedule& schedule, const Shape& shape) {
  const Key key{schedule.id, reduced(schedule, shape)};
  const auto known = programs_.find(key);
  if (known != programs_.end()) return known->second;
  return programs_.emplace(key, compiler_.compile(schedule, key.shape)).first->second;
}

}  // namespace sextant::sim::schedule
