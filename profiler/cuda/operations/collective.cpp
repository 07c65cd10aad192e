// SPDX-License-Identifier: Apache-2.0
// NCCL among the GPUs of this machine, one process for all of them. Buffer sizes as nccl-tests count them: the whole
// buffer of a rank (all-gather: what it ends up with, reduce-scatter: what it starts with).
#include <nccl.h>

#include "profiler/cuda/operations/rows.hpp"
#include "profiler/cuda/shared_library.hpp"

namespace sextant::profile {

namespace {

struct NcclApi {
#define SEXTANT_NCCL_FUNCTIONS(X) \
  X(ncclCommInitAll)              \
  X(ncclCommDestroy)              \
  X(ncclGroupStart) X(ncclGroupEnd) X(ncclAllReduce) X(ncclAllGather) X(ncclReduceScatter) X(ncclSend) X(ncclRecv)
#define SEXTANT_DECLARE(f) decltype(::f)* f = nullptr;
  SEXTANT_NCCL_FUNCTIONS(SEXTANT_DECLARE)
#undef SEXTANT_DECLARE

  bool load(const SharedLibrary& library) {
    bool good = true;
#define SEXTANT_LOAD(f) good = (f = library.function<decltype(::f)>(#f)) != nullptr && good;
    SEXTANT_NCCL_FUNCTIONS(SEXTANT_LOAD)
#undef SEXTANT_LOAD
    return good;
  }
};

void check_nccl(ncclResult_t code, const char* what) {
  if (code != ncclSuccess)
    throw DeviceError(std::string(what) + ": NCCL error " + std::to_string(static_cast<int>(code)));
}

class Collective : public Operation {
 public:
  Collective(const Gpu& gpu, const Case& c, const NcclApi& api)
      : api_(api),
        family_(c.family),
        elements_(whole64(c, KernelAxis::bytes) / 2),
        first_(gpu.device),
        ranks_(gpu.count) {
    std::vector<int> devices;
    for (int r = 0; r < ranks_; ++r) devices.push_back(r);
    comms_.resize(static_cast<std::size_t>(ranks_));
    check_nccl(api_.ncclCommInitAll(comms_.data(), ranks_, devices.data()), "ncclCommInitAll");
    for (int r = 0; r < ranks_; ++r) {
      profile::check(cudaSetDevice(r), "cudaSetDevice");
      cudaStream_t s = nullptr;
      profile::check(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking), "cudaStreamCreate");
      streams_.push_back(s);
      in_.push_back(random_bf16(s, elements_, static_cast<std::uint64_t>(r) + 1));
      out_.emplace_back(elements_);
      profile::check(cudaStreamSynchronize(s), "cudaStreamSynchronize");
    }
    profile::check(cudaSetDevice(first_), "cudaSetDevice");
  }
  ~Collective() override {
    for (const ncclComm_t comm : comms_) api_.ncclCommDestroy(comm);
    for (const cudaStream_t s : streams_) cudaStreamDestroy(s);
  }

  void launch(cudaStream_t s) override {
    check_nccl(api_.ncclGroupStart(), "ncclGroupStart");
    for (int r = 0; r < ranks_; ++r) one(r, r == first_ ? s : streams_[static_cast<std::size_t>(r)]);
    check_nccl(api_.ncclGroupEnd(), "ncclGroupEnd");
  }

  Checked check() override {
    for (auto& o : out_) o.poison();
    launch(streams_[static_cast<std::size_t>(first_)]);
    for (const cudaStream_t s : streams_) profile::check(cudaStreamSynchronize(s), "collective");
    // A piece of this rank's result against the same made of all ranks' inputs.
    const std::int64_t part = elements_ / ranks_, width = std::min<std::int64_t>(1024, part);
    const std::vector<double> out = reference::from_bf16(out_[static_cast<std::size_t>(first_)].host(0, width));
    reference::ErrorNorm error;
    for (std::int64_t i = 0; i < width; ++i) error.add(out[static_cast<std::size_t>(i)], expected(i, part));
    return {error.value(), 2 * bf16_limit};
  }
  bool events_only() const override { return true; }
  std::string note() const override { return std::to_string(ranks_) + " GPUs of one machine, events on one of them"; }

 private:
  void one(int r, cudaStream_t s) {
    const auto i = static_cast<std::size_t>(r);
    const auto whole = static_cast<std::size_t>(elements_), part = whole / static_cast<std::size_t>(ranks_);
    kernels::Bf16* in = in_[i].data();
    kernels::Bf16* out = out_[i].data();
    switch (family_) {
      case KernelFamily::all_reduce:
        check_nccl(api_.ncclAllReduce(in, out, whole, ncclBfloat16, ncclSum, comms_[i], s), "ncclAllReduce");
        break;
      case KernelFamily::all_gather:
        check_nccl(api_.ncclAllGather(in, out, part, ncclBfloat16, comms_[i], s), "ncclAllGather");
        break;
      case KernelFamily::reduce_scatter:
        check_nccl(api_.ncclReduceScatter(in, out, part, ncclBfloat16, ncclSum, comms_[i], s), "ncclReduceScatter");
        break;
      default:
        for (int peer = 0; peer < ranks_; ++peer) {
          const std::size_t at = static_cast<std::size_t>(peer) * part;
          check_nccl(api_.ncclSend(in + at, part, ncclBfloat16, peer, comms_[i], s), "ncclSend");
          check_nccl(api_.ncclRecv(out + at, part, ncclBfloat16, peer, comms_[i], s), "ncclRecv");
        }
    }
  }

  /// The first values of the first rank's result.
  [[nodiscard]] double expected(std::int64_t i, std::int64_t part) const {
    const auto value = [&](int r, std::int64_t at) {
      return reference::from_bf16(in_[static_cast<std::size_t>(r)].host(at, 1)[0]);
    };
    if (family_ == KernelFamily::all_gather || family_ == KernelFamily::all_to_all)
      return value(0, first_ * part * (family_ == KernelFamily::all_to_all) + i);
    double sum = 0;
    for (int r = 0; r < ranks_; ++r) sum += value(r, (family_ == KernelFamily::reduce_scatter ? first_ * part : 0) + i);
    return sum;
  }

  NcclApi api_;
  KernelFamily family_;
  std::int64_t elements_;
  int first_, ranks_;
  std::vector<ncclComm_t> comms_;
  std::vector<cudaStream_t> streams_;
  std::vector<DeviceArray<kernels::Bf16>> in_, out_;
};

}  // namespace

MadeOperation make_collective(const Gpu& gpu, const Case& c) {
  if (gpu.count < 2) return not_measured(c, "one GPU: collectives need two or more");
  const auto library = SharedLibrary::open({"libnccl.so.2", "libnccl.so"});
  NcclApi api;
  if (!library || !api.load(*library)) return not_measured(c, "libnccl is not found");
  return std::make_unique<Collective>(gpu, c, api);
}

}  // namespace sextant::profile
