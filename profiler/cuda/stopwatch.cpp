// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/stopwatch.hpp"

#include <algorithm>
#include <string_view>

#include "profiler/core/statistics.hpp"
#include "profiler/cuda/repetitions.hpp"

namespace sextant::profile {

namespace {

constexpr int most_repetitions = 64;
constexpr std::string_view flush_name = "sextant_flush";
constexpr std::size_t shown_kernels = 3;

std::string short_name(const std::string& name) { return name.size() <= 120 ? name : name.substr(0, 117) + "..."; }

void describe(const std::vector<KernelRecord>& kernels, int repetitions, Timings& t) {
  const std::size_t each = kernels.size() / static_cast<std::size_t>(repetitions);
  const KernelRecord* longest = nullptr;
  for (std::size_t i = 0; i < each; ++i) {
    if (i < shown_kernels) t.kernels += (t.kernels.empty() ? "" : " + ") + short_name(kernels[i].name);
    if (longest == nullptr || seconds(kernels[i]) > seconds(*longest)) longest = &kernels[i];
  }
  if (each > shown_kernels) t.kernels += " + " + std::to_string(each - shown_kernels) + " more";
  if (longest != nullptr) {
    t.grid = longest->grid;
    t.registers = longest->registers;
  }
}

class Nothing : public Operation {
 public:
  void launch(cudaStream_t stream) override { kernels::nothing(stream); }
  Checked check() override { return {}; }
};

}  // namespace

void Timings::append(const Timings& more) {
  kernel_s.insert(kernel_s.end(), more.kernel_s.begin(), more.kernel_s.end());
  event_s.insert(event_s.end(), more.event_s.begin(), more.event_s.end());
  event_less_s.insert(event_less_s.end(), more.event_less_s.begin(), more.event_less_s.end());
  if (!more.kernels.empty()) kernels = more.kernels;
  if (more.grid > 0) {
    grid = more.grid;
    registers = more.registers;
  }
}

Stopwatch::Stopwatch(cudaStream_t stream, std::int64_t l2_bytes, KernelClock* clock)
    : stream_(stream), clock_(clock), flush_(std::max<std::int64_t>(2 * l2_bytes, std::int64_t{1} << 20)), sink_(1) {
  flush_.zero();
  events_.resize(2 * most_repetitions, nullptr);
  for (cudaEvent_t& e : events_) check(cudaEventCreate(&e), "cudaEventCreate");
  measure_flush();
  if (clock_ != nullptr) measure_event_cost();
}

Stopwatch::~Stopwatch() {
  for (const cudaEvent_t e : events_) cudaEventDestroy(e);
}

void Stopwatch::flush_cache() { kernels::flush_cache(stream_, flush_.data(), flush_.bytes(), sink_.data()); }

void Stopwatch::empty_cache() {
  flush_cache();
  check_launch("emptying the cache");
  check(cudaStreamSynchronize(stream_), "emptying the cache");
}

void Stopwatch::measure_flush() {
  constexpr int repetitions = 8;
  empty_cache();
  check(cudaEventRecord(events_[0], stream_), "cudaEventRecord");
  for (int i = 0; i < repetitions; ++i) flush_cache();
  check(cudaEventRecord(events_[1], stream_), "cudaEventRecord");
  check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize");
  flush_s_ = event_times(1)[0] / repetitions;
}

/// Two events lie a few microseconds apart even around nothing, more when CUPTI marks the kernel between them.
void Stopwatch::measure_event_cost() {
  constexpr int repetitions = 32;
  Nothing nothing;
  run_once(nothing);
  const Timings t = run(nothing, repetitions);
  if (!t.event_less_s.empty()) event_cost_s_ = median(t.event_less_s) - median(t.kernel_s);
}

void Stopwatch::run_once(Operation& operation) {
  operation.launch(stream_);
  check_launch("launch");
  check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize");
}

std::vector<double> Stopwatch::event_times(int repetitions) const {
  std::vector<double> out;
  for (std::size_t i = 0; i < static_cast<std::size_t>(repetitions); ++i) {
    float ms = 0;
    check(cudaEventElapsedTime(&ms, events_[2 * i], events_[2 * i + 1]), "cudaEventElapsedTime");
    out.push_back(static_cast<double>(ms) * 1e-3);
  }
  return out;
}

Timings Stopwatch::run(Operation& operation, int repetitions) {
  const int n = std::min(repetitions, most_repetitions);
  KernelClock* clock = operation.events_only() ? nullptr : clock_;
  const int flushes = flushes_for(operation.host_calls(), flush_s_);
  if (clock != nullptr) {
    clock->start();
  } else if (clock_ != nullptr) {
    clock_->rest();
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
    // While the cache is emptied, the host queues the rest: no launch gap between the events.
    for (int f = 0; f < flushes; ++f) flush_cache();
    check(cudaEventRecord(events_[2 * i], stream_), "cudaEventRecord");
    operation.launch(stream_);
    check(cudaEventRecord(events_[2 * i + 1], stream_), "cudaEventRecord");
  }
  check_launch("launch");
  check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize");
  Timings t;
  t.event_s = event_times(n);
  if (clock != nullptr) {
    std::vector<KernelRecord> kernels = clock->stop();
    kernels.erase(std::remove_if(kernels.begin(), kernels.end(),
                                 [](const KernelRecord& k) { return k.name.find(flush_name) != std::string::npos; }),
                  kernels.end());
    t.kernel_s = times_per_repetition(kernels, n);
    if (!t.kernel_s.empty()) describe(kernels, n, t);
    t.event_less_s = gaps_per_repetition(kernels, n);
    for (std::size_t i = 0; i < t.event_less_s.size(); ++i)
      t.event_less_s[i] = t.event_s[i] - t.event_less_s[i] - event_cost_s_;
  }
  const int inside = operation.repeats_inside();
  for (double& s : t.kernel_s) s /= inside;
  for (double& s : t.event_s) s /= inside;
  for (double& s : t.event_less_s) s /= inside;
  return t;
}

}  // namespace sextant::profile
