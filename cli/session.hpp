// SPDX-License-Identifier: Apache-2.0
// What every command has at hand: the options all commands take, the catalogue, the calibration, and where the result
// and the remarks go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "cli/exit_code.hpp"
#include "cli/output_file.hpp"
#include "cli/terminal.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/report/report.hpp"

namespace sextant::cli {

/// Options of every command.
struct CommonOptions {
  bool json = false;
  std::string format;  ///< text, json, csv, markdown, html; empty: by the output file's extension, else text
  std::string output = "-";
  std::string data;     ///< folder laid over the catalogue
  std::string profile;  ///< kernel profile, or calibration
  std::uint64_t seed = 1;
  bool quiet = false;
  Colour colour = Colour::automatic;
};

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
  std::optional<sim::Calibration> calibration_;
};

}  // namespace sextant::cli
