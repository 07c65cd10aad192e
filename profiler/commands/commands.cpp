// SPDX-License-Identifier: Apache-2.0
#include "profiler/commands/commands.hpp"

#include <array>

namespace sextant::profile {

namespace {

constexpr OptionRow suite_row{"--suite", "quick|moe|dense|full", "which cases; full when left out"};
constexpr OptionRow model_row{"--model", "ID", "only shapes that this model needs, e.g. deepseek-v3"};
constexpr OptionRow only_row{"--only", "TEXT", "only cases whose name holds TEXT"};
constexpr OptionRow output_row{"--output", "FILE", "where the result goes; - is stdout", "-o"};

constexpr std::array list_options{suite_row, model_row, only_row,
                                  OptionRow{"--json", "", "with FLOPs, bytes and the models that use each"},
                                  output_row};
constexpr std::array run_options{
    suite_row,
    model_row,
    only_row,
    output_row,
    OptionRow{"--resume", "", "keep what FILE holds and measure what is missing"},
    OptionRow{"--retry", "", "with --resume: try again what could not be measured"},
    OptionRow{"--budget", "SECONDS", "stop when this much time is used"},
    OptionRow{"--counters", "none|some|all", "hardware counters: for the quick suite (some) or every case"},
    OptionRow{"--sustained", "SECONDS", "how long the sustained GEMM runs; 30 when left out"},
    OptionRow{"--case-seconds", "SECONDS", "at most this much measured time a case; 0.6 when left out"},
    OptionRow{"--device", "N", "CUDA device; 0 when left out"},
    OptionRow{"--quiet", "", "no progress bar"}};
constexpr std::array check_options{only_row, OptionRow{"--own", "", "only our own kernels, not the libraries'"}};
constexpr std::array record_options{output_row, OptionRow{"--top", "N", "kernels shown; 30 when left out"},
                                    OptionRow{"--keep", "FILE", "keep the raw event list there"}};
constexpr std::array import_options{output_row, OptionRow{"--top", "N", "kernels shown; 30 when left out"},
                                    OptionRow{"--device", "N", "only this device of the trace"}};
constexpr std::array merge_options{output_row};
constexpr std::array<OptionRow, 0> show_options{};

constexpr std::array<Command, 7> table{{
    {"list", "shows the cases", "list [options]", list_options,
     "  sextant-profile list --suite quick\n"
     "  sextant-profile list --model deepseek-v3 --json\n",
     list_command},
    {"run", "checks and times them on the GPU", "run [options]", run_options,
     "  sextant-profile run --suite quick -o quick.json\n"
     "  sextant-profile run -o h100.json              # everything, under 8 minutes on an H100; Ctrl-C keeps what is "
     "measured\n"
     "  sextant-profile run --resume -o h100.json     # goes on where that stopped\n"
     "  sextant-profile run --model mixtral-8x7b -o mixtral.json\n",
     run_command},
    {"check", "compares every kernel with its float64 reference, at small sizes", "check [options]", check_options,
     "  sextant-profile check\n"
     "  compute-sanitizer sextant-profile check --own\n",
     check_command},
    {"record", "runs a CUDA program and reads off its kernels and NVTX ranges",
     "record [options] -- PROGRAM [arguments]", record_options,
     "  sextant-profile record -o step.json -- python train.py\n", record_command},
    {"import", "reads a PyTorch (Kineto) or Chrome trace", "import [options] TRACE.json[.gz]", import_options,
     "  sextant-profile import -o step.json trace.json.gz\n", import_command},
    {"merge", "puts several profiles of one part into one file; later ones win", "merge [options] FILE FILE...",
     merge_options, "  sextant-profile merge -o h100.json gemm.json attention.json\n", merge_command},
    {"show", "prints a profile as a table", "show FILE", show_options, "  sextant-profile show h100.json\n",
     show_command},
}};

}  // namespace

std::span<const Command> commands() { return table; }

}  // namespace sextant::profile
