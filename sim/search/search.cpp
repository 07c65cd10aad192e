// SPDX-License-Identifier: Apache-2.0
#include "sim/search/search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/search/nodes.hpp"
#include "sim/search/workers.hpp"

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

bool cancelled(const Options& options) { return options.cancelled && options.cancelled(); }

/// Everything below one branch.
class Leaves {
 public:
  Leaves(Composer& composer, const Space& space, const Shortlist& known)
      : composer_(composer), space_(space), list_(known.keeps_all() ? Shortlist(everything) : known) {}

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
        if (redundant(space_, composer_.run())) continue;
        if (!shards_divide(composer_.run().parallelism)) {
          counts_.reject(Rejection::divisibility);
        } else if (excluded(space_, composer_.run().parallelism)) {
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

/// One cluster size. Branches go in the order of their bounds, in batches: what a batch knows of the best is what the
/// batches before it found, so neither the answer nor the counts depend on who works on what.
class SizeSearch {
 public:
  SizeSearch(int gpus, const Space& space, const Options& options, Workers& workers)
      : space_(space), options_(options), workers_(workers), result_{gpus, Shortlist(options.top, options.slack), {}} {}

  /// `progress`: told the share done after each batch. Least bounds go first, and the later branches are the sooner
  /// rejected, so the share is one of logarithms.
  SizeResult run(const std::function<void(double)>& progress) {
    const std::vector<Node> nodes = all_nodes();
    const double all = std::log1p(static_cast<double>(nodes.size()));
    std::size_t size = first_batch;
    for (std::size_t begin = 0; begin < nodes.size(); begin += size, size = std::min(2 * size, largest_batch)) {
      const std::size_t end = std::min(nodes.size(), begin + size);
      run_batch({nodes.data() + begin, end - begin});
      if (progress) progress(std::log1p(static_cast<double>(end)) / all);
    }
    return std::move(result_);
  }

 private:
  static constexpr std::size_t first_batch = 4;
  static constexpr std::size_t largest_batch = 64;

  template <class T>
  struct Part {
    std::vector<T> list;
    Counts counts;
  };

  /// Least bound first.
  std::vector<Node> all_nodes() {
    const std::vector<Trunk> trunks = trunks_of(space_);
    std::vector<Part<Node>> parts(trunks.size());
    workers_.each(trunks.size(), result_.gpus, [&](std::size_t i, Composer& composer) {
      if (cancelled(options_)) return;
      parts[i].list = nodes_of(trunks[i], composer, space_, parts[i].counts);
    });
    std::vector<Node> nodes;
    for (const Part<Node>& p : parts) {
      nodes.insert(nodes.end(), p.list.begin(), p.list.end());
      result_.counts += p.counts;
    }
    std::stable_sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) { return a.bound < b.bound; });
    return nodes;
  }

  void run_batch(std::span<const Node> nodes) {
    std::vector<Part<Found>> parts(nodes.size());
    workers_.each(nodes.size(), result_.gpus,
                  [&](std::size_t i, Composer& composer) { parts[i] = visit(nodes[i], composer); });
    for (const Part<Found>& p : parts) {
      result_.counts += p.counts;
      for (const Found& f : p.list) result_.found.add(f);
    }
  }

  [[nodiscard]] Part<Found> visit(const Node& node, Composer& composer) const {
    Part<Found> part;
    if (cancelled(options_)) return part;
    if (result_.found.hopeless(node.bound, node.headroom)) {
      part.counts.reject(Rejection::slower);
      ++part.counts.groups;
      return part;
    }
    Leaves leaves(composer, space_, result_.found);
    leaves.visit(node);
    part.counts = leaves.counts();
    part.list = leaves.take_found();
    return part;
  }

  const Space& space_;
  const Options& options_;
  Workers& workers_;
  SizeResult result_;
};

}  // namespace

std::vector<SizeResult> search(const Run& base, const Space& space, const std::vector<int>& sizes,
                               const Parameters& parameters, const Options& options) {
  Workers workers(base, space, parameters, options.threads);
  std::vector<SizeResult> results;
  for (const int gpus : sizes) {
    if (cancelled(options)) break;
    const auto tell = [&](double share) {
      const double before = static_cast<double>(results.size());
      if (options.progress) options.progress((before + share) / static_cast<double>(sizes.size()));
    };
    // The last step of a size is told when it is among the results.
    results.push_back(SizeSearch(gpus, space, options, workers).run([&](double s) {
      if (s < 1) tell(s);
    }));
    if (options.found) options.found(results.back());
    tell(0);
  }
  return results;
}

}  // namespace sextant::sim::search
