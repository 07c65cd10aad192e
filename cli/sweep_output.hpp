// SPDX-License-Identifier: Apache-2.0
// Where the lines of a sweep go: appended as they come, so that an interrupted sweep goes on where it stopped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "sim/sweep/points.hpp"

namespace sextant::cli {

struct OutcomeCounts {
  std::uint64_t feasible = 0;
  std::uint64_t infeasible = 0;
  std::uint64_t faults = 0;

  void add(sim::sweep::Outcome outcome);
  [[nodiscard]] std::uint64_t all() const { return feasible + infeasible + faults; }
};

/// A file descriptor that is closed with its owner; stdout stays open.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

class SweepOutput {
 public:
  /// `path` "-" or a device: nothing is read back. A file keeps its lines unless `restart`; a last line that was cut
  /// off is removed. Lines of another sweep are faults. Nothing on faults, or on a `reason` the file cannot be written
  /// for.
  static std::optional<SweepOutput> open(const std::string& path, const std::string& sweep, std::uint64_t points,
                                         bool restart, Diagnostics& faults, std::string& reason);

  [[nodiscard]] bool has(std::uint64_t point) const { return !have_.empty() && have_[point]; }
  [[nodiscard]] const OutcomeCounts& found() const { return found_; }
  /// A cut line was removed.
  [[nodiscard]] bool repaired() const { return repaired_; }

  /// Whole lines. False and a reason where they could not be written.
  [[nodiscard]] bool append(std::string_view lines, std::string& reason);
  /// Puts the lines into the order of the points, each once, where the file began otherwise.
  [[nodiscard]] bool finish(std::string& reason);

 private:
  SweepOutput(std::string path, Descriptor descriptor) : path_(std::move(path)), descriptor_(std::move(descriptor)) {}
  bool read_back(const std::string& sweep, std::uint64_t points, Diagnostics& faults, std::string& reason);

  std::string path_;  ///< empty: a stream
  Descriptor descriptor_;
  std::vector<bool> have_;
  OutcomeCounts found_;
  bool repaired_ = false;
  bool ordered_ = true;
  std::uint64_t last_ = 0;  ///< point of the last line
  bool any_ = false;
};

}  // namespace sextant::cli
