// SPDX-License-Identifier: Apache-2.0
// What the kernels must compute, in float64 on the host, row by row. Written from the formulas, not from the kernels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sextant::profile::reference {

[[nodiscard]] double from_bf16(std::uint16_t bits);
[[nodiscard]] double from_fp16(std::uint16_t bits);
[[nodiscard]] double from_e4m3(std::uint8_t bits);

[[nodiscard]] std::vector<double> from_bf16(std::span<const std::uint16_t> bits);

/// ||out - ref|| / ||ref|| over all values added. NaN anywhere in the output makes it NaN, which passes no limit.
class ErrorNorm {
 public:
  void add(double out, double ref) {
    difference_ += (out - ref) * (out - ref);
    size_ += ref * ref;
  }
  [[nodiscard]] double value() const;

 private:
  double difference_ = 0;
  double size_ = 0;
};

using Row = std::span<const double>;

struct NormRow {
  std::vector<double> y;
  double rstd = 0;
};
[[nodiscard]] NormRow rms_norm(Row x, Row gamma, double epsilon);

/// Gradient of the row by automatic formula: d/dx_j sum_i dy_i x_i g_i / sqrt(mean(x^2) + epsilon).
[[nodiscard]] std::vector<double> rms_norm_gradient(Row x, Row gamma, Row dy, double epsilon);

/// One head; angles theta_i of the pair (i, i + dim/2).
[[nodiscard]] std::vector<double> rope(Row x, Row cosine, Row sine);

/// x = [gate | up].
[[nodiscard]] std::vector<double> swiglu(Row x);
[[nodiscard]] std::vector<double> swiglu_gradient(Row x, Row dy);

/// One query and the keys and values [seen x width] that it may look at.
struct AttentionRow {
  std::vector<double> weights;  ///< softmax of scale q k
  double logarithm = 0;         ///< of the softmax's denominator, sum exp(scale q k)
  std::vector<double> output;
};
[[nodiscard]] AttentionRow attend(Row query, Row keys, Row values, double scale);

/// d loss / d (q k) of such a row, key by key: w_j (dO v_j - dO O) scale. Times k_j and added up it is the query's
/// gradient, times q the key's; the value's is w_j dO.
[[nodiscard]] std::vector<double> attention_gradient(const AttentionRow& row, Row values, Row d_output, double scale);

struct Choice {
  std::vector<int> experts;
  std::vector<double> weights;
};
/// Sigmoid scores and groups ranked by the sum of their two best where groups > 0, else softmax; weights sum to 1.
[[nodiscard]] Choice route(Row logits, int top_k, int groups, int group_limit);

struct LossRow {
  double largest = 0;
  double sum = 0;                ///< of exp(logit - largest)
  std::vector<double> gradient;  ///< (softmax - one at the target) * scale; target outside [0, vocab): no one
};
[[nodiscard]] LossRow cross_entropy(Row logits, long target, double scale);

struct AdamState {
  double weight, first, second;
};
[[nodiscard]] AdamState adamw(AdamState state, double gradient, double rate, double beta1, double beta2, double epsilon,
                              double decay, double correction1, double correction2);

}  // namespace sextant::profile::reference
