// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/workbench.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "base/embedded.hpp"
#include "base/json/cursor.hpp"
#include "hardware/catalogue.hpp"
#include "hardware/kernel_profile.hpp"
#include "models/catalogue.hpp"
#include "models/claim.hpp"
#include "sim/checked_run.hpp"

namespace sextant::gui {

namespace {

constexpr std::string_view run_folder = "models/data/runs/";
constexpr std::string_view campaign_folder = "models/data/campaigns/";

template <class Entry>
std::vector<Choice> choices_of(const std::vector<Entry>& entries, std::string Entry::*title) {
  std::vector<Choice> out;
  for (const Entry& e : entries) out.push_back({e.id, e.*title, e.aliases});
  return out;
}

std::string title_of(std::string_view text) {
  Diagnostics ignored;
  const auto node = json::parse(text, "", ignored);
  const json::Node* title = node ? node->find("title") : nullptr;
  return title != nullptr && title->type == json::Type::string ? title->string : std::string();
}

std::vector<Choice> files_in(const Catalogue& catalogue, std::string_view folder) {
  std::vector<Choice> out;
  for (const std::string& path : catalogue.list(folder)) {
    const std::string id = std::filesystem::path(path).stem().string();
    const std::string title = title_of(catalogue.text(path).value_or(""));
    out.push_back({id, title.empty() ? id : title, {}});
  }
  return out;
}

}  // namespace

std::shared_ptr<const sim::MeasuredKernels> Measurements::of(const Catalogue& catalogue, const std::string& gpu) {
  const std::lock_guard lock(mutex_);
  auto& known = known_[gpu];
  Diagnostics ignored;
  if (known) return known;
  if (given_.empty()) return known = sim::shipped_measurements(catalogue, gpu, ignored);
  sim::KernelProfiles shipped;
  for (hardware::KernelProfile& p : hardware::kernel_profiles_of(catalogue, gpu, ignored)) {
    shipped.push_back(std::make_shared<const hardware::KernelProfile>(std::move(p)));
  }
  return known = std::make_shared<const sim::MeasuredKernels>(gpu, given_, shipped);
}

void Measurements::give(std::shared_ptr<const hardware::KernelProfile> profile) {
  const std::lock_guard lock(mutex_);
  std::erase_if(given_, [&](const auto& p) { return p->id == profile->id; });
  given_.push_back(std::move(profile));
  known_.clear();
}

void Measurements::take_back(const std::string& id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(given_, [&](const auto& p) { return p->id == id; });
  known_.clear();
}

sim::KernelProfiles Measurements::given() const {
  const std::lock_guard lock(mutex_);
  return given_;
}

void Workbench::add_measured(sim::Run& run) const {
  run.measured = measurements->of(catalogue, run.cluster.gpu.id);
  for (const auto& p : measurements->given()) {
    if (p->is_of(run.cluster.gpu.id)) continue;
    run.notes.push_back(fmt::format("profile {} was measured on {}: nothing of it is used for {}", p->id,
                                    p->gpu.empty() ? "an unknown GPU" : p->gpu, run.cluster.gpu.id));
  }
}

namespace {

/// A calibration, or a kernel profile that goes to `measurements`.
std::optional<sim::Calibration> read_profile(const Catalogue& catalogue, const std::string& file_or_id,
                                             Measurements& measurements, Diagnostics& faults) {
  if (!std::filesystem::exists(file_or_id)) {
    if (auto p = hardware::find_kernel_profile(catalogue, file_or_id, faults)) {
      measurements.give(std::make_shared<const hardware::KernelProfile>(std::move(*p)));
    }
    return std::nullopt;
  }
  const auto text = read_text_file(file_or_id, faults);
  const auto node = text ? json::parse(*text, file_or_id, faults) : std::optional<json::Node>();
  if (!node) return std::nullopt;
  const json::Cursor at(*node, file_or_id, faults);
  if (!hardware::is_kernel_profile(*node)) return sim::read_calibration(at);
  if (auto p = hardware::read_kernel_profile(at)) {
    measurements.give(std::make_shared<const hardware::KernelProfile>(std::move(*p)));
  }
  return std::nullopt;
}

}  // namespace

std::shared_ptr<const Workbench> Workbench::open(const std::string& data, const std::vector<std::string>& profiles) {
  auto w = std::make_shared<Workbench>();
  w->catalogue = Catalogue::open(embedded_files(), data, w->faults);
  std::optional<sim::Calibration> calibration;
  for (const std::string& profile : profiles) {
    if (auto read = read_profile(w->catalogue, profile, *w->measurements, w->faults)) calibration = std::move(read);
  }
  if (!calibration) calibration = sim::shipped_calibration(w->catalogue, w->faults);
  if (calibration) w->calibration = std::move(*calibration);
  w->prices = hardware::load_prices(w->catalogue, w->faults);
  w->energy = hardware::load_energy_factors(w->catalogue, w->faults);
  w->reliability = hardware::load_reliability(w->catalogue, w->faults);
  return w;
}

Choices Workbench::choices() const {
  Diagnostics ignored;
  Choices c;
  c.models = choices_of(models::list_models(catalogue, ignored), &models::ModelEntry::title);
  c.gpus = choices_of(hardware::list(catalogue, hardware::Kind::gpu, ignored), &hardware::Entry::name);
  c.clusters = choices_of(hardware::list(catalogue, hardware::Kind::cluster, ignored), &hardware::Entry::name);
  c.stacks = files_in(catalogue, "sim/data/stacks/");
  c.runs = files_in(catalogue, run_folder);
  c.claims = files_in(catalogue, "models/data/claims/");
  c.profiles = files_in(catalogue, "hardware/data/profiles/");
  c.campaigns = files_in(catalogue, campaign_folder);
  return c;
}

std::string Workbench::run_text(const std::string& id) const {
  return std::string(catalogue.text(std::string(run_folder) + id + ".json").value_or(""));
}

std::string Workbench::campaign_text(const std::string& id) const {
  return std::string(catalogue.text(std::string(campaign_folder) + id + ".json").value_or(""));
}

}  // namespace sextant::gui
