// SPDX-License-Identifier: Apache-2.0
// The data files compiled into the binary, with a user's directory laid over them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"

namespace sextant {

/// One data file compiled into the binary.
struct EmbeddedFile {
  std::string_view path;  ///< relative to the repository, e.g. "hardware/data/gpus/h800-sxm-80gb.json"
  std::string_view text;
};

/// File texts by repository path. A file of the overlay directory replaces or adds to the embedded one of the same
/// path below `hardware/data` and `models/data`.
class Catalogue {
 public:
  /// `overlay` empty: only the embedded files. Reports an overlay that is no readable directory.
  static Catalogue open(std::vector<EmbeddedFile> embedded, const std::string& overlay, Diagnostics& faults);

  /// Paths under `prefix` ending in `suffix`, sorted.
  [[nodiscard]] std::vector<std::string> list(std::string_view prefix, std::string_view suffix = ".json") const;
  [[nodiscard]] std::optional<std::string_view> text(std::string_view path) const;
  /// Where people find the file: in the overlay directory, or the path itself where it is compiled in.
  [[nodiscard]] std::string shown_path(std::string_view path) const;

 private:
  struct Entry {
    std::string_view embedded;
    std::string overlaid;
    bool from_overlay = false;
  };
  std::map<std::string, Entry, std::less<>> entries_;
  std::string overlay_;
};

/// Reads a file of at most 64 MiB whole. On failure adds a diagnostic and returns nothing.
[[nodiscard]] std::optional<std::string> read_text_file(const std::string& path, Diagnostics& faults);

/// Id or alias as people type it, for comparison: lower case, without separators ("H800-SXM_80GB" -> "h800sxm80gb").
[[nodiscard]] std::string folded_id(std::string_view id);

}  // namespace sextant
