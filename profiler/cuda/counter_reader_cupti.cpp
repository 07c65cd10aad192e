// SPDX-License-Identifier: Apache-2.0
// CUPTI's range profiler: one user range around the work, replayed by us as often as the counters need.
#include <cuda_runtime_api.h>
#include <cupti_profiler_host.h>
#include <cupti_profiler_target.h>
#include <cupti_range_profiler.h>
#include <cupti_target.h>

#include <array>
#include <initializer_list>
#include <vector>

#include "profiler/cuda/check.hpp"
#include "profiler/cuda/counter_reader.hpp"
#include "profiler/cuda/cupti_library.hpp"

namespace sextant::profile {

namespace {

// Names by preference; not every chip has each.
struct Metric {
  std::initializer_list<const char*> names;
  double Counters::*member;
  double scale;
};
constexpr double percent = 0.01;
const std::array<Metric, 3> metrics{{
    {{"dram__bytes.sum"}, &Counters::dram_bytes, 1},
    {{"sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_active",
      "sm__inst_executed_pipe_tensor.avg.pct_of_peak_sustained_active"},
     &Counters::tensor_active,
     percent},
    {{"sm__warps_active.avg.pct_of_peak_sustained_active"}, &Counters::occupancy, percent},
}};

/// CUPTI's functions, each by its own declaration.
struct Api {
#define SEXTANT_CUPTI_FUNCTIONS(X)                                                                                  \
  X(cuptiProfilerInitialize)                                                                                        \
  X(cuptiDeviceGetChipName)                                                                                         \
  X(cuptiProfilerGetCounterAvailability)                                                                            \
  X(cuptiProfilerHostInitialize)                                                                                    \
  X(cuptiProfilerHostConfigAddMetrics)                                                                              \
  X(cuptiProfilerHostGetConfigImageSize) X(cuptiProfilerHostGetConfigImage) X(cuptiProfilerHostEvaluateToGpuValues) \
      X(cuptiRangeProfilerEnable) X(cuptiRangeProfilerDisable) X(cuptiRangeProfilerGetCounterDataSize)              \
          X(cuptiRangeProfilerCounterDataImageInitialize) X(cuptiRangeProfilerSetConfig) X(cuptiRangeProfilerStart) \
              X(cuptiRangeProfilerStop) X(cuptiRangeProfilerPushRange) X(cuptiRangeProfilerPopRange)                \
                  X(cuptiRangeProfilerDecodeData)
#define SEXTANT_DECLARE(f) decltype(::f)* f = nullptr;
  SEXTANT_CUPTI_FUNCTIONS(SEXTANT_DECLARE)
#undef SEXTANT_DECLARE

  bool load(const SharedLibrary& library) {
    bool good = true;
#define SEXTANT_LOAD(f) good = (f = library.function<decltype(::f)>(#f)) != nullptr && good;
    SEXTANT_CUPTI_FUNCTIONS(SEXTANT_LOAD)
#undef SEXTANT_LOAD
    return good;
  }
};

template <class P>
P sized(std::size_t size) {
  P p{};
  p.structSize = size;
  return p;
}
#define SEXTANT_PARAMS(type) sized<type>(type##_STRUCT_SIZE)

class CuptiCounters : public CounterReader {
 public:
  explicit CuptiCounters(SharedLibrary library) : library_(std::move(library)) {}

  bool prepare(int device, std::string& why_not) {
    if (!api_.load(library_)) return says(why_not, library_.path() + " has no range profiler (it came with CUDA 12.6)");
    auto init = SEXTANT_PARAMS(CUpti_Profiler_Initialize_Params);
    if (!good(api_.cuptiProfilerInitialize(&init), why_not)) return false;
    auto chip = SEXTANT_PARAMS(CUpti_Device_GetChipName_Params);
    chip.deviceIndex = static_cast<std::size_t>(device);
    if (!good(api_.cuptiDeviceGetChipName(&chip), why_not)) return false;
    auto available = SEXTANT_PARAMS(CUpti_Profiler_GetCounterAvailability_Params);
    if (!good(api_.cuptiProfilerGetCounterAvailability(&available), why_not)) return false;
    availability_.resize(available.counterAvailabilityImageSize);
    available.pCounterAvailabilityImage = availability_.data();
    if (!good(api_.cuptiProfilerGetCounterAvailability(&available), why_not)) return false;
    auto host = SEXTANT_PARAMS(CUpti_Profiler_Host_Initialize_Params);
    host.profilerType = CUPTI_PROFILER_TYPE_RANGE_PROFILER;
    host.pChipName = chip.pChipName;
    host.pCounterAvailabilityImage = availability_.data();
    if (!good(api_.cuptiProfilerHostInitialize(&host), why_not)) return false;
    host_ = host.pHostObject;
    return choose_metrics(why_not) && make_config(why_not) && can_enable(why_not);
  }

  std::optional<Counters> read(const std::function<void()>& before_each,
                               const std::function<void()>& launch_and_wait) override {
    auto enable = enable_parameters();
    if (api_.cuptiRangeProfilerEnable(&enable) != CUPTI_SUCCESS) return std::nullopt;
    std::optional<Counters> out;
    std::vector<std::uint8_t> data;
    try {
      if (collect(enable.pRangeProfilerObject, before_each, launch_and_wait, data)) out = evaluate(data);
    } catch (const DeviceError&) {
      out.reset();  // the profiler has to be disabled all the same
    }
    auto disable = SEXTANT_PARAMS(CUpti_RangeProfiler_Disable_Params);
    disable.pRangeProfilerObject = enable.pRangeProfilerObject;
    api_.cuptiRangeProfilerDisable(&disable);
    return out;
  }

 private:
  static bool says(std::string& why_not, std::string text) {
    why_not = std::move(text);
    return false;
  }
  bool good(CUptiResult code, std::string& why_not) const {
    return code == CUPTI_SUCCESS || says(why_not, cupti_error(library_, code));
  }

  bool choose_metrics(std::string& why_not) {
    for (const Metric& m : metrics) {
      for (const char* name : m.names) {
        auto add = SEXTANT_PARAMS(CUpti_Profiler_Host_ConfigAddMetrics_Params);
        add.pHostObject = host_;
        add.ppMetricNames = &name;
        add.numMetrics = 1;
        if (api_.cuptiProfilerHostConfigAddMetrics(&add) != CUPTI_SUCCESS) continue;
        names_.push_back(name);
        chosen_.push_back(&m);
        break;
      }
    }
    return !names_.empty() || says(why_not, "this chip has none of the counters");
  }

  bool make_config(std::string& why_not) {
    auto size = SEXTANT_PARAMS(CUpti_Profiler_Host_GetConfigImageSize_Params);
    size.pHostObject = host_;
    if (!good(api_.cuptiProfilerHostGetConfigImageSize(&size), why_not)) return false;
    config_.resize(size.configImageSize);
    auto image = SEXTANT_PARAMS(CUpti_Profiler_Host_GetConfigImage_Params);
    image.pHostObject = host_;
    image.configImageSize = config_.size();
    image.pConfigImage = config_.data();
    return good(api_.cuptiProfilerHostGetConfigImage(&image), why_not);
  }

  /// The driver answers here whether this user may read counters.
  bool can_enable(std::string& why_not) {
    auto enable = enable_parameters();
    if (enable.ctx == nullptr) return says(why_not, "there is no current CUDA context");
    if (!good(api_.cuptiRangeProfilerEnable(&enable), why_not)) return false;
    auto disable = SEXTANT_PARAMS(CUpti_RangeProfiler_Disable_Params);
    disable.pRangeProfilerObject = enable.pRangeProfilerObject;
    api_.cuptiRangeProfilerDisable(&disable);
    return true;
  }

  /// The header does not say that a missing context means the current one; older calls of CUPTI did.
  static CUpti_RangeProfiler_Enable_Params enable_parameters() {
    auto out = SEXTANT_PARAMS(CUpti_RangeProfiler_Enable_Params);
    if (const auto driver = SharedLibrary::open({"libcuda.so.1"})) {
      auto* current = driver->function<decltype(cuCtxGetCurrent)>("cuCtxGetCurrent");
      if (current != nullptr && current(&out.ctx) != CUDA_SUCCESS) out.ctx = nullptr;
    }
    return out;
  }

  bool collect(CUpti_RangeProfiler_Object* profiler, const std::function<void()>& before_each,
               const std::function<void()>& launch_and_wait, std::vector<std::uint8_t>& data) {
    auto size = SEXTANT_PARAMS(CUpti_RangeProfiler_GetCounterDataSize_Params);
    size.pRangeProfilerObject = profiler;
    size.pMetricNames = names_.data();
    size.numMetrics = names_.size();
    size.maxNumOfRanges = 1;
    size.maxNumRangeTreeNodes = 1;
    if (api_.cuptiRangeProfilerGetCounterDataSize(&size) != CUPTI_SUCCESS) return false;
    data.resize(size.counterDataSize);
    auto image = SEXTANT_PARAMS(CUpti_RangeProfiler_CounterDataImage_Initialize_Params);
    image.pRangeProfilerObject = profiler;
    image.counterDataSize = data.size();
    image.pCounterData = data.data();
    if (api_.cuptiRangeProfilerCounterDataImageInitialize(&image) != CUPTI_SUCCESS) return false;
    auto config = SEXTANT_PARAMS(CUpti_RangeProfiler_SetConfig_Params);
    config.pRangeProfilerObject = profiler;
    config.configSize = config_.size();
    config.pConfig = config_.data();
    config.counterDataImageSize = data.size();
    config.pCounterDataImage = data.data();
    config.range = CUPTI_UserRange;
    config.replayMode = CUPTI_UserReplay;
    config.maxRangesPerPass = 1;
    config.numNestingLevels = 1;
    config.minNestingLevel = 1;
    config.passIndex = 0;
    config.targetNestingLevel = 0;
    if (api_.cuptiRangeProfilerSetConfig(&config) != CUPTI_SUCCESS) return false;
    return replay(profiler, before_each, launch_and_wait);
  }

  bool replay(CUpti_RangeProfiler_Object* profiler, const std::function<void()>& before_each,
              const std::function<void()>& launch_and_wait) {
    constexpr int most_passes = 64;
    for (int pass = 0; pass < most_passes; ++pass) {
      auto start = SEXTANT_PARAMS(CUpti_RangeProfiler_Start_Params);
      start.pRangeProfilerObject = profiler;
      auto push = SEXTANT_PARAMS(CUpti_RangeProfiler_PushRange_Params);
      push.pRangeProfilerObject = profiler;
      push.pRangeName = "case";
      auto pop = SEXTANT_PARAMS(CUpti_RangeProfiler_PopRange_Params);
      pop.pRangeProfilerObject = profiler;
      auto stop = SEXTANT_PARAMS(CUpti_RangeProfiler_Stop_Params);
      stop.pRangeProfilerObject = profiler;
      before_each();
      if (api_.cuptiRangeProfilerStart(&start) != CUPTI_SUCCESS) return false;
      if (api_.cuptiRangeProfilerPushRange(&push) != CUPTI_SUCCESS) return false;
      launch_and_wait();
      if (api_.cuptiRangeProfilerPopRange(&pop) != CUPTI_SUCCESS) return false;
      if (api_.cuptiRangeProfilerStop(&stop) != CUPTI_SUCCESS) return false;
      if (stop.isAllPassSubmitted == 0) continue;
      auto decode = SEXTANT_PARAMS(CUpti_RangeProfiler_DecodeData_Params);
      decode.pRangeProfilerObject = profiler;
      return api_.cuptiRangeProfilerDecodeData(&decode) == CUPTI_SUCCESS;
    }
    return false;
  }

  std::optional<Counters> evaluate(const std::vector<std::uint8_t>& data) {
    std::vector<double> values(names_.size(), 0.0);
    auto get = SEXTANT_PARAMS(CUpti_Profiler_Host_EvaluateToGpuValues_Params);
    get.pHostObject = host_;
    get.pCounterDataImage = data.data();
    get.counterDataImageSize = data.size();
    get.rangeIndex = 0;
    get.ppMetricNames = names_.data();
    get.numMetrics = names_.size();
    get.pMetricValues = values.data();
    if (api_.cuptiProfilerHostEvaluateToGpuValues(&get) != CUPTI_SUCCESS) return std::nullopt;
    Counters out;
    for (std::size_t i = 0; i < values.size(); ++i) out.*(chosen_[i]->member) = values[i] * chosen_[i]->scale;
    return out;
  }

  SharedLibrary library_;
  Api api_;
  CUpti_Profiler_Host_Object* host_ = nullptr;
  std::vector<std::uint8_t> availability_;
  std::vector<std::uint8_t> config_;
  std::vector<const char*> names_;
  std::vector<const Metric*> chosen_;
};

}  // namespace

std::unique_ptr<CounterReader> CounterReader::open(int device, std::string& why_not) {
  auto library = open_cupti();
  if (!library) {
    why_not = "libcupti is not found";
    return nullptr;
  }
  auto out = std::make_unique<CuptiCounters>(std::move(*library));
  if (!out->prepare(device, why_not)) return nullptr;
  return out;
}

}  // namespace sextant::profile
