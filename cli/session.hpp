// SPDX-License-Identifier: Apache-2.0
// What every command has at hand: the options all commands take, the catalogue, the calibration, and where the result
// and the remarks go.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "cli/exit_code.hpp"
#include "cli/output_file.hpp"
#include "cli/terminal.hpp"
#include "sim/kernel/measured.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/report/report.hpp"
#include "sim/run/run.hpp"

namespace sextant::cli {

/// Options of every command.
struct CommonOptions {
  bool json = false;
  std::string format;  ///< text, json, csv, markdown, html; empty: by the output file's extension, else text
  std::string output = "-";
  std::string data;                   ///< folder laid over the catalogue
  std::vector<std::string> profiles;  ///< files or ids: kernel profiles, and at most one calibration
  std::uint64_t seed = 1;
  bool quiet = false;
  Colour colour = Colour::automatic;
};

/// What `--profile` and lists call the calibration that ships with Sextant.
inline constexpr std::string_view shipped_calibration_id = "shipped";

class Session {
 public:
  Session(const CommonOptions& options, std::string command) : options_(options), command_(std::move(command)) {}

  [[nodiscard]] const CommonOptions& options() const { return options_; }
  [[nodiscard]] Diagnostics& faults() { return faults_; }

  /// Opens the output. False when it cannot be written; that has been said then.
  [[nodiscard]] bool open_output();

  /// The data files, overlay included. Read once. An overlay that is no folder is among the faults.
  [[nodiscard]] const Catalogue& catalogue();
  /// The calibration of `--profile`, or the shipped one; priors with a warning when neither reads.
  [[nodiscard]] const sim::Calibration& calibration();
  /// The kernel profiles of `--profile`: their times go before the closed forms.
  [[nodiscard]] const sim::KernelProfiles& profiles();
  /// Gives a run what was measured on its GPU: the profiles of `--profile` and those of the catalogue.
  void add_measured(sim::Run& run);

  /// Writes the report in the form asked for.
  [[nodiscard]] ExitCode print(const sim::report::Report& report, ExitCode code = ExitCode::ok);
  /// Writes a text as it is.
  [[nodiscard]] ExitCode print(std::string_view text, ExitCode code = ExitCode::ok);

  /// The form of the result: an exporter's name.
  [[nodiscard]] std::string_view format() const;

  /// Says all faults on stderr; the exit code to leave with.
  [[nodiscard]] ExitCode report_faults();
  /// One sentence about a wrong command line on stderr; the exit code to leave with.
  [[nodiscard]] ExitCode usage_error(const std::string& message, const std::string& hint = {}) const;
  /// A remark on stderr, unless --quiet.
  void remark(std::string_view text) const;

 private:
  CommonOptions options_;
  std::string command_;
  Diagnostics faults_;
  std::optional<OutputFile> output_;
  std::optional<Catalogue> catalogue_;
  void read_profiles();
  void read_profile_file(const std::string& path);
  void read_profile_id(const std::string& id);
  void use(std::optional<sim::Calibration> calibration, const std::string& from);

  bool profiles_read_ = false;
  std::string calibration_from_;  ///< the file or id of `--profile` that is a calibration
  std::optional<sim::Calibration> calibration_;
  sim::KernelProfiles profiles_;
  std::map<std::string, std::shared_ptr<const sim::MeasuredKernels>> measured_;  ///< by GPU
};

}  // namespace sextant::cli
