// SPDX-License-Identifier: Apache-2.0
// Attention through cuDNN, forward with the statistics that training keeps, and backward.
#include <algorithm>
#include <cmath>
#include <optional>

#include "profiler/cuda/attention_graph.hpp"
#include "profiler/cuda/operations/rows.hpp"

namespace sextant::profile {

namespace {

using kernels::Bf16;

constexpr int checked_queries = 6;        ///< of a head
constexpr int checked_heads = 3;          ///< of a group that shares keys
constexpr double limit = 2 * bf16_limit;  ///< inputs and probabilities are rounded to bf16
constexpr double statistics_limit = 1e-3;
constexpr float unit_variance = 1.7320508F;  ///< uniform in (-sqrt 3, sqrt 3)

std::int64_t count(const Dims& d) { return d[0] * d[1] * d[2] * d[3]; }
/// Of the first element of [batch, heads, seq, width] for this batch, head and row.
std::int64_t place(const Dims& d, std::int64_t batch, std::int64_t head, std::int64_t row) {
  return ((batch * d[1] + head) * d[2] + row) * d[3];
}
std::vector<double> line(const DeviceArray<Bf16>& m, const Dims& d, std::int64_t batch, std::int64_t head,
                         std::int64_t row) {
  return reference::from_bf16(m.host(place(d, batch, head, row), d[3]));
}
std::vector<double> whole_head(const DeviceArray<Bf16>& m, const Dims& d, std::int64_t batch, std::int64_t head) {
  return reference::from_bf16(m.host(place(d, batch, head, 0), d[2] * d[3]));
}

class Attention : public Operation {
 public:
  Attention(const Gpu& gpu, const AttentionShape& shape)
      : library_(*gpu.cudnn),
        stream_(gpu.stream),
        shape_(shape),
        q_(random_bf16(gpu.stream, count(shape.q()), 1, unit_variance)),
        k_(random_bf16(gpu.stream, count(shape.k()), 2, unit_variance)),
        v_(random_bf16(gpu.stream, count(shape.v()), 3, unit_variance)),
        o_(count(shape.o())),
        statistics_(count(shape.rows())) {}

  void launch(cudaStream_t s) override {
    if (q_sum_.size() > 0) kernels::zero(s, q_sum_.data(), q_sum_.bytes());
    run(s);
  }
  std::string note() const override {
    return "cuDNN " + library_.version() + (q_sum_.size() > 0 ? ", the fp32 sum of dQ zeroed before each call" : "");
  }

 protected:
  /// Makes the call that launch() runs.
  void take(CudnnPlan plan, std::vector<Bound> tensors) {
    plan_.emplace(std::move(plan));
    workspace_ = DeviceArray<char>(std::max<std::int64_t>(plan_->workspace_bytes(), 1));
    plan_->bind(std::move(tensors), workspace_.data());
  }
  void take_forward() {
    const ForwardAttention f = forward_attention(library_, shape_);
    take(f.graph.plan({library_.handle()}),
         {{f.q, q_.data()}, {f.k, k_.data()}, {f.v, v_.data()}, {f.o, o_.data()}, {f.statistics, statistics_.data()}});
  }
  void run(cudaStream_t s) {
    library_.check(library_.api().cudnnSetStream(library_.handle(), s), "cudnnSetStream");
    plan_->execute(library_.handle());
  }

  /// The first and the last group of heads that share keys, in the first and the last batch.
  template <class F>
  void for_checked_groups(F body) const {
    body(std::int64_t{0}, std::int64_t{0});
    if (shape_.batch * shape_.kv_heads > 1) body(shape_.batch - 1, shape_.kv_heads - 1);
  }
  template <class F>
  void for_checked_queries(std::int64_t kv_head, F body) const {
    for (const std::int64_t in_group : sampled_lines(shape_.group(), checked_heads)) {
      for (const std::int64_t row : sampled_lines(shape_.seq, checked_queries)) {
        body(kv_head * shape_.group() + in_group, row);
      }
    }
  }
  /// Keys that a query may look at.
  [[nodiscard]] std::size_t seen(std::int64_t row) const {
    return static_cast<std::size_t>(shape_.causal ? row + 1 : shape_.seq);
  }

  CudnnLibrary& library_;
  cudaStream_t stream_;
  AttentionShape shape_;
  DeviceArray<Bf16> q_, k_, v_, o_;
  DeviceArray<float> statistics_, q_sum_;

 private:
  DeviceArray<char> workspace_;
  std::optional<CudnnPlan> plan_;
};

/// One head's keys and values on the host.
struct SharedHead {
  std::vector<double> keys, values;

  [[nodiscard]] reference::AttentionRow attend(const std::vector<double>& query, std::size_t seen,
                                               const AttentionShape& s) const {
    return reference::attend(query, reference::Row(keys).first(seen * query.size()),
                             reference::Row(values).first(seen * static_cast<std::size_t>(s.v_width)), s.scale());
  }
};

class AttentionForward : public Attention {
 public:
  AttentionForward(const Gpu& gpu, const AttentionShape& shape) : Attention(gpu, shape) { take_forward(); }

  Checked check() override {
    o_.poison();
    statistics_.poison();
    launch(stream_);
    finish(stream_, "attention");
    reference::ErrorNorm output, statistics;
    for_checked_groups([&](std::int64_t b, std::int64_t kv) {
      const SharedHead shared{whole_head(k_, shape_.k(), b, kv), whole_head(v_, shape_.v(), b, kv)};
      for_checked_queries(kv, [&](std::int64_t h, std::int64_t row) {
        const auto expected = shared.attend(line(q_, shape_.q(), b, h, row), seen(row), shape_);
        add_row(output, line(o_, shape_.o(), b, h, row), expected.output);
        const float logarithm = statistics_.host(place(shape_.rows(), b, h, row), 1)[0];
        statistics.add(static_cast<double>(logarithm), expected.logarithm);
      });
    });
    return {std::max(output.value(), statistics.value() * limit / statistics_limit), limit};
  }
};

class AttentionBackward : public Attention {
 public:
  AttentionBackward(const Gpu& gpu, const AttentionShape& shape)
      : Attention(gpu, shape),
        d_o_(count(shape.o())),
        d_q_(count(shape.q())),
        d_k_(count(shape.k())),
        d_v_(count(shape.v())) {
    take_forward();
    run(stream_);
    finish(stream_, "attention");
    fill_gradient();
    const BackwardAttention g = backward_attention(library_, shape_);
    std::vector<Bound> tensors{{g.q, q_.data()},     {g.k, k_.data()},     {g.v, v_.data()},
                               {g.o, o_.data()},     {g.d_o, d_o_.data()}, {g.statistics, statistics_.data()},
                               {g.d_q, d_q_.data()}, {g.d_k, d_k_.data()}, {g.d_v, d_v_.data()}};
    // The engine works in tiles of rows: whole ones for each head, so that none reaches beyond the array.
    constexpr std::int64_t tile = 128;
    q_sum_ = DeviceArray<float>(shape_.batch * shape_.heads * ((shape_.seq + tile - 1) / tile * tile) * shape_.width);
    tensors.push_back({g.q_sum, q_sum_.data()});
    if (g.k_parts != 0) {
      k_parts_ = DeviceArray<Bf16>(count(shape_.k()) * shape_.group());
      v_parts_ = DeviceArray<Bf16>(count(shape_.v()) * shape_.group());
      tensors.push_back({g.k_parts, k_parts_.data()});
      tensors.push_back({g.v_parts, v_parts_.data()});
    }
    take(g.graph.plan({library_.handle()}), std::move(tensors));
  }

  /// Every gradient but those of the checked rows is made zero, so that what follows from these is known without
  /// going through all rows in float64.
  Checked check() override {
    keep_checked_gradients();
    for (DeviceArray<Bf16>* a : {&d_q_, &d_k_, &d_v_}) a->poison();
    q_sum_.poison();
    launch(stream_);
    finish(stream_, "attention's gradient");
    Errors errors;
    for_checked_groups([&](std::int64_t b, std::int64_t kv) { compare_group(b, kv, errors); });
    fill_gradient();
    finish(stream_, "the gradient");
    return {std::max({errors.query.value(), errors.key.value(), errors.value.value()}), limit};
  }

 private:
  struct Errors {
    reference::ErrorNorm query, key, value;
  };

  void fill_gradient() {
    kernels::fill_random(stream_, d_o_.data(), kernels::Format::bf16, d_o_.size(), unit_variance, 4);
  }

  void keep_checked_gradients() {
    finish(stream_, "the gradient");
    std::vector<std::pair<std::int64_t, std::vector<Bf16>>> kept;
    for_checked_groups([&](std::int64_t b, std::int64_t kv) {
      for_checked_queries(kv, [&](std::int64_t h, std::int64_t row) {
        const std::int64_t at = place(shape_.o(), b, h, row);
        kept.emplace_back(at, d_o_.host(at, shape_.v_width));
      });
    });
    d_o_.zero();
    for (const auto& [at, values] : kept) d_o_.upload(values, at);
  }

  void compare_group(std::int64_t b, std::int64_t kv, Errors& errors) const {
    const SharedHead shared{whole_head(k_, shape_.k(), b, kv), whole_head(v_, shape_.v(), b, kv)};
    const auto width = static_cast<std::size_t>(shape_.width), v_width = static_cast<std::size_t>(shape_.v_width);
    const std::vector<std::int64_t> lines = sampled_lines(shape_.seq, checked_rows);
    std::vector<std::vector<double>> d_k(lines.size(), std::vector<double>(width)),
        d_v(lines.size(), std::vector<double>(v_width));
    for_checked_queries(kv, [&](std::int64_t h, std::int64_t row) {
      const std::vector<double> query = line(q_, shape_.q(), b, h, row), d_o = line(d_o_, shape_.o(), b, h, row);
      const reference::AttentionRow attended = shared.attend(query, seen(row), shape_);
      const std::vector<double> d_s = reference::attention_gradient(
          attended, reference::Row(shared.values).first(seen(row) * v_width), d_o, shape_.scale());
      std::vector<double> d_q(width);
      for (std::size_t j = 0; j < d_s.size(); ++j) {
        for (std::size_t i = 0; i < width; ++i) d_q[i] += d_s[j] * shared.keys[j * width + i];
      }
      add_row(errors.query, line(d_q_, shape_.q(), b, h, row), d_q);
      for (std::size_t l = 0; l < lines.size(); ++l) {
        const auto j = static_cast<std::size_t>(lines[l]);
        if (j >= d_s.size()) continue;
        for (std::size_t i = 0; i < width; ++i) d_k[l][i] += d_s[j] * query[i];
        for (std::size_t i = 0; i < v_width; ++i) d_v[l][i] += attended.weights[j] * d_o[i];
      }
    });
    for (std::size_t l = 0; l < lines.size(); ++l) {
      add_row(errors.key, line(d_k_, shape_.k(), b, kv, lines[l]), d_k[l]);
      add_row(errors.value, line(d_v_, shape_.v(), b, kv, lines[l]), d_v[l]);
    }
  }

  DeviceArray<Bf16> d_o_, d_q_, d_k_, d_v_, k_parts_, v_parts_;
};

}  // namespace

MadeOperation make_attention(const Gpu& gpu, const Case& c) {
  if (gpu.cudnn == nullptr)
    return not_measured(c, "cuDNN is not found; PyTorch brings one (profiler/torch/attention.py)");
  const AttentionShape s = AttentionShape::of(c);
  if (std::min({s.batch, s.heads, s.kv_heads, s.seq, s.width, s.v_width}) < 1 || s.heads % s.kv_heads != 0) {
    return not_measured(c, "attention wants batch, seq, widths and heads, of which each kv head serves as many");
  }
  if (c.pass == KernelPass::bwd) return std::make_unique<AttentionBackward>(gpu, s);
  return std::make_unique<AttentionForward>(gpu, s);
}

}  // namespace sextant::profile
