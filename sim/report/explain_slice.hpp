// SPDX-License-Identifier: Apache-2.0
// What a slice of the pipeline's picture consists of: "sextant/explain/1" of one item of the schedule.
#pragma once

#include <string>
#include <string_view>

#include "sim/report/explain.hpp"
#include "sim/step/timeline.hpp"

namespace sextant::sim::report {

/// Tag of what a pipeline rank computes under this name: "slice/3/F12.1".
[[nodiscard]] std::string slice_tag(int rank, std::string_view name);
[[nodiscard]] bool explains_slice(std::string_view tag);

/// Which pass of which micro-batch and stage it is, how long it takes and of which terms. Table "terms": "tag",
/// "title", "seconds", "share", "formula", "source"; the seconds add up to "value".
[[nodiscard]] Report explain_slice(const Explained& e, const StepTimeline& step, std::string_view tag);

}  // namespace sextant::sim::report
