// SPDX-License-Identifier: Apache-2.0
// Access to a configuration that remembers which keys were understood and where each value came from.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/cursor.hpp"
#include "models/hf/family.hpp"
#include "models/model.hpp"

namespace sextant::models::hf {

struct Bounds {
  int min = 1;
  int max = 1 << 20;
};
inline constexpr Bounds layer_bounds{1, 4096};
inline constexpr Bounds vocab_bounds{1, 1 << 24};
inline constexpr Bounds count_bounds{0, 1 << 14};
inline constexpr Bounds head_bounds{1, 1 << 16};
inline constexpr Bounds head_width_bounds{1, 1 << 13};
inline constexpr Bounds expert_width_bounds{1, 1 << 16};

class Config {
 public:
  /// `outer` is the whole configuration where `text` is the language model inside a multimodal one.
  Config(const json::Cursor& text, const json::Cursor* outer, Model& model)
      : text_(text), outer_(outer), model_(model) {}

  /// The value at the first of the synonyms "a|b"; nested keys are written "a.b". All synonyms become understood;
  /// two that differ are a fault.
  [[nodiscard]] const json::Node* find(std::string_view keys);

  /// An integer. A list whose items are all equal counts as that integer. Absent: nothing; out of range: a fault.
  [[nodiscard]] std::optional<int> integer(std::string_view keys, Bounds bounds = {});
  [[nodiscard]] std::optional<bool> boolean(std::string_view keys);
  /// A list of integers of `size` items; nothing where the key is absent or no list.
  [[nodiscard]] std::optional<std::vector<int>> integers(std::string_view keys, std::size_t size);

  /// A property as its family declares it, with provenance under `name`. A symbolic fallback is returned as it is.
  [[nodiscard]] int number(std::string_view name, const Number& number, Bounds bounds = {});
  [[nodiscard]] bool yes(std::string_view name, const Switch& value);
  /// As `yes` for the tie flag, which may stand on either level, and whose absence is worth a note.
  [[nodiscard]] bool tied(const Switch& value);

  void understand(std::string_view keys);
  void fault(std::string_view key, std::string message, std::string hint = {});
  void missing(std::string_view key);
  void note(std::string text) { model_.notes.push_back(std::move(text)); }
  void derived(std::string_view name, int value, std::string rule);

  /// Whether a key is one that was read or declared harmless.
  [[nodiscard]] bool understood(std::string_view key) const { return understood_.count(std::string(key)) > 0; }
  template <class F>
  void for_each_understood(F f) const {
    for (const std::string& key : understood_) f(std::string_view(key));
  }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] const json::Cursor& text() const { return text_; }
  [[nodiscard]] const json::Cursor* outer() const { return outer_; }

 private:
  [[nodiscard]] const json::Node* find_one(std::string_view key) const;
  [[nodiscard]] std::string_view present(std::string_view keys) const;
  void record(std::string_view name, std::string value, Provenance::Origin origin, std::string where);

  const json::Cursor& text_;
  const json::Cursor* outer_;
  Model& model_;
  std::set<std::string, std::less<>> understood_;
  bool good_ = true;
};

/// The model while it is read: one attention, one dense and one MoE channel mixer, and which layer has which.
struct Draft {
  Model model;
  int layers = 0;
  Attention attention;
  Mlp dense;
  Mlp moe;
  int norms = 2;
  std::vector<bool> moe_layer;
  std::vector<int> window;  ///< by layer; 0: all keys
  bool chunked = false;
  bool listed = false;  ///< the family's `adjust` has listed the layers itself
};

}  // namespace sextant::models::hf
