// SPDX-License-Identifier: Apache-2.0
// Is each order one training step, and is it the published one?
#include <set>

#include "tests/sim/schedule/support.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::sim::schedule;
using namespace sextant::sim::schedule::test;

TEST_CASE("every schedule runs each pass of each micro-batch once and comes to its end") {
  const auto all = cases({1, 2, 3, 4, 5, 6, 8, 12, 16}, {1, 2, 3, 4, 5, 7, 8, 10, 12, 16, 17, 20, 24, 32, 33, 48});
  std::set<std::string_view> seen;
  for (const Case& c : all) {
    INFO(c.name());
    const Order order = c.row->build(c.shape);
    seen.insert(c.row->name);
    CHECK(order.microbatches == c.shape.microbatches);
    CHECK(coverage_faults(order).empty());
    const auto made = compile(order, Loops::unroll);
    CHECK(std::holds_alternative<Program>(made));
  }
  CHECK(seen.size() == schedules().size());
  CHECK(all.size() > 700);
}

TEST_CASE("coverage names what is missing, twice or out of range") {
  Order order = schedule(ScheduleId::one_f_one_b).build({2, 1, 2, 0});
  order.items[1].pop_back();                    // B1
  order.items[0].push_back(order.items[0][0]);  // F0 again
  order.items[0].push_back({Pass::forward, 1, 0, 0, 0});
  const auto faults = coverage_faults(order);
  REQUIRE(faults.size() == 4);
  CHECK(faults[0] == "stage 0: there is no chunk 1, micro-batch 0");
  CHECK(faults[1] == "stage 0: forward of chunk 0, micro-batch 0 runs 2 times, expected once");
  CHECK(faults[2] == "stage 1: input gradient of chunk 0, micro-batch 1 runs 0 times, expected once");
  CHECK(faults[3] == "stage 1: weight gradient of chunk 0, micro-batch 1 runs 0 times, expected once");
}

TEST_CASE("chunks lie on devices as their schedules say") {
  // Megatron: device 1 of 4 with 2 chunks holds virtual stages 1 and 5.
  CHECK(Layout{4, 2, Placement::loop}.site(1, 1) == Site{0, 5});
  // A V: device 3 of 4 holds the two middle stages, device 0 the first and the last.
  CHECK(Layout{4, 2, Placement::vee}.site(1, 3) == Site{0, 4});
  CHECK(Layout{4, 2, Placement::vee}.site(1, 0) == Site{0, 7});
  // DualPipe: device 1 of 4 holds stage 1 for one direction and stage 2 for the other.
  CHECK(Layout{4, 2, Placement::bidirectional}.site(0, 1) == Site{0, 1});
  CHECK(Layout{4, 2, Placement::bidirectional}.site(1, 1) == Site{1, 2});
  CHECK(Layout{4, 2, Placement::bidirectional}.virtual_stages() == 4);
  for (const Placement placement : {Placement::loop, Placement::vee, Placement::bidirectional}) {
    const Layout layout{6, 2, placement};
    for (int stage = 0; stage < 6; ++stage) {
      for (int chunk = 0; chunk < 2; ++chunk) {
        CHECK(layout.stage_of(layout.site(chunk, stage)) == stage);
        CHECK(layout.chunk_of(layout.site(chunk, stage)) == chunk);
      }
    }
  }
  // The hop at the turn of a V stays on its device.
  const Layout vee{4, 2, Placement::vee};
  CHECK(vee.hop_ends(vee.hop_index({0, 3})).from == 3);
  CHECK(vee.hop_ends(vee.hop_index({0, 3})).to == 3);
}

TEST_CASE("1F1B is Megatron-LM's figure") {
  // 2104.04473, figure 4 (top), shortened to 3 devices and 4 micro-batches.
  const Order order = schedule(ScheduleId::one_f_one_b).build({3, 1, 4, 0});
  CHECK(line(order, 0) == "F0 F1 F2 B0 F3 B1 B2 B3");
  CHECK(line(order, 1) == "F0 F1 B0 F2 B1 F3 B2 B3");
  CHECK(line(order, 2) == "F0 B0 F1 B1 F2 B2 F3 B3");
}

TEST_CASE("interleaved 1F1B follows Megatron-Core's schedule table") {
  // The example in get_schedule_table: PP2 N3 M5 VP2
  //   microbatch_id  | 0 1 2 0 1 2 3 4 3 4
  //   model_chunk_id | 0 0 0 1 1 1 0 0 1 1
  // Device 1 warms up with (2 - 1 - 1) * 2 + (2 - 1) * 3 = 3 forwards, device 0 with 5; backwards take the chunks in
  // reverse.
  const Order order = schedule(ScheduleId::interleaved).build({2, 2, 5, 3});
  CHECK(line(order, 1) ==
        "F0.0 F1.0 F2.0 F0.1 B0.1 F1.1 B1.1 F2.1 B2.1 F3.0 B0.0 F4.0 B1.0 F3.1 B2.0 F4.1 B3.1 B4.1 B3.0 B4.0");
  CHECK(line(order, 0) ==
        "F0.0 F1.0 F2.0 F0.1 F1.1 F2.1 B0.1 F3.0 B1.1 F4.0 B2.1 F3.1 B0.0 F4.1 B1.0 B2.0 B3.1 B4.1 B3.0 B4.0");
}

TEST_CASE("ZB-H1 puts weight gradients off by the stage's number") {
  // 2401.10241, figure 3 (top): the first device runs W right after B, the last only after p - 1 more.
  const Order order = schedule(ScheduleId::zb_h1).build({3, 1, 4, 0});
  CHECK(line(order, 0) == "F0 F1 F2 I0 W0 F3 I1 W1 I2 W2 I3 W3");
  CHECK(line(order, 2) == "F0 I0 F1 I1 F2 I2 W0 F3 I3 W1 W2 W3");
}

TEST_CASE("DualPipe follows the phases of DeepSeek's program") {
  // The README's example: 8 devices, 20 micro-batches, 10 in each direction. Device 0 (half rank 0 of 4):
  // nF0 = 6, nF0F1 = 1, nB1W1F1 = 3, nF0B1F1B0 = 10 - 8 + 0 + 1 = 3, nB1F1B0 = 3, nB1B0 = 1, nWB0 = 3, nW = 1.
  // Micro-batches of the second direction are 10 .. 19; I is a B whose weight gradient waits.
  const Order order = schedule(ScheduleId::dualpipe).build({8, 2, 20, 0});
  CHECK(line(order, 0) ==
        "F0.0 F1.0 F2.0 F3.0 F4.0 F5.0 "
        "F6.0 F10.1 "
        "I10.1 W10.1 F11.1 I11.1 W11.1 F12.1 I12.1 W12.1 F13.1 "
        "F7.0&B13.1 F14.1&B0.0 F8.0&B14.1 F15.1&B1.0 F9.0&B15.1 F16.1&B2.0 "
        "B16.1 F17.1&B3.0 B17.1 F18.1&B4.0 B18.1 F19.1&B5.0 "
        "B19.1 I6.0 "
        "W6.0 I7.0 W7.0 I8.0 W8.0 I9.0 "
        "W9.0");
  // Device 3 (half rank 3), where the directions meet: nF0F1 = 4, nF0B1F1B0 = 6 whose first pair is not overlapped,
  // nB1B0 = 4 (its second half puts weight gradients off), nW = 4.
  CHECK(line(order, 3) ==
        "F0.0 F10.1 F1.0 F11.1 F2.0 F12.1 F3.0 F13.1 "
        "F4.0 B10.1 F14.1&B0.0 F5.0&B11.1 F15.1&B1.0 F6.0&B12.1 F16.1&B2.0 F7.0&B13.1 F17.1&B3.0 "
        "F8.0&B14.1 F18.1&B4.0 F9.0&B15.1 F19.1&B5.0 "
        "B16.1 B6.0 B17.1 B7.0 I18.1 I8.0 I19.1 I9.0 "
        "W18.1 W8.0 W19.1 W9.0");
}

TEST_CASE("devices of DualPipe mirror each other") {
  const Order order = schedule(ScheduleId::dualpipe).build({6, 2, 18, 0});
  for (std::size_t stage = 0; stage < 6; ++stage) {
    const auto& here = order.items[stage];
    const auto& there = order.items[5 - stage];
    REQUIRE(here.size() == there.size());
    for (std::size_t i = 0; i < here.size(); ++i) {
      CHECK(here[i].pass == there[i].pass);
      CHECK(here[i].chunk == 1 - there[i].chunk);
      CHECK(here[i].microbatch == there[i].microbatch);
    }
  }
}

TEST_CASE("schedules refuse what their programs refuse") {
  const auto refusal = [](ScheduleId id, Shape shape) { return schedule(id).refusal(shape); };
  CHECK(refusal(ScheduleId::dualpipe, {7, 2, 20, 0}) == "DualPipe needs an even pp, has 7");
  CHECK(refusal(ScheduleId::dualpipe, {8, 2, 14, 0}) == "DualPipe needs at least 2 pp = 16 micro-batches, has 14");
  CHECK(refusal(ScheduleId::dualpipe, {8, 2, 17, 0}) == "DualPipe needs an even number of micro-batches, has 17");
  CHECK(refusal(ScheduleId::dualpipe_v, {8, 2, 15, 0}) == "DualPipeV needs at least 2 pp = 16 micro-batches, has 15");
  CHECK(refusal(ScheduleId::one_f_one_b, {4, 2, 8, 0}) == "this schedule has 1 model chunk on a device, vp is 2");
  CHECK(refusal(ScheduleId::interleaved, {4, 2, 3, 0}) == "interleaving needs at least pp = 4 micro-batches, has 3");
  // Megatron-Core: M % N must be 0 or at least pp.
  CHECK(refusal(ScheduleId::interleaved, {4, 2, 10, 4}) ==
        "10 micro-batches in groups of 4 leave 2, which is neither 0 nor at least pp = 4");
  CHECK(refusal(ScheduleId::interleaved, {4, 2, 10, 5}).empty());
  CHECK(refusal(ScheduleId::interleaved, {4, 2, 10, 6}).empty());
  CHECK_FALSE(refusal(ScheduleId::gpipe, {0, 1, 1, 0}).empty());
  CHECK_FALSE(refusal(ScheduleId::gpipe, {4, 1, 65536, 0}).empty());
  CHECK_FALSE(refusal(ScheduleId::interleaved, {4096, 2, 8192, 0}).empty());
  // What repeats need not be laid out; what does not must fit.
  CHECK(refusal(ScheduleId::one_f_one_b, {512, 1, 65535, 0}).empty());
  CHECK_FALSE(refusal(ScheduleId::gpipe, {512, 1, 65535, 0}).empty());
}

TEST_CASE("names of schedules as people write them") {
  CHECK(find_schedule("1F1B")->id == ScheduleId::one_f_one_b);
  CHECK(find_schedule("Interleaved1F1B")->id == ScheduleId::interleaved);  // torchtitan
  CHECK(find_schedule("ZBVZeroBubble")->id == ScheduleId::zbv);            // torchtitan
  CHECK(find_schedule("DualPipeV")->id == ScheduleId::dualpipe_v);
  CHECK(find_schedule("dualpipe-v")->id == ScheduleId::dualpipe_v);
  CHECK(find_schedule("ZB1P")->id == ScheduleId::zb_h1);
  CHECK(find_schedule("chimera") == nullptr);
  CHECK(find_schedule("") == nullptr);
  for (const Schedule& row : schedules()) CHECK(&schedule(row.id) == &row);
}
