// SPDX-License-Identifier: Apache-2.0
// Our kernels, run on the host thread by thread, against their float64 references. Odd sizes on purpose: the last row,
// the last block and the last piece are where indexing goes wrong.
#include "profiler/cuda/kernels/kernels.hpp"

#include <cmath>
#include <random>
#include <set>
#include <vector>

#include "tests/profiler/kernel_values.hpp"

namespace k = sextant::profile::kernels;
namespace ref = sextant::profile::reference;

using namespace sextant::profile::test;

TEST_CASE("RMSNorm and its gradient") {
  const auto [tokens, hidden] = GENERATE(std::pair{5, 256}, std::pair{3, 1000}, std::pair{9, 7168});
  const auto n = static_cast<std::size_t>(tokens), h = static_cast<std::size_t>(hidden);
  const Bits x = random_bits(n * h, 1), gamma = random_bits(h, 2, 2), dy = random_bits(n * h, 3);
  Bits y(n * h, poison), dx(n * h, poison);
  Floats rstd(n, NAN), dgamma(h, NAN);
  constexpr int sms = 2;
  Floats partial(static_cast<std::size_t>(k::rms_norm_partials(hidden, sms)) * h, NAN);
  const k::RmsNorm shape{tokens, hidden, 1e-6f};
  k::rms_norm_forward(nullptr, shape, y.data(), rstd.data(), x.data(), gamma.data());
  k::rms_norm_backward(nullptr, shape, sms, dx.data(), dgamma.data(), partial.data(), dy.data(), x.data(), gamma.data(),
                       rstd.data());
  const std::vector<double> g = row_of(gamma, 0, h);
  ref::ErrorNorm forward, backward, gain;
  std::vector<double> expected_dgamma(h, 0);
  for (std::size_t r = 0; r < n; ++r) {
    const auto in = row_of(x, r, h), grad = row_of(dy, r, h);
    const ref::NormRow expected = ref::rms_norm(in, g, 1e-6);
    CHECK(rstd[r] == Approx(expected.rstd).epsilon(1e-5));
    add(forward, row_of(y, r, h), expected.y);
    add(backward, row_of(dx, r, h), ref::rms_norm_gradient(in, g, grad, 1e-6));
    for (std::size_t c = 0; c < h; ++c) expected_dgamma[c] += grad[c] * in[c] * expected.rstd;
  }
  add(gain, doubles(dgamma, 0, h), expected_dgamma);
  CHECK(forward.value() < bf16_limit);
  CHECK(backward.value() < bf16_limit);
  CHECK(gain.value() < 1e-5);
}

TEST_CASE("RoPE turns each pair by its angle") {
  const auto [heads, dim] = GENERATE(std::pair{5, 128}, std::pair{33, 64}, std::pair{1, 16});
  constexpr int tokens = 3;
  const auto d = static_cast<std::size_t>(dim), h = static_cast<std::size_t>(heads);
  const Bits x = random_bits(tokens * h * d, 4);
  Bits y(x.size(), poison);
  Floats cosine, sine;
  for (int t = 0; t < tokens; ++t) {
    for (int i = 0; i < dim / 2; ++i) {
      const double angle = t * std::pow(10000.0, -2.0 * i / dim);
      cosine.push_back(static_cast<float>(std::cos(angle)));
      sine.push_back(static_cast<float>(std::sin(angle)));
    }
  }
  k::rope(nullptr, tokens, heads, dim, y.data(), x.data(), cosine.data(), sine.data());
  ref::ErrorNorm error;
  for (std::size_t r = 0; r < tokens * h; ++r) {
    const std::size_t at = r / h * d / 2;
    add(error, row_of(y, r, d), ref::rope(row_of(x, r, d), doubles(cosine, at, d / 2), doubles(sine, at, d / 2)));
  }
  CHECK(error.value() < bf16_limit);
}

TEST_CASE("SwiGLU, its gradient, and its product cast to FP8") {
  constexpr int tokens = 7, width = 384;
  const Bits x = random_bits(tokens * 2 * width, 5, 4), dy = random_bits(tokens * width, 6);
  Bits y(tokens * width, poison), dx(tokens * 2 * width, poison);
  Bytes cast(tokens * width, 0xff);
  Floats scales(tokens * width / 128, NAN);
  k::swiglu_forward(nullptr, tokens, width, y.data(), x.data());
  k::swiglu_backward(nullptr, tokens, width, dx.data(), dy.data(), x.data());
  k::swiglu_cast(nullptr, tokens, width, cast.data(), scales.data(), x.data());
  ref::ErrorNorm forward, backward, quantised;
  for (std::size_t r = 0; r < tokens; ++r) {
    const auto in = row_of(x, r, 2 * width);
    const auto expected = ref::swiglu(in);
    add(forward, row_of(y, r, width), expected);
    add(backward, row_of(dx, r, 2 * width), ref::swiglu_gradient(in, row_of(dy, r, width)));
    for (std::size_t c = 0; c < width; ++c) {
      quantised.add(ref::from_e4m3(cast[r * width + c]) * static_cast<double>(scales[c / 128 * tokens + r]),
                    expected[c]);
    }
  }
  CHECK(forward.value() < bf16_limit);
  CHECK(backward.value() < bf16_limit);
  CHECK(quantised.value() < 0.04);  // E4M3 keeps 4 bits: at most 1/16 off, some 2.5 % on average
}

TEST_CASE("FP8 casts keep each block's largest value exactly in reach") {
  constexpr int rows = 256, columns = 384;
  Bits x = random_bits(rows * columns, 7);
  for (std::size_t i = 0; i < x.size(); i += 997)
    x[i] = to_bf16(50.0f);  // outliers, which a scale for all would pay for
  Bytes y(x.size(), 0xff), blocks(x.size(), 0xff), again(x.size(), 0xff), transposed(x.size(), 0xff);
  Floats scales(x.size() / 128, NAN), block_scales(rows / 128 * columns / 128, NAN), scales2(x.size() / 128, NAN),
      scales_t(x.size() / 128, NAN);
  k::cast_rows(nullptr, rows, columns, y.data(), scales.data(), x.data());
  k::cast_blocks(nullptr, rows, columns, blocks.data(), block_scales.data(), x.data());
  k::cast_transpose(nullptr, rows, columns, again.data(), scales2.data(), transposed.data(), scales_t.data(), x.data());
  CHECK(again == y);
  CHECK(scales2 == scales);
  ref::ErrorNorm by_row, by_block, by_column;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      const double expected = ref::from_bf16(x[r * columns + c]);
      by_row.add(ref::from_e4m3(y[r * columns + c]) * static_cast<double>(scales[c / 128 * rows + r]), expected);
      by_block.add(ref::from_e4m3(blocks[r * columns + c]) *
                       static_cast<double>(block_scales[r / 128 * (columns / 128) + c / 128]),
                   expected);
      by_column.add(ref::from_e4m3(transposed[c * rows + r]) * static_cast<double>(scales_t[r / 128 * columns + c]),
                    expected);
    }
  }
  CHECK(by_row.value() < 0.04);
  CHECK(by_block.value() < 0.04);
  CHECK(by_column.value() < 0.04);
  // the block that holds 50 has scale 50 / 448
  CHECK(*std::max_element(scales.begin(), scales.end()) == Approx(50.0 / 448));
}

TEST_CASE("casts of a row count that fills no block") {
  constexpr int rows = 67, columns = 128;
  const Bits x = random_bits(rows * columns, 8);
  Bytes y(x.size(), 0xff);
  Floats scales(rows, NAN);
  k::cast_rows(nullptr, rows, columns, y.data(), scales.data(), x.data());
  ref::ErrorNorm error;
  for (std::size_t i = 0; i < x.size(); ++i)
    error.add(ref::from_e4m3(y[i]) * static_cast<double>(scales[i / columns]), ref::from_bf16(x[i]));
  CHECK(error.value() < 0.04);
}

TEST_CASE("the router picks the reference's experts with its weights") {
  const k::Router shape = GENERATE(k::Router{37, 256, 8, 8, 4}, k::Router{37, 160, 6, 8, 3}, k::Router{37, 8, 2, 0, 0},
                                   k::Router{37, 128, 8, 0, 0});
  const auto experts = static_cast<std::size_t>(shape.experts), top = static_cast<std::size_t>(shape.top_k);
  const Floats logits = random_floats(37 * experts, 9, -4, 4);
  std::vector<int> chosen(37 * top, -1);
  Floats weights(37 * top, NAN);
  k::route(nullptr, shape, chosen.data(), weights.data(), logits.data());
  for (std::size_t t = 0; t < 37; ++t) {
    const ref::Choice expected =
        ref::route(doubles(logits, t * experts, experts), shape.top_k, shape.groups, shape.group_limit);
    for (std::size_t j = 0; j < top; ++j) {
      INFO("token " << t << " choice " << j);
      CHECK(chosen[t * top + j] == expected.experts[j]);
      CHECK(weights[t * top + j] == Approx(expected.weights[j]).epsilon(1e-5));
    }
  }
}

TEST_CASE("permuting puts each token once for each expert that chose it, unpermuting adds them up") {
  const k::Permute shape = GENERATE(k::Permute{70, 64, 8, 2}, k::Permute{33, 1024, 64, 6}, k::Permute{600, 8, 3, 1});
  const auto tokens = static_cast<std::size_t>(shape.tokens), top = static_cast<std::size_t>(shape.top_k),
             h = static_cast<std::size_t>(shape.hidden);
  const auto experts = static_cast<std::size_t>(shape.experts);
  std::mt19937 engine(10);
  std::vector<int> chosen;
  for (std::size_t t = 0; t < tokens; ++t) {
    std::set<int> mine;
    while (mine.size() < top) mine.insert(static_cast<int>(engine() % experts));
    chosen.insert(chosen.end(), mine.begin(), mine.end());
  }
  const Bits x = random_bits(tokens * h, 11);
  Bits y((tokens * top + experts * 128) * h, poison);
  std::vector<int> rows(tokens * top, -1), ranks(tokens * top, -1), counts(experts, 0), offsets(experts + 1, -1);
  for (int call = 0; call < 2; ++call) {  // the second must find the counts at zero
    k::permute(nullptr, shape, y.data(), rows.data(), ranks.data(), counts.data(), offsets.data(), x.data(),
               chosen.data());
  }
  CHECK(std::set<int>(rows.begin(), rows.end()).size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto expert = static_cast<std::size_t>(chosen[i]);
    CHECK(offsets[expert] % 128 == 0);
    CHECK(rows[i] >= offsets[expert]);
    CHECK(rows[i] < offsets[expert + 1]);
    CHECK(row_of(y, static_cast<std::size_t>(rows[i]), h) == row_of(x, i / top, h));
  }
  const Floats weights = random_floats(tokens * top, 12, 0, 1);
  Bits back(tokens * h, poison);
  k::unpermute(nullptr, shape, back.data(), y.data(), rows.data(), weights.data());
  ref::ErrorNorm error;
  for (std::size_t t = 0; t < tokens; ++t) {
    double sum = 0;
    for (std::size_t j = 0; j < top; ++j) sum += static_cast<double>(weights[t * top + j]);
    for (std::size_t c = 0; c < h; ++c) error.add(ref::from_bf16(back[t * h + c]), sum * ref::from_bf16(x[t * h + c]));
  }
  CHECK(error.value() < bf16_limit);
}

TEST_CASE("cross-entropy over a shard of the vocabulary") {
  constexpr int tokens = 4, vocab = 4104, first = 4104;  // the second shard of two
  const Bits logits = random_bits(tokens * vocab, 13, 8);
  const std::vector<int> targets{4104, 8207, 17,
                                 6000};  // first and last word of the shard, one of the other shard, one inside
  Floats largest(tokens, NAN), sum(tokens, NAN), target_logit(tokens, NAN);
  Bits gradient(logits.size(), poison);
  const k::CrossEntropy shape{tokens, vocab, first};
  k::loss_statistics(nullptr, shape, largest.data(), sum.data(), target_logit.data(), logits.data(), targets.data());
  k::loss_gradient(nullptr, shape, gradient.data(), logits.data(), largest.data(), sum.data(), targets.data(), 0.25f);
  ref::ErrorNorm error;
  for (std::size_t t = 0; t < tokens; ++t) {
    const auto row = row_of(logits, t, vocab);
    const ref::LossRow expected = ref::cross_entropy(row, targets[t] - first, 0.25);
    CHECK(largest[t] == expected.largest);
    CHECK(sum[t] == Approx(expected.sum).epsilon(1e-5));
    const int local = targets[t] - first;
    CHECK(target_logit[t] == (local >= 0 && local < vocab ? row[static_cast<std::size_t>(local)] : 0));
    add(error, row_of(gradient, t, vocab), expected.gradient);
  }
  CHECK(error.value() < bf16_limit);
}

TEST_CASE("AdamW moves master weights and moments") {
  constexpr std::size_t count = 3000;
  Floats master = random_floats(count, 14, -1, 1), gradient = random_floats(count, 15, -1, 1);
  Bits first = random_bits(count, 16), second(count), weights(count, poison);
  for (std::size_t i = 0; i < count; ++i) second[i] = to_bf16(0.5f + 0.5f * master[i] * master[i]);
  const Floats old_master = master;
  const Bits old_first = first, old_second = second;
  const k::AdamW p{1e-3f, 0.9f, 0.95f, 1e-8f, 0.1f, 0.271f, 0.142625f};  // corrections at step 3
  k::adamw(nullptr, p, count, master.data(), weights.data(), first.data(), second.data(), gradient.data());
  ref::ErrorNorm master_error, moments, copy;
  for (std::size_t i = 0; i < count; ++i) {
    const ref::AdamState expected =
        ref::adamw({old_master[i], ref::from_bf16(old_first[i]), ref::from_bf16(old_second[i])}, gradient[i], 1e-3, 0.9,
                   0.95, 1e-8, 0.1, 0.271, 0.142625);
    master_error.add(static_cast<double>(master[i]), expected.weight);
    moments.add(ref::from_bf16(first[i]), expected.first);
    moments.add(ref::from_bf16(second[i]), expected.second);
    copy.add(ref::from_bf16(weights[i]), expected.weight);
  }
  CHECK(master_error.value() < 1e-6);
  CHECK(moments.value() < bf16_limit);
  CHECK(copy.value() < bf16_limit);
}

TEST_CASE("copies, triads and random data") {
  constexpr std::size_t count = 5000;
  const Floats b = random_floats(count, 17, -1, 1), c = random_floats(count, 18, -1, 1);
  Floats a(count, NAN), copied(count, NAN);
  k::copy(nullptr, copied.data(), b.data(), count * 4);
  k::triad(nullptr, a.data(), b.data(), c.data(), 3.0f, count);
  CHECK(copied == b);
  for (std::size_t i = 0; i < count; ++i) CHECK(a[i] == Approx(b[i] + 3.0f * c[i]));

  Bits drawn(count, poison);
  k::fill_random(nullptr, drawn.data(), k::Format::bf16, count, 2.0f, 42);
  double mean = 0, largest = 0;
  for (const auto bits : drawn) {
    mean += ref::from_bf16(bits) / count;
    largest = std::max(largest, std::abs(ref::from_bf16(bits)));
  }
  // uniform in (-2, 2): standard error of the mean 2 / sqrt(3) / sqrt(5000) = 0.016
  CHECK(std::abs(mean) < 0.05);
  CHECK(largest <= 2);
  CHECK(largest > 1.99);

  const std::vector<std::int64_t> lines{3, 0};
  Floats picked(2 * 10, NAN);
  k::gather(nullptr, picked.data(), b.data(), k::Format::fp32, lines.data(), 2, 10, 100, 5);
  CHECK(picked[1] == b[305]);
  CHECK(picked[19] == b[45]);
}

TEST_CASE("narrow formats decode as their standards say") {
  CHECK(ref::from_bf16(0x3f80) == 1);
  CHECK(ref::from_fp16(0x3c00) == 1);
  CHECK(ref::from_fp16(0x0001) == std::ldexp(1.0, -24));  // the smallest subnormal
  CHECK(ref::from_e4m3(0x7e) == 448);                     // OCP 8-bit floating point: the largest
  CHECK(ref::from_e4m3(0x01) == std::ldexp(1.0, -9));
  CHECK(std::isnan(ref::from_e4m3(0x7f)));
}
