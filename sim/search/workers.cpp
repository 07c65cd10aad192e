// SPDX-License-Identifier: Apache-2.0
#include "sim/search/workers.hpp"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace sextant::sim::search {

struct Workers::Threads {
  Threads(const Run& base, const Space& space, const Parameters& parameters, int count)
      : limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(count)),
        arena(count),
        composers([&base, &space, &parameters] { return std::make_unique<Composer>(base, space, parameters); }) {}

  tbb::global_control limit;
  tbb::task_arena arena;
  tbb::enumerable_thread_specific<std::unique_ptr<Composer>> composers;
};

Workers::Workers(const Run& base, const Space& space, const Parameters& parameters, int threads)
    : first_(base, space, parameters),
      threads_(threads > 1 ? std::make_unique<Threads>(base, space, parameters, threads) : nullptr) {}

Workers::~Workers() = default;

void Workers::each(std::size_t count, int gpus, const std::function<void(std::size_t, Composer&)>& work) {
  if (!threads_) {
    first_.resize(gpus);
    for (std::size_t i = 0; i < count; ++i) work(i, first_);
    return;
  }
  threads_->arena.execute([&] {
    tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
      Composer& composer = *threads_->composers.local();
      composer.resize(gpus);
      work(i, composer);
    });
  });
}

}  // namespace sextant::sim::search
