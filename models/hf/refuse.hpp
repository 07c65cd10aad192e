// SPDX-License-Identifier: Apache-2.0
// Which keys of a configuration shape the model although nobody read them.
#pragma once

#include "models/hf/config.hpp"

namespace sextant::models::hf {

/// Reports every key that was not read, is not known to be harmless and may shape the model: keys of structures that
/// Sextant does not model, keys that name experts, and keys that look like a width, a count or a pattern.
void refuse_unknown_structure(Config& c);

/// For an architecture that has no family: the keys that say why.
void name_unmodelled_keys(Config& c);

}  // namespace sextant::models::hf
