// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "profiler/core/json_value.hpp"

namespace sextant::profile {

/// The file's bytes, unpacked where it is gzip. Nothing and a fault when it cannot be opened, or is packed and this
/// program was built without zlib.
[[nodiscard]] std::optional<ByteSource> open_maybe_packed(const std::string& path, std::string& fault);

}  // namespace sextant::profile
