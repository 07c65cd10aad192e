// SPDX-License-Identifier: Apache-2.0
// One layer by itself, and layers that were measured beside their prediction.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "cli/commands/declarations.hpp"
#include "cli/input.hpp"
#include "cli/run_input.hpp"
#include "hardware/catalogue.hpp"
#include "sim/report/layer_report.hpp"
#include "sim/step/layer_time.hpp"
#include "sim/validation/measured_layers.hpp"

namespace sextant::cli {

namespace {

struct Options {
  std::string run;
  std::string against;
  int tokens = 0;
  bool accumulates = false;
  RunFlags flags;
};

/// A layer by itself is not yet a run: what nobody states is what profiler/torch/moe_layer.py does.
constexpr const char* usual_stack = "pytorch-fsdp2";

json::Node word(std::string text, int line) {
  json::Node n;
  n.type = json::Type::string;
  n.line = line;
  n.string = std::move(text);
  return n;
}

json::Node whole(int value, int line) {
  json::Node n;
  n.type = json::Type::number;
  n.line = line;
  n.number = value;
  n.integral = true;
  return n;
}

json::Node object(std::vector<json::Member> members, int line) {
  json::Node n;
  n.type = json::Type::object;
  n.line = line;
  n.members = std::move(members);
  return n;
}

/// A run of experts equally loaded and nothing recomputed.
json::Node plain_run(int line) {
  return object({{"stack", line, word(usual_stack, line)},
                 {"routing", line, word("balanced", line)},
                 {"recompute", line, object({{"mode", line, word("none", line)}}, line)}},
                line);
}

/// The flags of a layer as flags of a run: one sequence, as many GPUs as the degrees need, one sequence a GPU.
RunFlags completed(Session& session, RunFlags f, int tokens) {
  if (tokens > 0) {
    f.seq_len = tokens;
    f.micro_sequences = 1;
  }
  if (!f.gpus && !f.cluster) {
    const int tp = f.tp.value_or(1);
    f.gpus = std::max(tp * f.cp.value_or(1), f.ep.value_or(1) * f.etp.value_or(tp)) * f.pp.value_or(1);
    if (!f.ep && !f.etp) f.gpus = tp * f.cp.value_or(1) * f.pp.value_or(1);
  }
  if (!f.global_sequences) {
    int gpus = f.gpus.value_or(1);
    if (f.cluster) {
      const auto cluster = hardware::find_cluster(session.catalogue(), *f.cluster, session.faults());
      if (cluster && !f.gpus) gpus = cluster->gpus;
    }
    f.global_sequences = gpus * f.micro_sequences.value_or(1);
  }
  return f;
}

/// A layer that flags alone describe.
std::optional<sim::Run> run_of_flags(Session& session, json::Node node, const std::string& file,
                                     const RunFlags& flags) {
  std::vector<std::string> notes;
  Diagnostics faults;
  lay_over(node, flags, session.catalogue(), notes, faults);
  session.faults().append(faults);
  if (!faults.empty()) return std::nullopt;
  return run_from(session, node, file, flags);
}

ExitCode one_layer(Session& session, const Options& o) {
  std::optional<sim::Run> run;
  if (o.run.empty()) {
    std::string missing;
    const auto need = [&](bool given, const char* flag) {
      if (!given) missing += (missing.empty() ? "" : ", ") + std::string(flag);
    };
    need(o.flags.model.has_value(), "--model");
    need(o.flags.gpu || o.flags.cluster, "--gpu");
    need(o.tokens > 0 || o.flags.seq_len, "--tokens");
    if (!missing.empty()) {
      return session.usage_error("needs a RUN, or these flags too: " + missing, "sextant layer --help shows examples");
    }
    run = run_of_flags(session, plain_run(0), "command line", completed(session, o.flags, o.tokens));
  } else {
    RunFlags flags = o.flags;
    if (o.tokens > 0) {
      flags.seq_len = o.tokens;
      flags.micro_sequences = 1;
    }
    auto input = load_run(session, o.run, flags);
    if (input) run = std::move(input->run);
  }
  if (!run) return session.report_faults();
  session.add_measured(*run);
  const sim::Calibration& calibration = session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  return session.print(sim::report::layer_report(*run, sim::layer_times(*run, calibration.parameters, o.accumulates)));
}

/// The run of a measured layer, the command line's flags laid over; faults stand on the layer's line.
std::optional<sim::Run> run_of_measured(Session& session, const sim::MeasuredLayer& m, const std::string& file,
                                        const RunFlags& flags) {
  json::Node node = plain_run(m.line);
  node.members.push_back({"model", m.line, word(m.model, m.line)});
  node.members.push_back({"precision", m.line, word(m.precision, m.line)});
  node.members.push_back(
      {"cluster", m.line, object({{"gpu", m.line, word(m.gpu, m.line)}, {"gpus", m.line, whole(1, m.line)}}, m.line)});
  node.members.push_back({"batch", m.line,
                          object({{"seq_len", m.line, whole(m.tokens, m.line)},
                                  {"global_sequences", m.line, whole(1, m.line)},
                                  {"micro_sequences", m.line, whole(1, m.line)}},
                                 m.line)});
  auto run = run_of_flags(session, std::move(node), file, flags);
  if (!run) return std::nullopt;
  if (m.compiled) run->features.add(sim::Feature::compiled);
  if (m.attention.starts_with("cudnn")) run->attention = sim::AttentionKernel::fused;
  if (m.attention.starts_with("flash")) run->attention = sim::AttentionKernel::flash2;
  return run;
}

/// The layer that the script times: the first with experts, else the first.
const sim::LayerTime& timed_kind(const sim::Run& run, const std::vector<sim::LayerTime>& layers) {
  const auto moe = std::find_if(layers.begin(), layers.end(), [&](const sim::LayerTime& t) {
    return run.model.kinds[t.kind].mlp.kind == models::Mlp::Kind::moe;
  });
  return moe == layers.end() ? layers.front() : *moe;
}

ExitCode against(Session& session, const Options& o) {
  if (!o.run.empty() || o.tokens > 0 || o.flags.model || o.accumulates) {
    return session.usage_error(
        "--against takes model and tokens from its file, and no RUN, --model, --tokens or "
        "--accumulate beside it",
        "--gpu, --stack and --features change what is predicted");
  }
  const auto input = read_input(o.against, session.faults());
  if (!input) return session.report_faults();
  const std::vector<sim::MeasuredLayer> rows = sim::read_measured_layers(input->text, input->file, session.faults());
  std::vector<sim::report::ComparedLayer> compared;
  const sim::Calibration& calibration = session.calibration();
  for (const sim::MeasuredLayer& m : rows) {
    auto run = run_of_measured(session, m, input->file, o.flags);
    if (!run) continue;
    session.add_measured(*run);
    const std::vector<sim::LayerTime> layers = sim::layer_times(*run, calibration.parameters);
    const sim::LayerTime& predicted = timed_kind(*run, layers);
    compared.push_back({m, *run, predicted});
  }
  if (!session.faults().empty()) return session.report_faults();
  return session.print(sim::report::layer_comparison_report(compared));
}

ExitCode layer(Session& session, const Options& o) {
  return o.against.empty() ? one_layer(session, o) : against(session, o);
}

}  // namespace

Runner declare_layer(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("RUN", options->run,
                 "run file, catalogue id (sextant list runs) or - for stdin; without it, flags alone describe the "
                 "layer: experts equally loaded, nothing recomputed, PyTorch FSDP2");
  app.add_option("--tokens", options->tokens, "tokens of a micro-batch, as one sequence")
      ->type_name("N")
      ->check(CLI::Range(1, 1 << 28));
  app.add_flag("--accumulate", options->accumulates, "weight gradients are added to fp32 ones, as in a step");
  app.add_option("--against", options->against,
                 "layers.jsonl of scripts/measure.sh: predicted against measured, in per cent")
      ->type_name("FILE");
  add_run_flags(app, options->flags);
  return [options](Session& session) { return layer(session, *options); };
}

}  // namespace sextant::cli
