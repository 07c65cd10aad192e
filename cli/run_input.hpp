// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json/node.hpp"
#include "cli/run_flags.hpp"
#include "cli/session.hpp"
#include "sim/run/run.hpp"

namespace sextant::cli {

/// A run ready to be evaluated.
struct RunInput {
  sim::Run run;
  json::Node node;   ///< as stated, flags laid over
  std::string file;  ///< for faults: the path, a catalogue path, "standard input" or "command line"
};

/// A run as stated: a file or a catalogue entry with flags laid over. Nothing is completed or checked yet.
struct StatedInput {
  json::Node node;
  std::string file;
  std::vector<std::string> notes;
};
[[nodiscard]] std::optional<StatedInput> load_stated(Session& session, const std::string& file_or_id,
                                                     const RunFlags& flags);

/// Faults in values that flags gave, as the command line's.
[[nodiscard]] Diagnostics placed(const Diagnostics& faults, const RunFlags& flags);

/// The run of a file, of a catalogue id, of stdin ("-"), or of flags alone (empty). Faults go to the session; nothing
/// when there are any.
[[nodiscard]] std::optional<RunInput> load_run(Session& session, const std::string& file_or_id, const RunFlags& flags);

/// Says which flags a run without a file lacks; the exit code to leave with.
[[nodiscard]] ExitCode say_missing(const Session& session, const RunFlags& flags);

/// Completes a stated run node; used again for variants of a run.
[[nodiscard]] std::optional<sim::Run> run_from(Session& session, const json::Node& node, const std::string& file,
                                               const RunFlags& flags);

}  // namespace sextant::cli
