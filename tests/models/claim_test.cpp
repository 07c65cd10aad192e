// SPDX-License-Identifier: Apache-2.0
#include "models/claim.hpp"

#include "base/embedded.hpp"
#include "models/counts.hpp"
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

Claim claim(const std::string& id) {
  Diagnostics faults;
  const std::optional<Claim> c = load_claim(catalogue(), id, faults);
  INFO(faults.text());
  REQUIRE(c);
  return *c;
}

std::string faults_of(std::string_view text) {
  Diagnostics faults;
  (void)read_claims(text, "c.json", faults);
  return faults.text();
}

}  // namespace

TEST_CASE("all shipped claims read and stand in files of their names") {
  Diagnostics faults;
  const std::vector<Claim> claims = list_claims(catalogue(), faults);
  CHECK(faults.text().empty());
  CHECK(claims.size() == 64);
  for (const Claim& c : claims) CHECK(c.file == std::string(claim_folder) + c.id + ".json");
}

TEST_CASE("DeepSeek-V3's budget is the one of its report") {
  // arXiv:2412.19437 table 1: 2,664 K + 119 K + 5 K = 2,788 K H800 GPU-hours, $5.576 M at $2
  const double parts = *claim("deepseek-v3-pretrain").claimed.gpu_hours +
                       *claim("deepseek-v3-context").claimed.gpu_hours + *claim("DEEPSEEK-V3-POST").claimed.gpu_hours;
  const Claim total = claim("deepseek-v3-total");
  CHECK(parts == *total.claimed.gpu_hours);
  CHECK(*total.claimed.gpu_hours == 2788000.0);
  CHECK(*total.claimed.cost_usd == *total.claimed.gpu_hours * *total.claimed.usd_per_gpu_hour);
  CHECK(claim("deepseek-v3-pretrain").parallelism.pp == 16);
  CHECK(claim("deepseek-v3-pretrain").stage == ClaimStage::pretrain);
  CHECK(parameter_counts(model_of_claim(catalogue(), total)->spec).total == Approx(671e9).epsilon(0.001));
}

TEST_CASE("a claim's model is found by its own name, an alias or not at all") {
  CHECK(model_of_claim(catalogue(), claim("sky-t1-32b"))->spec.name == "qwen2.5-32b");
  CHECK(model_of_claim(catalogue(), claim("gpt2-1.6b-2019"))->spec.name == "gpt2-xl");
  CHECK_FALSE(model_of_claim(catalogue(), claim("inflection-2")));
  CHECK_FALSE(model_of_claim(catalogue(), claim("minimax-01")));  // linear attention
  Diagnostics faults;
  int known = 0;
  for (const Claim& c : list_claims(catalogue(), faults)) known += model_of_claim(catalogue(), c) ? 1 : 0;
  CHECK(known >= 47);
}

TEST_CASE("a claim may be an array's first, may name its model by an id and may say how it was read") {
  Diagnostics faults;
  const std::vector<Claim> claims = read_claims(R"([{"id": "a", "publisher": "P", "model": "llama2-7b",
    "stage": "context-extension", "tokens_b": 10, "hardware": {"gpu": "h100", "gpus": 8}, "claimed": {"days": 2},
    "what_it_covers": "all of it", "verified": "read in a secondary source",
    "source": {"title": "T", "where": "W", "date": "2025"}}])",
                                                "c.json", faults);
  CHECK(faults.text().empty());
  REQUIRE(claims.size() == 1);
  CHECK(claims[0].stage == ClaimStage::context_extension);
  CHECK(name(claims[0].stage) == "context-extension");
  CHECK(claims[0].source.trust == Trust::derived);
  CHECK(claims[0].covers == std::vector<std::string>{"all of it"});
  CHECK(model_of_claim(catalogue(), claims[0])->spec.name == "llama2-7b");
}

TEST_CASE("faults of a claim name their key, and an unknown claim its neighbours") {
  CHECK(faults_of(R"({"id": "a", "model": {"name": "m", "layer": 3}, "stage": "pretrain",
"claimed": {"gpu_hour": 3},
"source": {"title": "T", "where": "W", "date": "2025", "trust": "paper"}})") ==
        "c.json:2: /claimed/gpu_hour: unknown key; did you mean \"gpu_hours\"?\n");
  CHECK(faults_of(R"({"id": "a", "model": {"name": "m", "layer": 3}, "stage": "pretrain",
"source": {"title": "T", "where": "W", "date": "2025", "trust": "paper"}})") ==
        "c.json:1: /model/layer: unknown key; did you mean \"layers\"?\n");
  CHECK(
      faults_of(R"({"id": "a", "model": "m", "stage": "pretraining",
"source": {"title": "T", "where": "W", "date": "2025"}})") ==
      "c.json:1: /stage: \"pretraining\" is not one of pretrain, context-extension, sft, rl, distillation, total; did "
      "you mean \"pretrain\"?\n");
  Diagnostics faults;
  CHECK_FALSE(load_claim(catalogue(), "deepseek-v3-pretrian", faults));
  CHECK(faults.text() ==
        "command line: no claim \"deepseek-v3-pretrian\" is known; did you mean "
        "\"deepseek-v3-pretrain\"?\n");
}

TEST_CASE("DeepSeek-V3's stages are those of its report") {
  // arXiv:2412.19437 section 4.2: the batch grows from 3,072 to 15,360 over the first 469 B of 14.8 T tokens; section
  // 4.3: 1,000 steps of 1,920 sequences at 32K, 1,000 of 480 at 128K. Both context steps hold as many tokens.
  const Claim pretrain = claim("deepseek-v3-pretrain");
  REQUIRE(pretrain.stages.size() == 2);
  CHECK(*pretrain.stages[0].tokens_b + *pretrain.stages[1].tokens_b == *pretrain.tokens_b);
  CHECK(*pretrain.stages[0].first_sequences == 3072);
  const Claim context = claim("deepseek-v3-context");
  REQUIRE(context.stages.size() == 2);
  for (const ClaimPart& part : context.stages) CHECK(*part.seq_len * *part.global_sequences == 62914560);
  const Claim total = claim("deepseek-v3-total");
  REQUIRE(total.stages.size() == 3);
  for (const ClaimPart& part : total.stages) CHECK(claim(part.claim).hours_are == HoursAre::throughput);
}
