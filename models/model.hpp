// SPDX-License-Identifier: Apache-2.0
// A model as read from a file: its structure, what the file said about it, and where each value came from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/source.hpp"
#include "models/model_spec.hpp"

namespace sextant::models {

/// One row of the table "key, value, where from".
struct Provenance {
  enum class Origin { file, class_default, derived };

  std::string key;    ///< Sextant's name of the property, e.g. "heads"
  std::string value;  ///< as printed
  Origin origin = Origin::file;
  std::string where;  ///< file: the key it was read from; else the rule
};

/// Parameter counts the file states, in billions; a cross-check of the computed ones.
struct StatedParameters {
  std::optional<double> total_b;
  std::optional<double> active_b;
};

struct Model {
  ModelSpec spec;
  std::string hf_id;
  std::string family;  ///< architecture the structure was read as, e.g. "DeepseekV3ForCausalLM"; "" native
  std::vector<std::string> aliases;  ///< further ids people write
  StatedParameters stated;
  std::vector<Provenance> provenance;
  std::vector<std::string> notes;         ///< assumptions and remarks, to be shown beside every result
  std::map<std::string, Source> sources;  ///< by key; "" is the source of every key without one of its own
};

}  // namespace sextant::models
