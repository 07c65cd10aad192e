// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/run/stated_run.hpp"
#include "sim/sweep/sweep.hpp"

namespace sextant::sim::sweep {

namespace {

/// What reading a run with these values says.
Diagnostics faults_with(std::span<const FieldValue> values, const json::Node& run, const std::string& run_file,
                        const Catalogue& catalogue) {
  Diagnostics faults;
  json::Node node = run;
  std::vector<std::string> notes;
  lay_over(node, values, catalogue, notes, faults);
  if (!faults.empty()) return faults;
  if (const auto stated = read_run(json::Cursor(node, run_file, faults), catalogue)) {
    (void)complete(*stated, catalogue, faults, {run_file, 0, "/stack", "", ""});
  }
  return faults;
}

bool below(const std::string& pointer, const std::string& field) {
  return pointer.rfind(field, 0) == 0 && (pointer.size() == field.size() || pointer[field.size()] == '/');
}

/// Values to try: all that were listed, and the ends of a range.
std::vector<std::size_t> tried(const Axis& axis) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < axis.steps.size(); ++i) {
    if (axis.listed || i == 0 || i + 1 == axis.steps.size()) out.push_back(i);
  }
  return out;
}

class Checker {
 public:
  Checker(const Sweep& sweep, const std::string& file, const json::Node& run, const std::string& run_file,
          const Catalogue& catalogue, Diagnostics& faults)
      : sweep_(sweep), file_(file), run_(run), run_file_(run_file), catalogue_(catalogue), faults_(faults) {}

  void check() {
    for (std::size_t a = 0; a < sweep_.axes.size(); ++a) {
      for (std::size_t f = 0; f < sweep_.axes[a].fields.size(); ++f) {
        if (field_exists(a, f)) check_values(a, f);
      }
    }
    // What the axes leave of the run has to be one too.
    if (!faults_.empty()) return;
    faults_.append(faults_with(values_of(sweep_, 0), run_, run_file_, catalogue_));
  }

 private:
  /// A null counts as absent but for its key, so that what is said at the field is about the field itself.
  bool field_exists(std::size_t a, std::size_t f) {
    const Axis& axis = sweep_.axes[a];
    const FieldValue nothing{axis.fields[f], {}};
    const Diagnostics said = faults_with({&nothing, 1}, run_, run_file_, catalogue_);
    for (const Diagnostic& d : said.list()) {
      const bool about_field =
          d.pointer == nothing.pointer ||
          (d.pointer.size() > 1 && below(nothing.pointer, d.pointer) && d.message.rfind("unknown key", 0) == 0);
      if (!about_field) continue;
      add(axis.line, fmt::format("/axes/{}/field{}", a, axis.fields.size() > 1 ? fmt::format("s/{}", f) : ""),
          fmt::format("{}: {}", d.pointer, d.message), d.hint);
      return false;
    }
    return true;
  }

  void check_values(std::size_t a, std::size_t f) {
    const Axis& axis = sweep_.axes[a];
    for (const std::size_t i : tried(axis)) {
      const FieldValue value{axis.fields[f], axis.steps[i][f]};
      const Diagnostics said = faults_with({&value, 1}, run_, run_file_, catalogue_);
      for (const Diagnostic& d : said.list()) {
        if (!below(d.pointer, value.pointer)) continue;
        std::string pointer = fmt::format("/axes/{}", a);
        if (axis.listed) pointer += fmt::format("/values/{}", i);
        if (axis.fields.size() > 1) pointer += fmt::format("/{}", f);
        add(axis.steps[i][f].line, std::move(pointer), fmt::format("{}: {}", d.pointer, d.message), d.hint);
      }
    }
  }

  void add(int line, std::string pointer, std::string message, const std::string& hint) {
    if (said_.insert(fmt::format("{} {}", pointer, message)).second) {
      faults_.add({file_, line, std::move(pointer), std::move(message), hint});
    }
  }

  const Sweep& sweep_;
  const std::string& file_;
  const json::Node& run_;
  const std::string& run_file_;
  const Catalogue& catalogue_;
  Diagnostics& faults_;
  std::set<std::string> said_;
};

}  // namespace

void check_fields(const Sweep& sweep, const std::string& file, const json::Node& run, const std::string& run_file,
                  const Catalogue& catalogue, Diagnostics& faults) {
  Checker(sweep, file, run, run_file, catalogue, faults).check();
}

}  // namespace sextant::sim::sweep
