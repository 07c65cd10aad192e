// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/in_flight.hpp"

#include <algorithm>
#include <cmath>

#include "sim/workload/stage_layout.hpp"

namespace sextant::sim {

namespace {

/// Megatron's interleaved 1F1B: 2 (p - rank - 1) + (v - 1) p forwards before the first backward, and `more`. They go
/// through the chunks in groups of p micro-batches; what exceeds a round of all chunks begins the next one at chunk 0.
/// On rank 0 these are v p + p - 1 chunks: arXiv:2205.05198's L (1 + (p - 1)/(p v)) layers.
void fill_interleaved(double* chunks, int rank, int p, int v, double more, double microbatches) {
  double left = std::min(2.0 * (p - rank - 1) + (v - 1.0) * p + more, microbatches * v);
  for (int round = 0; left > 0 && round < 3; ++round) {
    for (int c = 0; c < v && left > 0; ++c) {
      const double group = std::min(left, static_cast<double>(p));
      chunks[c] += group;
      left -= group;
    }
  }
}

/// ZB-V: chunk 0 of rank r waits for the way down and up the V, chunk 1 only for its turn; 2 p together at most, and
/// micro-batches + rank + 1 where there are few.
void fill_zbv(double* chunks, int rank, int p, double microbatches) {
  const double all = std::min({2.0 * p, 2.0 * microbatches, microbatches + 1.0 + rank});
  chunks[1] = std::min({rank + 1.0, microbatches, all});
  chunks[0] = std::min(all - chunks[1], microbatches);
  chunks[1] = all - chunks[0];
}

}  // namespace

std::vector<double> in_flight(const Run& run) {
  const Parallelism& par = run.parallelism;
  const int p = par.pp;
  const int chunks = chunks_per_rank(par);
  const double m = std::ceil(run.microbatches());
  std::vector<double> held(static_cast<std::size_t>(p) * static_cast<std::size_t>(chunks));
  for (int r = 0; r < p; ++r) {
    double* rank = &held[static_cast<std::size_t>(r) * static_cast<std::size_t>(chunks)];
    switch (par.schedule) {
      case Schedule::gpipe: std::fill(rank, rank + chunks, m); break;
      case Schedule::one_f_one_b:
        // Chunks run as one stage where a run names 1F1B with vp.
        std::fill(rank, rank + chunks, std::min<double>(p - r, m));
        break;
      case Schedule::zb_h1: std::fill(rank, rank + chunks, std::min<double>(p, m)); break;
      case Schedule::interleaved: fill_interleaved(rank, r, p, chunks, 1.0, m); break;
      // One forward runs ahead, and one beside the first backward.
      case Schedule::interleaved_overlap: fill_interleaved(rank, r, p, chunks, 2.0, m); break;
      case Schedule::zbv: fill_zbv(rank, r, p, m); break;
      case Schedule::dualpipe:
        // Each direction is a 1F1B pipeline of its own: p - r of the stage at r, r + 1 of its mirror; p + 1 in all.
        rank[0] = std::min<double>(p - r, m);
        rank[1] = std::min<double>(r + 1, m);
        break;
      case Schedule::dualpipe_v:
        rank[0] = std::min<double>(2 * p - r, m);
        rank[1] = std::min<double>(r + 1, m);
        break;
    }
  }
  return held;
}

}  // namespace sextant::sim
