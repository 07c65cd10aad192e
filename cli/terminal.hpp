// SPDX-License-Identifier: Apache-2.0
// What the two output streams can show.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "sim/report/exporters.hpp"

namespace sextant::cli {

enum class Colour { automatic, always, never };

/// Colour on a terminal unless NO_COLOR is set or TERM is "dumb" (no-color.org); block characters where the locale is
/// UTF-8; the terminal's width between 60 and 120, or 80 elsewhere.
[[nodiscard]] sim::report::TextStyle text_style(Colour colour, bool to_file);

[[nodiscard]] bool colour_on_stderr(Colour colour);

/// A bar on stderr while long work runs; silent when stderr is no terminal.
class Progress {
 public:
  Progress(std::string what, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// At most ten times a second.
  void show(double share, std::string_view detail = {});

 private:
  std::string what_;
  bool active_ = false;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace sextant::cli
