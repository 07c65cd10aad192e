// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cli/commands/declarations.hpp"

namespace sextant::cli {

namespace {

constexpr std::array<Command, 3> table{{
    {"simulate", "time, memory and efficiency of one training configuration",
     "sextant simulate deepseek-v3-2048-h800\n"
     "sextant simulate --model llama3-70b --gpu h100 --gpus 512 --tp 4 --pp 4 \\\n"
     "                 --seq-len 8192 --global-sequences 512\n"
     "sextant simulate llama3.1-405b-16k-h100 --pp 8 --json",
     declare_simulate},
    {"list", "what the catalogue holds",
     "sextant list gpus\n"
     "sextant list models --format csv\n"
     "sextant list runs --json",
     declare_list},
    {"show", "one entry of the catalogue, or a file, with its sources",
     "sextant show model deepseek-v3\n"
     "sextant show gpu h800\n"
     "sextant show model deepseek-v3 --json",
     declare_show},
}};

}  // namespace

std::span<const Command> commands() { return table; }

}  // namespace sextant::cli
