// SPDX-License-Identifier: Apache-2.0
// The forms a Report can be written in.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// What a text may use; other forms ignore it.
struct TextStyle {
  bool colour = false;  ///< ANSI escapes
  bool unicode = true;  ///< block characters in bars, box characters under titles
  int width = 80;       ///< columns
};

[[nodiscard]] std::string to_text(const Report& report, const TextStyle& style);
[[nodiscard]] std::string to_json(const Report& report, const TextStyle& style = {});
[[nodiscard]] std::string to_csv(const Report& report, const TextStyle& style = {});
[[nodiscard]] std::string to_markdown(const Report& report, const TextStyle& style = {});
[[nodiscard]] std::string to_html(const Report& report, const TextStyle& style = {});

struct Exporter {
  std::string_view name;       ///< of `--format`
  std::string_view extension;  ///< of an output file that implies it
  std::string (*write)(const Report&, const TextStyle&);
};

/// Text, JSON, CSV, Markdown, HTML.
[[nodiscard]] std::span<const Exporter> exporters();

/// By name; nullptr when there is none.
[[nodiscard]] const Exporter* find_exporter(std::string_view name);

}  // namespace sextant::sim::report
