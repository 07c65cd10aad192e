// SPDX-License-Identifier: Apache-2.0
// The program's command line: one subcommand, `--name value` or `--name=value` options, flags, and what is left.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sextant::profile {

struct OptionRow {
  std::string_view name;   ///< with its dashes
  std::string_view value;  ///< what stands after it, e.g. "FILE"; empty: a flag
  std::string_view help;
  std::string_view letter = {};  ///< e.g. "-o"
};

class Arguments {
 public:
  /// Sorts the words by the rows. Everything after "--" is left as it is. On a fault returns nothing and says why.
  static std::optional<Arguments> parse(std::span<const std::string> words, std::span<const OptionRow> rows,
                                        std::string& fault);

  [[nodiscard]] bool has(std::string_view name) const { return values_.count(std::string(name)) > 0; }
  [[nodiscard]] std::string get(std::string_view name, std::string_view other = {}) const;
  /// The option's number; nothing and a fault when it is none or not in [low, high].
  [[nodiscard]] std::optional<double> number(std::string_view name, double other, double low, double high,
                                             std::string& fault) const;
  [[nodiscard]] const std::vector<std::string>& rest() const { return rest_; }

 private:
  std::map<std::string, std::string> values_;
  std::vector<std::string> rest_;
};

/// The rows as lines of help.
[[nodiscard]] std::string help_text(std::span<const OptionRow> rows);

}  // namespace sextant::profile
