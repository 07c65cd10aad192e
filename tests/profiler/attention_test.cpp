// SPDX-License-Identifier: Apache-2.0
// Attention through a cuDNN that is the host's: whether its graph means attention, and what is said where it is
// refused.
#include <algorithm>
#include <cmath>
#include <memory>

#include "profiler/core/measurer.hpp"
#include "profiler/cuda/reference.hpp"
#include "tests/profiler/fake_libraries.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::profile;

namespace {

std::unique_ptr<Measurer> opened() {
  std::string why;
  MeasureOptions options;
  options.limits.max_seconds = 1e-3;
  options.limits.min_samples = 6;
  auto out = open_measurer(options, why);
  INFO(why);
  REQUIRE(out != nullptr);
  return out;
}

Case attention(KernelPass pass, double heads, double kv_heads, double width, double v_width, bool causal = true) {
  Case c;
  c.family = KernelFamily::attention;
  c.dtype = KernelDtype::bf16;
  c.pass = pass;
  c.axes = {{KernelAxis::batch, 2},
            {KernelAxis::seq, 72},
            {KernelAxis::heads, heads},
            {KernelAxis::kv_heads, kv_heads},
            {KernelAxis::head_dim, width},
            {KernelAxis::v_head_dim, v_width},
            {KernelAxis::causal, causal ? 1.0 : 0.0}};
  return c;
}

}  // namespace

TEST_CASE("the float64 attention of one query is what its definition says") {
  using reference::attend;
  // Scores ln 1 and ln 3 weigh two keys 1 : 3.
  const std::vector<double> query{1}, keys{0, std::log(3.0)}, values{8, 0, 0, 4};
  const auto row = attend(query, keys, values, 1);
  CHECK(row.weights[0] == Approx(0.25));
  CHECK(row.logarithm == Approx(std::log(4.0)));
  CHECK(row.output[0] == Approx(2));
  CHECK(row.output[1] == Approx(3));
}

TEST_CASE("its gradient is the difference quotient of the output") {
  const std::vector<double> query{0.3, -0.7}, keys{0.2, 0.9, -0.4, 0.1, 0.8, -0.6}, values{1, -2, 0.5, 3, -1, 0.25},
      d_output{0.6, -0.2};
  const double scale = 0.5, step = 1e-6;
  const auto loss = [&](const std::vector<double>& q) {
    const auto row = reference::attend(q, keys, values, scale);
    return row.output[0] * d_output[0] + row.output[1] * d_output[1];
  };
  const auto d_s =
      reference::attention_gradient(reference::attend(query, keys, values, scale), values, d_output, scale);
  for (std::size_t i = 0; i < 2; ++i) {
    auto more = query, less = query;
    more[i] += step;
    less[i] -= step;
    double gradient = 0;
    for (std::size_t j = 0; j < 3; ++j) gradient += d_s[j] * keys[2 * j + i];
    CHECK(gradient == Approx((loss(more) - loss(less)) / (2 * step)).epsilon(1e-6));
  }
}

TEST_CASE("cuDNN's graph computes attention and its gradients, with own, shared and wider keys, masked and not") {
  const auto gpu = opened();
  struct Shape {
    double heads, kv_heads, width, v_width;
  };
  for (const Shape s : {Shape{4, 4, 64, 64}, Shape{8, 2, 32, 32}, Shape{3, 1, 64, 64}, Shape{2, 2, 192, 128}}) {
    for (const KernelPass pass : {KernelPass::fwd, KernelPass::bwd}) {
      for (const bool causal : {true, false}) {
        const Case c = attention(pass, s.heads, s.kv_heads, s.width, s.v_width, causal);
        INFO(c.name());
        const auto result = gpu->check(c);
        if (const auto* why = std::get_if<NotMeasured>(&result)) FAIL(why->why);
        const Checked& checked = std::get<Checked>(result);
        CHECK(checked.good());
        CHECK(checked.error > 1e-4);  // bf16 rounds to 2^-9; a check that sees none of it compares nothing
      }
    }
  }
}

TEST_CASE("an attention sample tells which cuDNN it is and what counts in its time") {
  const auto gpu = opened();
  CHECK(gpu->software().at("cudnn") == "9.19.0");
  const auto result = gpu->measure(attention(KernelPass::bwd, 4, 2, 32, 32));
  REQUIRE(std::holds_alternative<Sample>(result));
  const Sample& s = std::get<Sample>(result);
  CHECK(s.note.find("9.19.0") != std::string::npos);
  CHECK(s.note.find("zeroed") != std::string::npos);
  CHECK(s.n >= 6);
}

TEST_CASE("a graph that cuDNN refuses is not measured, in cuDNN's words") {
  const auto gpu = opened();
  for (const KernelPass pass : {KernelPass::fwd, KernelPass::bwd}) {
    const auto result = gpu->measure(attention(pass, 2, 2, 320, 320));
    REQUIRE(std::holds_alternative<NotMeasured>(result));
    const std::string& why = std::get<NotMeasured>(result).why;
    INFO(why);
    CHECK(why.find("CUDNN_STATUS_NOT_SUPPORTED") != std::string::npos);
    CHECK(why.find("head_dim should be at most 256") != std::string::npos);
    CHECK(gpu->alive());
  }
}

TEST_CASE("without cuDNN the run goes on and says who measures attention") {
  test::install("libcudnn", false);
  const auto gpu = opened();
  test::install("libcudnn", true);
  const auto lost = gpu->limitations();
  CHECK(std::any_of(lost.begin(), lost.end(),
                    [](const std::string& l) { return l.find("libcudnn is not found") != std::string::npos; }));
  const auto result = gpu->measure(attention(KernelPass::fwd, 2, 2, 64, 64));
  REQUIRE(std::holds_alternative<NotMeasured>(result));
  CHECK(std::get<NotMeasured>(result).why.find("PyTorch") != std::string::npos);
  CHECK(std::holds_alternative<Checked>(gpu->check(small_cases().back())));
}
