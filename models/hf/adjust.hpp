// SPDX-License-Identifier: Apache-2.0
// Rules of single architectures that no row of the table can say.
#pragma once

#include "models/hf/config.hpp"

namespace sextant::models::hf {

void adjust_falcon(Config& c, Draft& d);
void adjust_gpt_big_code(Config& c, Draft& d);
void adjust_grok(Config& c, Draft& d);
void adjust_hunyuan(Config& c, Draft& d);
void adjust_mimo_v2(Config& c, Draft& d);
void adjust_mpt(Config& c, Draft& d);
void adjust_chatglm(Config& c, Draft& d);
void adjust_minimax_m2(Config& c, Draft& d);
void adjust_deci(Config& c, Draft& d);
void adjust_opt(Config& c, Draft& d);
void adjust_qwen1(Config& c, Draft& d);

}  // namespace sextant::models::hf
