// SPDX-License-Identifier: Apache-2.0
// Chrome's trace event format as Perfetto reads it: https://perfetto.dev/docs/getting-started/other-formats
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/quantity.hpp"

namespace sextant::sim::report {

/// What a slice says when it is clicked on.
using TraceArguments = std::vector<std::pair<std::string, double>>;

/// One rectangle. Slices of one rank and lane may nest or follow each other; those that overlap in part are moved to
/// further lanes of the same name, because Perfetto drops or displaces them.
struct TraceRectangle {
  int rank = 0;
  int lane = 0;
  std::string name;
  std::string category;
  Seconds start;
  Seconds duration;
  TraceArguments arguments;
  std::string tag{};  ///< of what explains it
};

/// An arrow from one slice to another; both are indices of `TraceDocument::slices`.
struct TraceArrow {
  std::string name;
  std::size_t from = 0;
  std::size_t to = 0;
};

/// A figure of one rank over time: `value` from `since` on.
struct TraceCounter {
  int rank = 0;
  std::string name;
  std::string series;
  Seconds since;
  double value = 0;
};

struct TraceDocument {
  std::vector<std::string> ranks;  ///< names; the index is the rank
  std::vector<std::string> lanes;  ///< names; the index is the lane and its place from the top
  std::vector<TraceRectangle> slices;
  std::vector<TraceArrow> arrows;
  std::vector<TraceCounter> counters;
  std::vector<std::pair<std::string, std::string>> about;  ///< key and text, into "otherData"
};

/// One line an event. Times are whole nanoseconds, so that neighbours touch and never overlap.
[[nodiscard]] std::string to_chrome_trace(const TraceDocument& document);

}  // namespace sextant::sim::report
