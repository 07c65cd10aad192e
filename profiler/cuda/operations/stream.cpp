// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/operations/rows.hpp"

namespace sextant::profile {

namespace {

class Copy : public Operation {
 public:
  Copy(const Gpu& gpu, std::int64_t bytes)
      : stream_(gpu.stream), from_(random_fp32(gpu.stream, bytes / 4, 1)), to_(bytes / 4) {}
  void launch(cudaStream_t s) override { kernels::copy(s, to_.data(), from_.data(), from_.bytes()); }
  Checked check() override {
    to_.poison();
    launch(stream_);
    finish(stream_, "copy");
    reference::ErrorNorm error;
    for (const std::int64_t at : sampled_lines(from_.size() / 1024, checked_rows))
      add_row(error, row(to_, at, 1024), row(from_, at, 1024));
    return {error.value(), 1e-12};  // a copy is exact
  }

 private:
  cudaStream_t stream_;
  DeviceArray<float> from_, to_;
};

class Triad : public Operation {
 public:
  Triad(const Gpu& gpu, std::int64_t bytes)
      : stream_(gpu.stream),
        a_(bytes / 4),
        b_(random_fp32(gpu.stream, bytes / 4, 1)),
        c_(random_fp32(gpu.stream, bytes / 4, 2)) {}
  void launch(cudaStream_t s) override { kernels::triad(s, a_.data(), b_.data(), c_.data(), 3.0f, a_.size()); }
  Checked check() override {
    a_.poison();
    launch(stream_);
    finish(stream_, "triad");
    reference::ErrorNorm error;
    for (const std::int64_t at : sampled_lines(a_.size() / 1024, checked_rows)) {
      std::vector<double> expected = row(b_, at, 1024);
      const std::vector<double> c = row(c_, at, 1024);
      for (std::size_t i = 0; i < c.size(); ++i) expected[i] += 3 * c[i];
      add_row(error, row(a_, at, 1024), expected);
    }
    return {error.value(), 1e-6};
  }

 private:
  cudaStream_t stream_;
  DeviceArray<float> a_, b_, c_;
};

}  // namespace

MadeOperation make_stream(const Gpu& gpu, const Case& c) {
  const std::int64_t bytes = whole64(c, KernelAxis::bytes);
  if (c.family == KernelFamily::copy) return std::make_unique<Copy>(gpu, bytes);
  return std::make_unique<Triad>(gpu, bytes);
}

}  // namespace sextant::profile
