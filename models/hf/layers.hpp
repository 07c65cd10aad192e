// SPDX-License-Identifier: Apache-2.0
// Which layers are MoE and which see a window only.
#pragma once

#include "models/hf/config.hpp"

namespace sextant::models::hf {

void read_moe_layers(Config& c, const Family& family, Draft& d);
void read_windows(Config& c, const Family& family, Draft& d);

}  // namespace sextant::models::hf
