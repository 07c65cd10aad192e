// SPDX-License-Identifier: Apache-2.0
// The models of the data files, and everything that can stand where a model is asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/json/cursor.hpp"
#include "models/model.hpp"
#include "models/native.hpp"

namespace sextant::models {

inline constexpr std::string_view model_folder = "models/data/models/";

/// What a list shows of a model without building it.
struct ModelEntry {
  std::string id;
  std::string title;
  std::string hf_id;
  std::vector<std::string> aliases;
  std::string path;  ///< in the catalogue
};

/// All models of the catalogue, by id. Files that do not read are reported.
[[nodiscard]] std::vector<ModelEntry> list_models(const Catalogue& catalogue, Diagnostics& faults);

/// Path of the model with this id, alias or Hugging Face repository, whatever its case and separators; "" when there is
/// none. Reads no file when the id is a file's name.
[[nodiscard]] std::string find_model_path(const Catalogue& catalogue, std::string_view id);

/// The model with this id; a fault with the nearest ids when there is none.
[[nodiscard]] std::optional<Model> find_model(const Catalogue& catalogue, std::string_view id, Diagnostics& faults);

/// A catalogue id, or the path of a native model file or of a Hugging Face config.json.
[[nodiscard]] std::optional<Model> load_model(const Catalogue& catalogue, const std::string& id_or_path,
                                              Diagnostics& faults);

/// The "model" of a run: an id, a native object, an object that names a catalogue model and changes some of its keys,
/// {"hf_config": path}, or a Hugging Face configuration itself. Relative paths start at `folder`.
[[nodiscard]] std::optional<Model> read_model(const Catalogue& catalogue, const json::Cursor& at,
                                              const std::string& folder = {});

/// The structure behind a partly stated model, as claims have: its own when it states enough, else the catalogue's by
/// name or hf_id. Nothing, and no fault, where neither knows it.
[[nodiscard]] std::optional<Model> resolve_stated(const Catalogue& catalogue, const StatedModel& stated);

}  // namespace sextant::models
