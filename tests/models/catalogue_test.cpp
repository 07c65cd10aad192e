// SPDX-License-Identifier: Apache-2.0
#include "models/catalogue.hpp"

#include <map>

#include "base/embedded.hpp"
#include "models/counts.hpp"
#include "models/observation.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::models;

namespace {

const Catalogue& catalogue() {
  static const Catalogue shipped = [] {
    Diagnostics faults;
    return Catalogue::open(embedded_files(), "", faults);
  }();
  return shipped;
}

std::string id_of(std::string_view id) {
  Diagnostics faults;
  const std::optional<Model> m = find_model(catalogue(), id, faults);
  return m ? m->spec.name : faults.text();
}

struct Read {
  std::optional<Model> model;
  std::string faults;
};

/// The value of a run's "model" key.
Read read_as_run(std::string_view text, const std::string& folder = {}) {
  Diagnostics faults;
  const std::string file = "run.json";
  const std::optional<json::Node> node = json::parse(text, file, faults);
  Read r;
  if (node) r.model = read_model(catalogue(), json::Cursor(*node, file, faults), folder);
  r.faults = faults.text();
  return r;
}

std::string fixtures() { return SEXTANT_SOURCE_DIR "/tests/models/fixtures"; }

}  // namespace

TEST_CASE("models answer to ids, aliases and repositories in any case") {
  for (const char* id : {"deepseek-v3", "DeepSeek-V3", "deepseek_v3", "deepseek-ai/DeepSeek-V3", "DEEPSEEK-V3-671B"}) {
    CHECK(id_of(id) == "deepseek-v3");
  }
  CHECK(id_of("Llama-2-7b-hf") == "llama2-7b");
  CHECK(id_of("llama-3.1-8b") == "llama3.1-8b");
  CHECK(id_of("DeepSeek-R1-Distill-Llama-70B") == "llama3.3-70b");
  CHECK(id_of("deepseek-v33") == "command line: no model \"deepseek-v33\" is known; did you mean \"deepseek-v3\"?\n");
  CHECK(id_of("zebra") == "command line: no model \"zebra\" is known; sextant list models shows those there are\n");
  CHECK_THAT(id_of(""), Catch::Matchers::Contains("no model"));
}

TEST_CASE("no two models answer to one name") {
  Diagnostics faults;
  std::map<std::string, std::string> owner;
  for (const ModelEntry& e : list_models(catalogue(), faults)) {
    std::vector<std::string> names{e.id};
    names.insert(names.end(), e.aliases.begin(), e.aliases.end());
    if (!e.hf_id.empty()) names.push_back(e.hf_id);
    for (const std::string& name : names) {
      const auto [at, fresh] = owner.emplace(folded_id(name), e.id);
      INFO(name << " of " << e.id << " and " << at->second);
      CHECK((fresh || at->second == e.id));
    }
  }
  CHECK(owner.size() > 150);
}

TEST_CASE("a run's model is an id, an object, a change to a catalogue model, a path or a configuration") {
  CHECK(read_as_run(R"("LLAMA2-7B")").model->spec.layers() == 32);
  const Read changed = read_as_run(R"({"name": "deepseek-v3", "layers": 16, "mtp_layers": 0})");
  REQUIRE(changed.model);
  CHECK(changed.model->spec.layers() == 16);
  CHECK(changed.model->spec.mtp_layers == 0);
  CHECK(changed.model->spec.hidden == 7168);
  CHECK(read_as_run(R"({"hf_config": "llama.json"})", fixtures()).model->spec.hidden == 64);
  CHECK(read_as_run(R"({"architectures": ["LlamaForCausalLM"], "hidden_size": 64, "num_hidden_layers": 2,
    "num_attention_heads": 4, "intermediate_size": 128, "vocab_size": 100, "tie_word_embeddings": false})")
            .model->spec.layers() == 2);
}

TEST_CASE("a run that writes a known model's widths out need not repeat its biases, sinks and norms of heads") {
  const std::string widths = R"("name": "gpt-oss-120b", "kind": "moe", "layers": 36, "hidden": 2880, "vocab": 201088,
    "heads": 64, "kv_heads": 8, "head_dim": 64, "experts": 128, "experts_per_token": 4, "expert_ffn": 2880)";
  const std::string repository = R"(, "hf_id": "openai/gpt-oss-120b")";
  const Read named = read_as_run("{" + widths + repository + "}");
  REQUIRE(named.model);
  // config.json of openai/gpt-oss-120b: attention_bias, and sinks and biases of the experts in its class
  CHECK(named.model->spec.layer(0).attention.qkv_bias);
  CHECK(named.model->spec.layer(0).attention.sinks);
  CHECK(named.model->spec.layer(0).mlp.bias);
  CHECK_FALSE(read_as_run("{" + widths + "}").model->spec.layer(0).mlp.bias);
  CHECK_FALSE(read_as_run("{" + widths + repository + R"(, "mlp_bias": false})").model->spec.layer(0).mlp.bias);
}

TEST_CASE("a run's model that is none of these says so") {
  CHECK(read_as_run(R"("deepseek-v33")").faults ==
        "run.json:1: no model \"deepseek-v33\" is known; did you mean \"deepseek-v3\"?\n");
  CHECK(read_as_run("3").faults ==
        "run.json:1: expected a model's id, a model object or a Hugging Face configuration, found 3\n");
  CHECK(read_as_run(R"({"hf_config": "none.json"})", "/nowhere").faults == "/nowhere/none.json: no such file\n");
  CHECK(read_as_run(R"({"hf_config": 3})").faults ==
        "run.json:1: /hf_config: expected the path of a config.json, found 3\n");
  CHECK(read_as_run(R"({"hf_config": "a.json", "layers": 3})").faults == "run.json:1: /layers: unknown key\n");
  CHECK_THAT(read_as_run(R"({"name": "mine", "layers": 3})").faults,
             Catch::Matchers::Contains("the key \"hidden\" is missing: the model cannot be built without it"));
}

TEST_CASE("a path is read by what the file is, a folder by its config.json") {
  Diagnostics faults;
  CHECK(load_model(catalogue(), fixtures() + "/llama.json", faults)->spec.name == "llama");
  CHECK(load_model(catalogue(), SEXTANT_SOURCE_DIR "/models/data/models/dbrx.json", faults)->spec.name == "dbrx");
  CHECK(faults.empty());
  CHECK_FALSE(load_model(catalogue(), "/nowhere/config.json", faults));
  CHECK(faults.text() == "/nowhere/config.json: no such file\n");
}

TEST_CASE("all shipped observations read, and so do their models, within the time a command may take") {
  Diagnostics faults;
  const std::vector<Observation> rows = list_observations(catalogue(), faults);
  CHECK(faults.text().empty());
  CHECK(rows.size() == 519 + 748 + 2 + 136);
  std::map<std::string, int> ids;
  for (const Observation& o : rows) {
    Diagnostics found;
    const json::Node* model = o.run.find("model");
    REQUIRE(model != nullptr);
    const std::optional<Model> m = read_model(catalogue(), json::Cursor(*model, o.file, found));
    INFO(o.id << "\n" << found.text());
    CHECK(m);
    CHECK(++ids[o.id] == 1);
    CHECK_FALSE(o.publisher.empty());
  }
}

TEST_CASE("step time, throughput and batch of every observation are one figure") {
  // tokens/s/GPU x GPUs x step time = sequences x sequence length, to the rounding of what was printed
  Diagnostics faults;
  for (const Observation& o : list_observations(catalogue(), faults)) {
    const json::Node* batch = o.run.find("batch");
    const double tokens = batch->find("seq_len")->number * batch->find("global_sequences")->number;
    const double gpus = o.run.find("cluster")->find("gpus")->number;
    INFO(o.id);
    CHECK(o.tokens_per_s_per_gpu * gpus * o.step_time_s == Approx(tokens).epsilon(0.02));
  }
}
