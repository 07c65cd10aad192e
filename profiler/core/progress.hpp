// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sextant::profile {

/// One line that is rewritten in place: bar, count, time left, what is running. `width`: columns of the terminal.
[[nodiscard]] std::string progress_line(int done, int total, double elapsed_s, std::string_view what, int width);

}  // namespace sextant::profile
