// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/diagnostic.hpp"

namespace sextant::cli {

/// A text with the name faults in it carry.
struct InputText {
  std::string file;
  std::string text;
};

/// Whether an argument means a file, and not a catalogue id: "-", a path, something that exists.
[[nodiscard]] bool looks_like_file(const std::string& id_or_file);

/// The file at a path, or stdin for "-"; at most 64 MiB.
[[nodiscard]] std::optional<InputText> read_input(const std::string& path, Diagnostics& faults);

}  // namespace sextant::cli
