// SPDX-License-Identifier: Apache-2.0
#include "cli/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "base/embedded.hpp"
#include "base/json/cursor.hpp"
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
  if (calibration_) return *calibration_;
  if (!options_.profile.empty()) {
    if (const auto text = read_text_file(options_.profile, faults_)) {
      if (const auto node = json::parse(*text, options_.profile, faults_)) {
        calibration_ = sim::read_calibration(json::Cursor(*node, options_.profile, faults_));
      }
    }
  } else {
    calibration_ = sim::shipped_calibration(catalogue(), faults_);
  }
  if (!calibration_) calibration_.emplace();
  return *calibration_;
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
