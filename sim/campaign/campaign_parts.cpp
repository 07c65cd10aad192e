// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "sim/campaign/campaign_shapes.hpp"
#include "sim/run/stated_run.hpp"

namespace sextant::sim {

namespace {

json::Member member(std::string key, json::Node value, int line) {
  value.line = line;
  return {std::move(key), line, std::move(value)};
}

json::Node number(double value) {
  json::Node n;
  n.type = json::Type::number;
  n.integral = true;
  n.number = value;
  return n;
}

}  // namespace

json::Node laid_over(const json::Node& base, const RunPart& part) {
  json::Node out = base;
  if (!part.stated) return out;
  for (const json::Member& m : part.node.members) {
    const auto same = [&m](const json::Member& o) { return o.key == m.key; };
    out.members.erase(std::remove_if(out.members.begin(), out.members.end(), same), out.members.end());
    if (m.value.type != json::Type::null) out.members.push_back(m);
  }
  out.line = part.node.line;
  return out;
}

void add_batch(json::Node& run, double seq_len, double sequences) {
  if (run.find("batch") != nullptr) return;
  json::Node batch;
  batch.type = json::Type::object;
  batch.members.push_back(member("seq_len", number(std::max(1.0, std::round(seq_len))), run.line));
  batch.members.push_back(member("global_sequences", number(std::max(1.0, std::round(sequences))), run.line));
  run.members.push_back(member("batch", std::move(batch), run.line));
}

std::optional<Run> run_at(const json::Node& node, const std::string& file, const std::string& prefix,
                          const Catalogue& catalogue, Diagnostics& faults) {
  Diagnostics found;
  std::optional<Run> run;
  if (const auto stated = read_run(json::Cursor(node, file, found), catalogue)) {
    run = complete(*stated, catalogue, found, {file, node.line, "/stack", "", ""});
  }
  const bool good = found.empty();
  for (Diagnostic d : found.list()) {
    d.pointer = prefix + d.pointer;
    faults.add(std::move(d));
  }
  return good ? std::move(run) : std::nullopt;
}

std::optional<Generation> generation_at(const StatedGeneration& s, const json::Cursor& at, const Catalogue& catalogue) {
  const auto engine = find_serving_engine(catalogue, s.engine, at.faults(),
                                          {at.file(), at.node().line, at.pointer() + "/generation/engine", "", ""});
  if (!engine) return std::nullopt;
  return Generation{*engine, s.gpus, s.tp, s.ep, s.precision, s.tokens_per_step};
}

std::optional<RlWork> rl_at(StatedRl s, const json::Cursor& at, const Catalogue& catalogue) {
  if (s.work.separate && !s.generation.gpus) {
    at.fault("generation on GPUs of its own needs \"generation\": {\"gpus\"}");
    return std::nullopt;
  }
  auto generation = generation_at(s.generation, at, catalogue);
  if (!generation) return std::nullopt;
  s.work.generation = std::move(*generation);
  return std::move(s.work);
}

}  // namespace sextant::sim
