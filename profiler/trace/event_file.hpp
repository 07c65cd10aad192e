// SPDX-License-Identifier: Apache-2.0
// The event list that the recording library writes inside the recorded program: one line a record, so that a program
// that is killed leaves what it had.
//
//   sextant-events/1
//   N id name                                            a text, before its first use
//   K start end device stream correlation gx gy gz registers name
//   C start end device stream correlation bytes           copy
//   F start end device stream correlation bytes           fill
//   L correlation thread start                            host call
//   R start end thread name                               NVTX range
//   D count                                               records that CUPTI lost
//   G name of the device
#pragma once

#include <istream>
#include <optional>
#include <string>

#include "profiler/trace/trace.hpp"

namespace sextant::profile {

/// Reads the list; a last line cut short is left out and told in the remarks.
[[nodiscard]] std::optional<Trace> read_events(std::istream& in, std::string& fault);

}  // namespace sextant::profile
