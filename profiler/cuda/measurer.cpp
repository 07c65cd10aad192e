// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "profiler/core/statistics.hpp"
#ifdef SEXTANT_HAS_CUBLASLT
#include "profiler/cuda/blas.hpp"
#else
namespace sextant::profile {
class BlasLibraries {};
}  // namespace sextant::profile
#endif
#ifdef SEXTANT_HAS_CUDNN
#include "profiler/cuda/cudnn.hpp"
#else
namespace sextant::profile {
class CudnnLibrary {};
}  // namespace sextant::profile
#endif
#include "profiler/cuda/counter_reader.hpp"
#include "profiler/cuda/nvml.hpp"
#include "profiler/cuda/stopwatch.hpp"

namespace sextant::profile {

namespace {

constexpr int warm_ups = 3;
constexpr double algorithm_sweep_flops =
    2.0 * 8192 * 8192 * 8192;  ///< squares of this size are tried with every algorithm
constexpr double reserve_bytes = 512.0 * 1048576.0;

std::string version_text(int v) { return std::to_string(v / 1000) + "." + std::to_string(v % 1000 / 10); }

class CudaMeasurer : public Measurer {
 public:
  explicit CudaMeasurer(const MeasureOptions& options) : options_(options) {
    check(cudaSetDevice(options.device), "cudaSetDevice");
    check(cudaFree(nullptr), "the CUDA context");
    check(cudaGetDeviceProperties(&properties_, options.device), "cudaGetDeviceProperties");
    check(cudaGetDeviceCount(&gpu_.count), "cudaGetDeviceCount");
    check(cudaStreamCreateWithFlags(&gpu_.stream, cudaStreamNonBlocking), "cudaStreamCreate");
    gpu_.device = options.device;
    gpu_.sms = properties_.multiProcessorCount;
    gpu_.compute_capability = 10 * properties_.major + properties_.minor;
    gpu_.sustained_s = options.sustained_s;
    open_tools();
    watch_ = std::make_unique<Stopwatch>(gpu_.stream, properties_.l2CacheSize, clock_.get());
  }

  ~CudaMeasurer() override {
    watch_.reset();
    blas_.reset();
    cudnn_.reset();
    cudaStreamDestroy(gpu_.stream);
  }

  DeviceInfo device() const override {
    DeviceInfo d;
    d.name = properties_.name;
    d.compute_capability = gpu_.compute_capability;
    d.sms = gpu_.sms;
    d.memory_bytes = properties_.totalGlobalMem;
    d.l2_bytes = static_cast<std::uint64_t>(properties_.l2CacheSize);
    if (nvml_) {
      d.max_clock_mhz = nvml_->max_sm_clock_mhz();
      d.max_memory_clock_mhz = nvml_->max_memory_clock_mhz();
      d.power_limit_w = nvml_->power_limit_w();
    }
    return d;
  }

  std::map<std::string, std::string> software() const override {
    std::map<std::string, std::string> out;
    int runtime = 0, driver = 0;
    cudaRuntimeGetVersion(&runtime);
    cudaDriverGetVersion(&driver);
    out["cuda_runtime"] = version_text(runtime);
    out["cuda_driver"] = version_text(driver);
    if (nvml_) out["driver"] = nvml_->driver_version();
    if (clock_) out["cupti"] = clock_->version();
#ifdef SEXTANT_HAS_CUBLASLT
    if (blas_) out["cublaslt"] = blas_->version();
#endif
#ifdef SEXTANT_HAS_CUDNN
    if (cudnn_) out["cudnn"] = cudnn_->version();
#endif
    return out;
  }

  std::vector<std::string> limitations() const override { return limitations_; }

  std::variant<Checked, NotMeasured> check_result(const Case& c) {
    auto made = make(c);
    if (auto* why = std::get_if<NotMeasured>(&made)) return *why;
    return std::get<std::unique_ptr<Operation>>(made)->check();
  }

  std::variant<Checked, NotMeasured> check(const Case& c) override {
    return guarded(c, [&]() -> std::variant<Checked, NotMeasured> { return check_result(c); });
  }

  /// Opened only now: CUPTI does not promise that its records and its counters live side by side.
  std::variant<Counters, NotMeasured> count(const Case& c) override {
    if (clock_) clock_->rest();
    if (!counters_ && no_counters_.empty()) counters_ = CounterReader::open(options_.device, no_counters_);
    return guarded(c, [&]() -> std::variant<Counters, NotMeasured> { return count_in(c); });
  }
  bool alive() const override { return !lost_; }
  bool can_count() const override { return counters_ != nullptr; }

  std::variant<Sample, NotMeasured> measure(const Case& c) override {
    return guarded(c, [&]() -> std::variant<Sample, NotMeasured> {
      auto made = make(c);
      if (auto* why = std::get_if<NotMeasured>(&made)) return *why;
      return time(c, *std::get<std::unique_ptr<Operation>>(made));
    });
  }

 private:
  static void check(cudaError_t code, const char* what) { profile::check(code, what); }

  void open_tools() {
    std::array<char, 32> bus{};
    if (cudaDeviceGetPCIBusId(bus.data(), bus.size(), options_.device) == cudaSuccess) nvml_ = Nvml::open(bus.data());
    if (!nvml_) limitations_.emplace_back("clocks and power are not known: NVML is not found");
    std::string why;
#ifdef SEXTANT_HAS_CUBLASLT
    blas_ = BlasLibraries::open(why);
    if (!blas_) limitations_.push_back("no GEMMs: " + why);
    gpu_.blas = blas_.get();
#endif
#ifdef SEXTANT_HAS_CUDNN
    cudnn_ = CudnnLibrary::open(why);
    if (!cudnn_) limitations_.push_back("no attention through cuDNN: " + why);
    gpu_.cudnn = cudnn_.get();
#endif
    if (options_.kernel_clock) clock_ = KernelClock::open(why);
    if (!clock_ && options_.kernel_clock) limitations_.push_back("kernel times come from events alone: " + why);
    gpu_.nvml = nvml_ ? &*nvml_ : nullptr;
  }

  MadeOperation make(const Case& c) {
    std::size_t free = 0, total = 0;
    check(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
    gpu_.free_bytes = static_cast<double>(free) - reserve_bytes;
    MadeOperation made = make_operation(gpu_, c);
    check(cudaStreamSynchronize(gpu_.stream), "setting up");
    return made;
  }

  /// A fault of the device ends the case; one that stays (an illegal address) ends the run.
  template <class F>
  auto guarded(const Case& c, F body) -> decltype(body()) {
    try {
      return body();
    } catch (const DeviceError& e) {
      cudaGetLastError();
      lost_ = cudaDeviceSynchronize() != cudaSuccess;
      return not_measured(c, e.what());
    }
  }

  std::variant<Sample, NotMeasured> time(const Case& c, Operation& op) {
    const Checked checked = op.check();
    if (!checked.good()) {
      return not_measured(c, "differs from its reference by " + std::to_string(checked.error) + " (relative, at most " +
                                 std::to_string(checked.limit) + ")");
    }
    for (int i = 0; i < warm_ups; ++i) watch_->run_once(op);
    Sample s = described(c, op);
    s.error = checked.error;
    s.error_limit = checked.limit;
    const double clock_before = nvml_ ? nvml_->sm_clock_mhz() : 0;
    const Timings t = repeat(c, op, s);
    const Load load = op.load().value_or(load_now());
    s.clock_mhz = load.clock_mhz;
    s.power_w = load.power_w;
    fill(s, t, clock_before);
    if (s.median_s <= 0) return not_measured(c, "the clock shows no time");
    if (op.alternatives() > 1 && c.family == KernelFamily::gemm && s.flops == algorithm_sweep_flops)
      s.best_s = best_algorithm(op, s.median_s);
    return s;
  }

  Load load_now() const { return nvml_ ? Load{nvml_->sm_clock_mhz(), nvml_->power_w()} : Load{}; }

  static Sample described(const Case& c, const Operation& op) {
    const Work work = work_of(c);
    Sample s;
    s.name = c.name();
    s.family = c.family;
    s.dtype = c.dtype;
    s.pass = c.pass;
    s.axes = c.axes;
    s.flops = work.flops;
    s.bytes = work.bytes;
    s.note = op.note();
    return s;
  }

  Timings repeat(const Case& c, Operation& op, Sample& s) {
    Timings t;
    constexpr int self_timed = 32;
    const bool times_host = c.family == KernelFamily::launch || c.family == KernelFamily::sustained;
    if (clock_ && times_host) clock_->rest();
    t.event_s = op.time_itself(self_timed);
    if (!t.event_s.empty()) {
      s.clock = c.family == KernelFamily::launch ? "host" : "events";
      s.stop = "its own rule";
      return t;
    }
    Stop stop = Stop::go_on;
    while (stop == Stop::go_on) {
      t.append(watch_->run(op, next_batch(t.best(), options_.limits)));
      stop = decide(t.best(), options_.limits);
    }
    s.clock = t.kernel_s.size() == t.event_s.size() ? "cupti" : "events";
    s.stop = name_of(stop);
    return t;
  }

  void fill(Sample& s, const Timings& t, double clock_before) const {
    const std::vector<double>& times = t.best();
    s.median_s = median(times);
    s.spread = relative_spread(times);
    s.n = static_cast<int>(times.size());
    s.event_s = s.clock == "cupti" && !t.event_less_s.empty() ? median(t.event_less_s) : 0;
    s.kernels = t.kernels;
    s.grid = t.grid;
    s.registers = t.registers;
    s.throttled = throttled(throttle_evidence(times, clock_before, s.clock_mhz));
    for (const double v : times) s.raw_us.push_back(v * 1e6);
  }

  double best_algorithm(Operation& op, double first) {
    constexpr int repetitions = 12;
    double best = first;
    for (int i = 1; i < op.alternatives(); ++i) {
      op.choose(i);
      try {
        watch_->run_once(op);
        const Timings t = watch_->run(op, repetitions);
        best = std::min(best, median(t.best()));
      } catch (const DeviceError&) {
        cudaGetLastError();  // an algorithm that the heuristic offers and the library then refuses
      }
    }
    op.choose(0);
    return best;
  }

  std::variant<Counters, NotMeasured> count_in(const Case& c) {
    if (!counters_) return not_measured(c, "no hardware counters, their columns stay empty: " + no_counters_);
    auto made = make(c);
    if (auto* why = std::get_if<NotMeasured>(&made)) return *why;
    Operation& op = *std::get<std::unique_ptr<Operation>>(made);
    if (op.events_only()) return not_measured(c, "its kernels are not one call's");
    watch_->run_once(op);
    const auto counted = counters_->read([&] { watch_->empty_cache(); }, [&] { watch_->run_once(op); });
    if (!counted) return not_measured(c, "CUPTI's range profiler gave no values");
    return *counted;
  }

  MeasureOptions options_;
  cudaDeviceProp properties_{};
  Gpu gpu_;
  std::optional<Nvml> nvml_;
  std::unique_ptr<BlasLibraries> blas_;
  std::unique_ptr<CudnnLibrary> cudnn_;
  std::unique_ptr<KernelClock> clock_;
  std::unique_ptr<CounterReader> counters_;
  std::string no_counters_;  ///< why
  bool lost_ = false;
  std::unique_ptr<Stopwatch> watch_;
  std::vector<std::string> limitations_;
};

}  // namespace

std::unique_ptr<Measurer> open_measurer(const MeasureOptions& options, std::string& why_not) {
  int count = 0;
  const cudaError_t code = cudaGetDeviceCount(&count);
  if (code != cudaSuccess || count == 0) {
    int driver = 0;
    cudaDriverGetVersion(&driver);
    const std::string reason = driver == 0           ? "no NVIDIA driver is loaded"
                               : code == cudaSuccess ? "the driver shows none"
                                                     : cudaGetErrorString(code);
    why_not = "no CUDA device: " + reason + " (list, import, merge and show work without one)";
    return nullptr;
  }
  if (options.device >= count) {
    why_not = "no CUDA device " + std::to_string(options.device) + ": there are " + std::to_string(count);
    return nullptr;
  }
  try {
    return std::make_unique<CudaMeasurer>(options);
  } catch (const DeviceError& e) {
    why_not = std::string("no CUDA device can be used: ") + e.what();
    return nullptr;
  }
}

}  // namespace sextant::profile
