// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/answer.hpp"

#include <algorithm>
#include <thread>

#include "sim/checked_run.hpp"
#include "sim/report/explain.hpp"
#include "sim/report/layouts_report.hpp"
#include "sim/report/pipeline_report.hpp"
#include "sim/report/reports.hpp"
#include "sim/report/waterfall.hpp"

namespace sextant::gui {

namespace {

constexpr int most_gpus = 131072;
/// Micro-batches that a picture shows: enough for the warm-up, the steady state and the drain of long pipelines.
constexpr int most_microbatches_shown = 256;

report::HeadlineInputs headline_inputs(const Workbench& w, const Evaluated& e) {
  return {e.run, e.prediction, e.goal, e.price, w.energy};
}

Evaluated evaluated(const Workbench& w, sim::Run run, const sim::Goal& goal) {
  Evaluated e;
  e.run = std::move(run);
  e.run.measured = w.measurements->of(w.catalogue, e.run.cluster.gpu.id);
  e.goal = goal;
  e.prediction = sim::predict(e.run, w.calibration);
  e.price = hardware::rental_price(w.prices.rental, {e.run.cluster.gpu.id, std::nullopt, {}});
  e.step = report::step_report(e.run, e.prediction, w.calibration);
  e.headline = report::headline_report(headline_inputs(w, e));
  e.waterfall = report::waterfall(e.run, e.prediction);
  e.gpu_counts = sim::fitting_gpu_counts(e.run, most_gpus);
  return e;
}

}  // namespace

AnswerPtr evaluate_text(const Workbench& w, const std::string& text, const std::string& file) {
  auto answer = std::make_shared<Answer>();
  auto node = json::parse(text, file, answer->faults);
  if (!node) return answer;
  node = sim::run_part(std::move(*node));
  if (auto run = sim::checked_run(*node, file, w.catalogue, answer->faults)) {
    answer->result = evaluated(w, std::move(*run), sim::goal_of(*node));
  }
  return answer;
}

PicturePtr picture_of(const Workbench& w, const Answer& answer) {
  auto picture = std::make_shared<Picture>();
  picture->number = answer.number;
  if (!answer.result) return picture;
  const Evaluated& e = *answer.result;
  const bool all = e.prediction.step.microbatches <= most_microbatches_shown;
  sim::StepTimeline timeline = sim::step_timeline(e.run, w.calibration.parameters, all ? 0 : most_microbatches_shown);
  picture->ranks = report::pipeline_report(e.run, timeline);
  picture->trace = report::step_trace(e.run, timeline, e.prediction.step);
  return picture;
}

report::Report explanation(const Workbench& w, const Answer& answer, const std::string& tag) {
  if (!answer.result) return {};
  const Evaluated& e = *answer.result;
  if (report::explains_headline(tag)) return report::explain_headline(headline_inputs(w, e), tag);
  const report::Explained explained{e.run, e.prediction, w.calibration};
  const std::string found = report::find_tag(tag);
  return found.empty() ? report::explain_overview(explained) : report::explain_report(explained, found);
}

report::Report layouts_of(const Workbench& w, const Answer& answer, int steps,
                          const std::function<bool(double, const report::Report&)>& progress) {
  if (!answer.result) return {};
  const Evaluated& e = *answer.result;
  report::LayoutQuery query{e.run, e.goal, e.price, w.energy, w.calibration, report::sizes_around(e.run, steps)};
  // One core stays with the window.
  query.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1);
  return report::layouts_report(query, progress);
}

}  // namespace sextant::gui
