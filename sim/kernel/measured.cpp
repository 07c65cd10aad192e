// SPDX-License-Identifier: Apache-2.0
#include "sim/kernel/measured.hpp"

#include <algorithm>
#include <array>

namespace sextant::sim {

namespace {

using hardware::KernelAxis;
using hardware::KernelDtype;
using hardware::KernelFamily;
using hardware::KernelPass;
using hardware::KernelProfile;
using hardware::KernelQuery;
using hardware::ProfileHit;

/// Nearest first; of equally near ones the more trusted.
bool better(const ProfileHit& a, const ProfileHit& b) {
  if (a.distance != b.distance) return a.distance < b.distance;
  return a.source->trust < b.source->trust;
}

/// Tables that may answer a pass, best first. An input gradient is the forward's kind of product with its own m, n, k.
/// A weight gradient adds in fp32 into the kept gradient: the forward's table says nothing of it. What was read off a
/// running program does not know its pass: there each product stands for itself.
std::array<KernelPass, 3> standing_in(KernelPass pass) {
  switch (pass) {
    case KernelPass::fwd: return {KernelPass::fwd, KernelPass::none, KernelPass::none};
    case KernelPass::dgrad: return {KernelPass::dgrad, KernelPass::fwd, KernelPass::none};
    case KernelPass::wgrad: return {KernelPass::wgrad, KernelPass::none, KernelPass::none};
    default: return {pass, pass, pass};
  }
}

std::optional<ProfileHit> near_hit(const KernelProfile& profile, KernelQuery query) {
  for (const KernelPass pass : standing_in(query.pass)) {
    query.pass = pass;
    std::optional<ProfileHit> hit = hardware::lookup(profile, query);
    if (hit && hit->distance <= near_distance) return hit;
  }
  return std::nullopt;
}

}  // namespace

std::optional<double> sustained_slowdown(const KernelProfile& profile) {
  constexpr double most = 2;  // a part that halves its clock is broken, or the file is
  for (const hardware::KernelTable& table : profile.tables) {
    if (table.family != KernelFamily::sustained || table.samples.empty()) continue;
    const hardware::KernelSample& lasting = table.samples.back();
    KernelQuery burst;
    burst.dtype = table.dtype;
    burst.pass = KernelPass::fwd;
    burst.axes = lasting.axes;
    const std::optional<ProfileHit> hit = hardware::lookup(profile, burst);
    if (hit && hit->exact()) return std::clamp(lasting.time / hit->time, 1.0, most);
  }
  return std::nullopt;
}

MeasuredKernels::MeasuredKernels(std::string gpu, const KernelProfiles& given, const KernelProfiles& known)
    : gpu_(std::move(gpu)) {
  const auto held = [this](const KernelProfile& p) {
    return std::any_of(given_.begin(), given_.end(), [&p](const Entry& e) { return e.profile->id == p.id; });
  };
  for (const auto& p : given) {
    if (p->is_of(gpu_)) given_.push_back({p, sustained_slowdown(*p)});
  }
  for (const auto& p : known) {
    if (p->is_of(gpu_) && !held(*p)) known_.push_back({p, sustained_slowdown(*p)});
  }
}

std::shared_ptr<const MeasuredKernels> measured_on(const std::string& gpu, const KernelProfiles& given) {
  const bool any = std::any_of(given.begin(), given.end(), [&gpu](const auto& p) { return p->is_of(gpu); });
  return any ? std::make_shared<const MeasuredKernels>(gpu, given, KernelProfiles{}) : nullptr;
}

std::optional<MeasuredTime> MeasuredKernels::ask(const std::vector<Entry>& entries, const KernelQuery& query) {
  std::optional<ProfileHit> best;
  std::optional<MeasuredTime> answer;
  for (const Entry& e : entries) {
    const std::optional<ProfileHit> hit = near_hit(*e.profile, query);
    if (!hit || (best && !better(*hit, *best))) continue;
    best = hit;
    answer = MeasuredTime{hit->time * e.sustained.value_or(1), e.sustained.has_value(), hit->distance, e.profile.get(),
                          hit->source};
  }
  return answer;
}

std::optional<MeasuredTime> MeasuredKernels::given(const KernelQuery& query) const { return ask(given_, query); }

std::optional<MeasuredTime> MeasuredKernels::nearest(const KernelQuery& query) const {
  std::optional<MeasuredTime> answer = given(query);
  return answer ? answer : ask(known_, query);
}

KernelQuery linear_query(KernelDtype dtype, KernelPass pass, GemmShape s, double groups) {
  KernelQuery q;
  q.family = groups > 0 ? KernelFamily::grouped_gemm : KernelFamily::gemm;
  q.dtype = dtype;
  q.pass = pass;
  switch (pass) {
    case KernelPass::dgrad: q.axes = {{KernelAxis::m, s.m}, {KernelAxis::n, s.k}, {KernelAxis::k, s.n}}; break;
    case KernelPass::wgrad: q.axes = {{KernelAxis::m, s.n}, {KernelAxis::n, s.k}, {KernelAxis::k, s.m}}; break;
    default: q.axes = {{KernelAxis::m, s.m}, {KernelAxis::n, s.n}, {KernelAxis::k, s.k}}; break;
  }
  if (groups > 0) {
    q.axes[KernelAxis::groups] = groups;
    q.axes[KernelAxis::skew] = 1;  // the fullest rank's rows are an average over its experts
  }
  return q;
}

std::optional<KernelQuery> attention_query(const AttentionShape& s, KernelPass pass) {
  using enum KernelAxis;
  const bool whole = s.query_len == s.seq_len && (s.window <= 0 || s.window >= s.seq_len);
  if (!whole) return std::nullopt;
  KernelQuery q;
  q.family = KernelFamily::attention;
  q.pass = pass;
  q.axes = {{seq, s.seq_len},          {batch, s.sequences},       {heads, s.heads},
            {head_dim, s.qk_head_dim}, {v_head_dim, s.v_head_dim}, {causal, 1}};
  return q;
}

void take_measured(const Device& device, const GemmClass& family, GemmShape forward, double groups, LinearTime& time) {
  const double calls = (groups > 0 ? groups : 1) * device.gemm_share;
  const auto take = [&](KernelPass pass, Seconds& t) {
    const auto hit = device.measured->given(linear_query(family.dtype, pass, forward, groups));
    if (hit) t = hit->time / (hit->lasting ? calls : calls * device.power_share);
  };
  take(KernelPass::fwd, time.forward);
  take(KernelPass::dgrad, time.input_gradient);
  take(KernelPass::wgrad, time.weight_gradient);
}

void take_measured(const Device& device, const AttentionShape& shape, AttentionTime& time) {
  const auto ask = [&](KernelPass pass) {
    const std::optional<KernelQuery> query = attention_query(shape, pass);
    return query ? device.measured->given(*query) : std::nullopt;
  };
  const auto forward = ask(KernelPass::fwd);
  const auto backward = ask(KernelPass::bwd);
  if (forward) time.forward = forward->time / device.attention_share;
  if (backward) time.backward = backward->time / device.attention_share;
  if (forward || backward) return;
  if (const auto both = ask(KernelPass::fwd_bwd)) {
    // Measured together: the form says how much of it is whose.
    const double factor = both->time / device.attention_share / (time.forward + time.backward);
    time.forward = time.forward * factor;
    time.backward = time.backward * factor;
  }
}

}  // namespace sextant::sim
