// SPDX-License-Identifier: Apache-2.0
// What `list` and `show` know of the catalogue: one row a kind.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/session.hpp"
#include "sim/report/report.hpp"

namespace sextant::cli {

/// What `show` prints: a report, and the JSON where it is not the report's own but the form of the data file.
struct Shown {
  sim::report::Report report;
  std::string json;
};

struct ShowOptions {
  int seq_len = 4096;  ///< of the FLOP counts of a model
};

struct Kind {
  std::string_view plural;    ///< of `list`
  std::string_view singular;  ///< of `show` and `schema`
  std::string_view help;
  sim::report::Report (*list)(Session&);
  /// Nothing when faults were added to the session.
  std::optional<Shown> (*show)(Session&, const std::string& id_or_file, const ShowOptions&);
  /// The JSON Schema of such a file; nullptr: it has none of its own.
  std::string (*schema)();
};

[[nodiscard]] std::span<const Kind> kinds();

/// By plural or singular name; nullptr when there is none.
[[nodiscard]] const Kind* find_kind(std::string_view name);

/// `"gpuz" is no kind of data; did you mean "gpus"?`
[[nodiscard]] std::string unknown_kind(std::string_view word);

}  // namespace sextant::cli
