// SPDX-License-Identifier: Apache-2.0
// Texts of what users may write themselves: a file, stdin, or an entry of a folder of the catalogue.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input.hpp"
#include "cli/session.hpp"

namespace sextant::cli {

/// A folder of the catalogue whose entries commands take by id.
struct EntryFolder {
  std::string_view folder;    ///< "models/data/runs/"
  std::string_view singular;  ///< "run"
  std::string_view plural;    ///< of `sextant list`
};

inline constexpr EntryFolder run_entries{"models/data/runs/", "run", "runs"};
inline constexpr EntryFolder campaign_entries{"models/data/campaigns/", "campaign", "campaigns"};
inline constexpr EntryFolder sweep_entries{"models/data/sweeps/", "sweep", "sweeps"};

[[nodiscard]] std::vector<std::string> entry_ids(const Catalogue& catalogue, const EntryFolder& folder);

/// The text behind a path, "-" or an id; a fault with the nearest id where there is none.
[[nodiscard]] std::optional<InputText> entry_text(Session& session, const std::string& file_or_id,
                                                  const EntryFolder& folder);

}  // namespace sextant::cli
