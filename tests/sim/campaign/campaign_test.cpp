// SPDX-License-Identifier: Apache-2.0
// Do whole campaigns come out as their publishers billed them?
#include <cmath>

#include "tests/sim/campaign/support.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::test;

TEST_CASE("every published line of the shipped campaigns is inside its 80 % band, or says why not") {
  const char* id = GENERATE("deepseek-v3", "deepseek-r1", "llama3.1-405b", "bloom-176b", "minimax-m1");
  const Campaign campaign = shipped_campaign(id);
  const CampaignCost cost = cost_of_campaign(campaign);
  REQUIRE_FALSE(cost.lines.empty());
  for (const LineCost& line : cost.lines) {
    INFO(id << ": " << line.line << ", " << line.published << " against " << line.gpu_hours.low << " to "
            << line.gpu_hours.high);
    CHECK((line.inside() || !line.explanation.empty()));
  }
}

TEST_CASE("DeepSeek-V3's tokens, steps and days are those of its report") {
  // arXiv:2412.19437: 14.8 T tokens; 1,000 steps of 1,920 x 32,768 and of 480 x 131,072; 54.2 days of pre-training.
  const Campaign campaign = shipped_campaign("deepseek-v3");
  double pretrained = 0;
  for (const Stage& s : campaign.stages) {
    if (s.kind == StageKind::pretrain) pretrained += s.tokens();
    if (s.kind == StageKind::context_extension) CHECK(s.tokens() == Approx(62914560.0e3));
  }
  CHECK(pretrained == Approx(14.8e12));
  const CampaignCost cost = cost_of_campaign(campaign);
  CHECK(cost.stages[0].days() + cost.stages[1].days() == Approx(54.2).epsilon(0.10));
  CHECK(cost.lines[0].gpu_hours.mid == Approx(2664e3).epsilon(0.10));
}

TEST_CASE("stages add up, and goodput only adds hours") {
  const CampaignCost cost = cost_of_campaign(shipped_campaign("deepseek-r1"));
  double sum = 0;
  for (const StageHours& s : cost.stages) {
    sum += s.gpu_hours.mid;
    CHECK(s.gpu_hours.low < s.gpu_hours.mid);
    CHECK(s.gpu_hours.mid < s.gpu_hours.high);
  }
  CHECK(cost.trained.mid == Approx(sum));
  CHECK(cost.paid.mid == Approx(cost.trained.mid / cost.effective.mid));
  CHECK(cost.paid.low <= cost.paid.mid);
}

TEST_CASE("a stage of twice the tokens takes twice the hours") {
  Campaign campaign = shipped_campaign("bloom-176b");
  const double once = cost_of_campaign(campaign).stages[1].gpu_hours.mid;
  for (BatchSlice& s : campaign.stages[1].slices) s.tokens *= 2;
  CHECK(cost_of_campaign(campaign).stages[1].gpu_hours.mid == Approx(2 * once));
}

TEST_CASE(
    "H800 and H100 of one network differ by NVLink alone: the same layout without tensor parallelism gains little") {
  CampaignData& d = campaign_data();
  Diagnostics faults;
  const Campaign campaign = shipped_campaign("deepseek-v3");
  const CostInputs inputs{d.catalogue, d.calibration, d.prices, faults};
  const auto h100 = campaign_on(campaign, "h100", inputs, {});
  REQUIRE(h100);
  CHECK(h100->move.same_network);
  CHECK(h100->move.layouts_searched == 0);
  const CampaignCost here = cost_of_campaign(campaign);
  // Never slower, and by less than a tenth: DeepSeek's layout keeps NVLink out of the critical path.
  CHECK(h100->cost.trained.mid <= here.trained.mid * 1.0001);
  CHECK(h100->cost.trained.mid > here.trained.mid * 0.9);
  const auto a100 = campaign_on(campaign, "a100", inputs, {});
  REQUIRE(a100);
  // 312 against 989 dense TFLOP/s in 16 bits, and no FP8.
  CHECK(a100->cost.trained.mid > here.trained.mid * 2);
  CHECK_FALSE(a100->move.notes.empty());
}

TEST_CASE("faults of a campaign are all named with their places") {
  const std::string text = R"({
    "format": "sextant/campaign/1", "id": "x", "title": "x",
    "run": {"model": "llama2-7b", "cluster": {"gpu": "h100", "gpus": 64}},
    "stages": [
      {"name": "a", "kind": "pretrain", "line": "nowhere", "run": {"batch": {"seq_len": 4096, "global_sequences": 256}}, "tokens_b": 1},
      {"name": "b", "kind": "rl", "tokens_b": 1},
      {"name": "c", "kind": "sft", "run": {"batch": {"seq_len": 0, "global_sequences": 8}}, "tokens_b": 1}
    ],
    "source": {"title": "test", "where": "here", "date": "2026", "trust": "assumed"}
  })";
  Diagnostics faults;
  const auto node = json::parse(text, "x.json", faults);
  REQUIRE(node);
  CHECK_FALSE(read_campaign(json::Cursor(*node, "x.json", faults), campaign_data().catalogue));
  const std::string all = faults.text();
  INFO(all);
  CHECK(all.find("/stages/0/line") != std::string::npos);
  CHECK(all.find("needs the key \"rl\"") != std::string::npos);
  CHECK(all.find("/stages/2/run/batch/seq_len") != std::string::npos);
}
