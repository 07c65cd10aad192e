// SPDX-License-Identifier: Apache-2.0
// Runs that searches of the tests start from: several models, stacks and GPUs.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "sim/search/space.hpp"

namespace sextant::sim::test {

/// `model` on `gpus` of a GPU's usual cluster, trained by `stack`. Fails the test when it cannot be stated.
[[nodiscard]] Run base_run(const std::string& model, const std::string& gpu, int gpus, const std::string& stack,
                           int seq_len, int global_sequences, Precision precision = Precision::bf16);

/// The run that a file's text states. Fails the test when it does not read.
[[nodiscard]] Run read_back(const std::string& text);

/// A dense and MoE, pipelined and sharded, 16-bit and FP8 selection.
[[nodiscard]] std::vector<Run> base_runs();

using Random = std::mt19937;

template <class T>
const T& any_of(const std::vector<T>& list, Random& random) {
  return list[std::uniform_int_distribution<std::size_t>(0, list.size() - 1)(random)];
}

/// Any configuration of the space that is whole: it breaks no rule and its schedule takes it. `run`: the base.
[[nodiscard]] Run any_whole_run(const search::Space& space, const Run& base, Random& random);

/// Whether a run breaks no rule of layout, schedule or stack.
[[nodiscard]] bool whole(const search::Space& space, const Run& run);

}  // namespace sextant::sim::test
