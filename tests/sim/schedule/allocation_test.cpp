// SPDX-License-Identifier: Apache-2.0
// A search runs the executor very often: does a repeated run ask for memory?
#include <cstdlib>
#include <new>

#include "sim/schedule/program_cache.hpp"
#include "tests/sim/schedule/support.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim::schedule;
using namespace sextant::sim::schedule::test;

namespace {
long allocations = 0;
}

// Counts for the whole test program; only differences are looked at. std::stable_sort asks the form that does not
// throw.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
  if (void* p = operator new(size, std::nothrow)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

TEST_CASE("a repeated run allocates nothing") {
  std::mt19937 random(8);
  ProgramCache cache;
  Workspace workspace;
  for (const Case& c : cases({4, 8}, {32})) {
    INFO(c.name());
    const StageCosts costs = random_costs(cache.get(*c.row, c.shape), random);
    const Links links = random_links(c.row->layout(c.shape), random, true);
    const std::vector<ChunkActivation> chunks(static_cast<std::size_t>(c.shape.chunks), {Bytes{1}, Bytes{2}});
    execute(cache.get(*c.row, c.shape), c.shape.microbatches, costs, links, workspace);
    const Activations activations = cache.get(*c.row, c.shape).activations();
    const long before = allocations;
    const Program& program = cache.get(*c.row, c.shape);
    const Seconds makespan = execute(program, c.shape.microbatches, costs, links, workspace).makespan;
    const Bytes bytes = activations.peak_bytes(0, chunks);
    const long after = allocations;
    CHECK(after == before);
    CHECK(makespan > Seconds{});
    CHECK(bytes > Bytes{});
  }
}
