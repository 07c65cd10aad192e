// SPDX-License-Identifier: Apache-2.0
// RoPE, SwiGLU and the FP8 casts.
#include <cmath>

#include "profiler/cuda/operations/rows.hpp"

namespace sextant::profile {

namespace {

using kernels::Bf16;
using kernels::E4m3;

class Rope : public Operation {
 public:
  Rope(const Gpu& gpu, const Case& c)
      : stream_(gpu.stream),
        tokens_(whole(c, KernelAxis::tokens)),
        heads_(whole(c, KernelAxis::heads)),
        dim_(whole(c, KernelAxis::head_dim)),
        x_(random_bf16(gpu.stream, static_cast<std::int64_t>(tokens_) * heads_ * dim_, 1)),
        y_(x_.size()),
        cosine_(static_cast<std::int64_t>(tokens_) * dim_ / 2),
        sine_(cosine_.size()) {
    std::vector<float> cosines, sines;
    std::vector<double> frequency;
    for (int i = 0; i < dim_ / 2; ++i) frequency.push_back(std::pow(10000.0, -2.0 * i / dim_));
    for (int t = 0; t < tokens_; ++t) {
      for (const double f : frequency) {
        const double angle = t * f;
        cosines.push_back(static_cast<float>(std::cos(angle)));
        sines.push_back(static_cast<float>(std::sin(angle)));
      }
    }
    cosine_.upload(cosines);
    sine_.upload(sines);
  }
  void launch(cudaStream_t s) override {
    kernels::rope(s, tokens_, heads_, dim_, y_.data(), x_.data(), cosine_.data(), sine_.data());
  }
  Checked check() override {
    y_.poison();
    launch(stream_);
    finish(stream_, "RoPE");
    reference::ErrorNorm error;
    for (const std::int64_t r : sampled_lines(static_cast<std::int64_t>(tokens_) * heads_, 4 * checked_rows)) {
      const std::int64_t token = r / heads_;
      add_row(error, row(y_, r, dim_),
              reference::rope(row(x_, r, dim_), row(cosine_, token, dim_ / 2), row(sine_, token, dim_ / 2)));
    }
    return {error.value(), bf16_limit};
  }

 private:
  cudaStream_t stream_;
  int tokens_, heads_, dim_;
  DeviceArray<Bf16> x_, y_;
  DeviceArray<float> cosine_, sine_;
};

class SwiGlu : public Operation {
 public:
  SwiGlu(const Gpu& gpu, const Case& c)
      : stream_(gpu.stream),
        tokens_(whole(c, KernelAxis::tokens)),
        width_(whole(c, KernelAxis::hidden)),
        backward_(c.pass == KernelPass::bwd),
        cast_(c.family == KernelFamily::swiglu_cast),
        x_(random_bf16(gpu.stream, 2 * cells(), 1, 4)) {
    if (backward_) dy_ = random_bf16(stream_, cells(), 2);
    if (cast_) {
      quantised_ = DeviceArray<E4m3>(cells());
      scales_ = DeviceArray<float>(cells() / 128);
    } else {
      y_ = DeviceArray<Bf16>(backward_ ? 2 * cells() : cells());
    }
  }
  void launch(cudaStream_t s) override {
    if (cast_) {
      kernels::swiglu_cast(s, tokens_, width_, quantised_.data(), scales_.data(), x_.data());
    } else if (backward_) {
      kernels::swiglu_backward(s, tokens_, width_, y_.data(), dy_.data(), x_.data());
    } else {
      kernels::swiglu_forward(s, tokens_, width_, y_.data(), x_.data());
    }
  }
  Checked check() override {
    if (cast_) {
      quantised_.poison();
      scales_.poison();
    } else {
      y_.poison();
    }
    launch(stream_);
    finish(stream_, "SwiGLU");
    reference::ErrorNorm error;
    const std::vector<float> scales = cast_ ? scales_.host() : std::vector<float>();
    for (const std::int64_t r : sampled_lines(tokens_, checked_rows)) {
      const std::vector<double> x = row(x_, r, 2 * width_);
      if (backward_) {
        add_row(error, row(y_, r, 2 * width_), reference::swiglu_gradient(x, row(dy_, r, width_)));
      } else if (cast_) {
        add_row(error, dequantised(r, scales), reference::swiglu(x));
      } else {
        add_row(error, row(y_, r, width_), reference::swiglu(x));
      }
    }
    return {error.value(), cast_ ? e4m3_limit : bf16_limit};
  }

 private:
  [[nodiscard]] std::int64_t cells() const { return static_cast<std::int64_t>(tokens_) * width_; }
  [[nodiscard]] std::vector<double> dequantised(std::int64_t r, const std::vector<float>& scales) const {
    std::vector<double> out;
    const std::vector<E4m3> bits = quantised_.host(r * width_, width_);
    for (std::size_t i = 0; i < bits.size(); ++i) {
      const auto at = static_cast<std::size_t>(static_cast<std::int64_t>(i / 128) * tokens_ + r);
      out.push_back(reference::from_e4m3(bits[i]) * static_cast<double>(scales[at]));
    }
    return out;
  }

  cudaStream_t stream_;
  int tokens_, width_;
  bool backward_, cast_;
  DeviceArray<Bf16> x_, y_, dy_;
  DeviceArray<E4m3> quantised_;
  DeviceArray<float> scales_;
};

class Cast : public Operation {
 public:
  enum class Kind { rows, blocks, transpose };

  Cast(const Gpu& gpu, const Case& c)
      : stream_(gpu.stream),
        rows_(whole(c, KernelAxis::tokens)),
        columns_(whole(c, KernelAxis::hidden)),
        kind_(c.family == KernelFamily::cast_transpose ? Kind::transpose
              : whole(c, KernelAxis::block) > 128      ? Kind::blocks
                                                       : Kind::rows),
        x_(random_bf16(gpu.stream, static_cast<std::int64_t>(rows_) * columns_, 1)),
        y_(x_.size()),
        scales_(x_.size() / 128) {
    if (kind_ != Kind::transpose) return;
    yt_ = DeviceArray<E4m3>(x_.size());
    scales_t_ = DeviceArray<float>(x_.size() / 128);
  }
  void launch(cudaStream_t s) override {
    switch (kind_) {
      case Kind::rows: kernels::cast_rows(s, rows_, columns_, y_.data(), scales_.data(), x_.data()); break;
      case Kind::blocks: kernels::cast_blocks(s, rows_, columns_, y_.data(), scales_.data(), x_.data()); break;
      case Kind::transpose:
        kernels::cast_transpose(s, rows_, columns_, y_.data(), scales_.data(), yt_.data(), scales_t_.data(), x_.data());
        break;
    }
  }
  Checked check() override {
    y_.poison();
    scales_.poison();
    if (kind_ == Kind::transpose) {
      yt_.poison();
      scales_t_.poison();
    }
    launch(stream_);
    finish(stream_, "cast");
    reference::ErrorNorm error;
    const std::vector<float> scales = scales_.host();
    const std::vector<float> scales_t = kind_ == Kind::transpose ? scales_t_.host() : std::vector<float>();
    for (const std::int64_t r : sampled_lines(rows_, checked_rows)) check_row(error, r, scales, scales_t);
    return {error.value(), e4m3_limit};
  }

 private:
  void check_row(reference::ErrorNorm& error, std::int64_t r, const std::vector<float>& scales,
                 const std::vector<float>& scales_t) const {
    const std::vector<double> expected = row(x_, r, columns_);
    const std::vector<E4m3> bits = y_.host(r * columns_, columns_);
    for (int c = 0; c < columns_; ++c) {
      const std::int64_t at =
          kind_ == Kind::blocks ? r / 128 * (columns_ / 128) + c / 128 : static_cast<std::int64_t>(c / 128) * rows_ + r;
      const auto i = static_cast<std::size_t>(c);
      error.add(reference::from_e4m3(bits[i]) * static_cast<double>(scales[static_cast<std::size_t>(at)]), expected[i]);
    }
    if (kind_ != Kind::transpose) return;
    for (const std::int64_t c : sampled_lines(columns_, checked_rows)) {
      const double scale = static_cast<double>(scales_t[static_cast<std::size_t>(r / 128 * columns_ + c)]);
      error.add(reference::from_e4m3(yt_.host(c * rows_ + r, 1)[0]) * scale, expected[static_cast<std::size_t>(c)]);
    }
  }

  cudaStream_t stream_;
  int rows_, columns_;
  Kind kind_;
  DeviceArray<Bf16> x_;
  DeviceArray<E4m3> y_, yt_;
  DeviceArray<float> scales_, scales_t_;
};

}  // namespace

MadeOperation make_rope(const Gpu& gpu, const Case& c) {
  if (128 % (whole(c, KernelAxis::head_dim) / 16) != 0)
    return not_measured(c, "the kernel takes head widths of 16 times a power of two");
  return std::make_unique<Rope>(gpu, c);
}

MadeOperation make_swiglu(const Gpu& gpu, const Case& c) {
  if (whole(c, KernelAxis::hidden) % (c.family == KernelFamily::swiglu_cast ? 128 : 8) != 0) {
    return not_measured(c, "the kernel takes widths divisible by 8, by 128 where it casts");
  }
  return std::make_unique<SwiGlu>(gpu, c);
}

MadeOperation make_cast(const Gpu& gpu, const Case& c) {
  const bool tiles = c.family == KernelFamily::cast_transpose || whole(c, KernelAxis::block) > 128;
  if (whole(c, KernelAxis::hidden) % 128 != 0 || (tiles && whole(c, KernelAxis::tokens) % 128 != 0)) {
    return not_measured(c, "the kernel takes widths, and rows where it works on tiles, divisible by 128");
  }
  return std::make_unique<Cast>(gpu, c);
}

}  // namespace sextant::profile
