// SPDX-License-Identifier: Apache-2.0
#include "sim/uncertainty/tornado.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sextant::sim {

namespace {

constexpr double least_span = 1.001;
/// A posterior this much narrower than its prior is the rows' work.
constexpr double decided = 0.7;
/// Best to worst GEMM among GPUs of one kind under load, half of it: 8 % on average (Sinha et al., SC22,
/// arXiv:2208.11035); the slowest of a job decides.
constexpr double clock_range = 0.04;
/// A rate that the run does not state may be the next one down or up of those that are sold (200, 400, 800 Gbit/s).
constexpr double unstated_network = 2.0;
/// A stated one is shared with others' jobs: rings of real clusters lose up to a fifth against an idle fabric.
constexpr double shared_network = 0.8;

class Bars {
 public:
  Bars(const Run& run, const StepEstimate& estimate, const Calibration& calibration)
      : run_(run), time_(estimate.time), calibration_(calibration) {}

  void parameters(const std::vector<Response>& responses) {
    for (const Response& r : responses) {
      const ParameterInfo& info = parameter_table()[static_cast<std::size_t>(r.parameter)];
      add({std::string(info.tag),
           fmt::format("{:.3g} +- {:.1f} %", calibration_.parameters[r.parameter], 100 * r.sigma),
           grade_of(calibration_, info), time_ * std::exp(std::min(r.down, r.up)),
           time_ * std::exp(std::max(r.down, r.up)), std::string(info.meaning), std::string(info.source)});
    }
  }

  void clock() {
    const auto at = [this](double factor) {
      Run moved = run_;
      hardware::Accelerator& gpu = moved.cluster.gpu;
      for (FlopRate* rate : {&gpu.peak.bf16, &gpu.peak.fp16, &gpu.peak.fp8, &gpu.peak.fp4}) *rate = *rate * factor;
      for (auto* rate : {&gpu.sustained_bf16_gemm, &gpu.sustained_fp8_gemm}) {
        if (*rate) **rate = **rate * factor;
      }
      return time_of(moved);
    };
    add("clock under load", fmt::format("+- {:.0f} %", 100 * clock_range), Trust::paper, at(1 - clock_range),
        at(1 + clock_range), "GPUs of one kind differ, the slowest of a job decides", "arXiv:2208.11035");
  }

  void network() {
    if (run_.cluster.gpus <= run_.cluster.gpus_per_node || !(run_.cluster.nic_per_gpu.value() > 0)) return;
    const auto& assumed = run_.cluster.assumptions;
    const bool stated = std::none_of(assumed.begin(), assumed.end(), [](const std::string& text) {
      return text.find("nic_gbit_per_s_per_gpu =") != std::string::npos;
    });
    const auto at = [this](double factor) {
      Run moved = run_;
      moved.cluster.nic_per_gpu = moved.cluster.nic_per_gpu * factor;
      return time_of(moved);
    };
    const double gbit = run_.cluster.nic_per_gpu.value() * 8e-9;
    const double low = stated ? shared_network : 1 / unstated_network;
    const double high = stated ? 1.0 : unstated_network;
    add("network rate", fmt::format("{:.0f} to {:.0f} Gbit/s a GPU", gbit * low, gbit * high), Trust::assumed, at(low),
        at(high), stated ? "a fabric is shared" : "the run does not state its network's rate", "");
  }

  void routing() {
    if (!run_.model.has_experts() || run_.routing != Routing::unknown) return;
    const auto at = [this](Routing routing) {
      Run moved = run_;
      moved.routing = routing;
      return time_of(moved);
    };
    add("expert imbalance", "balanced to natural", Trust::assumed, at(Routing::balanced), at(Routing::natural),
        "the run does not say how tokens find experts", "");
  }

  void recompute() {
    if (!run_.recompute.silent) return;
    const auto at = [this](RecomputeMode mode) {
      Run moved = run_;
      moved.recompute = Recompute{};
      moved.recompute.mode = mode;
      return time_of(moved);
    };
    add("recompute", "none to full", Trust::assumed, at(RecomputeMode::none), at(RecomputeMode::full),
        "the run does not say what is recomputed", "");
  }

  void own_error(const StepUncertainty& uncertainty) {
    for (const Widening& w : uncertainty.parts) {
      if (w.regime == regimes().data()) continue;  // the parameters, which have bars of their own
      add({std::string(w.regime->tag), fmt::format("+- {:.1f} %", 100 * std::expm1(w.half_width)),
           w.regime->learned ? Trust::measured : Trust::assumed, time_ * std::exp(-w.half_width),
           time_ * std::exp(w.half_width), std::string(w.regime->why), std::string(w.regime->source)});
    }
  }

  std::vector<TornadoBar> sorted() {
    std::stable_sort(bars_.begin(), bars_.end(),
                     [](const TornadoBar& a, const TornadoBar& b) { return a.span() > b.span(); });
    return std::move(bars_);
  }

 private:
  [[nodiscard]] Seconds time_of(const Run& run) { return evaluate(run, calibration_.parameters, workspace_).time; }

  void add(TornadoBar bar) {
    if (bar.span() > least_span) bars_.push_back(std::move(bar));
  }
  void add(std::string input, std::string range, Trust grade, Seconds a, Seconds b, std::string why,
           std::string source) {
    add({std::move(input), std::move(range), grade, std::min(a, b), std::max(a, b), std::move(why), std::move(source)});
  }

  const Run& run_;
  Seconds time_;
  const Calibration& calibration_;
  StepWorkspace workspace_;
  std::vector<TornadoBar> bars_;
};

}  // namespace

Trust grade_of(const Calibration& calibration, const ParameterInfo& info) {
  const std::optional<double> sigma = posterior_sigma(calibration, info.parameter);
  return sigma && *sigma < decided * info.sigma ? Trust::measured : prior_trust(info);
}

std::vector<TornadoBar> tornado(const Run& run, const StepEstimate& estimate, const Calibration& calibration) {
  return tornado(run, estimate, step_uncertainty(run, estimate, calibration), calibration);
}

std::vector<TornadoBar> tornado(const Run& run, const StepEstimate& estimate, const StepUncertainty& uncertainty,
                                const Calibration& calibration) {
  Bars bars(run, estimate, calibration);
  bars.parameters(uncertainty.responses);
  bars.clock();
  bars.network();
  bars.routing();
  bars.recompute();
  bars.own_error(uncertainty);
  return bars.sorted();
}

}  // namespace sextant::sim
