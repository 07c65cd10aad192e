// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/stopwatch.hpp"

#include <algorithm>
#include <string_view>

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

}  // namespace

void Timings::append(const Timings& more) {
  kernel_s.insert(kernel_s.end(), more.kernel_s.begin(), more.kernel_s.end());
  event_s.insert(event_s.end(), more.event_s.begin(), more.event_s.end());
  if (!more.kernels.empty()) kernels = more.kernels;
  if (more.grid > 0) {
    grid = more.grid;
    registers = more.registers;
  }
}

Stopwatch::Stopwatch(cudaStream_t stream, std::int64_t l2_bytes, KernelClock* clock)
    : stream_(stream), clock_(clock), flush_(std::max<std::int64_t>(2 * l2_bytes, std::int64_t{16} << 20)), sink_(1) {
  flush_.zero();
  events_.resize(2 * most_repetitions, nullptr);
  for (cudaEvent_t& e : events_) check(cudaEventCreate(&e), "cudaEventCreate");
}

Stopwatch::~Stopwatch() {
  for (const cudaEvent_t e : events_) cudaEventDestroy(e);
}

void Stopwatch::flush_cache() { kernels::flush_cache(stream_, flush_.data(), flush_.bytes(), sink_.data()); }

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
  if (clock != nullptr) clock->start();
  for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
    // While the cache is emptied, the host queues the rest: no launch gap between the events.
    flush_cache();
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
  }
  const int inside = operation.repeats_inside();
  for (double& s : t.kernel_s) s /= inside;
  for (double& s : t.event_s) s /= inside;
  return t;
}

}  // namespace sextant::profile
