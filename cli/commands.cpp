// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cli/commands/declarations.hpp"

namespace sextant::cli {

namespace {

constexpr auto table = std::to_array<Command>({
    {"simulate", "time, memory and efficiency of one training configuration",
     "sextant simulate deepseek-v3-2048-h800\n"
     "sextant simulate --model llama3-70b --gpu h100 --gpus 512 --tp 4 --pp 4 \\\n"
     "                 --seq-len 8192 --global-sequences 512\n"
     "sextant simulate llama3.1-405b-16k-h100 --pp 8 --json",
     declare_simulate},
    {"plan", "cluster, layout and cost for a model and its tokens",
     "sextant plan --model deepseek-v3 --tokens 14.8T --gpu h800 --gpus 2048 \\\n"
     "             --seq-len 4096 --global-sequences 15360\n"
     "sextant plan --model llama3-70b --tokens 15T --gpu h100 --gpus 512..8192 \\\n"
     "             --seq-len 8192 --global-sequences 2048 \\\n"
     "             --deadline 60d --budget 40e6\n"
     "sextant plan llama2-70b-64-h100 --tokens 2T --objective time --json\n"
     "sextant plan deepseek-v3-2048-h800 --tokens 14.8T -o plan.html",
     declare_plan},
    {"cost", "a whole training campaign: GPU-hours, money, energy",
     "sextant cost deepseek-v3\n"
     "sextant cost deepseek-v3 --gpu h100,a100,h200,h20,b200\n"
     "sextant cost llama3.1-405b --commitment 1-year --date 2024-07\n"
     "sextant cost deepseek-r1 --json",
     declare_cost},
    {"check", "a published or given training budget: can it be true?",
     "sextant check deepseek-v3-total\n"
     "sextant check --model llama2-70b --tokens 2T --gpu a100 --gpu-hours 1720320\n"
     "sextant check deepseek-v3-pretrain --gpu-hours 500000\n"
     "sextant check --all\n"
     "sextant check --all --scale 0.333",
     declare_check},
    {"validate", "predictions beside published measurements",
     "sextant validate\n"
     "sextant validate observations.json --worst 20\n"
     "sextant validate blackwell --json\n"
     "sextant validate --cross publisher-family,model\n"
     "sextant validate --plots pictures\n"
     "sextant validate --rl",
     declare_validate},
    {"calibrate", "fit the calibrated parameters to the shipped measurements",
     "sextant calibrate\n"
     "sextant calibrate --check\n"
     "sextant calibrate --table --format markdown\n"
     "sextant calibrate --rows measured.json --write ours.json\n"
     "sextant calibrate --write calibration.json",
     declare_calibrate},
    {"compare", "the same work on other hardware",
     "sextant compare deepseek-v3-2048-h800 --gpu h100,h200,a100\n"
     "sextant compare llama2-70b-64-h100 --gpu a100,b200 --json",
     declare_compare},
    {"sweep", "one run over lists and ranges of its fields, as JSON Lines",
     "sextant sweep llama3-70b-scaling -o scaling.jsonl\n"
     "sextant sweep deepseek-v3-interconnect -o interconnect.jsonl --threads 2\n"
     "sextant show sweep deepseek-v3-interconnect\n"
     "mpirun -np 8 sextant sweep llama3-70b-scaling -o scaling.jsonl",
     declare_sweep, true},
    {"report", "a campaign, run or claim as one HTML page with charts",
     "sextant report deepseek-v3 --gpu h100,a100 -o report.html\n"
     "sextant report deepseek-v3-2048-h800 -o step.html\n"
     "sextant report deepseek-v3-total -o claim.html\n"
     "sextant report bloom-176b --kind campaign -o bloom.md",
     declare_report},
    {"explain", "where a number comes from: formula, inputs, sources",
     "sextant explain deepseek-v3-2048-h800\n"
     "sextant explain deepseek-v3-2048-h800 step/compute/gemm\n"
     "sextant explain deepseek-v3-2048-h800 memory/optimizer --json\n"
     "sextant explain llama2-70b-64-h100 parameters",
     declare_explain},
    {"layer", "one layer by itself: forward and gradients, beside measured ones",
     "sextant layer --model deepseek-v3 --gpu h100 --tokens 4096\n"
     "sextant layer --model mixtral-8x7b --gpu h100 --tokens 8192 --tp 2 --ep 8 \\\n"
     "              --precision fp8 --stack megatron-core --accumulate\n"
     "sextant layer deepseek-v3-2048-h800 --json\n"
     "sextant layer --against layers.jsonl",
     declare_layer},
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
    {"schema", "the JSON Schema of a kind of file",
     "sextant schema run\n"
     "sextant schema gpu -o gpu.schema.json",
     declare_schema},
    {"trace", "one step as a Chrome trace for Perfetto",
     "sextant trace deepseek-v3-2048-h800 -o step.json.gz\n"
     "sextant trace llama2-70b-64-h100 --microbatches 16 -o step.json",
     declare_trace},
    {"completion", "completion script for bash, zsh or fish",
     "sextant completion bash > ~/.local/share/bash-completion/completions/sextant\n"
     "sextant completion fish > ~/.config/fish/completions/sextant.fish",
     declare_completion},
});

}  // namespace

std::span<const Command> commands() { return table; }

}  // namespace sextant::cli
