// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/answer.hpp"

#include <algorithm>
#include <thread>

#include "gui/geometry/grid.hpp"
#include "sim/checked_run.hpp"
#include "sim/report/explain.hpp"
#include "sim/report/explain_slice.hpp"
#include "sim/report/pipeline_report.hpp"
#include "sim/report/reports.hpp"
#include "sim/report/waterfall.hpp"

namespace sextant::gui {

namespace {

constexpr int most_gpus = 131072;
constexpr std::size_t layouts_wanted = 20;
/// Micro-batches that a picture shows: enough for the warm-up, the steady state and the drain of long pipelines.
constexpr int most_microbatches_shown = 256;

report::HeadlineInputs headline_inputs(const Workbench& w, const Evaluated& e) {
  return {e.run, e.prediction, e.goal, e.price, w.energy, e.units};
}

Evaluated evaluated(const Workbench& w, sim::Run run, const sim::Goal& goal, report::DisplayUnits units) {
  Evaluated e;
  e.units = units;
  e.run = std::move(run);
  w.add_measured(e.run);
  e.goal = goal;
  e.prediction = sim::predict(e.run, w.calibration);
  e.price = hardware::rental_price(w.prices.rental, {e.run.cluster.gpu.id, std::nullopt, {}});
  e.step = report::step_report(e.run, e.prediction, w.calibration);
  e.headline = report::headline_report(headline_inputs(w, e));
  e.waterfall = report::waterfall(e.run, e.prediction, w.reliability);
  e.gpu_counts = sim::fitting_gpu_counts(e.run, most_gpus);
  return e;
}

sim::StepTimeline shown_timeline(const Workbench& w, const Evaluated& e) {
  const bool all = e.prediction.step.microbatches <= most_microbatches_shown;
  return sim::step_timeline(e.run, w.calibration.parameters, all ? 0 : most_microbatches_shown);
}

}  // namespace

AnswerPtr evaluate_text(const Workbench& w, const std::string& text, const std::string& file,
                        report::DisplayUnits units) {
  auto answer = std::make_shared<Answer>();
  answer->file = file;
  auto node = json::parse(text, file, answer->faults);
  if (!node) return answer;
  node = sim::run_part(std::move(*node));
  if (auto run = sim::checked_run(*node, file, w.catalogue, answer->faults)) {
    answer->result = evaluated(w, std::move(*run), sim::goal_of(*node), units);
    answer->result->node = std::move(node);
  }
  return answer;
}

PicturePtr picture_of(const Workbench& w, const Answer& answer) {
  auto picture = std::make_shared<Picture>();
  picture->number = answer.number;
  if (!answer.result) return picture;
  const Evaluated& e = *answer.result;
  const sim::StepTimeline timeline = shown_timeline(w, e);
  picture->ranks = report::pipeline_report(e.run, timeline);
  picture->trace = report::step_trace(e.run, timeline, e.prediction.step);
  return picture;
}

report::Report explanation(const Workbench& w, const Answer& answer, const std::string& tag) {
  if (!answer.result) return {};
  const Evaluated& e = *answer.result;
  if (report::explains_headline(tag)) return in_units(report::explain_headline(headline_inputs(w, e), tag), e.units);
  if (tag == report::goodput_tag) return report::explain_failures(e.run, e.prediction, w.reliability, e.units);
  const report::Explained explained{e.run, e.prediction, w.calibration};
  if (report::explains_slice(tag)) return report::explain_slice(explained, shown_timeline(w, e), tag);
  const std::string found = report::find_tag(tag);
  return found.empty() ? report::explain_overview(explained) : report::explain_report(explained, found);
}

namespace {

FoundPtr found(const Answer& answer, const Search& search, const report::RunPlan& plan, double share,
               const std::string& command) {
  auto f = std::make_shared<Found>();
  f->number = search.number;
  f->percent = percent_of(share);
  f->plan = plan;
  f->sentences = in_units(plan.report, answer.result->units);
  f->layouts = in_units(plan.layouts, answer.result->units);
  f->command = command;
  return f;
}

}  // namespace

FoundPtr plan_of(const Workbench& w, const Answer& answer, const Search& search, const SearchListener& listener) {
  auto failed = std::make_shared<Found>();
  failed->number = search.number;
  failed->percent = 100;
  if (!answer.result) return failed;
  const Evaluated& e = *answer.result;
  auto question = report::question_of(*e.node, answer.file, report::sizes_around(e.run.cluster, search.steps), e.goal,
                                      e.price, w.catalogue, failed->faults);
  if (!question) return failed;
  report::ask_for_fastest(*question, search.fastest);
  w.add_measured(question->base);
  const std::string command = report::plan_options(*question, layouts_wanted);
  report::RunPlanOptions options;
  options.top = layouts_wanted;
  options.units = e.units;
  // One core stays with the window.
  options.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1);
  options.cancelled = listener.cancelled;
  int percent = 0;
  options.progress = [&](double share) {
    const int now = percent_of(share);
    if (listener.progress && now > percent) listener.progress(now);
    percent = std::max(percent, now);
  };
  options.so_far = [&](double share, const report::RunPlan& plan) {
    if (listener.told && share < 1) listener.told(found(answer, search, plan, share, command));
  };
  return found(answer, search, report::plan_of(*question, e.run, w.calibration, options), 1.0, command);
}

}  // namespace sextant::gui
