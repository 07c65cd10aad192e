// SPDX-License-Identifier: Apache-2.0
// The traps of real config.json files, one small file each. Widths: hidden 64, 4 layers, 4 heads of 16, 2 key-value
// heads, MLP 128, vocabulary 100, unless the file's trap is another width.
#include <algorithm>

#include "base/catalogue.hpp"
#include "models/counts.hpp"
#include "models/hf/read.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::models;

namespace {

struct Read {
  std::optional<Model> model;
  std::string faults;
};

Read read(const std::string& name) {
  Diagnostics faults;
  const std::optional<std::string> text = read_text_file(SEXTANT_SOURCE_DIR "/tests/models/fixtures/" + name, faults);
  REQUIRE(text);
  Read r;
  r.model = hf::read_config_text(*text, name, "fixture", faults);
  r.faults = faults.text();
  return r;
}

Model model(const std::string& name) {
  Read r = read(name);
  INFO(r.faults);
  REQUIRE(r.model);
  return *r.model;
}

double total(const std::string& name) { return parameter_counts(model(name).spec).total; }

bool notes(const Model& m, std::string_view text) {
  for (const std::string& n : m.notes) {
    if (n.find(text) != std::string::npos) return true;
  }
  return false;
}

std::string kinds(const ModelSpec& s) {
  std::string out;
  for (int i = 0; i < s.layers(); ++i) out += s.layer(i).mlp.kind == Mlp::Kind::moe ? 'E' : 'd';
  return out;
}

constexpr double h = 64;
constexpr double table = 100 * h;                           // embedding, or head
constexpr double attention = h * 64 + 2 * h * 32 + 64 * h;  // q, k and v, o
constexpr double norms = 2 * h;
constexpr double mlp = 3 * h * 128;
constexpr double expert = 3 * h * 32;
constexpr double router = h * 8;

}  // namespace

TEST_CASE("a plain Llama counts by hand") {
  const Model m = model("llama.json");
  CHECK(parameter_counts(m.spec).total == 4 * (attention + mlp + norms) + 2 * table + h);
  CHECK(m.family == "LlamaForCausalLM");
  CHECK(m.spec.name == "fixture");
  CHECK(m.notes.empty());
}

TEST_CASE("a stated head_dim stands, whatever hidden / heads is") {
  // 4 query heads and 2 key-value heads of 32, a norm of 32 on queries and one on keys
  CHECK(total("head-dim.json") == 4 * (2 * h * 128 + 2 * h * 64 + 2 * 32 + mlp + norms) + 2 * table + h);
}

TEST_CASE("an absent tie flag is the class's, and said; CRLF and no final newline are read") {
  const Model m = model("gpt2-crlf.json");
  // biases: qkv 192, o 64, MLP 256 + 64; LayerNorms have two vectors; 32 positions
  const double layer = 4 * h * h + 192 + 64 + 2 * h * 256 + 256 + 64 + 4 * h;
  CHECK(parameter_counts(m.spec).total == 4 * layer + table + 32 * h + 2 * h);
  CHECK(m.notes == std::vector<std::string>{
                       "tie_word_embeddings is not in the file: true, the default of GPT2LMHeadModel, assumed"});
}

TEST_CASE("the language model inside a multimodal one is read, with the tie flag from outside") {
  const Model m = model("nested-text.json");
  CHECK(kinds(m.spec) == "dEdd");  // every second layer, the fourth listed as dense
  const double layer = attention + 2 * 16 + norms;
  CHECK(parameter_counts(m.spec).total == 4 * layer + 3 * mlp + 8 * expert + router + table + h);
  CHECK(notes(m, "the language model only"));
}

TEST_CASE("experts are found under each of their names") {
  const double wide = 8 * mlp + router;
  CHECK(total("expert-width-in-intermediate-size.json") == 4 * (attention + wide + norms) + 2 * table + h);

  // a shared expert of width 96 with a gate of 64; biases on q, k, v: 128
  const Model shared = model("shared-expert-width.json");
  CHECK(parameter_counts(shared.spec).total ==
        4 * (attention + 128 + 8 * expert + router + 3 * h * 96 + h + norms) + 2 * table + h);
  CHECK(shared.spec.layer(3).attention.window == 0);  // use_sliding_window is false

  // lists by layer; one shared MLP of 32; a norm of 16 on queries and one on keys; tied
  const Model lists = model("lists-by-layer.json");
  CHECK(parameter_counts(lists.spec).total == 4 * (attention + 32 + 9 * expert + router + norms) + table + h);
  CHECK(lists.spec.layer(0).mlp.experts_per_token == 2);

  // layers 1 and 3 are MoE with two shared experts; an expert bias of 8 in the router; tied by default
  const Model interval = model("interval.json");
  CHECK(kinds(interval.spec) == "dEdE");
  CHECK(parameter_counts(interval.spec).total ==
        4 * (attention + norms) + 2 * mlp + 2 * (10 * expert + router + 8) + table + h);

  CHECK(total("nested-ffn-config.json") == 4 * (attention + 8 * expert + router + norms) + 2 * table + h);
}

TEST_CASE("the architecture decides, not a shared model_type; stored precision is a remark") {
  const Model m = model("shared-model-type.json");
  CHECK(kinds(m.spec) == "dEEE");
  // q_a 64 x 24, q_b 24 x 4 x 24, kv_a 64 x (8 + 8), kv_b 8 x 4 x 32, o 64 x 64, norms on the latents
  const double latent = h * 24 + 24 * 96 + h * 16 + 8 * 128 + 64 * h + 24 + 8;
  const double moe = 9 * expert + router + 8;
  const ParameterCounts c = parameter_counts(m.spec);
  CHECK(c.total == 4 * (latent + norms) + mlp + 3 * moe + 2 * table + h);
  CHECK(c.mtp == latent + norms + moe + 2 * h * h + 3 * h);
  CHECK(notes(m, "quantization_config (fp8) is how the release stores its weights, not how it was trained"));
}

TEST_CASE("moe_layer_freq may be a list, and queries need no latent") {
  const Model m = model("frequency-list.json");
  CHECK(kinds(m.spec) == "dEdE");
  CHECK(m.spec.layer(0).attention.q_lora_rank == 0);
}

TEST_CASE("DeepSeek's sparse attention counts its indexer and sees its best keys") {
  const Model m = model("sparse-index.json");
  const Attention& a = m.spec.layer(0).attention;
  CHECK(a.window == 16);
  ModelSpec dense = m.spec;
  for (Layer& l : dense.kinds) l.attention.index_heads = 0;
  // per layer: index queries 24 x 2 x 8, key 64 x 8, head weights 64 x 2, a LayerNorm of 8
  CHECK(parameter_counts(m.spec).total - parameter_counts(dense).total == 4 * (24 * 16 + h * 8 + h * 2 + 16));
  // and per key of the whole prefix 2 x 2 x 8 FLOPs forward, beside its projections
  CHECK(flops_per_token(m.spec, 128).value() - flops_per_token(dense, 128).value() ==
        4 * 3 * 2.0 * (24 * 16 + h * 8 + h * 2 + 16 * 64));
  CHECK(notes(m, "sparse attention (DSA)"));
}

TEST_CASE("a byte-order mark, Infinity, NaN and a repeated key are read; the last key counts and is named") {
  const Model m = model("infinity-bom-duplicate.json");
  CHECK(m.spec.hidden == 64);
  CHECK(m.notes == std::vector<std::string>{"the key \"hidden_size\" appears twice; the last one counts"});
}

TEST_CASE("a squared-ReLU MLP has two matrices") {
  CHECK(total("two-matrices.json") == 4 * (attention + 2 * h * 128 + 2 * norms) + 2 * table + 2 * h);
}

TEST_CASE("layers are windowed one by one where the file lists them") {
  const Model m = model("layer-types.json");
  CHECK(m.spec.layer(0).attention.window == 16);
  CHECK(m.spec.layer(1).attention.window == 0);
  // OLMo norms all queries (64) and all keys (32) at once
  CHECK(parameter_counts(m.spec).total == 4 * (attention + 96 + mlp + norms) + 2 * table + h);
}

TEST_CASE("layers see chunks of their own and are MoE as the lists say") {
  const Model m = model("chunked.json");
  CHECK(kinds(m.spec) == "dEdE");
  CHECK(m.spec.layer(1).attention.window == 16);
  CHECK(m.spec.layer(1).attention.chunked_window);
  CHECK(m.spec.layer(2).attention.window == 0);
  // a shared expert as wide as a routed one
  CHECK(parameter_counts(m.spec).total ==
        4 * (attention + norms) + 2 * mlp + 2 * (9 * expert + router) + 2 * table + h);
}

TEST_CASE("what a released file leaves to its class is assumed and said") {
  // Gemma 3's multimodal files state neither heads nor vocabulary: 8 heads of 256, 4 key-value heads, 262208 rows.
  const Model m = model("left-to-the-class.json");
  CHECK(m.spec.vocab == 262208);
  const double wide = 2 * h * 8 * 256 + 2 * h * 4 * 256 + 2 * 256;
  CHECK(parameter_counts(m.spec).total == 7 * (wide + mlp + 4 * h) + 262208 * h + h);
  CHECK(notes(m, "num_attention_heads is not in the file: 8, the default of Gemma3ForConditionalGeneration, assumed"));
  std::string windows;
  for (int i = 0; i < m.spec.layers(); ++i) windows += m.spec.layer(i).attention.window > 0 ? 'w' : 'f';
  CHECK(windows == "wwwwwfw");
}

TEST_CASE("dumped defaults and nulls do no harm, and the file's own name is kept") {
  const Model m = model("dumped-defaults.json");
  CHECK(parameter_counts(m.spec).total == 4 * (attention + mlp + norms) + 2 * table + h);
  CHECK(m.spec.name == "Small-Mistral");
  CHECK(m.hf_id == "someone/Small-Mistral");
}

TEST_CASE("the old Falcon has one key-value head, one norm and a tied head") {
  const Model m = model("old-falcon.json");
  CHECK(parameter_counts(m.spec).total == 4 * (2 * h * 64 + 2 * h * 16 + 2 * h * 256 + 2 * h) + table + 2 * h);
}

TEST_CASE("blocks may leave out attention or MLP") {
  // widths int(2 x 6 x 64 / 3) = 256 and 128, the latter rounded up to a multiple of 256
  const Model m = model("blocks.json");
  CHECK(parameter_counts(m.spec).total == (attention + 3 * h * 256 + 2 * h) + (3 * h * 256 + h) + 0 + 2 * table + h);
  CHECK_FALSE(m.spec.layer(1).has_attention);
  CHECK(m.spec.layer(2).mlp.kind == Mlp::Kind::none);
}

TEST_CASE("each value says where it comes from") {
  const Model m = model("gpt2-crlf.json");
  const auto row = [&](std::string_view key) {
    for (const Provenance& p : m.provenance) {
      if (p.key == key) return p;
    }
    return Provenance{};
  };
  CHECK(row("layers").where == "n_layer");
  CHECK(row("layers").origin == Provenance::Origin::file);
  CHECK(row("head_dim").origin == Provenance::Origin::derived);
  CHECK(row("head_dim").where == "hidden / heads");
  CHECK(row("ffn").value == "256");
  CHECK(row("tied_embeddings").origin == Provenance::Origin::class_default);
}

TEST_CASE("what is not understood is refused by name") {
  CHECK(read("renamed-experts.json").faults ==
        "renamed-experts.json:1: the key \"n_routed_experts\" is missing\n"
        "renamed-experts.json:17: /num_routed_experts: names experts and is not understood for this architecture; did "
        "you mean \"n_routed_experts\"?\n");
  CHECK(read("linear-layer-types.json").faults ==
        "linear-layer-types.json:13: /layer_types: \"linear_attention\" is not a kind of layer that Sextant models; it "
        "models full_attention, sliding_attention and chunked_attention\n");
  CHECK(read("linear-attention.json").faults ==
        "linear-attention.json:2: /architectures: \"Qwen3NextForCausalLM\" is not an architecture that Sextant models\n"
        "linear-attention.json:13: /linear_num_key_heads: stands for linear-attention layers, which Sextant does not "
        "model\n");
  CHECK(read("hybrid-pattern.json").faults ==
        "hybrid-pattern.json:2: /architectures: \"NemotronHForCausalLM\" is not an architecture that Sextant models\n"
        "hybrid-pattern.json:12: /hybrid_override_pattern: stands for layers of several kinds, which Sextant does not "
        "model\n"
        "hybrid-pattern.json:13: /mamba_num_heads: stands for state-space layers, which Sextant does not model\n");
  CHECK(read("encoder-decoder.json").faults ==
        "encoder-decoder.json:2: /architectures: \"T5ForConditionalGeneration\" is not an architecture that Sextant "
        "models\n"
        "encoder-decoder.json:10: /is_encoder_decoder: stands for an encoder and a decoder, which Sextant does not "
        "model\n");
  CHECK(read("unread-structure.json").faults ==
        "unread-structure.json:13: /attention_heads_per_group: seems to shape the model and is not understood for this "
        "architecture\n"
        "unread-structure.json:14: /global_window_layers: seems to shape the model and is not understood for this "
        "architecture\n"
        "unread-structure.json:17: /expert_parallel_groups: names experts and is not understood for this "
        "architecture\n");
  CHECK(read("contradiction.json").faults ==
        "contradiction.json:7: /n_layer: differs from \"num_hidden_layers\", which names the same thing\n");
}

TEST_CASE("architectures stand in the table once, and published sizes come out of their widths") {
  const std::vector<std::string_view> names = hf::architectures();
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  CHECK(names.size() >= 60);
  const auto total_b = [](std::string_view text) {
    Diagnostics faults;
    const std::optional<Model> m = hf::read_config_text(text, "c.json", "c", faults);
    INFO(faults.text());
    REQUIRE(m);
    return parameter_counts(m->spec).total / 1e9;
  };
  // model cards: MiniMax-M2 230 B, SmolLM3 3.08 B, InternLM 7.3 B
  CHECK(total_b(R"({"architectures": ["MiniMaxM2ForCausalLM"], "num_hidden_layers": 62, "hidden_size": 3072,
    "num_attention_heads": 48, "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 1536,
    "num_local_experts": 256, "num_experts_per_tok": 8, "num_mtp_modules": 3, "use_qk_norm": true,
    "shared_intermediate_size": 0, "vocab_size": 200064, "tie_word_embeddings": false})") == Approx(230).epsilon(0.01));
  CHECK(total_b(R"({"architectures": ["SmolLM3ForCausalLM"], "num_hidden_layers": 36, "hidden_size": 2048,
    "num_attention_heads": 16, "num_key_value_heads": 4, "intermediate_size": 11008, "vocab_size": 128256,
    "no_rope_layers": [1, 1, 1, 0]})") == Approx(3.08).epsilon(0.005));
  CHECK(
      total_b(R"({"architectures": ["InternLMForCausalLM"], "num_hidden_layers": 32, "hidden_size": 4096, "bias": true,
    "num_attention_heads": 32, "intermediate_size": 11008, "vocab_size": 103168, "tie_word_embeddings": false})") ==
      Approx(7.3).epsilon(0.005));
}

TEST_CASE("files that are no configuration are faults, not crashes") {
  const auto faults_of = [](std::string_view text) {
    Diagnostics faults;
    (void)hf::read_config_text(text, "c.json", "c", faults);
    return faults.text();
  };
  CHECK(faults_of("[]") == "c.json:1: expected an object, found an array\n");
  CHECK(faults_of("{}") == "c.json:1: neither \"architectures\" nor \"model_type\" says what this model is\n");
  CHECK(faults_of(R"({"architectures": [3], "model_type": "llama", "num_hidden_layers": -1, "hidden_size": 1e30,
"vocab_size": "many", "num_attention_heads": 0, "intermediate_size": [1, 2]})") ==
        "c.json:1: /num_hidden_layers: expected an integer of at least 1 and at most 4096\n"
        "c.json:1: /hidden_size: expected an integer of at least 1 and at most 1048576\n"
        "c.json:2: /vocab_size: expected an integer of at least 1 and at most 16777216\n"
        "c.json:2: /num_attention_heads: expected an integer of at least 1 and at most 65536\n"
        "c.json:2: /intermediate_size: differs between layers, which Sextant does not model for this architecture\n");
}
