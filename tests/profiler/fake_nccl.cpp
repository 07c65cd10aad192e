// SPDX-License-Identifier: Apache-2.0
// NCCL among devices that are all the host's: calls are gathered in a group and done at its end, for bf16 alone. A
// rank's call has to be on a stream of the rank's device.
#include <nccl.h>

#include <array>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

#include "profiler/cuda/reference.hpp"
#include "tests/profiler/fake_cuda.hpp"
#include "tests/profiler/fake_libraries.hpp"

struct ncclComm {
  int rank = 0, ranks = 0;
};

namespace sextant::profile::test {

namespace {

enum class Kind : std::uint8_t { all_reduce, all_gather, reduce_scatter, send, receive };

struct Call {
  Kind kind = Kind::send;
  int rank = 0, ranks = 0, peer = 0;
  const std::uint16_t* from = nullptr;
  std::uint16_t* to = nullptr;
  std::size_t count = 0;
};

struct Group {
  int depth = 0;
  std::vector<Call> calls;
};
Group& group() {
  static Group g;
  return g;
}

std::uint16_t to_bf16(double v) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(v));
  return static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

std::uint16_t sum_at(const std::vector<Call>& all, std::size_t i) {
  double sum = 0;
  for (const Call& c : all) sum += reference::from_bf16(c.from[i]);
  return to_bf16(sum);
}

/// One collective, all ranks' calls of it in the order of their ranks.
ncclResult_t together(const std::vector<Call>& all) {
  for (const Call& c : all) {
    if (c.count != all[0].count) return ncclInvalidArgument;
    const auto me = static_cast<std::size_t>(c.rank);
    for (std::size_t i = 0; i < c.count; ++i) {
      if (c.kind == Kind::all_reduce) c.to[i] = sum_at(all, i);
      if (c.kind == Kind::reduce_scatter) c.to[i] = sum_at(all, me * c.count + i);
    }
    if (c.kind != Kind::all_gather) continue;
    for (std::size_t r = 0; r < all.size(); ++r) std::memcpy(c.to + r * c.count, all[r].from, 2 * c.count);
  }
  return ncclSuccess;
}

/// Every message needs both its ends.
ncclResult_t exchange(const std::vector<Call>& calls) {
  std::size_t sent = 0, received = 0;
  for (const Call& s : calls) {
    if (s.kind != Kind::send) continue;
    ++sent;
    for (const Call& r : calls) {
      if (r.kind != Kind::receive || r.rank != s.peer || r.peer != s.rank) continue;
      if (r.count != s.count) return ncclInvalidArgument;
      std::memcpy(r.to, s.from, 2 * s.count);
      ++received;
    }
  }
  return sent == received && 2 * sent == calls.size() ? ncclSuccess : ncclInvalidUsage;
}

ncclResult_t queue(Kind kind, const void* from, void* to, std::size_t count, ncclDataType_t type, ncclComm_t comm,
                   cudaStream_t stream, int peer = 0) {
  if (group().depth == 0) return ncclInvalidUsage;  // one thread for all ranks: a call of its own would wait for ever
  if (type != ncclBfloat16 || device_of(stream) != comm->rank) return ncclInvalidArgument;
  group().calls.push_back({kind, comm->rank, comm->ranks, peer, static_cast<const std::uint16_t*>(from),
                           static_cast<std::uint16_t*>(to), count});
  return ncclSuccess;
}

ncclResult_t init_all(ncclComm_t* comms, int ranks, const int* devices) {
  for (int r = 0; r < ranks; ++r) {
    if (devices[r] != r) return ncclInvalidArgument;
    comms[r] = new ncclComm{r, ranks};
  }
  return ncclSuccess;
}
ncclResult_t destroy(ncclComm_t comm) {
  delete comm;
  return ncclSuccess;
}
ncclResult_t group_start() {
  ++group().depth;
  return ncclSuccess;
}
ncclResult_t group_end() {
  if (--group().depth > 0) return ncclSuccess;
  const std::vector<Call> calls = std::exchange(group().calls, {});
  if (calls.empty()) return ncclSuccess;
  if (calls[0].kind == Kind::send || calls[0].kind == Kind::receive) return exchange(calls);
  for (std::size_t r = 0; r < calls.size(); ++r) {
    if (calls[r].rank != static_cast<int>(r) || calls[r].kind != calls[0].kind) return ncclInvalidUsage;
  }
  return calls.size() == static_cast<std::size_t>(calls[0].ranks) ? together(calls) : ncclInvalidUsage;
}
ncclResult_t all_reduce(const void* from, void* to, std::size_t count, ncclDataType_t type, ncclRedOp_t op,
                        ncclComm_t comm, cudaStream_t s) {
  return op == ncclSum ? queue(Kind::all_reduce, from, to, count, type, comm, s) : ncclInvalidArgument;
}
ncclResult_t reduce_scatter(const void* from, void* to, std::size_t count, ncclDataType_t type, ncclRedOp_t op,
                            ncclComm_t comm, cudaStream_t s) {
  return op == ncclSum ? queue(Kind::reduce_scatter, from, to, count, type, comm, s) : ncclInvalidArgument;
}
ncclResult_t all_gather(const void* from, void* to, std::size_t count, ncclDataType_t type, ncclComm_t comm,
                        cudaStream_t s) {
  return queue(Kind::all_gather, from, to, count, type, comm, s);
}
ncclResult_t send(const void* from, std::size_t count, ncclDataType_t type, int peer, ncclComm_t comm, cudaStream_t s) {
  return queue(Kind::send, from, nullptr, count, type, comm, s, peer);
}
ncclResult_t receive(void* to, std::size_t count, ncclDataType_t type, int peer, ncclComm_t comm, cudaStream_t s) {
  return queue(Kind::receive, nullptr, to, count, type, comm, s, peer);
}

/// The stand-in has to have the declaration of what it stands in for.
template <class Real>
void* as(Real* stand_in) {
  return reinterpret_cast<void*>(stand_in);
}
#define SEXTANT_STANDS_FOR(real, stand_in) \
  { #real, as < decltype(::real)>(stand_in) }

}  // namespace

void* nccl_function(std::string_view name) {
  static const std::array<std::pair<std::string_view, void*>, 9> all{{
      SEXTANT_STANDS_FOR(ncclCommInitAll, init_all),
      SEXTANT_STANDS_FOR(ncclCommDestroy, destroy),
      SEXTANT_STANDS_FOR(ncclGroupStart, group_start),
      SEXTANT_STANDS_FOR(ncclGroupEnd, group_end),
      SEXTANT_STANDS_FOR(ncclAllReduce, all_reduce),
      SEXTANT_STANDS_FOR(ncclAllGather, all_gather),
      SEXTANT_STANDS_FOR(ncclReduceScatter, reduce_scatter),
      SEXTANT_STANDS_FOR(ncclSend, send),
      SEXTANT_STANDS_FOR(ncclRecv, receive),
  }};
  for (const auto& [known, function] : all) {
    if (known == name) return function;
  }
  return nullptr;
}

}  // namespace sextant::profile::test
