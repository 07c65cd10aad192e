// SPDX-License-Identifier: Apache-2.0
#include "cli/run_flags.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <variant>

#include "sim/run/field_values.hpp"
#include "sim/run/options.hpp"

namespace sextant::cli {

namespace {

using Words = std::vector<std::string_view> (*)();

template <const auto& Table>
std::vector<std::string_view> words() {
  std::vector<std::string_view> out;
  for (const auto& [name, value] : Table) out.push_back(name);
  return out;
}

using Member = std::variant<std::optional<int> RunFlags::*, std::optional<double> RunFlags::*,
                            std::optional<std::string> RunFlags::*, std::vector<std::string> RunFlags::*>;

/// One flag: where its value goes in a run.
struct Row {
  std::string_view flag;
  std::string_view pointer;
  Member member;
  std::string_view type;
  std::string_view help;
  std::string_view group;
  Words words = nullptr;  ///< what the value may be; nullptr: anything
};

constexpr std::string_view what = "What is trained, on what";
constexpr std::string_view layout = "Parallelism";
constexpr std::string_view step = "Batch, numbers, memory";

constexpr std::array<Row, 26> rows{{
    {"--model", "/model", &RunFlags::model, "ID", "catalogue id, model file or Hugging Face config.json", what},
    {"--gpu", "/cluster/gpu", &RunFlags::gpu, "ID", "GPU, e.g. h800 (sextant list gpus)", what},
    {"--gpus", "/cluster/gpus", &RunFlags::gpus, "N", "GPUs in all", what},
    {"--gpus-per-node", "/cluster/gpus_per_node", &RunFlags::gpus_per_node, "N", "GPUs of one host", what},
    {"--nic-gbit", "/cluster/nic_gbit_per_s_per_gpu", &RunFlags::nic_gbit_per_s_per_gpu, "X",
     "network bandwidth of one GPU, Gbit/s", what},
    {"--cluster", "/cluster", &RunFlags::cluster, "ID", "catalogue id of a cluster instead", what},
    {"--stack", "/stack", &RunFlags::stack, "ID", "training software (sextant list stacks)", what},
    {"--software-date", "/software_date", &RunFlags::software_date, "YYYY-MM", "of the training software", what},
    {"--tp", "/parallelism/tp", &RunFlags::tp, "N", "tensor parallel ranks", layout},
    {"--pp", "/parallelism/pp", &RunFlags::pp, "N", "pipeline stages", layout},
    {"--vp", "/parallelism/vp", &RunFlags::vp, "N", "model chunks a device holds (interleaving)", layout},
    {"--cp", "/parallelism/cp", &RunFlags::cp, "N", "context parallel ranks", layout},
    {"--ep", "/parallelism/ep", &RunFlags::ep, "N", "expert parallel ranks", layout},
    {"--etp", "/parallelism/etp", &RunFlags::etp, "N", "tensor parallel ranks of the experts", layout},
    {"--dp", "/parallelism/dp", &RunFlags::dp, "N", "data parallel ranks; else what the GPUs leave", layout},
    {"--sharding", "/parallelism/sharding", &RunFlags::sharding, "WORD", "none, zero1, zero2, zero3 or hsdp", layout,
     words<sim::sharding_names>},
    {"--sharding-group", "/parallelism/sharding_group", &RunFlags::sharding_group, "N", "ranks of one shard group",
     layout},
    {"--schedule", "/parallelism/schedule", &RunFlags::schedule, "WORD",
     "gpipe, 1f1b, interleaved, zb-h1, zbv, dualpipe or dualpipe-v", layout, words<sim::schedule_names>},
    {"--seq-len", "/batch/seq_len", &RunFlags::seq_len, "N", "tokens of a sequence", step},
    {"--global-sequences", "/batch/global_sequences", &RunFlags::global_sequences, "N", "sequences of one step", step},
    {"--micro-sequences", "/batch/micro_sequences", &RunFlags::micro_sequences, "N", "sequences of a micro-batch",
     step},
    {"--precision", "/precision", &RunFlags::precision, "WORD", "bf16, fp16, fp8, fp8-blockwise, mxfp8 or nvfp4", step,
     words<sim::precision_names>},
    {"--recompute", "/recompute", &RunFlags::recompute, "HOW",
     "none, full, selective, selective:MODULE,... or block:LAYERS", step},
    {"--routing", "/routing", &RunFlags::routing, "WORD", "of tokens to experts: balanced, natural, dropped or unknown",
     step, words<sim::routing_names>},
    {"--task", "/task", &RunFlags::task, "WORD", "pretrain or sft", step, words<sim::task_names>},
    {"--features", "/features", &RunFlags::features, "WORD,...", "what the run switches on, e.g. tp-comm-overlap",
     step},
}};

std::string one_of(const std::string& value, std::span<const std::string_view> allowed) {
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return {};
  std::string list;
  for (const std::string_view w : allowed) list += (list.empty() ? "" : ", ") + std::string(w);
  const std::string hint = did_you_mean(value, allowed);
  return fmt::format("\"{}\" is not one of {}{}", value, list, hint.empty() ? "" : "; " + hint);
}

json::Node list_node(const std::vector<std::string>& words) {
  json::Node out;
  out.type = json::Type::array;
  for (const std::string& word : words) out.items.push_back(sim::string_node(word));
  return out;
}

/// "selective:core_attn,mlp", "block:4".
json::Node recompute_node(const std::string& text) {
  json::Node out;
  out.type = json::Type::object;
  const std::size_t colon = text.find(':');
  out.members.push_back({"mode", 0, sim::string_node(text.substr(0, colon))});
  if (colon == std::string::npos) return out;
  const std::string rest = text.substr(colon + 1);
  if (text.substr(0, colon) == "block") {
    const bool digits = !rest.empty() && rest.size() < 7 && rest.find_first_not_of("0123456789") == std::string::npos;
    out.members.push_back({"layers", 0, digits ? sim::number_node(std::stod(rest)) : sim::string_node(rest)});
  } else {
    out.members.push_back({"modules", 0, list_node(CLI::detail::split(rest, ','))});
  }
  return out;
}

bool any_of_cluster(const RunFlags& f) { return f.gpu || f.gpus || f.gpus_per_node || f.nic_gbit_per_s_per_gpu; }

bool given(const Row& row, const RunFlags& flags) {
  return std::visit(
      [&flags](auto m) {
        if constexpr (std::is_same_v<decltype(m), std::vector<std::string> RunFlags::*>) {
          return !(flags.*m).empty();
        } else {
          return (flags.*m).has_value();
        }
      },
      row.member);
}

json::Node value_node(const Row& row, const RunFlags& flags) {
  return std::visit(
      [&flags, &row](auto m) -> json::Node {
        const auto& value = flags.*m;
        if constexpr (std::is_same_v<decltype(m), std::vector<std::string> RunFlags::*>) {
          return list_node(value);
        } else if constexpr (std::is_same_v<decltype(m), std::optional<std::string> RunFlags::*>) {
          return row.pointer == "/recompute" ? recompute_node(*value) : sim::string_node(*value);
        } else {
          return sim::number_node(static_cast<double>(*value));
        }
      },
      row.member);
}

}  // namespace

void add_run_flags(CLI::App& app, RunFlags& flags) {
  for (const Row& row : rows) {
    const std::string name(row.flag);
    CLI::Option* option =
        std::visit([&](auto m) { return app.add_option(name, flags.*m, std::string(row.help)); }, row.member);
    if (std::holds_alternative<std::vector<std::string> RunFlags::*>(row.member))
      option->delimiter(',')->allow_extra_args(false);
    option->type_name(std::string(row.type))->group(std::string(row.group));
    if (row.words != nullptr) {
      option->check(CLI::Validator([words = row.words](std::string& v) { return one_of(v, words()); }, ""));
    }
  }
  // By a function: add_flag would set the optional where the flag is absent.
  app.add_flag_function(
         "--sequence-parallel,!--no-sequence-parallel",
         [&flags](std::int64_t times) { flags.sequence_parallel = times > 0; }, "norms and residuals split over tp")
      ->group(std::string(layout));
}

std::vector<std::string_view> words_of_flag(std::string_view flag) {
  for (const Row& row : rows) {
    if (row.flag == flag && row.words != nullptr) return row.words();
  }
  return {};
}

std::vector<std::string> missing_flags(const RunFlags& f) {
  std::vector<std::string> out;
  if (!f.model) out.emplace_back("--model");
  if (!f.cluster && !f.gpu) out.emplace_back("--gpu");
  if (!f.cluster && !f.gpus) out.emplace_back("--gpus");
  if (!f.seq_len) out.emplace_back("--seq-len");
  if (!f.global_sequences) out.emplace_back("--global-sequences");
  return out;
}

void lay_over(json::Node& run, const RunFlags& flags, const Catalogue& catalogue, std::vector<std::string>& notes,
              Diagnostics& faults) {
  std::vector<sim::FieldValue> values;
  for (const Row& row : rows) {
    if (given(row, flags)) values.push_back({std::string(row.pointer), value_node(row, flags)});
  }
  if (flags.sequence_parallel) {
    json::Node value;
    value.type = json::Type::boolean;
    value.boolean = *flags.sequence_parallel;
    values.push_back({"/parallelism/sequence_parallel", std::move(value)});
  }
  sim::lay_over(run, values, catalogue, notes, faults);
}

std::string_view flag_of(const RunFlags& flags, std::string_view pointer) {
  for (const Row& row : rows) {
    const bool below = pointer.substr(0, row.pointer.size()) == row.pointer &&
                       (pointer.size() == row.pointer.size() || pointer[row.pointer.size()] == '/');
    // A fault below "/cluster" is the flag's own only where the flag names the cluster.
    if (below && given(row, flags) && !(row.pointer == "/cluster" && any_of_cluster(flags))) return row.flag;
  }
  return {};
}

}  // namespace sextant::cli
