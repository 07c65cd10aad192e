// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/embedded.hpp"
#include "models/observation.hpp"
#include "sim/validation/validation.hpp"
#include "tests/support/catch.hpp"

namespace sextant::sim {

inline const Catalogue& catalogue() {
  static const Catalogue c = [] {
    Diagnostics faults;
    return Catalogue::open(embedded_files(), "", faults);
  }();
  return c;
}

inline Calibration calibration() {
  Diagnostics faults;
  const auto c = shipped_calibration(catalogue(), faults);
  REQUIRE(c);
  return *c;
}

/// GPT-3 175B as Narayanan et al. trained it (arXiv:2104.04473 table 1): tp 8, pp 16, batch 1536 on 1,024 A100.
struct GptRow {
  std::string id = "gpt3";
  std::string gpu = "A100-SXM-80GB";
  std::string stack = "megatron-lm";
  int gpus = 1024;
  int pp = 16;
  std::string measured = R"("step_time_s": 20.0)";
  std::string publisher = "A/B labs";

  [[nodiscard]] std::string text() const {
    return fmt::format(R"({{"id": "{}", "run": {{
      "model": {{"name": "gpt3", "kind": "dense", "layers": 96, "hidden": 12288, "heads": 96, "kv_heads": 96,
                 "ffn": 49152, "gated_ffn": false, "vocab": 51200, "tied_embeddings": true, "attention": "mha"}},
      "cluster": {{"gpu": "{}", "gpus": {}}}, "stack": "{}", "precision": "fp16",
      "parallelism": {{"tp": 8, "pp": {}, "sharding": "none"}},
      "batch": {{"seq_len": 2048, "global_sequences": 1536, "micro_sequences": 1}}, "recompute": {{"mode": "full"}}}},
      "measured": {{{}}},
      "source": {{"publisher": "{}", "title": "t", "where": "w", "date": "2021", "verified": "read in the source"}}}})",
                       id, gpu, gpus, stack, pp, measured, publisher);
  }
};

inline std::vector<models::Observation> observations(const std::vector<GptRow>& rows) {
  std::string text = "[";
  for (const GptRow& row : rows) text += (text.size() > 1 ? ",\n" : "\n") + row.text();
  Diagnostics faults;
  auto list = models::read_observations(text + "]", "rows.json", faults);
  INFO(faults.text());
  REQUIRE(faults.empty());
  return list;
}

inline Validation validated(const std::vector<GptRow>& rows) {
  Diagnostics faults;
  Validation v = validate(observations(rows), catalogue(), calibration(), faults);
  INFO(faults.text());
  REQUIRE(faults.empty());
  return v;
}

}  // namespace sextant::sim
