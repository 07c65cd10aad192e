// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/operations/rows.hpp"

namespace sextant::profile {

namespace {

using kernels::Bf16;

constexpr double epsilon = 1e-6;

class RmsNorm : public Operation {
 public:
  RmsNorm(const Gpu& gpu, const Case& c)
      : stream_(gpu.stream),
        sms_(gpu.sms),
        backward_(c.pass == KernelPass::bwd),
        shape_{whole(c, KernelAxis::tokens), whole(c, KernelAxis::hidden), static_cast<float>(epsilon)},
        x_(random_bf16(gpu.stream, cells(), 1)),
        gamma_(random_bf16(gpu.stream, shape_.hidden, 2, 2)),
        y_(cells()),
        rstd_(shape_.tokens) {
    if (!backward_) return;
    dy_ = random_bf16(stream_, cells(), 3);
    dgamma_ = DeviceArray<float>(shape_.hidden);
    partial_ =
        DeviceArray<float>(static_cast<std::int64_t>(kernels::rms_norm_partials(shape_.hidden, sms_)) * shape_.hidden);
    kernels::rms_norm_forward(stream_, shape_, y_.data(), rstd_.data(), x_.data(), gamma_.data());
  }

  void launch(cudaStream_t s) override {
    if (backward_) {
      kernels::rms_norm_backward(s, shape_, sms_, y_.data(), dgamma_.data(), partial_.data(), dy_.data(), x_.data(),
                                 gamma_.data(), rstd_.data());
    } else {
      kernels::rms_norm_forward(s, shape_, y_.data(), rstd_.data(), x_.data(), gamma_.data());
    }
  }

  Checked check() override {
    y_.poison();
    if (backward_) dgamma_.poison();
    launch(stream_);
    finish(stream_, "RMSNorm");
    reference::ErrorNorm error;
    const std::vector<double> gamma = row(gamma_, 0, shape_.hidden);
    for (const std::int64_t r : sampled_lines(shape_.tokens, checked_rows)) {
      const std::vector<double> x = row(x_, r, shape_.hidden);
      add_row(error, row(y_, r, shape_.hidden),
              backward_ ? reference::rms_norm_gradient(x, gamma, row(dy_, r, shape_.hidden), epsilon)
                        : reference::rms_norm(x, gamma, epsilon).y);
    }
    const double rows_error = error.value();
    const double gain_error = backward_ ? check_gain() : 0;
    // The gain's gradient is a float32 sum; measured against its own limit and scaled to the rows'.
    return {std::max(rows_error, gain_error * bf16_limit / fp32_limit), bf16_limit};
  }

 private:
  [[nodiscard]] std::int64_t cells() const { return static_cast<std::int64_t>(shape_.tokens) * shape_.hidden; }

  /// Gradient of the gain in a few columns, summed over all rows in float64.
  double check_gain() {
    constexpr int columns = 8;
    const std::vector<std::int64_t> lines = sampled_lines(shape_.hidden, columns);
    DeviceArray<std::int64_t> where(static_cast<std::int64_t>(lines.size()));
    where.upload(lines);
    DeviceArray<float> x(static_cast<std::int64_t>(lines.size()) * shape_.tokens), dy(x.size());
    const int count = static_cast<int>(lines.size());
    kernels::gather(stream_, x.data(), x_.data(), kernels::Format::bf16, where.data(), count, shape_.tokens, 1,
                    shape_.hidden);
    kernels::gather(stream_, dy.data(), dy_.data(), kernels::Format::bf16, where.data(), count, shape_.tokens, 1,
                    shape_.hidden);
    finish(stream_, "gather");
    const std::vector<float> rstd = rstd_.host(), dgamma = dgamma_.host();
    reference::ErrorNorm error;
    for (int i = 0; i < count; ++i) {
      const std::vector<double> a = row(x, i, shape_.tokens), d = row(dy, i, shape_.tokens);
      double sum = 0;
      for (std::size_t t = 0; t < a.size(); ++t) sum += a[t] * d[t] * static_cast<double>(rstd[t]);
      error.add(static_cast<double>(dgamma[static_cast<std::size_t>(lines[static_cast<std::size_t>(i)])]), sum);
    }
    return error.value();
  }

  cudaStream_t stream_;
  int sms_;
  bool backward_;
  kernels::RmsNorm shape_;
  DeviceArray<Bf16> x_, gamma_, y_, dy_;
  DeviceArray<float> rstd_, dgamma_, partial_;
};

}  // namespace

MadeOperation make_rms_norm(const Gpu& gpu, const Case& c) {
  if (whole(c, KernelAxis::hidden) % 8 != 0 || whole(c, KernelAxis::hidden) > 16384) {
    return not_measured(c, "the kernel takes widths divisible by 8 up to 16384");
  }
  return std::make_unique<RmsNorm>(gpu, c);
}

}  // namespace sextant::profile
