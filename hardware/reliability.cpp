// SPDX-License-Identifier: Apache-2.0
#include "hardware/reliability.hpp"

#include "hardware/shapes.hpp"

namespace sextant::json {

using hardware::FailureRow;
using hardware::JobMttfRow;
using hardware::ReliabilityDefaults;

template <>
struct ShapeOf<FailureRow> {
  static const Shape<FailureRow>& get() {
    static const Shape<FailureRow> shape =
        Shape<FailureRow>("failures")
            .required("of", &FailureRow::of, "cluster or run")
            .required("gpu", &FailureRow::gpu, "id of the GPU")
            .required("gpus", &FailureRow::gpus, "how many", positive())
            .required("failures_per_1000_node_days", &FailureRow::failures_per_1000_node_days,
                      "unexpected interruptions a thousand days of one 8-GPU node", positive())
            .optional("note", &FailureRow::note, "how it was counted")
            .required("source", &FailureRow::source, "where it comes from");
    return shape;
  }
};

template <>
struct ShapeOf<JobMttfRow> {
  static const Shape<JobMttfRow>& get() {
    static const Shape<JobMttfRow> shape =
        Shape<JobMttfRow>("job")
            .required("of", &JobMttfRow::of, "cluster")
            .required("gpus", &JobMttfRow::gpus, "size of the job", positive())
            .required("mttf_hours", &JobMttfRow::mttf_hours, "mean time to failure", positive())
            .optional("projected", &JobMttfRow::projected, "worked out by the publisher, not counted")
            .required("source", &JobMttfRow::source, "where it comes from");
    return shape;
  }
};

template <>
struct ShapeOf<ReliabilityDefaults> {
  static const Shape<ReliabilityDefaults>& get() {
    using R = ReliabilityDefaults;
    static const Shape<R> shape = [] {
      Shape<R> s("reliability");
      const auto band = [&s](const std::string& key, auto low, auto mid, auto high, const std::string& doc) {
        s.required(key + "_low", low, doc + ", 10 % quantile", positive())
            .required(key, mid, doc, positive())
            .required(key + "_high", high, doc + ", 90 % quantile", positive());
      };
      s.ignored("format", "\"sextant/reliability/1\"");
      band(
          "failures_per_1000_node_days", [](auto& v) -> auto& { return v.failures_per_1000_node_days.low; },
          [](auto& v) -> auto& { return v.failures_per_1000_node_days.mid; },
          [](auto& v) -> auto& { return v.failures_per_1000_node_days.high; }, "unexpected interruptions");
      band(
          "restart_minutes", [](auto& v) -> auto& { return v.restart_minutes.low; },
          [](auto& v) -> auto& { return v.restart_minutes.mid; },
          [](auto& v) -> auto& { return v.restart_minutes.high; }, "detection and restart");
      s.required("checkpoint_gb_per_s_per_node", &R::checkpoint_gb_per_s_per_node, "written by one node", positive())
          .required("spare_share", &R::spare_share, "spare nodes over nodes", non_negative(1))
          .required("repair_hours", &R::repair_hours, "until a failed node is back", positive())
          .required("straggler_share", &R::straggler_share, "slowdown beside the step model's own", non_negative(1))
          .required("planned_interruptions_per_day", &R::planned_interruptions_per_day, "maintenance, new software",
                    non_negative())
          .required("source", &R::source, "of the defaults")
          .optional("failures", &R::failures, "what the band rests on")
          .optional("jobs", &R::jobs, "mean times between failures by size");
      return s;
    }();
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::hardware {

std::optional<ReliabilityDefaults> read_reliability(const json::Cursor& at) {
  ReliabilityDefaults out;
  if (!json::ShapeOf<ReliabilityDefaults>::get().read(at, out)) return std::nullopt;
  return out;
}

}  // namespace sextant::hardware
