// SPDX-License-Identifier: Apache-2.0
// Hugging Face config.json to a model. Nothing is guessed: an architecture, or a key that shapes the model and is not
// understood, is refused by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/cursor.hpp"
#include "models/model.hpp"

namespace sextant::models::hf {

/// Whether the object is a Hugging Face configuration rather than Sextant's native form.
[[nodiscard]] bool is_config(const json::Node& node);

/// Reads a configuration. `name` is used when the file does not name the model.
[[nodiscard]] std::optional<Model> read_config(const json::Cursor& at, const std::string& name);

/// Parses and reads a config.json. Byte-order marks, CRLF, Infinity, NaN and repeated keys are accepted (the last of
/// repeated keys counts, and a note says so).
[[nodiscard]] std::optional<Model> read_config_text(std::string_view text, const std::string& file,
                                                    const std::string& name, Diagnostics& faults);

/// The architectures that are read, for lists and hints.
[[nodiscard]] std::vector<std::string_view> architectures();

}  // namespace sextant::models::hf
