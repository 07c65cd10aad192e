// SPDX-License-Identifier: Apache-2.0
#include "models/describe.hpp"

#include <nlohmann/json.hpp>

#include "base/embedded.hpp"
#include "models/catalogue.hpp"
#include "models/schemas.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::models;

namespace {

ModelSpec shipped(std::string_view id) {
  Diagnostics faults;
  const std::optional<Model> model = find_model(Catalogue::open(embedded_files(), "", faults), id, faults);
  REQUIRE(model);
  return model->spec;
}

std::string groups(std::string_view id) {
  std::string out;
  for (const LayerGroup& g : layer_groups(shipped(id))) out += std::to_string(g.count) + " " + g.kind + "; ";
  return out;
}

}  // namespace

TEST_CASE("layers are grouped by kind, in the order of the model") {
  CHECK(groups("deepseek-v3") == "3 dense; 58 moe; ");
  CHECK(groups("gpt-oss-120b") == "18 moe, window 128; 18 moe; ");
  // every second layer is MoE, every fourth sees all keys
  CHECK(groups("llama4-maverick") == "24 dense, chunk 8192; 12 moe, chunk 8192; 12 moe; ");
  const std::vector<LayerGroup> v3 = layer_groups(shipped("deepseek-v3"));
  CHECK(v3[1].first == 3);
  CHECK(v3[1].parameters.experts == 256 * 3 * 7168.0 * 2048.0);
}

TEST_CASE("attention is named by its kind and widths") {
  CHECK(attention_name(shipped("llama3-8b").layer(0).attention) == "gqa 32/8 x 128");
  CHECK(attention_name(shipped("llama-7b").layer(0).attention) == "mha 32 x 128");
  CHECK(attention_name(shipped("palm-540b").layer(0).attention) == "mqa 48/1 x 256");
  CHECK(attention_name(shipped("deepseek-v3").layer(0).attention) == "mla 128 x 192/128, kv 512");
}

TEST_CASE("the schemas name what a file must hold") {
  CHECK(model_schema()["required"] == nlohmann::ordered_json({"name"}));
  CHECK(claim_schema()["required"] == nlohmann::ordered_json({"id", "model", "stage", "source"}));
  CHECK(observation_schema()["required"] == nlohmann::ordered_json({"id", "run", "measured", "source"}));
  CHECK(model_schema()["properties"]["mla"]["properties"].contains("kv_lora_rank"));
  CHECK(claim_schema()["properties"]["stage"]["enum"].size() == 6);
}
