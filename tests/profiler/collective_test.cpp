// SPDX-License-Identifier: Apache-2.0
// Collectives through an NCCL that is the host's: whose buffer goes where, and what a rank ends up with.
#include <memory>

#include "profiler/core/measurer.hpp"
#include "tests/profiler/fake_cuda.hpp"
#include "tests/profiler/fake_libraries.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::profile;

namespace {

Case collective(KernelFamily family) {
  Case c;
  c.family = family;
  c.dtype = KernelDtype::bf16;
  c.axes = {{KernelAxis::bytes, 24576}};
  return c;
}
constexpr KernelFamily families[] = {KernelFamily::all_reduce, KernelFamily::all_gather, KernelFamily::reduce_scatter,
                                     KernelFamily::all_to_all};

/// Devices that are there until the end of the scope.
struct Devices {
  explicit Devices(int count) { test::set_devices(count); }
  ~Devices() { test::set_devices(1); }
};

}  // namespace

TEST_CASE("collectives among three devices agree with what all ranks put in, from whichever device they are measured") {
  const Devices three(3);
  for (const int device : {0, 2}) {
    MeasureOptions options;
    options.device = device;
    options.limits.max_seconds = 1e-3;
    options.limits.min_samples = 6;
    std::string why;
    const auto gpu = open_measurer(options, why);
    REQUIRE(gpu != nullptr);
    const int before = test::allocations_held();
    for (const KernelFamily family : families) {
      const Case c = collective(family);
      INFO(c.name() << " seen from device " << device);
      const auto result = gpu->measure(c);
      if (const auto* missing = std::get_if<NotMeasured>(&result)) FAIL(missing->why);
      const Sample& s = std::get<Sample>(result);
      CHECK(s.note.find("3 GPUs") != std::string::npos);
      CHECK(s.bytes == 24576);
      CHECK(test::allocations_held() == before);
    }
  }
}

TEST_CASE("one device has no collectives, nor has a machine without NCCL, and both say so") {
  std::string fault;
  const auto why = [](Measurer& gpu) {
    const auto result = gpu.measure(collective(KernelFamily::all_reduce));
    return std::holds_alternative<NotMeasured>(result) ? std::get<NotMeasured>(result).why : "";
  };
  CHECK(why(*open_measurer({}, fault)).find("one GPU") != std::string::npos);
  const Devices two(2);
  test::install("libnccl", false);
  CHECK(why(*open_measurer({}, fault)).find("libnccl is not found") != std::string::npos);
  test::install("libnccl", true);
}
