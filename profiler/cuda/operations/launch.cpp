// SPDX-License-Identifier: Apache-2.0
// What a launch costs beside the work: the host's time of one, the gap between queued ones, the same as a CUDA graph.
#include <chrono>

#include "profiler/cuda/operations/rows.hpp"

namespace sextant::profile {

namespace {

/// Host time of an asynchronous launch while the queue is short.
class HostLaunch : public Operation {
 public:
  explicit HostLaunch(const Gpu& gpu) : stream_(gpu.stream) {}
  void launch(cudaStream_t s) override { kernels::nothing(s); }
  Checked check() override {
    launch(stream_);
    finish(stream_, "an empty kernel");
    return {0, 0};
  }
  std::vector<double> time_itself(int count) override {
    constexpr int in_a_row = 64;
    std::vector<double> out;
    for (int i = 0; i < count; ++i) {
      check(cudaStreamSynchronize(stream_));
      const auto begin = std::chrono::steady_clock::now();
      for (int j = 0; j < in_a_row; ++j) kernels::nothing(stream_);
      out.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / in_a_row);
    }
    check(cudaStreamSynchronize(stream_));
    return out;
  }
  std::string note() const override { return "host time of one asynchronous launch"; }

 private:
  static void check(cudaError_t code) { profile::check(code, "cudaStreamSynchronize"); }
  cudaStream_t stream_;
};

class QueuedLaunches : public Operation {
 public:
  QueuedLaunches(const Gpu& gpu, int count, bool as_graph) : stream_(gpu.stream), count_(count) {
    if (as_graph) record();
  }
  ~QueuedLaunches() override {
    if (executable_ != nullptr) cudaGraphExecDestroy(executable_);
    if (graph_ != nullptr) cudaGraphDestroy(graph_);
  }
  void launch(cudaStream_t s) override {
    if (executable_ != nullptr) {
      profile::check(cudaGraphLaunch(executable_, s), "cudaGraphLaunch");
      return;
    }
    for (int i = 0; i < count_; ++i) kernels::nothing(s);
  }
  Checked check() override {
    launch(stream_);
    finish(stream_, "empty kernels");
    return {0, 0};
  }
  bool events_only() const override { return true; }  // the gaps are the point
  int host_calls() const override { return executable_ != nullptr ? 1 : count_; }
  int repeats_inside() const override { return count_; }
  std::string note() const override {
    return executable_ != nullptr ? "per kernel of a graph" : "per kernel of a full queue";
  }

 private:
  void record() {
    profile::check(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
    for (int i = 0; i < count_; ++i) kernels::nothing(stream_);
    profile::check(cudaStreamEndCapture(stream_, &graph_), "cudaStreamEndCapture");
    profile::check(cudaGraphInstantiate(&executable_, graph_, 0), "cudaGraphInstantiate");
  }

  cudaStream_t stream_;
  int count_;
  cudaGraph_t graph_ = nullptr;
  cudaGraphExec_t executable_ = nullptr;
};

}  // namespace

MadeOperation make_launch(const Gpu& gpu, const Case& c) {
  const int count = whole(c, KernelAxis::elements);
  if (count == 1) return std::make_unique<HostLaunch>(gpu);
  return std::make_unique<QueuedLaunches>(gpu, count, c.pass == KernelPass::fwd);
}

}  // namespace sextant::profile
