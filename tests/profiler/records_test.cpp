// SPDX-License-Identifier: Apache-2.0
// CUPTI's activity records, built as its headers lay them out, through the code that reads them inside recorded
// programs.
#include <sstream>

#include "profiler/cuda/repetitions.hpp"
#include "profiler/record/event_writer.hpp"
#include "profiler/trace/event_file.hpp"
#include "profiler/trace/summarise.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::profile;

namespace {

ActivityKernel kernel(const char* name, std::uint64_t start, std::uint64_t end, std::uint32_t stream,
                      std::uint32_t correlation) {
  ActivityKernel k{};
  k.kind = CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL;
  k.name = name;
  k.start = start;
  k.end = end;
  k.streamId = stream;
  k.correlationId = correlation;
  k.gridX = 132;
  k.gridY = 2;
  k.gridZ = 1;
  k.registersPerThread = 168;
  return k;
}

CUpti_ActivityAPI call(std::uint32_t correlation, std::uint32_t thread, std::uint64_t start) {
  CUpti_ActivityAPI c{};
  c.kind = CUPTI_ACTIVITY_KIND_RUNTIME;
  c.correlationId = correlation;
  c.threadId = thread;
  c.start = start;
  c.end = start + 10;
  return c;
}

CUpti_ActivityMarker2 marker(CUpti_ActivityFlag flag, std::uint32_t id, const char* name, std::uint32_t thread,
                             std::uint64_t at) {
  CUpti_ActivityMarker2 m{};
  m.kind = CUPTI_ACTIVITY_KIND_MARKER;
  m.flags = flag;
  m.id = id;
  m.name = name;
  m.timestamp = at;
  m.objectKind = CUPTI_ACTIVITY_OBJECT_THREAD;
  m.objectId.pt.threadId = thread;
  return m;
}

template <class R>
const CUpti_Activity& as_activity(const R& record) {
  return reinterpret_cast<const CUpti_Activity&>(record);
}

}  // namespace

TEST_CASE("activity records become an event list that reads back as a recording") {
  std::stringstream list;
  EventWriter writer(list);
  writer.device("NVIDIA H100 80GB HBM3");
  const auto open = marker(CUPTI_ACTIVITY_FLAG_MARKER_START, 7, "layer\n1", 42, 90);
  const auto close = marker(CUPTI_ACTIVITY_FLAG_MARKER_END, 7, nullptr, 42, 200);
  const auto launch = call(501, 42, 100);
  const auto gemm = kernel("sm90_xmma_gemm_bf16", 1000, 3000, 7, 501);
  const auto nccl = kernel("ncclDevKernel_AllReduce_Sum_bf16_RING_LL", 2000, 4000, 9, 502);
  CUpti_ActivityMemset4 fill{};
  fill.kind = CUPTI_ACTIVITY_KIND_MEMSET;
  fill.start = 4000;
  fill.end = 4100;
  fill.streamId = 7;
  fill.bytes = 64;
  writer.take(as_activity(open));
  writer.take(as_activity(launch));
  writer.take(as_activity(gemm));
  writer.take(as_activity(close));
  writer.take(as_activity(nccl));
  writer.take(as_activity(fill));
  writer.dropped(2);

  std::string fault;
  auto trace = read_events(list, fault);
  INFO(fault << " in " << list.str());
  REQUIRE(trace.has_value());
  CHECK(trace->dropped == 2);
  REQUIRE(trace->events.size() == 3);
  CHECK(trace->events[0].grid == std::array<int, 3>{132, 2, 1});
  CHECK(trace->events[2].activity == Activity::fill);
  const Recording r = summarise(*trace, clip(*trace), 10);
  CHECK(r.overlapped_s == Approx(1000e-9));
  REQUIRE(r.ranges.size() == 1);
  CHECK(r.ranges[0].name == "layer 1");
  CHECK(r.ranges[0].total_s == Approx(2000e-9));
}

TEST_CASE("kernel records of equal calls add up to one time for each") {
  std::vector<KernelRecord> two_calls;
  for (const std::uint64_t start : {1000ull, 5000ull}) {
    two_calls.push_back({start, start + 300, "split_k_gemm", 132, 168});
    two_calls.push_back({start + 400, start + 500, "reduce", 64, 32});
  }
  const std::vector<double> times = times_per_repetition(two_calls, 2);
  REQUIRE(times.size() == 2);
  CHECK(times[0] == Approx(400e-9));  // the gap between the two kernels is not work
  // A lost record must not shift kernels from one call into the next.
  two_calls.erase(two_calls.begin() + 1);
  CHECK(times_per_repetition(two_calls, 2).empty());
  two_calls.erase(two_calls.begin());
  CHECK(times_per_repetition(two_calls, 2).empty());
  CHECK(times_per_repetition({}, 2).empty());
}

TEST_CASE("a kernel record keeps what a sample shows of it") {
  const auto k = kernel("nvjet_hsh_128x256", 10, 30, 7, 1);
  const KernelRecord r = kernel_record(as_kernel(as_activity(k)));
  CHECK(r.grid == 264);
  CHECK(r.registers == 168);
  CHECK(r.end_ns - r.start_ns == 20);
  CHECK(is_kernel(as_activity(k)));
}

TEST_CASE("what events see beside the kernels is taken off their time") {
  // Two calls of two kernels: 30 + 10 ns with a gap of 5, then 20 + 20 of which 4 overlap.
  const std::vector<KernelRecord> kernels{
      {100, 130, "a", 1, 1}, {135, 145, "b", 1, 1}, {200, 220, "a", 1, 1}, {216, 236, "b", 1, 1}};
  const auto sums = times_per_repetition(kernels, 2), gaps = gaps_per_repetition(kernels, 2);
  REQUIRE(gaps.size() == 2);
  CHECK(sums[0] == Approx(40e-9));
  CHECK(gaps[0] == Approx(5e-9));
  CHECK(gaps[1] == Approx(-4e-9));
  CHECK(gaps_per_repetition(kernels, 3).empty());
}

TEST_CASE("the cache is emptied for as long as the host needs to queue the calls") {
  constexpr double flush_s = 40e-6;  // 100 MB at 2.5 TB/s
  CHECK(flushes_for(1, flush_s) == 1);
  CHECK(flushes_for(100, flush_s) * flush_s >= 100 * 10e-6);
  CHECK(flushes_for(100, flush_s) < 40);
  CHECK(flushes_for(1000000, flush_s) < 1000);  // never without end
  CHECK(flushes_for(3, 0) >= 1);
}
