// SPDX-License-Identifier: Apache-2.0
// Internal: the orders behind the rows of schedules.cpp, and what they share. A schedule is written down once, for any
// sink: as items (an Order), or as kinds of items (StepCompiler).
#pragma once

#include "sim/schedule/schedules.hpp"

namespace sextant::sim::schedule {

[[nodiscard]] Order build_gpipe(const Shape& shape);
[[nodiscard]] Order build_one_f_one_b(const Shape& shape);
[[nodiscard]] Order build_interleaved(const Shape& shape);
[[nodiscard]] Order build_interleaved_overlap(const Shape& shape);
[[nodiscard]] Order build_zb_h1(const Shape& shape);
[[nodiscard]] Order build_zbv(const Shape& shape);
[[nodiscard]] Order build_dualpipe(const Shape& shape);
[[nodiscard]] Order build_dualpipe_v(const Shape& shape);

void write_gpipe(const Shape& shape, KindSink& sink);
void write_one_f_one_b(const Shape& shape, KindSink& sink);
void write_interleaved(const Shape& shape, KindSink& sink);
void write_interleaved_overlap(const Shape& shape, KindSink& sink);
void write_zb_h1(const Shape& shape, KindSink& sink);
void write_zbv(const Shape& shape, KindSink& sink);
void write_dualpipe(const Shape& shape, KindSink& sink);
void write_dualpipe_v(const Shape& shape, KindSink& sink);

/// Micro-batches that interleaved 1F1B runs in a row through one chunk: the shape's own, else p where p divides m, else
/// the smallest group whose last part is no shorter than p.
[[nodiscard]] int interleaved_group(const Shape& shape);
/// Forwards that stage `stage` of interleaved 1F1B runs before its first backward, before it is cut at m * v.
[[nodiscard]] int interleaved_warmup(const Shape& shape, int stage);

}  // namespace sextant::sim::schedule
