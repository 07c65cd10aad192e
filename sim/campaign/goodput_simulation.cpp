// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>
#include <vector>

#include "sim/campaign/goodput.hpp"

namespace sextant::sim {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t operator()() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

/// A job that trains, checkpoints, fails and waits; failures happen only while its nodes run.
class Job {
 public:
  Job(const FailureModel& model, std::uint64_t seed) : m_(model), random_(seed) {
    failure_ = exponential(m_.mtbf().value());
    planned_ = m_.planned_per_s > 0 ? exponential(1 / m_.planned_per_s) : never;
  }

  Goodput until(double work) {
    double saved = 0;
    while (saved < work && wall_ < most_wall * work) {
      if (!pass(m_.interval.value())) continue;
      if (!pass(m_.stall.value())) continue;
      saved += m_.interval.value();
      checkpoints_ += m_.stall.value();
    }
    Goodput g;
    g.effective = saved / wall_ * (1 - m_.straggler_share);
    g.stragglers = saved / wall_ * m_.straggler_share;
    g.checkpoints = checkpoints_ / wall_;
    g.restarts = restarts_ / wall_;
    g.waiting = waiting_ / wall_;
    g.planned = stops_ / wall_;
    g.lost_work = 1 - g.effective - g.stragglers - g.checkpoints - g.restarts - g.waiting - g.planned;
    return g;
  }

 private:
  static constexpr double most_wall = 1e4;  ///< a job that never gets on is given up

  double exponential(double mean) {
    constexpr double two_to_53 = 9007199254740992.0;
    return -mean * std::log((static_cast<double>(random_() >> 11) + 1) / two_to_53);
  }

  /// Runs for a while; false when a failure cut it short. Planned stops come between, after a checkpoint.
  bool pass(double duration) {
    if (failure_ < duration) {
      run(failure_);
      fail();
      return false;
    }
    failure_ -= duration;
    run(duration);
    while (planned_ <= 0) {
      stops_ += (m_.restart + m_.stall).value();
      wall_ += (m_.restart + m_.stall).value();
      planned_ += exponential(1 / m_.planned_per_s);
    }
    return true;
  }

  void run(double duration) {
    wall_ += duration;
    planned_ -= duration;
  }

  /// A node is exchanged for a spare; without one the job waits for a repair. Restarts can fail, too.
  void fail() {
    for (;;) {
      repairs_.push(wall_ + exponential(m_.repair.value()));
      while (!repairs_.empty() && repairs_.top() <= wall_) repairs_.pop();
      if (static_cast<double>(repairs_.size()) > m_.spares) {
        waiting_ += repairs_.top() - wall_;
        wall_ = repairs_.top();
        repairs_.pop();
      }
      failure_ = exponential(m_.mtbf().value());
      const double restart = std::min(failure_, m_.restart.value());
      restarts_ += restart;
      run(restart);
      failure_ -= restart;
      if (failure_ > 0) return;
    }
  }

  const FailureModel& m_;
  Random random_;
  double wall_ = 0, checkpoints_ = 0, restarts_ = 0, waiting_ = 0, stops_ = 0;
  double failure_ = 0;  ///< running time until the next failure
  double planned_ = 0;
  std::priority_queue<double, std::vector<double>, std::greater<>> repairs_;  ///< when nodes come back
};

}  // namespace

Goodput simulated_goodput(const FailureModel& model, Seconds work, std::uint64_t seed) {
  return Job(model, seed).until(work.value());
}

}  // namespace sextant::sim
