// SPDX-License-Identifier: Apache-2.0
// CUPTI's activity records as lines of an event list (profiler/trace/event_file.hpp says which). Header only: the
// recording library uses it inside other programs, tests with records built by hand.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_map>

#include "profiler/cuda/activity_records.hpp"

namespace sextant::profile {

class EventWriter {
 public:
  explicit EventWriter(std::ostream& out) : out_(&out) { *out_ << "sextant-events/1\n"; }

  void device(std::string_view name) { *out_ << "G " << name << '\n'; }
  void dropped(std::size_t count) {
    if (count > 0) *out_ << "D " << count << '\n';
  }

  void take(const CUpti_Activity& record) {
    switch (record.kind) {
      case CUPTI_ACTIVITY_KIND_KERNEL:
      case CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL: kernel(as_kernel(record)); break;
      case CUPTI_ACTIVITY_KIND_MEMCPY: copy('C', reinterpret_cast<const CUpti_ActivityMemcpy6&>(record)); break;
      case CUPTI_ACTIVITY_KIND_MEMSET: copy('F', reinterpret_cast<const CUpti_ActivityMemset4&>(record)); break;
      case CUPTI_ACTIVITY_KIND_RUNTIME:
      case CUPTI_ACTIVITY_KIND_DRIVER: call(reinterpret_cast<const CUpti_ActivityAPI&>(record)); break;
      case CUPTI_ACTIVITY_KIND_MARKER: marker(reinterpret_cast<const CUpti_ActivityMarker2&>(record)); break;
      default: break;
    }
  }

 private:
  struct Open {
    std::uint64_t start = 0;
    int name = -1;
  };

  int name_index(const char* name) {
    const std::string text = name != nullptr && *name != '\0' ? name : "(no name)";
    const auto [found, is_new] = names_.emplace(text, static_cast<int>(names_.size()) + 1);
    if (is_new) {
      *out_ << "N " << found->second << ' ';
      for (const char c : text) *out_ << (c == '\n' || c == '\r' ? ' ' : c);
      *out_ << '\n';
    }
    return found->second;
  }

  void kernel(const ActivityKernel& k) {
    const int name = name_index(k.name);
    *out_ << "K " << k.start << ' ' << k.end << ' ' << k.deviceId << ' ' << k.streamId << ' ' << k.correlationId << ' '
          << k.gridX << ' ' << k.gridY << ' ' << k.gridZ << ' ' << k.registersPerThread << ' ' << name << '\n';
  }

  template <class Record>
  void copy(char letter, const Record& r) {
    *out_ << letter << ' ' << r.start << ' ' << r.end << ' ' << r.deviceId << ' ' << r.streamId << ' '
          << r.correlationId << ' ' << r.bytes << '\n';
  }

  void call(const CUpti_ActivityAPI& c) {
    *out_ << "L " << c.correlationId << ' ' << c.threadId << ' ' << c.start << '\n';
  }

  /// Ranges come as a start and an end with the same id; only the start has the name.
  void marker(const CUpti_ActivityMarker2& m) {
    if ((m.flags & CUPTI_ACTIVITY_FLAG_MARKER_START) != 0) {
      open_[m.id] = {m.timestamp, name_index(m.name)};
      return;
    }
    if ((m.flags & CUPTI_ACTIVITY_FLAG_MARKER_END) == 0) return;
    const auto found = open_.find(m.id);
    if (found == open_.end()) return;
    *out_ << "R " << found->second.start << ' ' << m.timestamp << ' ' << m.objectId.pt.threadId << ' '
          << found->second.name << '\n';
    open_.erase(found);
  }

  std::ostream* out_;
  std::unordered_map<std::string, int> names_;
  std::unordered_map<std::uint32_t, Open> open_;
};

}  // namespace sextant::profile
