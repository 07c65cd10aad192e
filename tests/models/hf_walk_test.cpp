// SPDX-License-Identifier: Apache-2.0
// Walks a directory of real config.json files named by SEXTANT_HF_CONFIGS; its index.json holds published counts.
#include <cmath>
#include <cstdlib>
#include <set>

#include "base/catalogue.hpp"
#include "models/counts.hpp"
#include "models/hf/read.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::models;

namespace {

double number(const json::Node& row, std::string_view key) {
  const json::Node* value = row.find(key);
  return value != nullptr && value->type == json::Type::number ? value->number : 0.0;
}

/// Structures that Sextant does not model: these, and only these, are refused.
const std::set<std::string> refused{"deepseek_v4--DeepSeek-V4-Flash.json",  // compressed attention, hyper-connections
                                    "deepseek_v4--DeepSeek-V4-Pro.json",
                                    "qwen3_5--Qwen3.5-27B.json",  // linear attention
                                    "qwen3_5_moe--Qwen3.5-397B-A17B.json",
                                    "qwen3_next--Qwen3-Next-80B-A3B.json",
                                    "kimi_k3--Kimi-K3.json",
                                    "minimax_m3--MiniMax-M3.json",              // block-sparse attention
                                    "nemotron_h--Nemotron-H-56B-Base-8K.json",  // state-space layers
                                    "nemotron_h--NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16.json",
                                    "jamba.json",
                                    "gemma4--gemma-4-26B-A4B.json",  // values that are the keys, widths by layer
                                    "step3p7--Step-3.7-Flash.json",  // an architecture whose source is not at hand
                                    "yuan.json",    // convolutions before attention that its config does not mention
                                    "t5.json",      // an encoder
                                    "mllama.json",  // cross-attention layers
                                    "deepseek_v3--DeepSeek-V3.near-hf-renamed.json"};

/// Within 2 % of the count the index computed, or of the published one; both are rounded to two or three digits.
bool agrees(const json::Node& row, double total_b) {
  const double computed = number(row, "computed_total_b");
  const double published = number(row, "published_total_b");
  const auto near = [&](double reference) { return std::abs(total_b / reference - 1.0) < 0.02; };
  return near(computed) || near(published);
}

}  // namespace

TEST_CASE("real configurations give their published counts or are refused by the key that is not understood") {
  const char* directory = std::getenv("SEXTANT_HF_CONFIGS");
  if (directory == nullptr) {
    WARN("SEXTANT_HF_CONFIGS is not set: real configurations are not walked");
    return;
  }
  const std::string folder = std::string(directory) + "/";
  Diagnostics faults;
  const std::optional<std::string> index_text = read_text_file(folder + "index.json", faults);
  REQUIRE(index_text);
  const std::optional<json::Node> index = json::parse(*index_text, "index.json", faults);
  REQUIRE(index);
  int read = 0;
  int with_reference = 0;
  for (const json::Node& row : index->items) {
    const std::string name = row.find("file")->string;
    Diagnostics found;
    const std::optional<std::string> text = read_text_file(folder + name, found);
    REQUIRE(text);
    const std::optional<Model> model = hf::read_config_text(*text, name, name, found);
    INFO(name << "\n" << found.text());
    CHECK(model.has_value() != (refused.count(name) == 1));
    CHECK(model.has_value() == found.empty());
    if (!model) continue;
    ++read;
    const ParameterCounts counts = parameter_counts(model->spec);
    const bool has_reference = number(row, "computed_total_b") > 0 || number(row, "published_total_b") > 0;
    if (has_reference) {
      ++with_reference;
      CHECK(agrees(row, counts.total / 1e9));
    }
    if (const double active = number(row, "computed_active_b"); active > 0) {
      CHECK(std::abs(counts.active / 1e9 - active) < std::max(0.02 * active, 0.006));
    }
  }
  CHECK(read >= 79);
  CHECK(with_reference >= 62);
  CHECK(index->items.size() - refused.size() == static_cast<std::size_t>(read));
}

TEST_CASE("a file that renames the expert keys is refused, not read as a dense model") {
  const char* directory = std::getenv("SEXTANT_HF_CONFIGS");
  if (directory == nullptr) return;
  const std::string name = "deepseek_v3--DeepSeek-V3.near-hf-renamed.json";
  Diagnostics faults;
  const std::optional<std::string> text = read_text_file(std::string(directory) + "/" + name, faults);
  REQUIRE(text);
  CHECK_FALSE(hf::read_config_text(*text, name, name, faults));
  CHECK_THAT(faults.text(), Catch::Matchers::Contains("/num_routed_experts: names experts and is not understood"));
}
