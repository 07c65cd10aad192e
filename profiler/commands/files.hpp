// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "profiler/core/profile_data.hpp"

namespace sextant::profile {

/// Prints `sextant-profile: text` on stderr and returns `code`.
int complain(const std::string& text, int code);

[[nodiscard]] std::optional<std::string> read_file(const std::string& path);

/// Writes beside the file and renames, so that a killed run leaves the last whole profile. "-" is stdout.
[[nodiscard]] bool write_file(const std::string& path, const std::string& content);

/// The profile in the file; complains and returns nothing when it is none.
[[nodiscard]] std::optional<ProfileData> load_profile(const std::string& path);

/// "2026-11-22", of today (UTC).
[[nodiscard]] std::string today();

}  // namespace sextant::profile
