// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sextant::cli {

/// The text as a gzip file (RFC 1952); without zlib in stored blocks, which readers accept and which is no smaller.
[[nodiscard]] std::string gzipped(std::string_view text);

}  // namespace sextant::cli
