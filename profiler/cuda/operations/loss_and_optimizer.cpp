// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <random>

#include "profiler/cuda/operations/rows.hpp"

namespace sextant::profile {

namespace {

using kernels::Bf16;

class CrossEntropy : public Operation {
 public:
  CrossEntropy(const Gpu& gpu, const Case& c)
      : stream_(gpu.stream),
        shape_{whole(c, KernelAxis::tokens), whole(c, KernelAxis::vocab), 0},
        scale_(1.0f / static_cast<float>(shape_.tokens)),
        logits_(random_bf16(gpu.stream, static_cast<std::int64_t>(shape_.tokens) * shape_.vocab, 1, 8)),
        gradient_(logits_.size()),
        largest_(shape_.tokens),
        sum_(shape_.tokens),
        target_logit_(shape_.tokens),
        targets_(shape_.tokens) {
    std::mt19937 engine(3);
    for (int t = 0; t < shape_.tokens; ++t)
      host_targets_.push_back(static_cast<int>(engine() % static_cast<unsigned>(shape_.vocab)));
    targets_.upload(host_targets_);
  }
  void launch(cudaStream_t s) override {
    kernels::loss_statistics(s, shape_, largest_.data(), sum_.data(), target_logit_.data(), logits_.data(),
                             targets_.data());
    kernels::loss_gradient(s, shape_, gradient_.data(), logits_.data(), largest_.data(), sum_.data(), targets_.data(),
                           scale_);
  }
  Checked check() override {
    gradient_.poison();
    largest_.poison();
    sum_.poison();
    target_logit_.poison();
    launch(stream_);
    finish(stream_, "cross-entropy");
    // The target's entry is a hundred times the others' norm: held apart, or it would hide a wrong softmax.
    reference::ErrorNorm others, targets, losses;
    for (const std::int64_t t : sampled_lines(shape_.tokens, checked_rows)) {
      const auto target = static_cast<std::size_t>(host_targets_[static_cast<std::size_t>(t)]);
      const std::vector<double> logits = row(logits_, t, shape_.vocab), out = row(gradient_, t, shape_.vocab);
      const reference::LossRow expected =
          reference::cross_entropy(logits, static_cast<long>(target), static_cast<double>(scale_));
      for (std::size_t v = 0; v < out.size(); ++v) (v == target ? targets : others).add(out[v], expected.gradient[v]);
      losses.add(row(largest_, t, 1)[0] + std::log(row(sum_, t, 1)[0]) - row(target_logit_, t, 1)[0],
                 expected.largest + std::log(expected.sum) - logits[target]);
    }
    return {std::max({others.value(), targets.value(), losses.value() * bf16_limit / fp32_limit}), bf16_limit};
  }
  std::string note() const override { return "without the exchange between shards"; }

 private:
  cudaStream_t stream_;
  kernels::CrossEntropy shape_;
  float scale_;
  DeviceArray<Bf16> logits_, gradient_;
  DeviceArray<float> largest_, sum_, target_logit_;
  DeviceArray<int> targets_;
  std::vector<int> host_targets_;
};

class AdamW : public Operation {
 public:
  AdamW(const Gpu& gpu, const Case& c)
      : stream_(gpu.stream),
        count_(whole64(c, KernelAxis::elements)),
        master_(random_fp32(gpu.stream, count_, 1)),
        gradient_(random_fp32(gpu.stream, count_, 2)),
        first_(random_bf16(gpu.stream, count_, 3)),
        second_(count_),
        weights_(count_) {
    second_.zero();  // squares are never negative; one step from zero is as good as any
  }
  void launch(cudaStream_t s) override {
    kernels::adamw(s, parameters, count_, master_.data(), weights_.data(), first_.data(), second_.data(),
                   gradient_.data());
  }
  Checked check() override {
    constexpr std::int64_t width = 1024;
    std::vector<std::vector<double>> before;
    const std::vector<std::int64_t> lines = sampled_lines(std::max<std::int64_t>(1, count_ / width), checked_rows);
    for (const std::int64_t at : lines) {
      before.push_back(row(master_, at, width));
      before.push_back(row(first_, at, width));
      before.push_back(row(second_, at, width));
    }
    weights_.poison();
    launch(stream_);
    finish(stream_, "AdamW");
    reference::ErrorNorm state, master;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::vector<double> gradient = row(gradient_, lines[i], width), now = row(master_, lines[i], width);
      const std::vector<double> first = row(first_, lines[i], width), second = row(second_, lines[i], width),
                                weights = row(weights_, lines[i], width);
      for (std::size_t j = 0; j < static_cast<std::size_t>(width); ++j) {
        const reference::AdamState expected =
            reference::adamw({before[3 * i][j], before[3 * i + 1][j], before[3 * i + 2][j]}, gradient[j], 1e-3, 0.9,
                             0.95, 1e-8, 0.1, 0.271, 0.142625);
        master.add(now[j], expected.weight);
        state.add(first[j], expected.first);
        state.add(second[j], expected.second);
        state.add(weights[j], expected.weight);
      }
    }
    return {std::max(state.value(), master.value() * bf16_limit / fp32_limit), bf16_limit};
  }

 private:
  static constexpr kernels::AdamW parameters{1e-3f, 0.9f, 0.95f, 1e-8f, 0.1f, 0.271f, 0.142625f};

  cudaStream_t stream_;
  std::int64_t count_;
  DeviceArray<float> master_, gradient_;
  DeviceArray<Bf16> first_, second_, weights_;
};

}  // namespace

MadeOperation make_cross_entropy(const Gpu& gpu, const Case& c) {
  if (whole(c, KernelAxis::vocab) % 8 != 0) return not_measured(c, "the kernel takes shards divisible by 8");
  return std::make_unique<CrossEntropy>(gpu, c);
}

MadeOperation make_adamw(const Gpu& gpu, const Case& c) {
  if (whole64(c, KernelAxis::elements) % 8 != 0) return not_measured(c, "the kernel takes counts divisible by 8");
  return std::make_unique<AdamW>(gpu, c);
}

}  // namespace sextant::profile
