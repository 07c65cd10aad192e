// SPDX-License-Identifier: Apache-2.0
#include "hardware/kernel_profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace sextant::hardware {

namespace {

using enum KernelAxis;

/// An axis along which times are interpolated, and how log(time) grows with its log where nothing else is known.
struct Slope {
  KernelAxis axis;
  double exponent;
};

struct FamilyRow {
  KernelFamily family;
  std::array<Slope, 4> interpolated;  ///< exponent 0: unused
  std::array<KernelAxis, 4> exact;    ///< axes that must be the query's; the first one repeated where there are fewer
};

// What is in neither list does not decide the time (key-value heads of an attention, the experts a copy came from).
constexpr std::array<FamilyRow, 24> rows{{
    {KernelFamily::gemm, {{{m, 1}, {n, 1}, {k, 1}}}, {block, block, block, block}},
    {KernelFamily::grouped_gemm, {{{m, 1}, {n, 1}, {k, 1}, {groups, 1}}}, {skew, skew, skew, skew}},
    {KernelFamily::attention, {{{seq, 2}, {batch, 1}, {heads, 1}}}, {head_dim, v_head_dim, causal, causal}},
    {KernelFamily::rms_norm, {{{tokens, 1}, {hidden, 1}}}, {block, block, block, block}},
    {KernelFamily::rope, {{{tokens, 1}, {heads, 1}, {head_dim, 1}}}, {block, block, block, block}},
    {KernelFamily::swiglu, {{{tokens, 1}, {hidden, 1}}}, {block, block, block, block}},
    {KernelFamily::swiglu_cast, {{{tokens, 1}, {hidden, 1}}}, {block, block, block, block}},
    {KernelFamily::cast, {{{tokens, 1}, {hidden, 1}}}, {block, block, block, block}},
    {KernelFamily::cast_transpose, {{{tokens, 1}, {hidden, 1}}}, {block, block, block, block}},
    {KernelFamily::router, {{{tokens, 1}, {experts, 1}}}, {top_k, expert_groups, group_limit, group_limit}},
    {KernelFamily::permute, {{{tokens, 1}, {hidden, 1}, {top_k, 1}}}, {block, block, block, block}},
    {KernelFamily::unpermute, {{{tokens, 1}, {hidden, 1}, {top_k, 1}}}, {block, block, block, block}},
    {KernelFamily::cross_entropy, {{{tokens, 1}, {vocab, 1}}}, {block, block, block, block}},
    {KernelFamily::adamw, {{{elements, 1}}}, {block, block, block, block}},
    {KernelFamily::copy, {{{bytes, 1}}}, {block, block, block, block}},
    {KernelFamily::triad, {{{bytes, 1}}}, {block, block, block, block}},
    {KernelFamily::launch, {{}}, {elements, elements, elements, elements}},
    {KernelFamily::all_reduce, {{{bytes, 1}}}, {gpus, nodes, nodes, nodes}},
    {KernelFamily::all_gather, {{{bytes, 1}}}, {gpus, nodes, nodes, nodes}},
    {KernelFamily::reduce_scatter, {{{bytes, 1}}}, {gpus, nodes, nodes, nodes}},
    {KernelFamily::all_to_all, {{{bytes, 1}}}, {gpus, nodes, nodes, nodes}},
    {KernelFamily::expert_dispatch, {{{tokens, 1}, {hidden, 1}}}, {gpus, top_k, nodes, nodes}},
    {KernelFamily::expert_combine, {{{tokens, 1}, {hidden, 1}}}, {gpus, top_k, nodes, nodes}},
    {KernelFamily::sustained, {{{m, 1}, {n, 1}, {k, 1}}}, {block, block, block, block}},
}};

constexpr double reach = 1.0;  ///< factors of two, in every axis
constexpr double same = 1e-9;  ///< of a log2

using Offset = std::array<double, 4>;  ///< log2(sample / query) along the interpolated axes

double norm(const Offset& d) { return std::sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2] + d[3] * d[3]); }
double dot(const Offset& a, const Offset& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]; }

struct Candidate {
  const KernelSample* sample;
  Offset offset;
  double distance;
  double residual;  ///< log2 of its time, brought to the query's size by the prior
};

bool exact_axes_agree(const FamilyRow& row, const KernelAxes& sample, const KernelAxes& query) {
  return std::all_of(row.exact.begin(), row.exact.end(), [&](KernelAxis axis) {
    // A sample that does not say on how many nodes it ran stands for one.
    const double s = axis == nodes && sample[axis] == 0 ? 1 : sample[axis];
    const double q = axis == nodes && query[axis] == 0 ? 1 : query[axis];
    return s == q;
  });
}

/// Whether every interpolated axis is within reach; most samples are sorted out here, without a logarithm.
bool within_reach(const FamilyRow& row, const KernelAxes& sample, const KernelAxes& query) {
  const double factor = std::exp2(reach) * (1 + same);
  return std::all_of(row.interpolated.begin(), row.interpolated.end(), [&](const Slope& slope) {
    if (slope.exponent == 0) return true;
    const double s = sample[slope.axis], q = query[slope.axis];
    if (s <= 0 || q <= 0) return s == q;
    return s <= q * factor && q <= s * factor;
  });
}

Candidate candidate(const FamilyRow& row, const KernelSample& sample, const KernelAxes& query) {
  Candidate c{&sample, {}, 0, 0};
  for (std::size_t i = 0; i < row.interpolated.size(); ++i) {
    const Slope& slope = row.interpolated[i];
    if (slope.exponent == 0) continue;
    const double s = sample.axes[slope.axis], q = query[slope.axis];
    if (s <= 0 || q <= 0) continue;
    c.offset[i] = std::log2(s / q);
    c.residual -= slope.exponent * c.offset[i];
  }
  c.residual += std::log2(sample.time.value());
  c.distance = norm(c.offset);
  return c;
}

/// The part of the samples whose first axis can be near enough; they are sorted by it.
std::span<const KernelSample> window(const FamilyRow& row, const KernelTable& table, const KernelAxes& query) {
  const Slope& first = row.interpolated[0];
  if (first.exponent == 0) return table.samples;
  const double q = query[first.axis];
  const auto below = [&](const KernelSample& s, double v) { return s.axes[first.axis] < v; };
  const auto begin = std::lower_bound(table.samples.begin(), table.samples.end(), q / 2 * (1 - same), below);
  const auto end = std::lower_bound(begin, table.samples.end(), q * 2 * (1 + same), below);
  return {begin, end};
}

/// The nearest sample of each direction: one hides those behind it, within 60 degrees as the query sees them.
std::vector<Candidate> nearest_around(std::vector<Candidate> all) {
  constexpr double hidden_cosine = 0.5;
  constexpr std::size_t most = 6;
  std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.distance < b.distance; });
  std::vector<Candidate> out;
  for (const Candidate& c : all) {
    const bool hidden = std::any_of(out.begin(), out.end(), [&](const Candidate& seen) {
      return dot(seen.offset, c.offset) > hidden_cosine * seen.distance * c.distance;
    });
    if (!hidden) out.push_back(c);
    if (out.size() == most) break;
  }
  return out;
}

const Source& source_of(const KernelProfile& profile, const KernelSample& sample) {
  return sample.source >= 0 ? profile.sources[static_cast<std::size_t>(sample.source)] : profile.source;
}

std::optional<ProfileHit> ask(const KernelProfile& profile, const KernelTable& table, const KernelQuery& query) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const FamilyRow& r) { return r.family == table.family; });
  if (row == rows.end()) return std::nullopt;
  std::vector<Candidate> all;
  for (const KernelSample& s : window(*row, table, query.axes)) {
    if (!within_reach(*row, s.axes, query.axes) || !exact_axes_agree(*row, s.axes, query.axes)) continue;
    all.push_back(candidate(*row, s, query.axes));
  }
  if (all.empty()) return std::nullopt;
  const std::vector<Candidate> used = nearest_around(std::move(all));
  ProfileHit hit;
  hit.dtype = table.dtype;
  hit.pass = table.pass;
  hit.spread = used[0].sample->spread;
  hit.source = &source_of(profile, *used[0].sample);
  if (used[0].distance < same) {
    hit.time = used[0].sample->time;
    hit.samples = 1;
    return hit;
  }
  double sum = 0, weights = 0;
  for (const Candidate& c : used) {
    sum += c.residual / c.distance;
    weights += 1 / c.distance;
  }
  hit.time = Seconds{std::exp2(sum / weights)};
  hit.distance = used[0].distance;
  hit.samples = static_cast<int>(used.size());
  return hit;
}

bool is_16_bit(KernelDtype d) { return d == KernelDtype::bf16 || d == KernelDtype::fp16; }

/// 0: the table asked for; higher: a stand-in that the query allows; nothing: it does not fit.
std::optional<int> penalty(const KernelTable& table, const KernelQuery& query) {
  if (table.family != query.family) return std::nullopt;
  int p = 0;
  if (table.dtype != query.dtype) {
    if (!query.other_16_bit || !is_16_bit(table.dtype) || !is_16_bit(query.dtype)) return std::nullopt;
    p += 1;
  }
  if (table.pass != query.pass) {
    if (!query.other_pass) return std::nullopt;
    p += 2;
  }
  return p;
}

}  // namespace

KernelAxis first_interpolated_axis(KernelFamily family) {
  const auto row = std::find_if(rows.begin(), rows.end(), [family](const FamilyRow& r) { return r.family == family; });
  return row->interpolated[0].axis;
}

std::size_t KernelProfile::size() const {
  std::size_t sum = 0;
  for (const KernelTable& t : tables) sum += t.samples.size();
  return sum;
}

bool KernelProfile::is_of(std::string_view gpu_id) const {
  const std::string folded = folded_id(gpu_id);
  return folded_id(gpu) == folded || std::any_of(same_kernels.begin(), same_kernels.end(),
                                                 [&](const std::string& s) { return folded_id(s) == folded; });
}

std::optional<ProfileHit> lookup(const KernelProfile& profile, const KernelQuery& query) {
  std::optional<ProfileHit> best;
  int best_penalty = 0;
  for (const KernelTable& table : profile.tables) {
    const std::optional<int> p = penalty(table, query);
    if (!p || (best && *p > best_penalty)) continue;
    const std::optional<ProfileHit> hit = ask(profile, table, query);
    if (!hit) continue;
    if (!best || *p < best_penalty || hit->distance < best->distance) {
      best = hit;
      best_penalty = *p;
    }
  }
  return best;
}

std::optional<ProfileHit> lookup(const std::vector<KernelProfile>& profiles, const KernelQuery& query) {
  std::optional<ProfileHit> best;
  for (const KernelProfile& profile : profiles) {
    const std::optional<ProfileHit> hit = lookup(profile, query);
    if (!hit) continue;
    const auto worse = [](const ProfileHit& a, const ProfileHit& b) {
      if (a.distance != b.distance) return a.distance > b.distance;
      return a.source->trust > b.source->trust;
    };
    if (!best || worse(*best, *hit)) best = hit;
  }
  return best;
}

}  // namespace sextant::hardware
