// SPDX-License-Identifier: Apache-2.0
// Does equal work give the idle time and the memory that the papers print?
#include <algorithm>

#include "tests/sim/schedule/support.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim::schedule;
using namespace sextant::sim::schedule::test;

namespace {

/// Idle time of `stage` (-1: the busiest) with equal stages and free hops.
double bubble(ScheduleId id, Shape shape, double f, double b, double w, double pair, int stage = -1) {
  const Program program = unrolled({&schedule(id), shape});
  Workspace workspace;
  const Timeline& t = execute(program, shape.microbatches, equal_costs(program, f, b, w, pair), {}, workspace);
  return stage < 0 ? t.bubble().value() : t.bubble(stage).value();
}

}  // namespace

TEST_CASE("GPipe and 1F1B idle for (p - 1)(F + B + W)") {  // 2104.04473, section 2.2.1
  for (const ScheduleId id : {ScheduleId::gpipe, ScheduleId::one_f_one_b}) {
    for (const int p : {1, 2, 3, 4, 8}) {
      for (const int m : {1, 2, 3, 8, 20}) {
        CHECK(bubble(id, {p, 1, m, 0}, 1.0, 1.25, 0.75, 0) == Approx((p - 1) * 3.0).margin(1e-9));
        CHECK(bubble(id, {p, 1, m, 0}, 0.5, 0.4, 1.7, 0) == Approx((p - 1) * 2.6).margin(1e-9));
      }
    }
  }
}

TEST_CASE("interleaving divides the bubble by v") {  // 2104.04473, section 2.2.2
  for (const int v : {2, 3, 4}) {
    // The device's work for one micro-batch is 3, a chunk's 3/v.
    CHECK(bubble(ScheduleId::interleaved, {4, v, 12, 0}, 1.0 / v, 1.25 / v, 0.75 / v, 0) == Approx(3 * 3.0 / v));
    // Groups that do not divide the micro-batches leave it so, since the last is no shorter than p.
    CHECK(bubble(ScheduleId::interleaved, {4, v, 11, 0}, 1.0 / v, 1.25 / v, 0.75 / v, 0) == Approx(3 * 3.0 / v));
  }
  // Shorter last groups, which Megatron refuses, do "introduce dependency bubbles".
  CHECK(bubble(ScheduleId::interleaved, {4, 2, 9, 4}, 1.0, 1.0, 1.0, 0) > 9.0 + 1.0);
}

TEST_CASE("ZB-H1 idles for (p - 1)(F + B - W)") {  // 2401.10241, table 2
  for (const int p : {2, 4, 8}) {
    for (const int m : {p, 2 * p, 3 * p + 1}) {
      // F = B = W: a third of 1F1B's.
      CHECK(bubble(ScheduleId::zb_h1, {p, 1, m, 0}, 1, 1, 1, 0) == Approx(p - 1));
      // DeepSeek's table writes it (PP - 1)(F + B - 2W) with B the whole backward: 1.0 + (1.2 + 0.7) - 1.4 = 1.5.
      CHECK(bubble(ScheduleId::zb_h1, {p, 1, m, 0}, 1.0, 1.2, 0.7, 0) == Approx((p - 1) * 1.5));
    }
  }
}

TEST_CASE("ZB-V leaves no idle time between a device's first and last item where F = B = W") {  // 2405.15362
  for (const int p : {2, 4, 8}) {
    for (const int m : {2 * p - 1, 2 * p, 4 * p}) {
      const Program program = unrolled({&schedule(ScheduleId::zbv), {p, 2, m, 0}});
      Workspace workspace;
      const Timeline& t = execute(program, m, equal_costs(program, 1, 1, 1, 0), {}, workspace);
      CHECK(t.longest_span().value() == Approx(6.0 * m));
      CHECK(t.bubble().value() == Approx(p - 1));  // devices start one after the other
    }
  }
}

TEST_CASE("DualPipe idles for (PP/2 - 1)(F&B + B - 3W)") {  // 2412.19437, table 2; B is the whole backward
  for (const int p : {2, 4, 8, 16}) {
    for (const int m : {2 * p, 4 * p}) {
      // F = 1, B = 1 + 1, W = 1, nothing gained by overlap: 3 + 2 - 3 = 2.
      CHECK(bubble(ScheduleId::dualpipe, {p, 2, m, 0}, 1, 1, 1, 3) == Approx((p / 2 - 1) * 2.0));
      // F = 1, B = 1 + 0.5, W = 0.5, F&B = 2.1: 2.1 + 1.5 - 1.5 = 2.1, at the devices where the directions meet; the
      // others overlap fewer pairs, work longer and idle less.
      CHECK(bubble(ScheduleId::dualpipe, {p, 2, m, 0}, 1, 1, 0.5, 2.1, p / 2) == Approx((p / 2 - 1) * 2.1));
      CHECK(bubble(ScheduleId::dualpipe, {p, 2, m, 0}, 1, 1, 0.5, 2.1) <= (p / 2 - 1) * 2.1 + 1e-9);
    }
  }
}

TEST_CASE("DualPipeV idles like DualPipe on twice the devices") {  // README of DualPipe: PP stages on PP/2 devices
  for (const int p : {1, 2, 4, 8}) {
    CHECK(bubble(ScheduleId::dualpipe_v, {p, 2, 4 * p, 0}, 1, 1, 1, 3) == Approx((p - 1) * 2.0));
    CHECK(bubble(ScheduleId::dualpipe_v, {p, 2, 2 * p, 0}, 1, 1, 0.5, 2.1, p - 1) == Approx((p - 1) * 2.1));
  }
}

TEST_CASE("the closed forms of the table are what the executor finds") {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> one(0.3, 1.7);
  for (const Case& c : cases({2, 4, 6}, {12, 24})) {
    INFO(c.name());
    for (int i = 0; i < 20; ++i) {
      double f = one(random);
      double b = one(random);
      double w = one(random);
      double pair = (f + b + w) * (0.8 + 0.1 * one(random));
      int stage = -1;
      switch (c.row->id) {
        case ScheduleId::zbv: f = b = w; break;
        case ScheduleId::dualpipe:
        case ScheduleId::dualpipe_v:  // see bubble_formula
          b = f;
          w = std::min(w, b);
          pair = (f + b + w) * 0.95;
          stage = c.row->id == ScheduleId::dualpipe ? c.shape.stages / 2 : c.shape.stages - 1;
          break;
        case ScheduleId::interleaved_overlap: pair = f + b + w; break;
        default: break;
      }
      const EqualCosts equal{Seconds{f}, Seconds{b}, Seconds{w}, Seconds{pair}};
      CHECK(bubble(c.row->id, c.shape, f, b, w, pair, stage) ==
            Approx(c.row->bubble(c.shape, equal).value()).margin(1e-9));
    }
  }
}

TEST_CASE("devices hold as many micro-batches as published") {
  const auto peak = [](ScheduleId id, Shape shape, int stage) {
    return Activations(schedule(id).build(shape)).peak(stage).until_weight_gradient;
  };
  // 1F1B: p - i, never more than there are (2104.04473); GPipe: all.
  for (int i = 0; i < 4; ++i) CHECK(peak(ScheduleId::one_f_one_b, {4, 1, 8, 0}, i) == 4 - i);
  CHECK(peak(ScheduleId::one_f_one_b, {4, 1, 2, 0}, 0) == 2);
  CHECK(peak(ScheduleId::gpipe, {4, 1, 8, 0}, 3) == 8);
  // ZB-H1 holds p everywhere, the most that 1F1B holds (2401.10241, section 3.1).
  for (int i = 0; i < 4; ++i) CHECK(peak(ScheduleId::zb_h1, {4, 1, 8, 0}, i) == 4);
  // ZB-V: 2p half-size chunks, as much as 1F1B's first stage (2405.15362).
  for (int i = 0; i < 4; ++i) CHECK(peak(ScheduleId::zbv, {4, 2, 8, 0}, i) == 8);
  // Megatron's interleaving: first device (v - 1) p + 2 (p - 1) + 1 chunks, 1 + (p - 1)/(p v) of 1F1B's memory
  // (2205.05198, section 4.2.3): p v + p - 1.
  CHECK(peak(ScheduleId::interleaved, {4, 3, 16, 0}, 0) == 15);
  // DualPipe: PP + 1 (2412.19437, table 2), PP being 2p in DualPipeV.
  for (int i = 0; i < 8; ++i) CHECK(peak(ScheduleId::dualpipe, {8, 2, 24, 0}, i) == 9);
  for (int i = 0; i < 4; ++i) CHECK(peak(ScheduleId::dualpipe_v, {4, 2, 24, 0}, i) == 9);
}

TEST_CASE("the table's peaks are those of the orders") {
  for (const Case& c : cases({1, 2, 3, 4, 6, 8}, {1, 2, 3, 5, 8, 12, 16, 17, 24})) {
    INFO(c.name());
    const Activations activations(c.row->build(c.shape));
    for (int stage = 0; stage < c.shape.stages; ++stage) {
      CHECK(activations.peak(stage).until_weight_gradient == c.row->peak_activations(c.shape, stage));
    }
  }
}

TEST_CASE("peak bytes are of one moment") {
  using namespace sextant::literals;
  // ZB-V on 2 devices, 3 micro-batches. Device 0 runs F0.0 F1.0 F2.0 | F0.1 I0.1 W0.1 | F1.1 ...: three of chunk 0 and
  // one of chunk 1 at once, and chunk 1 never has more while chunk 0 has three.
  const Order order = schedule(ScheduleId::zbv).build({2, 2, 3, 0});
  const Activations activations(order);
  CHECK(activations.peak(0, 0).until_weight_gradient == 3);
  CHECK(activations.peak(0, 1).until_weight_gradient == 1);
  const std::vector<ChunkActivation> chunks{{10_B, 100_B}, {1_B, 2_B}};
  CHECK(activations.peak_bytes(0, chunks) == 333_B);
  // ZB-H1's last device frees what only the input gradient needs long before the weight gradient's part: with 3 devices
  // it runs F0 I0 F1 I1 F2 I2 W0 ...: one micro-batch until I, three until W.
  const Activations late(schedule(ScheduleId::zb_h1).build({3, 1, 6, 0}));
  CHECK(late.peak(2, 0) == Held{1, 3});
  CHECK(late.peak_bytes(2, std::vector<ChunkActivation>{{10_B, 1_B}}) == 13_B);
}
