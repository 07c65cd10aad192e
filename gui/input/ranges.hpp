// SPDX-License-Identifier: GPL-3.0-or-later
// What sliders run over.
#pragma once

namespace sextant::gui {

struct Range {
  double low, high;
};

inline constexpr Range token_range{1e9, 1e14};
inline constexpr Range gpu_range{8, 131072};
inline constexpr Range price_range{0.2, 20};  ///< dollars a GPU-hour
inline constexpr Range day_range{1, 1000};
inline constexpr Range budget_range{1e3, 1e9};  ///< dollars

}  // namespace sextant::gui
