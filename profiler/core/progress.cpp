// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/progress.hpp"

#include <algorithm>
#include <cstdio>

namespace sextant::profile {

std::string progress_line(int done, int total, double elapsed_s, std::string_view what, int width) {
  constexpr int bar = 24;
  const int filled = total > 0 ? bar * done / total : bar;
  std::string out(1, '[');
  out.append(static_cast<std::size_t>(filled), '#').append(static_cast<std::size_t>(bar - filled), '.').append("] ");
  out += std::to_string(done) + "/" + std::to_string(total);
  if (done > 0 && done < total) {
    const int left = static_cast<int>(elapsed_s / done * (total - done));
    char text[32];
    std::snprintf(text, sizeof text, "  %d:%02d left", left / 60, left % 60);
    out += text;
  }
  out += "  " + std::string(what);
  const auto columns = static_cast<std::size_t>(std::max(width, 20));
  if (out.size() > columns) out.resize(columns);
  return out;
}

}  // namespace sextant::profile
