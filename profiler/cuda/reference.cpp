// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/reference.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace sextant::profile::reference {

double from_bf16(std::uint16_t bits) {
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
}

namespace {

/// Sign, `exponent_bits` of exponent, the rest mantissa, as IEEE lays them out.
double small_float(unsigned bits, int exponent_bits, int mantissa_bits) {
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const double sign = (bits >> (exponent_bits + mantissa_bits)) != 0 ? -1 : 1;
  const int exponent = static_cast<int>(bits >> mantissa_bits) & ((1 << exponent_bits) - 1);
  const double mantissa = static_cast<double>(bits & ((1u << mantissa_bits) - 1)) / (1 << mantissa_bits);
  return sign * (exponent == 0 ? std::ldexp(mantissa, 1 - bias) : std::ldexp(1 + mantissa, exponent - bias));
}

double sigmoid(double v) { return 1 / (1 + std::exp(-v)); }

}  // namespace

double from_fp16(std::uint16_t bits) {
  if ((bits & 0x7c00) == 0x7c00) return std::numeric_limits<double>::quiet_NaN();
  return small_float(bits, 5, 10);
}

double from_e4m3(std::uint8_t bits) {
  if ((bits & 0x7f) == 0x7f) return std::numeric_limits<double>::quiet_NaN();
  return small_float(bits, 4, 3);
}

std::vector<double> from_bf16(std::span<const std::uint16_t> bits) {
  std::vector<double> out(bits.size());
  std::transform(bits.begin(), bits.end(), out.begin(), [](std::uint16_t b) { return from_bf16(b); });
  return out;
}

double ErrorNorm::value() const {
  // Not NaN: std::max of two errors would lose it.
  if (std::isnan(difference_) || std::isnan(size_)) return std::numeric_limits<double>::infinity();
  if (size_ > 0) return std::sqrt(difference_ / size_);
  return difference_ == 0 ? 0 : std::numeric_limits<double>::infinity();
}

NormRow rms_norm(Row x, Row gamma, double epsilon) {
  NormRow out;
  out.rstd =
      1 / std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0) / static_cast<double>(x.size()) + epsilon);
  for (std::size_t i = 0; i < x.size(); ++i) out.y.push_back(x[i] * out.rstd * gamma[i]);
  return out;
}

std::vector<double> rms_norm_gradient(Row x, Row gamma, Row dy, double epsilon) {
  const double n = static_cast<double>(x.size());
  const double variance = std::inner_product(x.begin(), x.end(), x.begin(), 0.0) / n + epsilon;
  double projected = 0;
  for (std::size_t i = 0; i < x.size(); ++i) projected += dy[i] * gamma[i] * x[i];
  std::vector<double> out(x.size());
  for (std::size_t j = 0; j < x.size(); ++j) {
    out[j] = dy[j] * gamma[j] / std::sqrt(variance) - projected * x[j] / (n * std::pow(variance, 1.5));
  }
  return out;
}

std::vector<double> rope(Row x, Row cosine, Row sine) {
  const std::size_t half = x.size() / 2;
  std::vector<double> out(x.size());
  for (std::size_t i = 0; i < half; ++i) {
    out[i] = x[i] * cosine[i] - x[i + half] * sine[i];
    out[i + half] = x[i] * sine[i] + x[i + half] * cosine[i];
  }
  return out;
}

std::vector<double> swiglu(Row x) {
  const std::size_t width = x.size() / 2;
  std::vector<double> out(width);
  for (std::size_t i = 0; i < width; ++i) out[i] = x[i] * sigmoid(x[i]) * x[i + width];
  return out;
}

std::vector<double> swiglu_gradient(Row x, Row dy) {
  const std::size_t width = x.size() / 2;
  std::vector<double> out(x.size());
  for (std::size_t i = 0; i < width; ++i) {
    const double s = sigmoid(x[i]);
    out[i] = dy[i] * x[i + width] * (s + x[i] * s * (1 - s));
    out[i + width] = dy[i] * x[i] * s;
  }
  return out;
}

AttentionRow attend(Row query, Row keys, Row values, double scale) {
  const std::size_t seen = keys.size() / query.size(), width = values.size() / seen;
  AttentionRow out;
  for (std::size_t j = 0; j < seen; ++j) {
    const Row key = keys.subspan(j * query.size(), query.size());
    out.weights.push_back(scale * std::inner_product(key.begin(), key.end(), query.begin(), 0.0));
  }
  const double largest = *std::max_element(out.weights.begin(), out.weights.end());
  double sum = 0;
  for (double& w : out.weights) sum += w = std::exp(w - largest);
  out.logarithm = largest + std::log(sum);
  out.output.assign(width, 0);
  for (std::size_t j = 0; j < seen; ++j) {
    out.weights[j] /= sum;
    for (std::size_t i = 0; i < width; ++i) out.output[i] += out.weights[j] * values[j * width + i];
  }
  return out;
}

std::vector<double> attention_gradient(const AttentionRow& row, Row values, Row d_output, double scale) {
  const double mean = std::inner_product(d_output.begin(), d_output.end(), row.output.begin(), 0.0);
  std::vector<double> out;
  for (std::size_t j = 0; j < row.weights.size(); ++j) {
    const Row value = values.subspan(j * d_output.size(), d_output.size());
    out.push_back(row.weights[j] * (std::inner_product(value.begin(), value.end(), d_output.begin(), 0.0) - mean) *
                  scale);
  }
  return out;
}

Choice route(Row logits, int top_k, int groups, int group_limit) {
  const std::size_t experts = logits.size();
  std::vector<double> score(experts);
  if (groups > 0) {
    std::transform(logits.begin(), logits.end(), score.begin(), sigmoid);
  } else {
    const double largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const double l : logits) sum += std::exp(l - largest);
    for (std::size_t e = 0; e < experts; ++e) score[e] = std::exp(logits[e] - largest) / sum;
  }
  std::vector<bool> open(experts, true);
  if (groups > 0) {
    const std::size_t each = experts / static_cast<std::size_t>(groups);
    std::vector<std::pair<double, std::size_t>> ranking;
    for (std::size_t g = 0; g < static_cast<std::size_t>(groups); ++g) {
      std::vector<double> members(score.begin() + static_cast<std::ptrdiff_t>(g * each),
                                  score.begin() + static_cast<std::ptrdiff_t>((g + 1) * each));
      std::sort(members.rbegin(), members.rend());
      ranking.emplace_back(-(members[0] + members[1]), g);
    }
    std::sort(ranking.begin(), ranking.end());
    for (std::size_t r = static_cast<std::size_t>(group_limit); r < ranking.size(); ++r) {
      for (std::size_t e = 0; e < each; ++e) open[ranking[r].second * each + e] = false;
    }
  }
  std::vector<int> order;
  for (std::size_t e = 0; e < experts; ++e) {
    if (open[e]) order.push_back(static_cast<int>(e));
  }
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return score[static_cast<std::size_t>(a)] > score[static_cast<std::size_t>(b)];
  });
  Choice out;
  double sum = 0;
  for (int j = 0; j < top_k; ++j) sum += score[static_cast<std::size_t>(order[static_cast<std::size_t>(j)])];
  for (int j = 0; j < top_k; ++j) {
    out.experts.push_back(order[static_cast<std::size_t>(j)]);
    out.weights.push_back(score[static_cast<std::size_t>(out.experts.back())] / sum);
  }
  return out;
}

LossRow cross_entropy(Row logits, long target, double scale) {
  LossRow out;
  out.largest = *std::max_element(logits.begin(), logits.end());
  for (const double l : logits) out.sum += std::exp(l - out.largest);
  for (std::size_t v = 0; v < logits.size(); ++v) {
    out.gradient.push_back((std::exp(logits[v] - out.largest) / out.sum - (static_cast<long>(v) == target ? 1 : 0)) *
                           scale);
  }
  return out;
}

AdamState adamw(AdamState s, double gradient, double rate, double beta1, double beta2, double epsilon, double decay,
                double correction1, double correction2) {
  s.first = beta1 * s.first + (1 - beta1) * gradient;
  s.second = beta2 * s.second + (1 - beta2) * gradient * gradient;
  s.weight -= rate * decay * s.weight + rate * (s.first / correction1) / (std::sqrt(s.second / correction2) + epsilon);
  return s;
}

}  // namespace sextant::profile::reference
