// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/simt/simt.hpp"

#include <ucontext.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <vector>

namespace sextant::profile::simt {

namespace {

constexpr std::size_t stack_bytes = 64 * 1024;
constexpr unsigned warp_size = 32;

struct Fibre {
  ucontext_t context{};
  std::unique_ptr<char[]> stack;
  Index index;
  bool alive = false;
  std::uint64_t barriers = 0;  ///< passed or waited at
  std::uint64_t exchanges = 0;
};

/// Values of one warp's current and previous exchange: a lane is at most one ahead of another.
struct Warp {
  std::array<std::array<std::uint64_t, warp_size>, 2> values{};
};

struct Block {
  std::vector<Fibre> fibres;
  std::vector<Warp> warps;
  ucontext_t scheduler{};
  std::size_t current = 0;
  Index block, extent, grid;
  const std::function<void()>* body = nullptr;
};

/// The block that runs; kernels know no other way to ask for their index than by name.
thread_local Block* running = nullptr;
thread_local std::uint64_t grids = 0;

void to_scheduler() { swapcontext(&running->fibres[running->current].context, &running->scheduler); }

void fibre_main() {
  (*running->body)();
  running->fibres[running->current].alive = false;
  to_scheduler();
}

void start(Fibre& f) {
  getcontext(&f.context);
  f.context.uc_stack.ss_sp = f.stack.get();
  f.context.uc_stack.ss_size = stack_bytes;
  f.context.uc_link = nullptr;
  makecontext(&f.context, fibre_main, 0);
  f.alive = true;
  f.barriers = 0;
  f.exchanges = 0;
}

bool all_at_barrier(std::uint64_t count) {
  for (const Fibre& f : running->fibres) {
    if (f.alive && f.barriers < count) return false;
  }
  return true;
}

bool warp_exchanged(std::size_t first, std::uint64_t count) {
  for (std::size_t i = first; i < std::min(first + warp_size, running->fibres.size()); ++i) {
    if (running->fibres[i].alive && running->fibres[i].exchanges < count) return false;
  }
  return true;
}

void run_block(Block& b) {
  running = &b;
  for (Fibre& f : b.fibres) start(f);
  // A block that is stuck (some threads at a barrier, others at an exchange) would turn for ever.
  constexpr int most_idle_rounds = 100000;
  for (int round = 0;; ++round) {
    bool any = false;
    for (b.current = 0; b.current < b.fibres.size(); ++b.current) {
      if (!b.fibres[b.current].alive) continue;
      any = true;
      swapcontext(&b.scheduler, &b.fibres[b.current].context);
    }
    if (!any) break;
    if (round > most_idle_rounds) throw std::runtime_error("the block does not end: threads wait for each other");
  }
  running = nullptr;
}

}  // namespace

std::uint64_t launches() { return grids; }

const Index& thread_index() { return running->fibres[running->current].index; }
const Index& block_index() { return running->block; }
const Index& block_extent() { return running->extent; }
const Index& grid_extent() { return running->grid; }

unsigned lane() { return static_cast<unsigned>(running->current) % warp_size; }

void barrier() {
  const std::uint64_t mine = ++running->fibres[running->current].barriers;
  while (!all_at_barrier(mine)) to_scheduler();
}

std::uint64_t exchange(std::uint64_t mine, unsigned from_lane) {
  const std::size_t first = running->current / warp_size * warp_size;
  Warp& warp = running->warps[first / warp_size];
  Fibre& f = running->fibres[running->current];
  auto& values = warp.values[f.exchanges % 2];
  values[running->current - first] = mine;
  const std::uint64_t count = ++f.exchanges;
  while (!warp_exchanged(first, count)) to_scheduler();
  return values[from_lane % warp_size];
}

void run(Index grid, Index block, const std::function<void()>& body) {
  ++grids;
  Block b;
  const std::size_t threads = static_cast<std::size_t>(block.x) * block.y * block.z;
  // The limits of every CUDA device since compute capability 3.0.
  if (threads == 0 || threads > 1024 || grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > 0x7fffffffu ||
      grid.y > 65535 || grid.z > 65535) {
    throw std::runtime_error("no device takes this grid");
  }
  b.fibres.resize(threads);
  b.warps.resize((threads + warp_size - 1) / warp_size);
  for (std::size_t i = 0; i < threads; ++i) {
    b.fibres[i].stack = std::make_unique<char[]>(stack_bytes);
    b.fibres[i].index = {static_cast<unsigned>(i % block.x), static_cast<unsigned>(i / block.x % block.y),
                         static_cast<unsigned>(i / block.x / block.y)};
  }
  b.extent = block;
  b.grid = grid;
  b.body = &body;
  for (unsigned z = 0; z < grid.z; ++z) {
    for (unsigned y = 0; y < grid.y; ++y) {
      for (unsigned x = 0; x < grid.x; ++x) {
        b.block = {x, y, z};
        run_block(b);
      }
    }
  }
}

}  // namespace sextant::profile::simt
