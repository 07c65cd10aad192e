// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/catalogue.hpp"

namespace sextant {

/// The data files under hardware/data, models/data and sim/data, compiled into the library sextant::data by
/// cmake/SextantEmbed.cmake; made for `Catalogue::open`.
[[nodiscard]] std::vector<EmbeddedFile> embedded_files();

}  // namespace sextant
