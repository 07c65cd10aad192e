// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <unordered_map>

#include "sim/schedule/program.hpp"
#include "sim/schedule/step_compiler.hpp"

namespace sextant::sim::schedule {

/// Programs made so far. Numbers of micro-batches that differ by whole periods share one, so a search makes few. Owned
/// by whoever searches, one per thread.
class ProgramCache {
 public:
  /// The program that runs the shape, which the schedule must not refuse. The reference stays valid.
  const Program& get(const Schedule& schedule, const Shape& shape);

  /// Forgets them all; buffers stay.
  void clear() { programs_.clear(); }

  [[nodiscard]] std::size_t size() const { return programs_.size(); }

 private:
  struct Key {
    ScheduleId id{};
    Shape shape;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  std::unordered_map<Key, Program, Hash> programs_;
  StepCompiler compiler_;
};

}  // namespace sextant::sim::schedule
