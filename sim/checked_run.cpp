// SPDX-License-Identifier: Apache-2.0
#include "sim/checked_run.hpp"

#include <array>
#include <string_view>

#include "base/json/cursor.hpp"
#include "sim/memory/feasibility.hpp"
#include "sim/run/stated_run.hpp"

namespace sextant::sim {

namespace {

/// The line of the value at a pointer, or of the nearest object above it that is there.
int line_of(const json::Node& root, std::string_view pointer) {
  const json::Node* node = &root;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t slash = pointer.find('/');
    const json::Node* next = node->find(pointer.substr(0, slash));
    if (next == nullptr) break;
    node = next;
    pointer = slash == std::string_view::npos ? std::string_view{} : pointer.substr(slash);
  }
  return node->line;
}

/// Where a run states what a rule of the layout is about.
std::string_view pointer_of(std::string_view rule) {
  struct Row {
    std::string_view rule;
    std::string_view pointer;
  };
  static constexpr std::array<Row, 12> rows{{{"layout/degrees", "/parallelism"},
                                             {"layout/ranks", "/parallelism"},
                                             {"layout/heads", "/parallelism/tp"},
                                             {"layout/key-value-heads", "/parallelism/tp"},
                                             {"layout/ffn-width", "/parallelism/tp"},
                                             {"layout/experts", "/parallelism/ep"},
                                             {"layout/expert-ranks", "/parallelism/ep"},
                                             {"layout/expert-width", "/parallelism/etp"},
                                             {"layout/sequence", "/batch/seq_len"},
                                             {"layout/batch", "/batch/global_sequences"},
                                             {"layout/stages", "/parallelism/pp"},
                                             {"layout/shard-group", "/parallelism/sharding_group"}}};
  for (const Row& row : rows) {
    if (row.rule == rule) return row.pointer;
  }
  return "/parallelism";
}

/// Degrees and batches that contradict each other, the model or the cluster are faults of the input.
void check_layout(const json::Node& node, const std::string& file, const Run& run, Diagnostics& faults) {
  for (Infeasible& fault : layout_faults(run)) {
    const std::string_view pointer = pointer_of(fault.tag);
    faults.add({file, line_of(node, pointer), std::string(pointer), std::move(fault.reason), std::move(fault.hint)});
  }
}

}  // namespace

json::Node run_part(json::Node node) {
  const json::Node* run = node.find("run");
  if (run != nullptr && run->type == json::Type::object && node.find("model") == nullptr) return *run;
  return node;
}

std::optional<Run> checked_run(const json::Node& node, const std::string& file, const Catalogue& catalogue,
                               Diagnostics& faults) {
  Diagnostics own;
  std::optional<Run> run;
  if (const auto stated = read_run(json::Cursor(node, file, own), catalogue)) {
    run = complete(*stated, catalogue, own, {file, line_of(node, "/stack"), "/stack", "", ""});
    if (run) check_layout(node, file, *run, own);
  }
  faults.append(own);
  if (!own.empty()) return std::nullopt;
  return run;
}

std::shared_ptr<const MeasuredKernels> shipped_measurements(const Catalogue& catalogue, const std::string& gpu,
                                                            Diagnostics& faults) {
  KernelProfiles known;
  for (hardware::KernelProfile& p : hardware::kernel_profiles_of(catalogue, gpu, faults)) {
    known.push_back(std::make_shared<const hardware::KernelProfile>(std::move(p)));
  }
  return std::make_shared<const MeasuredKernels>(gpu, KernelProfiles{}, known);
}

std::vector<int> fitting_gpu_counts(Run run, int most) {
  std::vector<int> counts;
  const Parallelism& p = run.parallelism;
  const int model_ranks = p.tp * p.cp * p.pp;
  for (int dp = 1; dp <= most / model_ranks; ++dp) {
    run.cluster.gpus = model_ranks * dp;
    run.parallelism.dp = dp;
    if (!broken_rule(run)) counts.push_back(run.cluster.gpus);
  }
  return counts;
}

}  // namespace sextant::sim
