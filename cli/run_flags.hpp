// SPDX-License-Identifier: Apache-2.0
// A run on the command line: every field of a run file as a flag, alone or over a file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "base/json/node.hpp"

namespace CLI {
class App;
}

namespace sextant::cli {

struct RunFlags {
  std::optional<std::string> model, gpu, cluster, stack, precision, schedule, sharding, recompute, routing, task;
  std::optional<std::string> software_date;
  std::optional<int> gpus, gpus_per_node;
  std::optional<double> nic_gbit_per_s_per_gpu;
  std::optional<int> tp, pp, vp, cp, ep, etp, dp, sharding_group;
  std::optional<bool> sequence_parallel;
  std::optional<int> seq_len, global_sequences, micro_sequences;
  std::vector<std::string> features;
};

void add_run_flags(CLI::App& app, RunFlags& flags);

/// What a flag's value may be, where that is a fixed set; else nothing.
[[nodiscard]] std::vector<std::string_view> words_of_flag(std::string_view flag);

/// Flags that a run without a file needs and does not have.
[[nodiscard]] std::vector<std::string> missing_flags(const RunFlags& flags);

/// Lays the flags over a run object (an empty one where there is no file). A cluster that the file names by id is
/// written out first, so that single fields of it can change. What other fields no longer fit is dropped and said in
/// `notes`: the nodes of another GPU, a dp that the GPUs no longer leave.
void lay_over(json::Node& run, const RunFlags& flags, const Catalogue& catalogue, std::vector<std::string>& notes,
              Diagnostics& faults);

/// The flag that gave the value at a pointer ("/parallelism/tp" -> "--tp"); empty when none did.
[[nodiscard]] std::string_view flag_of(const RunFlags& flags, std::string_view pointer);

}  // namespace sextant::cli
