// SPDX-License-Identifier: Apache-2.0
// The threads of a search, each with its own composer.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "sim/search/composer.hpp"

namespace sextant::sim::search {

class Workers {
 public:
  Workers(const Run& base, const Space& space, const Parameters& parameters, int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Calls `work` for 0 .. count - 1, on as many threads as there are, each with a composer of that cluster size. The
  /// order of the calls is not defined where there is more than one thread.
  void each(std::size_t count, int gpus, const std::function<void(std::size_t, Composer&)>& work);

 private:
  struct Threads;

  Composer first_;
  std::unique_ptr<Threads> threads_;  ///< none where one thread is enough
};

}  // namespace sextant::sim::search
