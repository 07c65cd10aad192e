// SPDX-License-Identifier: Apache-2.0
#include "models/native.hpp"

#include "models/counts.hpp"
#include "tests/models/read.hpp"

using namespace sextant;
using namespace sextant::models;

TEST_CASE("what a native model leaves out is derived or assumed, and said") {
  const Model m = model_of(R"({"name": "m", "layers": 4, "hidden": 1024, "heads": 16, "ffn": 4096, "vocab": 32000})");
  CHECK(m.spec.layer(0).attention.head_dim == 64);
  CHECK(m.spec.layer(0).attention.kv_heads == 16);
  CHECK(m.spec.layer(0).mlp.gated);
  CHECK(m.notes ==
        std::vector<std::string>{"gated_ffn is not stated: true assumed (three matrices, as models since 2023 have)",
                                 "tied_embeddings is not stated: false assumed (a head of its own)"});
}

TEST_CASE("head_dim is taken as stated, whatever hidden and heads are") {
  // Nemotron, Gemma and Qwen3 have heads x head_dim other than hidden.
  const Model m = model_of(R"({"name": "m", "layers": 1, "hidden": 1024, "heads": 12, "kv_heads": 4, "head_dim": 128,
    "ffn": 4096, "gated_ffn": true, "vocab": 32000, "tied_embeddings": true})");
  CHECK(parameters(m.spec, m.spec.layer(0)).attention == 1024.0 * 128.0 * (12 + 4 + 4 + 12));
  CHECK(m.notes.empty());
}

TEST_CASE("dense and MoE layers alternate as stated") {
  const Model m = model_of(R"({"name": "m", "layers": 6, "hidden": 64, "heads": 4, "ffn": 256, "gated_ffn": true,
    "vocab": 100, "tied_embeddings": true, "experts": 8, "experts_per_token": 2, "expert_ffn": 32,
    "shared_experts": 2, "dense_layers": 2, "moe_every": 2})");
  std::string kinds;
  for (int i = 0; i < 6; ++i) kinds += m.spec.layer(i).mlp.kind == Mlp::Kind::moe ? 'E' : 'd';
  CHECK(kinds == "dddEdE");
  CHECK(m.spec.kinds.size() == 2);
  CHECK(m.spec.layer(3).mlp.shared_ffn == 64);
}

TEST_CASE("shared experts of a width of their own are counted by it") {
  const Model m = model_of(R"({"name": "m", "layers": 1, "hidden": 64, "heads": 4, "gated_ffn": true,
    "vocab": 100, "tied_embeddings": true, "experts": 8, "experts_per_token": 2, "expert_ffn": 32,
    "shared_experts": 1, "shared_expert_ffn": 96})");
  CHECK(m.spec.layer(0).mlp.shared_ffn == 96);
}

TEST_CASE("a stated parameter count that disagrees is a remark, not a fault") {
  const Model m = model_of(R"({"name": "m", "layers": 32, "hidden": 4096, "heads": 32, "ffn": 11008,
    "gated_ffn": true, "vocab": 32000, "tied_embeddings": false, "params_total_b": 8.0})");
  REQUIRE(m.notes.size() == 1);
  CHECK(m.notes[0] == "the structure has 6.738 B parameters, the file states 8 B (-15.8 %)");
}

TEST_CASE("faults of a native model are found at once and name their key") {
  CHECK(model_faults(R"({"name": "m",
"layers": 0,
"hiden": 64})") ==
        "model.json:2: /layers: expected an integer of at least 1 and at most 4096, found 0\n"
        "model.json:3: /hiden: unknown key; did you mean \"hidden\"?\n");
  CHECK(model_faults(R"({"name": "m", "layers": 2, "heads": 3,
"kv_heads": 2, "attention": "mha",
"ffn": 8, "vocab": 10, "mla": {"kv_lora_rank": 1, "qk_nope_head_dim": 1, "qk_rope_head_dim": 1, "v_head_dim": 1},
"experts": 4})") ==
        "model.json:1: the key \"hidden\" is missing: the model cannot be built without it; or name a model of the "
        "catalogue\n"
        "model.json:3: /mla: stands beside an attention that is not mla\n"
        "model.json:2: /kv_heads: is 2, but attention \"mha\" has 3; write \"gqa\" where key-value heads are shared\n"
        "model.json:2: /kv_heads: 2 does not divide 3 heads\n"
        "model.json:1: the key \"experts_per_token\" is missing: the model cannot be built without it; or name a model "
        "of the catalogue\n"
        "model.json:1: the key \"expert_ffn\" is missing: the model cannot be built without it; or name a model of the "
        "catalogue\n");
  CHECK(model_faults(R"({"name": "m", "layers": 2, "hidden": 10, "heads": 3, "ffn": 8, "vocab": 10})") ==
        "model.json:1: the key \"head_dim\" is missing, and 3 heads do not divide hidden 10\n");
  CHECK(model_faults(R"({"name": "m", "kind": "moe", "layers": 2, "hidden": 12, "heads": 3, "vocab": 10,
"experts": 4, "experts_per_token": 5, "expert_ffn": 8, "dense_layers": 2})") ==
        "model.json:2: /experts_per_token: 5 is not between 1 and the 4 experts\n"
        "model.json:1: the key \"ffn\" is missing: the dense layers need it\n"
        "model.json:2: /dense_layers: 2 leave no MoE layer among 2\n");
}

TEST_CASE("latent attention takes its head widths from mla and contradictions are refused") {
  const std::string form = R"({"name": "m", "layers": 1, "hidden": 64, "heads": 4, "ffn": 128, "gated_ffn": true,
"vocab": 10, "tied_embeddings": true, "attention": "mla", "head_dim": 20,
"mla": {"kv_lora_rank": 8, "qk_nope_head_dim": 16, "qk_rope_head_dim": 8, "v_head_dim": 16}})";
  CHECK(model_faults(form) == "model.json:2: /head_dim: is 20, but qk_nope_head_dim + qk_rope_head_dim is 24\n");
}
