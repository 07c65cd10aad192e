// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/engine.hpp"

#include "base/json/cursor.hpp"
#include "hardware/catalogue.hpp"
#include "models/claim.hpp"
#include "sim/checked_run.hpp"
#include "sim/report/campaign_headline.hpp"
#include "sim/report/campaign_report.hpp"
#include "sim/report/charts.hpp"
#include "sim/report/check_report.hpp"
#include "sim/report/compare.hpp"
#include "sim/report/difference.hpp"
#include "sim/report/explain_campaign.hpp"
#include "sim/report/explain_kernel.hpp"
#include "sim/report/explain_measured_step.hpp"
#include "sim/report/profile_report.hpp"

namespace sextant::gui {

namespace {

constexpr std::size_t neighbours = 4;

ReportPtr shared(report::Report r) { return std::make_shared<const report::Report>(std::move(r)); }

QString text_of(const Diagnostics& faults) { return QString::fromStdString(faults.text()).trimmed(); }

}  // namespace

Engine::Engine(std::shared_ptr<const Workbench> workbench, QObject* parent)
    : QObject(parent), workbench_(std::move(workbench)) {}

void Engine::deliver(std::function<void()> emit_it) {
  ++undelivered_;
  QMetaObject::invokeMethod(
      this,
      [this, emit_it = std::move(emit_it)] {
        --undelivered_;
        emit_it();
      },
      Qt::QueuedConnection);
}

void Engine::refuse(const QString& what, const Diagnostics& faults) {
  deliver([this, what, why = text_of(faults)] { Q_EMIT refused(what, why); });
}

void Engine::evaluate(int scenario, std::uint64_t number, const QByteArray& text, const QString& file) {
  quick_.submit(scenario, [=, this, t = text.toStdString(), f = file.toStdString(), u = units_](const Ticket& ticket) {
    auto answer = std::make_shared<Answer>(*evaluate_text(*workbench_, t, f, u));
    answer->scenario = scenario;
    answer->number = number;
    if (!ticket.cancelled()) deliver([this, answer] { Q_EMIT answered(answer); });
  });
}

void Engine::load_choices() {
  slow(choices, [this](const Ticket&) {
    auto all = std::make_shared<const Choices>(workbench_->choices());
    deliver([this, all] { Q_EMIT choices_loaded(all); });
  });
}

void Engine::draw(const AnswerPtr& answer) { draw_as(picture, answer); }

void Engine::draw_pinned(const AnswerPtr& answer) { draw_as(pinned_picture, answer); }

void Engine::draw_as(Kind kind, const AnswerPtr& answer) {
  slow(kind, [this, answer](const Ticket& ticket) {
    PicturePtr made = picture_of(*workbench_, *answer);
    if (!ticket.cancelled()) deliver([this, made] { Q_EMIT drawn(made); });
  });
}

void Engine::explain(const AnswerPtr& answer, const QString& tag) {
  slow(explanation_kind, [this, answer, tag](const Ticket& ticket) {
    const ReportPtr r = shared(explanation(*workbench_, *answer, tag.toStdString()));
    if (!ticket.cancelled()) deliver([this, tag, r] { Q_EMIT explained(tag, r); });
  });
}

void Engine::explain(const BillPtr& bill, const QString& tag) {
  slow(explanation_kind, [this, bill, tag](const Ticket& ticket) {
    const ReportPtr r = shared(bill->explain(tag.toStdString()));
    if (!ticket.cancelled() && !r->items.empty()) deliver([this, tag, r] { Q_EMIT explained(tag, r); });
  });
}

void Engine::explain(const KernelsPtr& read, const QString& tag) {
  slow(explanation_kind, [this, read, tag](const Ticket& ticket) {
    const ReportPtr r = shared(read->explain(tag.toStdString()));
    if (!ticket.cancelled() && !r->items.empty()) deliver([this, tag, r] { Q_EMIT explained(tag, r); });
  });
}

void Engine::explain_measured(const QString& tag) {
  slow(explanation_kind, [this, tag](const Ticket& ticket) {
    const auto& sets = validations(ticket);
    if (ticket.cancelled()) return;
    const ReportPtr r = shared(report::explain_measured(sets, workbench_->calibration, tag.toStdString()));
    if (!ticket.cancelled() && !r->items.empty()) deliver([this, tag, r] { Q_EMIT explained(tag, r); });
  });
}

const std::vector<report::ValidationBeside>& Engine::validations(const Ticket& ticket) {
  if (!validations_.empty()) return validations_;
  Diagnostics faults;
  auto all = report::validate_shipped(workbench_->catalogue, workbench_->calibration, faults,
                                      [&ticket] { return ticket.cancelled(); });
  if (ticket.cancelled()) {
    static const std::vector<report::ValidationBeside> none;
    return none;
  }
  validations_ = std::move(all);
  return validations_;
}

void Engine::find_nearest(const AnswerPtr& answer) {
  slow(nearest, [this, answer](const Ticket& ticket) {
    if (!answer->result) return;
    const auto& sets = validations(ticket);
    if (ticket.cancelled()) return;
    Diagnostics faults;
    const auto found =
        sim::nearest_measured(sim::likeness_of(answer->result->run), workbench_->catalogue, neighbours, faults);
    report::Report r;
    r.add(report::nearest_table(found, sets));
    deliver([this, n = answer->number, made = shared(std::move(r))] { Q_EMIT nearest_found(n, made); });
  });
}

void Engine::compare(const QList<QByteArray>& texts, const QString& file) {
  slow(comparison, [this, texts, f = file.toStdString(), u = units_](const Ticket& ticket) {
    std::vector<report::Compared> rows;
    std::optional<sim::Run> first;
    for (const QByteArray& text : texts) {
      if (ticket.cancelled()) return;
      Diagnostics faults;
      auto node = json::parse(text.toStdString(), f, faults);
      auto run = node ? sim::checked_run(sim::run_part(std::move(*node)), f, workbench_->catalogue, faults)
                      : std::optional<sim::Run>();
      if (!run && !first) return refuse(tr("Compare"), faults);
      if (!run) continue;
      workbench_->add_measured(*run);
      if (!first) first = run;
      rows.push_back(report::compared(std::move(*run), workbench_->calibration, workbench_->prices));
    }
    if (!first) return;
    deliver([this, made = shared(in_units(report::compare_report(*first, rows), u))] { Q_EMIT compared(made); });
  });
}

void Engine::check_claims() {
  slow(all_claims, [this, u = units_](const Ticket& ticket) {
    Diagnostics faults;
    const auto claims = models::list_claims(workbench_->catalogue, faults);
    const sim::SimulationInputs inputs{workbench_->catalogue, workbench_->calibration, faults};
    std::vector<sim::Check> checks;
    for (const models::Claim& c : claims) {
      if (ticket.cancelled()) return;
      checks.push_back(sim::check(c, inputs, workbench_->prices, {.elsewhere = {}, .neighbours = 0, .units = u}));
      const auto done = static_cast<int>(checks.size());
      deliver([this, done, all = static_cast<int>(claims.size())] { Q_EMIT claims_progress(done, all); });
    }
    deliver([this, made = shared(in_units(report::checks_report(checks), u))] { Q_EMIT claims_checked(made); });
  });
}

void Engine::check_one(const models::Claim& c, report::DisplayUnits units) {
  Diagnostics faults;
  const sim::SimulationInputs inputs{workbench_->catalogue, workbench_->calibration, faults};
  sim::CheckOptions options;
  options.units = units;
  const sim::Check made = sim::check(c, inputs, workbench_->prices, options);
  if (!faults.empty()) return refuse(tr("Claim"), faults);
  deliver([this, r = shared(in_units(report::check_report(made, units), units))] { Q_EMIT claim_checked(r); });
}

void Engine::check_claim(const QString& id) {
  slow(claim, [this, id, u = units_](const Ticket&) {
    Diagnostics faults;
    const auto found = models::load_claim(workbench_->catalogue, id.toStdString(), faults);
    if (!found) return refuse(tr("Claim"), faults);
    check_one(*found, u);
  });
}

void Engine::check_claim_text(const QByteArray& text) {
  slow(claim, [this, t = text.toStdString(), u = units_](const Ticket&) {
    Diagnostics faults;
    const auto claims = models::read_claims(t, "claim", faults);
    if (claims.empty() || !faults.empty()) {
      if (faults.empty()) faults.add({"claim", 0, "", "holds no claim", ""});
      return refuse(tr("Claim"), faults);
    }
    check_one(claims.front(), u);
  });
}

void Engine::measure_accuracy() {
  slow(accuracy, [this](const Ticket& ticket) {
    const auto& sets = validations(ticket);
    if (ticket.cancelled()) return;
    deliver([this, made = shared(report::accuracy_report(sets))] { Q_EMIT accuracy_measured(made); });
  });
}

void Engine::search_layouts(const AnswerPtr& answer, const Search& search) {
  search_.submit(layouts, [this, answer, search](const Ticket& ticket) {
    const auto tell = [this](const FoundPtr& found) { deliver([this, found] { Q_EMIT layouts_found(found); }); };
    const auto progress = [this, n = search.number](int percent) {
      deliver([this, n, percent] { Q_EMIT search_progress(n, percent); });
    };
    const FoundPtr all =
        plan_of(*workbench_, *answer, search, {tell, progress, [&ticket] { return ticket.cancelled(); }});
    if (!ticket.cancelled()) tell(all);
  });
}

void Engine::cost_campaign(int id, const QByteArray& text, const QString& file) {
  const auto job = [this, id, t = text.toStdString(), f = file.toStdString(), u = units_](const Ticket& ticket) {
    Diagnostics faults;
    const auto node = json::parse(t, f, faults);
    const auto read = node ? sim::read_campaign(json::Cursor(*node, f, faults), workbench_->catalogue)
                           : std::optional<sim::Campaign>();
    if (ticket.cancelled()) return;
    sim::CostOptions options;
    options.units = u;
    const sim::CostInputs inputs{workbench_->catalogue, workbench_->calibration, workbench_->prices, faults};
    const auto cost = read ? sim::campaign_cost(*read, inputs, options) : std::optional<sim::CampaignCost>();
    if (ticket.cancelled()) return;
    if (!cost) return deliver([this, id, why = text_of(faults)] { Q_EMIT campaign_refused(id, why); });
    auto bill = std::make_shared<Bill>();
    bill->report = report::campaign_report(*read, *cost, {});
    bill->shown = in_units(report::campaign_report(*read, *cost, {}, u), u);
    bill->headline = in_units(report::campaign_headline(*read, *cost), u);
    bill->page = report::campaign_page(*read, *cost, {}, workbench_->calibration, u);
    bill->explain = [bench = workbench_, campaign = *read, found = *cost, u](const std::string& tag) {
      return report::explain_campaign({campaign, found, bench->reliability, bench->energy, u}, tag);
    };
    deliver([this, id, made = BillPtr(bill)] { Q_EMIT campaign_costed(id, made); });
  };
  slow_.submit(campaign + id, job);
}

void Engine::use_profile(const QString& id, bool on) {
  slow(profile_use, [this, id, on](const Ticket&) {
    Diagnostics faults;
    if (on) {
      auto profile = hardware::find_kernel_profile(workbench_->catalogue, id.toStdString(), faults);
      if (!profile) return refuse(tr("Kernels"), faults);
      workbench_->measurements->give(std::make_shared<const hardware::KernelProfile>(std::move(*profile)));
    } else {
      workbench_->measurements->take_back(id.toStdString());
    }
    deliver([this, id, on] { Q_EMIT profile_used(id, on); });
  });
}

void Engine::read_kernels(const QString& profile) {
  slow(kernels, [this, id = profile.toStdString()](const Ticket& ticket) {
    Diagnostics faults;
    std::shared_ptr<const hardware::KernelProfile> found;
    for (const auto& given : workbench_->measurements->given()) {
      if (given->id == id) found = given;
    }
    if (!found) {
      auto read = hardware::find_kernel_profile(workbench_->catalogue, id, faults);
      if (!read) return refuse(tr("Kernels"), faults);
      found = std::make_shared<const hardware::KernelProfile>(std::move(*read));
    }
    Diagnostics unknown;
    const auto gpu = hardware::find_accelerator(workbench_->catalogue, found->gpu, unknown);
    auto usual = gpu ? hardware::usual_cluster(workbench_->catalogue, *gpu, gpu->nvlink_domain, unknown)
                     : std::optional<hardware::Cluster>();
    auto residuals = sim::profile_residuals(*found, usual ? &*usual : nullptr, workbench_->calibration.parameters);
    if (ticket.cancelled()) return;
    auto made = std::make_shared<Kernels>();
    made->report = report::kernel_profile_report(*found, residuals);
    if (gpu) made->roofs = report::roof_figures(*gpu);
    for (const auto& [key, table] : {std::pair{"samples", &made->samples}, {"tables", &made->tables}}) {
      if (const report::Table* t = report::find_table(made->report, key))
        *table = report::with_kernel_tags(*found, residuals, *t);
    }
    made->explain = [bench = workbench_, found, usual = std::move(usual),
                     residuals = std::move(residuals)](const std::string& tag) {
      return report::explain_kernel({*found, residuals, usual, bench->calibration}, tag);
    };
    deliver([this, k = KernelsPtr(made)] { Q_EMIT kernels_read(k); });
  });
}

}  // namespace sextant::gui
