// SPDX-License-Identifier: Apache-2.0
// Our kernels where shapes and values are awkward: one row, rows wider than a block, ties, empty experts, zeros,
// numbers near overflow.
#include <cmath>

#include "profiler/cuda/kernels/kernels.hpp"
#include "tests/profiler/kernel_values.hpp"

namespace k = sextant::profile::kernels;
namespace ref = sextant::profile::reference;
using namespace sextant::profile::test;

TEST_CASE("RMSNorm of one piece, of the widest row, and of fewer rows than blocks") {
  const auto [tokens, hidden] = GENERATE(std::pair{1, 8}, std::pair{2, 16384}, std::pair{3, 2056}, std::pair{17, 136});
  const auto n = static_cast<std::size_t>(tokens), h = static_cast<std::size_t>(hidden);
  const Bits x = random_bits(n * h, 1), gamma = random_bits(h, 2, 2), dy = random_bits(n * h, 3);
  Bits y(n * h, poison), dx(n * h, poison);
  Floats rstd(n, NAN), dgamma(h, NAN);
  Floats partial(static_cast<std::size_t>(k::rms_norm_partials(hidden, 3)) * h, NAN);
  const k::RmsNorm shape{tokens, hidden, 1e-6f};
  k::rms_norm_forward(nullptr, shape, y.data(), rstd.data(), x.data(), gamma.data());
  k::rms_norm_backward(nullptr, shape, 3, dx.data(), dgamma.data(), partial.data(), dy.data(), x.data(), gamma.data(),
                       rstd.data());
  ref::ErrorNorm forward, backward, gain;
  std::vector<double> expected_dgamma(h, 0);
  const std::vector<double> g = row_of(gamma, 0, h);
  for (std::size_t r = 0; r < n; ++r) {
    const auto in = row_of(x, r, h), grad = row_of(dy, r, h);
    const ref::NormRow expected = ref::rms_norm(in, g, 1e-6);
    add(forward, row_of(y, r, h), expected.y);
    add(backward, row_of(dx, r, h), ref::rms_norm_gradient(in, g, grad, 1e-6));
    for (std::size_t c = 0; c < h; ++c) expected_dgamma[c] += grad[c] * in[c] * expected.rstd;
  }
  add(gain, doubles(dgamma, 0, h), expected_dgamma);
  CHECK(forward.value() < bf16_limit);
  CHECK(backward.value() < bf16_limit);
  CHECK(gain.value() < 1e-5);
}

TEST_CASE("RMSNorm of zeros is zero") {
  const Bits x(64, 0), gamma(64, to_bf16(1));
  Bits y(64, poison);
  Floats rstd(1, NAN);
  k::rms_norm_forward(nullptr, {1, 64, 1e-6f}, y.data(), rstd.data(), x.data(), gamma.data());
  CHECK(y == Bits(64, 0));
  CHECK(rstd[0] == Approx(1000));  // 1 / sqrt(1e-6)
}

TEST_CASE("RoPE takes head widths that leave threads over") {
  const auto [heads, dim] = GENERATE(std::pair{3, 192}, std::pair{9, 256}, std::pair{70, 32});
  const auto d = static_cast<std::size_t>(dim), h = static_cast<std::size_t>(heads);
  const Bits x = random_bits(2 * h * d, 4);
  Bits y(x.size(), poison);
  const Floats cosine = random_floats(d, 5, -1, 1), sine = random_floats(d, 6, -1, 1);  // two tokens, d / 2 angles each
  k::rope(nullptr, 2, heads, dim, y.data(), x.data(), cosine.data(), sine.data());
  ref::ErrorNorm error;
  for (std::size_t r = 0; r < 2 * h; ++r) {
    const std::size_t at = r / h * d / 2;
    add(error, row_of(y, r, d), ref::rope(row_of(x, r, d), doubles(cosine, at, d / 2), doubles(sine, at, d / 2)));
  }
  CHECK(error.value() < bf16_limit);
}

TEST_CASE("SwiGLU of narrow rows and of gates so large that their exponential overflows") {
  const auto [tokens, width] = GENERATE(std::pair{1, 8}, std::pair{5, 1000}, std::pair{300, 16});
  const auto n = static_cast<std::size_t>(tokens), w = static_cast<std::size_t>(width);
  Bits x = random_bits(n * 2 * w, 7, 4);
  const Bits dy = random_bits(n * w, 8);
  x[0] = to_bf16(-120);  // exp(120) is infinite in fp32
  x[1] = to_bf16(120);
  Bits y(n * w, poison), dx(n * 2 * w, poison);
  k::swiglu_forward(nullptr, tokens, width, y.data(), x.data());
  k::swiglu_backward(nullptr, tokens, width, dx.data(), dy.data(), x.data());
  ref::ErrorNorm forward, backward;
  for (std::size_t r = 0; r < n; ++r) {
    add(forward, row_of(y, r, w), ref::swiglu(row_of(x, r, 2 * w)));
    add(backward, row_of(dx, r, 2 * w), ref::swiglu_gradient(row_of(x, r, 2 * w), row_of(dy, r, w)));
  }
  CHECK(forward.value() < bf16_limit);
  CHECK(backward.value() < bf16_limit);
  CHECK(ref::from_bf16(y[0]) == 0);
}

TEST_CASE("casts of zeros, of the largest numbers and of denormal blocks have finite scales") {
  constexpr std::size_t columns = 128, rows = 128;
  Bits x = random_bits(rows * columns, 9);
  for (std::size_t c = 0; c < columns; ++c) {
    x[0 * columns + c] = 0;
    x[1 * columns + c] = to_bf16(c % 2 == 0 ? 3e38f : -1e38f);
    x[2 * columns + c] = to_bf16(1e-38f);
  }
  Bytes y(x.size(), 0xff), again(x.size(), 0xff), transposed(x.size(), 0xff), blocks(x.size(), 0xff);
  Floats scales(rows, NAN), scales2(rows, NAN), scales_t(columns, NAN), block_scale(1, NAN);
  k::cast_rows(nullptr, rows, columns, y.data(), scales.data(), x.data());
  k::cast_transpose(nullptr, rows, columns, again.data(), scales2.data(), transposed.data(), scales_t.data(), x.data());
  k::cast_blocks(nullptr, rows, columns, blocks.data(), block_scale.data(), x.data());
  for (const float s : scales) CHECK((std::isfinite(s) && s > 0));
  for (const float s : scales_t) CHECK((std::isfinite(s) && s > 0));
  CHECK(block_scale[0] == Approx(ref::from_bf16(to_bf16(3e38f)) / 448));
  CHECK(again == y);
  for (std::size_t c = 0; c < columns; ++c) CHECK(ref::from_e4m3(y[c]) == 0);
  CHECK(ref::from_e4m3(y[columns]) == 448);
  CHECK(ref::from_e4m3(y[columns + 1]) == Approx(-448.0 / 3).epsilon(1.0 / 16));
  for (std::size_t r = 3; r < rows; ++r) {
    ref::ErrorNorm error;  // no row is spoilt by another one's size
    for (std::size_t c = 0; c < columns; ++c)
      error.add(ref::from_e4m3(y[r * columns + c]) * static_cast<double>(scales[r]),
                ref::from_bf16(x[r * columns + c]));
    CHECK(error.value() < 0.05);
  }
}

TEST_CASE("the router breaks ties in favour of the first expert, as its reference does") {
  const k::Router shape = GENERATE(k::Router{5, 256, 8, 8, 4}, k::Router{5, 160, 6, 8, 3}, k::Router{5, 64, 6, 0, 0},
                                   k::Router{1, 8, 1, 0, 0}, k::Router{6, 32, 8, 0, 0}, k::Router{5, 128, 8, 4, 1});
  const auto experts = static_cast<std::size_t>(shape.experts), top = static_cast<std::size_t>(shape.top_k),
             tokens = static_cast<std::size_t>(shape.tokens);
  // Few different values, so that most choices and most groups tie; the first token has but one.
  std::mt19937 engine(10);
  Floats logits(tokens * experts, 0.5f);
  for (std::size_t i = experts; i < logits.size(); ++i) logits[i] = 0.25f * static_cast<float>(engine() % 3);
  std::vector<int> chosen(tokens * top, -1);
  Floats weights(tokens * top, NAN);
  k::route(nullptr, shape, chosen.data(), weights.data(), logits.data());
  for (std::size_t t = 0; t < tokens; ++t) {
    const ref::Choice expected =
        ref::route(doubles(logits, t * experts, experts), shape.top_k, shape.groups, shape.group_limit);
    for (std::size_t j = 0; j < top; ++j) {
      INFO(shape.experts << " experts, token " << t << " choice " << j);
      CHECK(chosen[t * top + j] == expected.experts[j]);
      CHECK(weights[t * top + j] == Approx(expected.weights[j]).epsilon(1e-5));
    }
  }
}

TEST_CASE("the router's softmax survives logits whose exponential overflows") {
  Floats logits(8, 0);
  logits[3] = 200;
  logits[6] = 199;
  std::vector<int> chosen(2, -1);
  Floats weights(2, NAN);
  k::route(nullptr, {1, 8, 2, 0, 0}, chosen.data(), weights.data(), logits.data());
  CHECK(chosen == std::vector<int>{3, 6});
  CHECK(weights[0] == Approx(1 / (1 + std::exp(-1.0))));
}

TEST_CASE("permuting when experts are empty, full to the brim, or take everything") {
  constexpr std::size_t tokens = 300, hidden = 2056;  // wider than a block's first round of pieces
  struct Load {
    int experts, top_k;
    int (*expert)(std::size_t token, std::size_t choice);
  };
  const Load load = GENERATE(Load{256, 1, [](std::size_t, std::size_t) { return 255; }},              // all to the last
                             Load{4, 1, [](std::size_t t, std::size_t) { return t < 128 ? 0 : 2; }},  // 128, 0, 172, 0
                             Load{9, 8, [](std::size_t t, std::size_t j) { return static_cast<int>((t + j) % 9); }});
  const auto top = static_cast<std::size_t>(load.top_k), experts = static_cast<std::size_t>(load.experts);
  std::vector<int> chosen, expected_counts(experts, 0);
  for (std::size_t i = 0; i < tokens * top; ++i) {
    chosen.push_back(load.expert(i / top, i % top));
    ++expected_counts[static_cast<std::size_t>(chosen.back())];
  }
  const Bits x = random_bits(tokens * hidden, 11);
  Bits y((tokens * top + experts * 128) * hidden, poison);
  std::vector<int> rows(tokens * top, -1), ranks(tokens * top, -1), counts(experts, 0), offsets(experts + 1, -1);
  const k::Permute shape{static_cast<int>(tokens), static_cast<int>(hidden), load.experts, load.top_k};
  k::permute(nullptr, shape, y.data(), rows.data(), ranks.data(), counts.data(), offsets.data(), x.data(),
             chosen.data());
  int offset = 0;
  for (std::size_t e = 0; e < experts; ++e) {
    CHECK(offsets[e] == offset);
    offset += (expected_counts[e] + 127) / 128 * 128;
  }
  CHECK(offsets[experts] == offset);
  CHECK(counts == std::vector<int>(experts, 0));
  std::vector<bool> taken(static_cast<std::size_t>(offset), false);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = static_cast<std::size_t>(rows[i]);
    REQUIRE(row < taken.size());
    CHECK_FALSE(taken[row]);
    taken[row] = true;
    CHECK(rows[i] <
          offsets[static_cast<std::size_t>(chosen[i])] + expected_counts[static_cast<std::size_t>(chosen[i])]);
    CHECK(row_of(y, row, hidden) == row_of(x, i / top, hidden));
  }
  // Padding rows are never read: poison there must not reach a token, even with weights.
  const Floats weights(tokens * top, 1.0f / static_cast<float>(load.top_k));
  Bits back(tokens * hidden, poison);
  k::unpermute(nullptr, shape, back.data(), y.data(), rows.data(), weights.data());
  ref::ErrorNorm error;
  for (std::size_t t = 0; t < tokens; ++t) add(error, row_of(back, t, hidden), row_of(x, t, hidden));
  CHECK(error.value() < bf16_limit);
}

TEST_CASE("cross-entropy of one piece, of rows past a block's end, and of logits that overflow") {
  const auto [vocab, scale] = GENERATE(std::pair{8, 4.0f}, std::pair{8200, 8.0f}, std::pair{16400, 300.0f});
  const auto v = static_cast<std::size_t>(vocab);
  const Bits logits = random_bits(2 * v, 13, scale);
  const std::vector<int> targets{0, vocab - 1};
  Floats largest(2, NAN), sum(2, NAN), target_logit(2, NAN);
  Bits gradient(logits.size(), poison);
  const k::CrossEntropy shape{2, vocab, 0};
  k::loss_statistics(nullptr, shape, largest.data(), sum.data(), target_logit.data(), logits.data(), targets.data());
  k::loss_gradient(nullptr, shape, gradient.data(), logits.data(), largest.data(), sum.data(), targets.data(), 1.0f);
  for (std::size_t t = 0; t < 2; ++t) {
    const auto row = row_of(logits, t, v), out = row_of(gradient, t, v);
    const ref::LossRow expected = ref::cross_entropy(row, targets[t], 1.0);
    CHECK(largest[t] == expected.largest);
    CHECK(sum[t] == Approx(expected.sum).epsilon(1e-5));
    ref::ErrorNorm others, target;
    for (std::size_t c = 0; c < v; ++c) {
      (static_cast<int>(c) == targets[t] ? target : others).add(out[c], expected.gradient[c]);
    }
    CHECK(others.value() < bf16_limit);
    CHECK(target.value() < bf16_limit);
  }
}

TEST_CASE("AdamW leaves a weight without gradient to its decay") {
  Floats master(8, 2.0f);
  const Floats gradient(8, 0.0f);
  Bits first(8, 0), second(8, 0), weights(8, poison);
  k::adamw(nullptr, {1e-2f, 0.9f, 0.95f, 1e-8f, 0.1f, 0.1f, 0.05f}, 8, master.data(), weights.data(), first.data(),
           second.data(), gradient.data());
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(master[i] == Approx(2 * (1 - 1e-2 * 0.1)));
    CHECK(weights[i] == to_bf16(master[i]));
  }
  CHECK(first == Bits(8, 0));
  CHECK(second == Bits(8, 0));
}

TEST_CASE("random data and lines of it in every format") {
  constexpr std::int64_t count = 40;
  std::vector<std::uint16_t> half(count), brain(count);
  Bytes eight(count);
  Floats single(count);
  k::fill_random(nullptr, half.data(), k::Format::fp16, count, 1, 3);
  k::fill_random(nullptr, brain.data(), k::Format::bf16, count, 1, 3);
  k::fill_random(nullptr, eight.data(), k::Format::e4m3, count, 1, 3);
  k::fill_random(nullptr, single.data(), k::Format::fp32, count, 1, 3);
  const std::vector<std::int64_t> lines{1, 3};
  const std::vector<std::pair<k::Format, const void*>> all{
      {k::Format::fp16, half.data()}, {k::Format::bf16, brain.data()}, {k::Format::e4m3, eight.data()}};
  for (const auto& [format, data] : all) {
    Floats picked(2 * 5, NAN);
    k::gather(nullptr, picked.data(), data, format, lines.data(), 2, 5, 1, 8);  // columns 1 and 3 of rows of eight
    for (std::size_t i = 0; i < 2; ++i) {
      for (std::size_t j = 0; j < 5; ++j) {
        const double exact = static_cast<double>(single[static_cast<std::size_t>(lines[i]) + 8 * j]);
        CHECK(picked[5 * i + j] == Approx(exact).epsilon(1.0 / 16).margin(2e-3));
      }
    }
  }
}
