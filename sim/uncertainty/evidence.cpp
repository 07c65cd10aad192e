// SPDX-License-Identifier: Apache-2.0
#include "sim/uncertainty/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace sextant::sim {

std::string_view name_of(hardware::Architecture architecture) {
  using enum hardware::Architecture;
  switch (architecture) {
    case volta: return "volta";
    case ampere: return "ampere";
    case ada: return "ada";
    case hopper: return "hopper";
    case blackwell: return "blackwell";
    case cdna3: return "cdna3";
  }
  return "";
}

int bits_of(Precision precision) {
  switch (precision) {
    case Precision::bf16:
    case Precision::fp16: return 16;
    case Precision::fp8:
    case Precision::fp8_blockwise:
    case Precision::mxfp8: return 8;
    case Precision::nvfp4: return 4;
  }
  return 16;
}

Evidence kind_of(const Run& run) {
  return {run.stack.id,
          std::string(name_of(run.cluster.gpu.architecture)),
          run.model.has_experts(),
          bits_of(run.precision),
          1,
          run.cluster.gpus,
          run.batch.seq_len,
          {place_of(run)}};
}

std::vector<double> place_of(const Run& run) {
  const Parallelism& p = run.parallelism;
  const auto doublings = [](double value) { return std::round(2.0 * std::log2(std::max(1.0, value))) / 2.0; };
  const double tokens = static_cast<double>(run.batch.micro_sequences) * run.batch.seq_len / p.cp;
  return {doublings(run.cluster.gpus),
          doublings(run.model.hidden),
          doublings(run.batch.seq_len),
          doublings(tokens),
          doublings(p.tp),
          doublings(p.pp)};
}

bool same_kind(const Evidence& a, const Evidence& b) {
  return a.stack == b.stack && a.architecture == b.architecture && a.experts == b.experts && a.bits == b.bits;
}

void add_evidence(std::vector<Evidence>& rows, const Run& run) {
  Evidence kind = kind_of(run);
  const auto key = [](const Evidence& e) { return std::tie(e.stack, e.architecture, e.experts, e.bits); };
  const auto at = std::lower_bound(rows.begin(), rows.end(), kind,
                                   [&](const Evidence& a, const Evidence& b) { return key(a) < key(b); });
  if (at == rows.end() || !same_kind(*at, kind)) {
    rows.insert(at, std::move(kind));
    return;
  }
  at->rows += 1;
  at->largest_gpus = std::max(at->largest_gpus, kind.largest_gpus);
  at->longest_sequence = std::max(at->longest_sequence, kind.longest_sequence);
  for (std::vector<double>& point : kind.points) {
    const auto place = std::lower_bound(at->points.begin(), at->points.end(), point);
    if (place == at->points.end() || *place != point) at->points.insert(place, std::move(point));
  }
}

namespace {

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double squares = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(squares);
}

}  // namespace

Familiarity familiarity(const Evidence& kind, std::span<const Evidence> seen) {
  Familiarity f;
  double nearest = std::numeric_limits<double>::infinity();
  double nearest_of_others = nearest;
  for (const Evidence& row : seen) {
    if (row.stack == kind.stack) f.stack = true;
    if (row.architecture != kind.architecture) continue;
    f.hardware = true;
    if (row.bits == kind.bits) f.precision = true;
    if (same_kind(row, kind)) f.rows += row.rows;
    f.largest_gpus = std::max(f.largest_gpus, row.largest_gpus);
    f.longest_sequence = std::max(f.longest_sequence, row.longest_sequence);
    if (row.experts != kind.experts) continue;
    double& least = row.stack == kind.stack ? nearest : nearest_of_others;
    for (const std::vector<double>& point : row.points) least = std::min(least, distance(point, kind.points.front()));
  }
  if (!std::isfinite(nearest)) nearest = nearest_of_others;
  if (std::isfinite(nearest)) f.distance = nearest;
  return f;
}

}  // namespace sextant::sim
