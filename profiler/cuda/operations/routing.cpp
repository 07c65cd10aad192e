// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>

#include "profiler/cuda/operations/rows.hpp"

namespace sextant::profile {

namespace {

using kernels::Bf16;

class Route : public Operation {
 public:
  Route(const Gpu& gpu, const Case& c)
      : stream_(gpu.stream),
        shape_{whole(c, KernelAxis::tokens), whole(c, KernelAxis::experts), whole(c, KernelAxis::top_k),
               whole(c, KernelAxis::expert_groups), whole(c, KernelAxis::group_limit)},
        logits_(random_fp32(gpu.stream, static_cast<std::int64_t>(shape_.tokens) * shape_.experts, 1, 4)),
        chosen_(static_cast<std::int64_t>(shape_.tokens) * shape_.top_k),
        weights_(chosen_.size()) {}
  void launch(cudaStream_t s) override { kernels::route(s, shape_, chosen_.data(), weights_.data(), logits_.data()); }
  Checked check() override {
    chosen_.poison();
    weights_.poison();
    launch(stream_);
    finish(stream_, "router");
    const std::vector<int> chosen = chosen_.host();
    const std::vector<float> weights = weights_.host();
    reference::ErrorNorm error;
    for (const std::int64_t t : sampled_lines(shape_.tokens, 4 * checked_rows)) {
      const reference::Choice expected =
          reference::route(row(logits_, t, shape_.experts), shape_.top_k, shape_.groups, shape_.group_limit);
      std::vector<double> out(static_cast<std::size_t>(shape_.experts), 0),
          ref(out.size(), 0);  // by expert: the order of ties is free
      for (int j = 0; j < shape_.top_k; ++j) {
        const auto i = static_cast<std::size_t>(t * shape_.top_k + j);
        if (chosen[i] >= 0 && chosen[i] < shape_.experts)
          out[static_cast<std::size_t>(chosen[i])] += static_cast<double>(weights[i]);
        ref[static_cast<std::size_t>(expected.experts[static_cast<std::size_t>(j)])] +=
            expected.weights[static_cast<std::size_t>(j)];
      }
      add_row(error, out, ref);
    }
    return {error.value(), 1e-3};
  }

 private:
  cudaStream_t stream_;
  kernels::Router shape_;
  DeviceArray<float> logits_;
  DeviceArray<int> chosen_;
  DeviceArray<float> weights_;
};

/// `top_k` different experts for each token, drawn evenly.
std::vector<int> random_choices(const kernels::Permute& shape) {
  std::mt19937 engine(7);
  std::vector<int> all(static_cast<std::size_t>(shape.experts)), out;
  for (int e = 0; e < shape.experts; ++e) all[static_cast<std::size_t>(e)] = e;
  for (int t = 0; t < shape.tokens; ++t) {
    for (std::size_t j = 0; j < static_cast<std::size_t>(shape.top_k); ++j) {
      std::swap(all[j], all[j + engine() % (all.size() - j)]);
      out.push_back(all[j]);
    }
  }
  return out;
}

class Permutation : public Operation {
 public:
  Permutation(const Gpu& gpu, const Case& c)
      : stream_(gpu.stream),
        back_(c.family == KernelFamily::unpermute),
        shape_{whole(c, KernelAxis::tokens), whole(c, KernelAxis::hidden), whole(c, KernelAxis::experts),
               whole(c, KernelAxis::top_k)},
        x_(random_bf16(gpu.stream, static_cast<std::int64_t>(shape_.tokens) * shape_.hidden, 1)),
        y_((choices() + static_cast<std::int64_t>(shape_.experts) * 128) * shape_.hidden),
        chosen_(choices()),
        rows_(choices()),
        ranks_(choices()),
        counts_(shape_.experts),
        offsets_(shape_.experts + 1),
        weights_(choices()) {
    chosen_.upload(random_choices(shape_));
    counts_.zero();
    kernels::fill_random(stream_, weights_.data(), kernels::Format::fp32, choices(), 1, 2);
    if (back_) {
      sum_ = DeviceArray<Bf16>(x_.size());
      permute(stream_);
    }
  }
  void launch(cudaStream_t s) override {
    if (back_) {
      kernels::unpermute(s, shape_, sum_.data(), y_.data(), rows_.data(), weights_.data());
    } else {
      permute(s);
    }
  }
  int host_calls() const override { return back_ ? 1 : 3; }
  Checked check() override {
    if (back_) {
      sum_.poison();
    } else {
      y_.poison();
      rows_.poison();
    }
    launch(stream_);
    finish(stream_, "permute");
    reference::ErrorNorm error;
    const std::vector<int> rows = rows_.host();
    const std::vector<float> weights = weights_.host();
    for (const std::int64_t t : sampled_lines(shape_.tokens, checked_rows)) {
      const std::vector<double> x = row(x_, t, shape_.hidden);
      double weight = 0;
      for (int j = 0; j < shape_.top_k; ++j) {
        const auto i = static_cast<std::size_t>(t * shape_.top_k + j);
        weight += static_cast<double>(weights[i]);
        if (!back_ && rows[i] >= 0) add_row(error, row(y_, rows[i], shape_.hidden), x);
        if (!back_ && rows[i] < 0) error.add(1, 0);
      }
      if (!back_) continue;
      std::vector<double> expected = x;
      for (double& v : expected) v *= weight;
      add_row(error, row(sum_, t, shape_.hidden), expected);
    }
    if (!back_ && !distinct(rows)) error.add(1e9, 0);  // two tokens in one row: the sample may miss it
    return {error.value(), back_ ? bf16_limit : 1e-12};
  }

 private:
  [[nodiscard]] std::int64_t choices() const { return static_cast<std::int64_t>(shape_.tokens) * shape_.top_k; }
  void permute(cudaStream_t s) {
    kernels::permute(s, shape_, y_.data(), rows_.data(), ranks_.data(), counts_.data(), offsets_.data(), x_.data(),
                     chosen_.data());
  }
  static bool distinct(std::vector<int> rows) {
    std::sort(rows.begin(), rows.end());
    return std::adjacent_find(rows.begin(), rows.end()) == rows.end();
  }

  cudaStream_t stream_;
  bool back_;
  kernels::Permute shape_;
  DeviceArray<Bf16> x_, y_, sum_;
  DeviceArray<int> chosen_, rows_, ranks_, counts_, offsets_;
  DeviceArray<float> weights_;
};

}  // namespace

MadeOperation make_routing(const Gpu& gpu, const Case& c) {
  const int experts = whole(c, KernelAxis::experts);
  if (c.family == KernelFamily::router) {
    const bool fits = experts <= 32 || experts == 64 || experts == 128 || experts == 160 || experts == 256;
    const int groups = whole(c, KernelAxis::expert_groups);
    if (!fits || (groups > 0 && (32 % groups != 0 || experts % 32 != 0)))
      return not_measured(c, "the kernel does not take this number of experts or groups");
    return std::make_unique<Route>(gpu, c);
  }
  if (experts > 256 || whole(c, KernelAxis::top_k) > 32)
    return not_measured(c, "the kernel takes up to 256 experts and 32 choices");
  return std::make_unique<Permutation>(gpu, c);
}

}  // namespace sextant::profile
