// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/arguments.hpp"

#include <algorithm>
#include <charconv>

namespace sextant::profile {

std::optional<Arguments> Arguments::parse(std::span<const std::string> words, std::span<const OptionRow> rows,
                                          std::string& fault) {
  Arguments out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      out.rest_.insert(out.rest_.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (word.size() < 2 || word[0] != '-') {
      out.rest_.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const OptionRow& r) { return r.name == name || r.letter == name; });
    if (row == rows.end()) {
      fault = "unknown option " + name + "; --help shows all";
      return std::nullopt;
    }
    std::string value;
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (!row->value.empty()) {
      if (i + 1 == words.size()) {
        fault = name + " needs a value (" + std::string(row->value) + ")";
        return std::nullopt;
      }
      value = words[++i];
    }
    out.values_[std::string(row->name)] = value;
  }
  return out;
}

std::string Arguments::get(std::string_view name, std::string_view other) const {
  const auto found = values_.find(std::string(name));
  return found == values_.end() ? std::string(other) : found->second;
}

std::optional<double> Arguments::number(std::string_view name, double other, double low, double high,
                                        std::string& fault) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) return other;
  const std::string& text = found->second;
  double v = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (error != std::errc{} || end != text.data() + text.size() || !(v >= low && v <= high)) {
    fault = std::string(name) + " " + text + ": a number between " + std::to_string(static_cast<long long>(low)) +
            " and " + std::to_string(static_cast<long long>(high)) + " is expected";
    return std::nullopt;
  }
  return v;
}

std::string help_text(std::span<const OptionRow> rows) {
  std::string out;
  for (const OptionRow& r : rows) {
    std::string left = "  " + (r.letter.empty() ? std::string() : std::string(r.letter) + ", ") + std::string(r.name);
    if (!r.value.empty()) left += " " + std::string(r.value);
    left.resize(std::max<std::size_t>(left.size() + 2, 26), ' ');
    out += left + std::string(r.help) + "\n";
  }
  return out;
}

}  // namespace sextant::profile
