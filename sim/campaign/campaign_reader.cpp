// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/campaign/campaign.hpp"
#include "sim/campaign/campaign_shapes.hpp"

namespace sextant::sim {

namespace {

/// Degrees that are searched are open, the others as stated.
LayoutFreedom freedom_of(const Parallelism& p, const std::vector<Degree>& search) {
  LayoutFreedom f{p.tp, p.pp, p.vp, p.cp, p.ep, p.etp, p.dp, p.sharding, {}, true};
  if (p.pp > 1) f.schedule = p.schedule;
  for (const Degree d : search) {
    switch (d) {
      case Degree::tp: f.tp = f.etp = std::nullopt; break;
      case Degree::pp: f.pp = std::nullopt; break;
      case Degree::vp: f.vp = std::nullopt; break;
      case Degree::cp: f.cp = std::nullopt; break;
      case Degree::ep: f.ep = std::nullopt; break;
      case Degree::dp: f.dp = std::nullopt; break;
    }
  }
  return f;
}

class Reader {
 public:
  Reader(const json::Cursor& at, const Catalogue& catalogue) : at_(at), catalogue_(catalogue) {}

  std::optional<Campaign> read() {
    StatedCampaign stated;
    if (!json::ShapeOf<StatedCampaign>::get().read(at_, stated)) return std::nullopt;
    base_ = &stated.run.node;
    const json::Cursor stages = at_.member("stages", *at_.node().find("stages"));
    if (stated.stages.empty()) stages.fault("a campaign has at least one stage");
    bool good = !stated.stages.empty();
    for (std::size_t i = 0; i < stated.stages.size(); ++i) {
      good = settle(stated.stages[i], stages.item(i)) && good;
      stated.campaign.stages.push_back(std::move(stated.stages[i].stage));
    }
    good = lines_exist(stated.campaign, stages) && good;
    if (!good) return std::nullopt;
    return std::move(stated.campaign);
  }

 private:
  bool settle(StatedStage& s, const json::Cursor& at) {
    Stage& stage = s.stage;
    if ((stage.kind == StageKind::rl) != s.rl.has_value()) {
      at.fault(s.rl ? "\"rl\" belongs to a stage of kind rl" : "a stage of kind rl needs the key \"rl\"");
      return false;
    }
    json::Node node = laid_over(*base_, s.run);
    if (s.rl) {
      const Samples& samples = s.rl->work.samples;
      add_batch(node, samples.prompt_tokens + samples.response_tokens, s.rl->work.minibatch_sequences);
    } else if (s.teacher && !s.tokens_b && !s.steps) {
      add_batch(node, s.teacher->samples.prompt_tokens + s.teacher->samples.response_tokens, 1);
    }
    auto run = complete_run(node, at);
    if (!run) return false;
    stage.run = std::move(*run);
    stage.layout_stated = node.find("parallelism") != nullptr && s.search.empty();
    if (node.find("parallelism") != nullptr) stage.freedom = freedom_of(stage.run.parallelism, s.search);
    bool good = s.rl ? settle_rl(*s.rl, stage, at) : settle_tokens(s, at);
    if (s.teacher) good = settle_teacher(*s.teacher, stage, at) && good;
    return good;
  }

  std::optional<Run> complete_run(const json::Node& node, const json::Cursor& at) {
    return run_at(node, at_.file(), at.pointer() + "/run", catalogue_, at_.faults());
  }

  static bool settle_tokens(StatedStage& s, const json::Cursor& at) {
    constexpr double billion = 1e9;
    Stage& stage = s.stage;
    if (s.tokens_b && s.steps) {
      at.fault("states both \"tokens_b\" and \"steps\"", "leave one out");
      return false;
    }
    const double last = stage.run.batch.global_sequences;
    if (s.steps) {
      stage.slices = {{*s.steps * last * stage.run.batch.seq_len, last}};
    } else if (s.tokens_b) {
      stage.slices = batch_ramp(*s.tokens_b * billion, s.first_sequences.value_or(last), last);
    } else if (!s.teacher) {
      at.fault("the key \"tokens_b\" is missing: tokens trained on, in billions", "or give \"steps\"");
      return false;
    }
    return true;
  }

  bool settle_rl(StatedRl& s, Stage& stage, const json::Cursor& at) {
    stage.rl = rl_at(std::move(s), at.member("rl", *at.node().find("rl")), catalogue_);
    return stage.rl.has_value();
  }

  bool settle_teacher(StatedTeacher& s, Stage& stage, const json::Cursor& at) {
    const json::Cursor teacher = at.member("teacher", *at.node().find("teacher"));
    json::Node node = laid_over(*base_, s.run);
    add_batch(node, s.samples.prompt_tokens + s.samples.response_tokens, 1);
    auto run = complete_run(node, teacher);
    auto generation = generation_at(s.generation, teacher, catalogue_);
    if (!run || !generation) return false;
    stage.teacher = TeacherWork{std::move(*run), s.samples, s.per_kept, std::move(*generation)};
    return true;
  }

  static bool lines_exist(const Campaign& c, const json::Cursor& stages) {
    std::vector<std::string_view> lines;
    for (const PublishedLine& p : c.published) lines.push_back(p.line);
    bool good = true;
    for (std::size_t i = 0; i < c.stages.size(); ++i) {
      const std::string& line = c.stages[i].line;
      if (line.empty() || std::find(lines.begin(), lines.end(), line) != lines.end()) continue;
      stages.item(i).fault_at("line", "\"" + line + "\" is none of the lines under \"published\"",
                              did_you_mean(line, lines));
      good = false;
    }
    return good;
  }

  const json::Cursor& at_;
  const Catalogue& catalogue_;
  const json::Node* base_ = nullptr;
};

}  // namespace

std::optional<Campaign> read_campaign(const json::Cursor& at, const Catalogue& catalogue) {
  return Reader(at, catalogue).read();
}

}  // namespace sextant::sim
