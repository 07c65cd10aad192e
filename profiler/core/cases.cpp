// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "profiler/core/case_list.hpp"

namespace sextant::profile {

namespace {

constexpr double mib = 1048576.0;

Case plain(KernelFamily family, KernelDtype dtype, KernelPass pass, KernelAxes axes, bool quick) {
  Case c;
  c.family = family;
  c.dtype = dtype;
  c.pass = pass;
  c.axes = axes;
  c.quick = quick;
  c.dense = true;
  c.moe = true;
  return c;
}

}  // namespace

void CaseList::add(Case c) {
  const auto [found, is_new] = by_name_.emplace(c.name(), cases_.size());
  if (is_new) {
    cases_.push_back(std::move(c));
    return;
  }
  Case& known = cases_[found->second];
  known.quick |= c.quick;
  known.dense |= c.dense;
  known.moe |= c.moe;
  // A case without users is needed by all models; it stays so.
  if (!known.used_by.empty()) known.used_by.insert(known.used_by.end(), c.used_by.begin(), c.used_by.end());
}

void add_ceilings(CaseList& list) {
  using enum KernelAxis;
  for (const double bytes : {64 * mib, 512 * mib, 2048 * mib}) {
    list.add(plain(KernelFamily::copy, KernelDtype::bf16, KernelPass::none, {{KernelAxis::bytes, bytes}},
                   bytes == 512 * mib));
    list.add(plain(KernelFamily::triad, KernelDtype::fp32, KernelPass::none, {{KernelAxis::bytes, bytes}},
                   bytes == 512 * mib));
  }
  // `elements`: launches in a row. 1: host time of a launch; a hundred: gap between queued kernels; pass fwd: as one
  // graph.
  list.add(plain(KernelFamily::launch, KernelDtype::mixed, KernelPass::none, {{elements, 1}}, true));
  list.add(plain(KernelFamily::launch, KernelDtype::mixed, KernelPass::none, {{elements, 100}}, true));
  list.add(plain(KernelFamily::launch, KernelDtype::mixed, KernelPass::fwd, {{elements, 100}}, true));

  for (const KernelDtype dtype : {KernelDtype::bf16, KernelDtype::fp16, KernelDtype::fp8, KernelDtype::fp8_blockwise}) {
    for (const double size : {2048.0, 4096.0, 8192.0, 16384.0}) {
      list.add(plain(KernelFamily::gemm, dtype, KernelPass::fwd, {{m, size}, {n, size}, {k, size}}, size == 8192));
    }
  }
  // Wave quantisation: the same weights under a growing number of rows.
  for (const double rows :
       {64.0, 128.0, 256.0, 384.0, 512.0, 640.0, 768.0, 1024.0, 1280.0, 1536.0, 2048.0, 3072.0, 4096.0, 6144.0}) {
    list.add(plain(KernelFamily::gemm, KernelDtype::bf16, KernelPass::fwd, {{m, rows}, {n, 8192}, {k, 8192}}, false));
  }
}

void add_collectives(CaseList& list) {
  using enum KernelAxis;
  for (const KernelFamily family :
       {KernelFamily::all_reduce, KernelFamily::all_gather, KernelFamily::reduce_scatter, KernelFamily::all_to_all}) {
    for (double size = 64 * 1024; size <= 1024 * mib; size *= 4) {
      list.add(plain(family, KernelDtype::bf16, KernelPass::none, {{KernelAxis::bytes, size}}, size == 64 * mib));
    }
  }
}

std::vector<Case> all_cases() {
  CaseList list;
  add_ceilings(list);
  add_memory_bound(list);
  add_gemms(list);
  add_grouped_gemms(list);
  add_attention(list);
  add_collectives(list);
  // Last, because half a minute of full power warms the part for everything after it.
  list.add(plain(KernelFamily::sustained, KernelDtype::bf16, KernelPass::fwd,
                 {{KernelAxis::m, 8192}, {KernelAxis::n, 8192}, {KernelAxis::k, 8192}}, false));
  return std::move(list).take();
}

}  // namespace sextant::profile
