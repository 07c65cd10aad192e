// SPDX-License-Identifier: Apache-2.0
#include "cli/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

#include "base/embedded.hpp"
#include "base/json/cursor.hpp"
#include "cli/input.hpp"
#include "sim/report/exporters.hpp"

namespace sextant::cli {

namespace {

std::string overlay_folder(const CommonOptions& options) {
  if (!options.data.empty()) return options.data;
  const char* environment = std::getenv("SEXTANT_DATA");
  return environment == nullptr ? std::string() : std::string(environment);
}

/// By line within a file; files in the order in which they came up.
void in_reading_order(std::vector<Diagnostic>& faults) {
  std::map<std::string, std::size_t> place;
  for (const Diagnostic& d : faults) place.emplace(d.file, place.size());
  std::stable_sort(faults.begin(), faults.end(), [&place](const Diagnostic& a, const Diagnostic& b) {
    const std::size_t x = place.at(a.file);
    const std::size_t y = place.at(b.file);
    return x != y ? x < y : a.line < b.line;
  });
}

void say(const std::string& text) { std::fputs(text.c_str(), stderr); }

}  // namespace

bool Session::open_output() {
  std::string reason;
  output_ = OutputFile::open(options_.output, reason);
  if (!output_) (void)usage_error(fmt::format("cannot write {}: {}", options_.output, reason));
  return output_.has_value();
}

const Catalogue& Session::catalogue() {
  if (!catalogue_) catalogue_ = Catalogue::open(embedded_files(), overlay_folder(options_), faults_);
  return *catalogue_;
}

const sim::Calibration& Session::calibration() {
  read_profiles();
  if (calibration_) return *calibration_;
  if (calibration_from_.empty()) calibration_ = sim::shipped_calibration(catalogue(), faults_);
  if (!calibration_) calibration_.emplace();
  return *calibration_;
}

const sim::KernelProfiles& Session::profiles() {
  read_profiles();
  return profiles_;
}

void Session::read_profiles() {
  if (std::exchange(profiles_read_, true)) return;
  for (const std::string& file_or_id : options_.profiles) {
    if (looks_like_file(file_or_id)) {
      read_profile_file(file_or_id);
    } else {
      read_profile_id(file_or_id);
    }
  }
}

void Session::read_profile_file(const std::string& path) {
  const auto input = read_input(path, faults_);
  if (!input) return;
  const auto node = json::parse(input->text, input->file, faults_);
  if (!node) return;
  const json::Cursor at(*node, input->file, faults_);
  const json::Node* format = node->find("format");
  const bool other = format != nullptr && format->type == json::Type::string && format->string != "sextant/profile/1" &&
                     format->string != "sextant/calibration/1";
  if (other) {
    at.fault_at("format", fmt::format("\"{}\" is no profile", format->string.substr(0, 60)),
                "\"sextant/profile/1\" are measured kernels, \"sextant/calibration/1\" is a calibration");
  } else if (!hardware::is_kernel_profile(*node)) {
    use(sim::read_calibration(at), path);
  } else if (auto profile = hardware::read_kernel_profile(at)) {
    profiles_.push_back(std::make_shared<const hardware::KernelProfile>(std::move(*profile)));
  }
}

void Session::read_profile_id(const std::string& id) {
  if (folded_id(id) == folded_id(shipped_calibration_id)) {
    use(sim::shipped_calibration(catalogue(), faults_), id);
  } else if (auto profile =
                 hardware::find_kernel_profile(catalogue(), id, faults_, {"command line", 0, "--profile", "", ""})) {
    profiles_.push_back(std::make_shared<const hardware::KernelProfile>(std::move(*profile)));
  }
}

void Session::use(std::optional<sim::Calibration> calibration, const std::string& from) {
  if (!calibration_from_.empty()) {
    faults_.add({from, 0, "--profile", fmt::format("a second calibration, after {}", calibration_from_),
                 "kernel profiles may be many, the calibration is one"});
  }
  calibration_from_ = from;
  calibration_ = std::move(calibration);
}

void Session::add_measured(sim::Run& run) {
  const std::string& gpu = run.cluster.gpu.id;
  auto& measured = measured_[gpu];
  if (!measured) {
    sim::KernelProfiles known;
    for (hardware::KernelProfile& p : hardware::kernel_profiles_of(catalogue(), gpu, faults_)) {
      known.push_back(std::make_shared<const hardware::KernelProfile>(std::move(p)));
    }
    measured = std::make_shared<const sim::MeasuredKernels>(gpu, profiles(), known);
  }
  run.measured = measured;
  for (const auto& p : profiles()) {
    if (p->is_of(gpu)) continue;
    run.notes.push_back(fmt::format("profile {} was measured on {}: nothing of it is used for {}", p->id,
                                    p->gpu.empty() ? "an unknown GPU" : p->gpu, gpu));
  }
}

std::string_view Session::format() const {
  if (options_.json) return "json";
  if (!options_.format.empty()) return options_.format;
  const std::size_t dot = options_.output.rfind('.');
  if (dot == std::string::npos) return "text";
  for (const sim::report::Exporter& e : sim::report::exporters()) {
    if (e.extension == options_.output.substr(dot)) return e.name;
  }
  return "text";
}

ExitCode Session::print(const sim::report::Report& report, ExitCode code) {
  const sim::report::Exporter* exporter = sim::report::find_exporter(format());
  const bool to_file = options_.output != "-";
  return print(exporter->write(report, text_style(options_.colour, to_file)), code);
}

ExitCode Session::print(std::string_view text, ExitCode code) {
  std::string reason;
  if (output_ && output_->write(text, reason)) return code;
  return usage_error(fmt::format("cannot write {}: {}", options_.output == "-" ? "stdout" : options_.output, reason));
}

ExitCode Session::report_faults() {
  const bool colour = colour_on_stderr(options_.colour);
  std::vector<Diagnostic> faults(faults_.list().begin(), faults_.list().end());
  in_reading_order(faults);
  for (Diagnostic& d : faults) {
    if (catalogue_) d.file = catalogue_->shown_path(d.file);
    say((colour ? "\033[31m" : "") + d.text() + (colour ? "\033[0m\n" : "\n"));
  }
  return ExitCode::bad_data;
}

ExitCode Session::usage_error(const std::string& message, const std::string& hint) const {
  say(fmt::format("sextant {}: {}{}{}\n", command_, message, hint.empty() ? "" : "; ", hint));
  return ExitCode::usage;
}

void Session::remark(std::string_view text) const {
  if (!options_.quiet) say(std::string(text) + "\n");
}

}  // namespace sextant::cli
