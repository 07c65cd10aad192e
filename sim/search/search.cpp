// SPDX-License-Identifier: Apache-2.0
#include "sim/search/search.hpp"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "sim/search/nodes.hpp"

namespace sextant::sim::search {

std::int64_t Counts::considered() const { return std::accumulate(rejected.begin(), rejected.end(), costed); }

Counts& Counts::operator+=(const Counts& o) {
  for (std::size_t i = 0; i < rejected.size(); ++i) rejected[i] += o.rejected[i];
  costed += o.costed;
  fits += o.fits;
  groups += o.groups;
  return *this;
}

namespace {

/// Everything below one branch.
class Leaves {
 public:
  Leaves(Composer& composer, const Space& space, const Shortlist& known)
      : composer_(composer), space_(space), list_(known) {}

  void visit(const Node& node) {
    composer_.lay_out(node.precision, node.degrees, node.micro_sequences);
    for (const Pipelining& pipelining : pipelinings(space_, node.degrees.pp)) {
      if (!composer_.fills_stages(pipelining)) {
        reject_group(Rejection::divisibility);
      } else if (!composer_.pipeline(pipelining)) {
        reject_group(Rejection::schedule);
      } else {
        for (const TimeClass& c : composer_.time_classes()) visit(c, node.headroom);
      }
    }
  }

  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] std::vector<Found> take_found() { return std::move(found_); }

 private:
  void reject_group(Rejection why) {
    counts_.reject(why);
    ++counts_.groups;
  }

  /// Choices of recompute that differ in memory only.
  void visit(const TimeClass& time_class, Bytes most_headroom) {
    composer_.shard({});
    composer_.recompute(time_class, time_class.choice.front());
    const Seconds bound = composer_.bound();
    const bool slow = list_.hopeless(bound, most_headroom);
    for (const std::size_t choice : time_class.choice) {
      composer_.recompute(time_class, choice);
      for (const ShardChoice& shards : space_.shardings) {
        composer_.shard(shards);
        if (redundant(composer_.run())) continue;
        if (excluded(space_, composer_.run().parallelism)) {
          counts_.reject(Rejection::stack);
        } else if (slow) {
          counts_.reject(Rejection::slower);
        } else {
          with_memory(bound);
        }
      }
    }
  }

  void with_memory(Seconds bound) {
    const std::optional<Bytes> headroom = composer_.headroom();
    if (!headroom) return counts_.reject(Rejection::memory);
    ++counts_.fits;
    if (list_.hopeless(bound, *headroom)) return counts_.reject(Rejection::slower);
    ++counts_.costed;
    Found found{composer_.candidate(), composer_.step().time, *headroom};
    if (list_.hopeless(found.step, found.headroom)) return;
    list_.add(found);
    found_.push_back(std::move(found));
  }

  Composer& composer_;
  const Space& space_;
  Shortlist list_;  ///< what was known when the branch was begun, and what it added
  Counts counts_;
  std::vector<Found> found_;
};

/// Branches in the order of their bounds, in batches: what a batch knows of the best is what the batches before it
/// found, so neither the answer nor the counts depend on who works on what.
class Driver {
 public:
  Driver(const Run& base, const Space& space, const Parameters& parameters, const Options& options)
      : base_(base), space_(space), parameters_(parameters), options_(options), first_(base, space, parameters) {
    if (options.threads <= 1) return;
    limit_ = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism,
                                                   static_cast<std::size_t>(options.threads));
    arena_ = std::make_unique<tbb::task_arena>(options.threads);
  }

  SizeResult search(int gpus, double done, double share) {
    SizeResult result{gpus, Shortlist(options_.top, options_.slack), {}};
    first_.resize(gpus);
    const std::vector<Node> nodes = nodes_of(first_, space_, result.counts);
    std::size_t size = first_batch;
    for (std::size_t begin = 0; begin < nodes.size(); begin += size, size = std::min(2 * size, largest_batch)) {
      const std::size_t end = std::min(nodes.size(), begin + size);
      run_batch({nodes.data() + begin, end - begin}, result);
      if (options_.progress)
        options_.progress(done + share * static_cast<double>(end) / static_cast<double>(nodes.size()));
    }
    return result;
  }

 private:
  static constexpr std::size_t first_batch = 4;
  static constexpr std::size_t largest_batch = 64;

  struct Visited {
    std::vector<Found> found;
    Counts counts;
  };

  Visited visit(const Node& node, const Shortlist& known, Composer& composer) const {
    Visited v;
    if (known.hopeless(node.bound, node.headroom)) {
      v.counts.reject(Rejection::slower);
      ++v.counts.groups;
      return v;
    }
    Leaves leaves(composer, space_, known);
    leaves.visit(node);
    v.counts = leaves.counts();
    v.found = leaves.take_found();
    return v;
  }

  void run_batch(std::span<const Node> nodes, SizeResult& result) {
    std::vector<Visited> visited(nodes.size());
    if (!arena_) {
      for (std::size_t i = 0; i < nodes.size(); ++i) visited[i] = visit(nodes[i], result.found, first_);
    } else {
      arena_->execute([&] {
        tbb::parallel_for(std::size_t{0}, nodes.size(), [&](std::size_t i) {
          Composer& composer = composer_here(result.gpus);
          visited[i] = visit(nodes[i], result.found, composer);
        });
      });
    }
    for (const Visited& v : visited) {
      result.counts += v.counts;
      for (const Found& f : v.found) result.found.add(f);
    }
  }

  Composer& composer_here(int gpus) {
    std::unique_ptr<Composer>& mine = composers_.local();
    if (!mine) mine = std::make_unique<Composer>(base_, space_, parameters_);
    if (mine->run().cluster.gpus != gpus) mine->resize(gpus);
    return *mine;
  }

  const Run& base_;
  const Space& space_;
  const Parameters& parameters_;
  const Options& options_;
  Composer first_;
  std::unique_ptr<tbb::global_control> limit_;
  std::unique_ptr<tbb::task_arena> arena_;
  tbb::enumerable_thread_specific<std::unique_ptr<Composer>> composers_;
};

}  // namespace

std::vector<SizeResult> search(const Run& base, const Space& space, const std::vector<int>& sizes,
                               const Parameters& parameters, const Options& options) {
  Driver driver(base, space, parameters, options);
  std::vector<SizeResult> results;
  const double share = 1.0 / static_cast<double>(std::max<std::size_t>(1, sizes.size()));
  for (const int gpus : sizes) {
    results.push_back(driver.search(gpus, share * static_cast<double>(results.size()), share));
  }
  return results;
}

}  // namespace sextant::sim::search
