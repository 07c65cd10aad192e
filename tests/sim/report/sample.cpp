// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/report/sample.hpp"

#include <limits>
#include <stdexcept>

#include "base/embedded.hpp"
#include "base/json/cursor.hpp"

namespace sextant::test {

using namespace sim::report;

Report sample_report() {
  Report r;
  r.format = "sextant/sample/1";
  r.title = "A sample of <everything> & more";
  r.subtitle = "tp 2, pp 4; a subtitle that is longer than eighty columns has to go on in a second line";
  r.add(Flag{.key = "good", .value = true});
  r.add(Verdict{"It holds.", Verdict::Mood::good});
  r.add(Verdict{"It does not.", Verdict::Mood::bad});
  r.add(Figure{.key = "time/step_s",
               .label = "step time",
               .value = 19.926,
               .unit = Unit::seconds,
               .band = Band<double>{18.0, 19.926, 22.5},
               .band_key = "time/band_s"});
  r.add(Figure{.key = "mfu", .label = "MFU", .value = 0.3894, .unit = Unit::share, .note = "385 of 989 TFLOP/s"});
  r.add(Figure{.key = "tokens", .value = 62914560, .unit = Unit::tokens});
  r.add(Figure{.label = "only for people", .value = 15360, .unit = Unit::count});
  r.add(Figure{.key = "broken", .label = "not a number", .value = std::numeric_limits<double>::quiet_NaN()});
  r.add(Fact{"layout", "layout",
             "a text, \"quoted\" | piped *starred*, that is so long that it needs two lines of the block"});
  r.add(Heading{"Parts"});
  r.add(Table{.key = "parts",
              .columns = {{"tag", "part", Unit::text},
                          {"seconds", "time", Unit::seconds},
                          {"share", "share", Unit::share},
                          {"", "", Unit::share, true},
                          {"extra/list", "", Unit::text},
                          {"", "why", Unit::text}},
              .rows = {{std::string("gemm"), 12.0, 0.6, 1.0, std::vector<std::string>{"a", "b"},
                        std::string("sum of 2 M N K over the rate, in words that have to wrap at the end")},
                       {std::string("host"), 8e-5, 4e-6, 0.33, std::monostate{}, std::string("none")},
                       {std::string("missing"), std::monostate{}, std::monostate{}, std::monostate{}, std::monostate{},
                        std::string()}}});
  r.add(Table{
      .key = "for_programs", .columns = {{"x", "", Unit::number}}, .rows = {{0.1}}, .audience = Audience::programs});
  r.add(List{"notes",
             "Notes",
             {"first", "second, which is a much longer sentence than the first one and therefore wraps around"}});
  r.add(List{"empty", "Never shown", {}});
  return r;
}

const Catalogue& catalogue() {
  static const Catalogue c = [] {
    Diagnostics faults;
    return Catalogue::open(embedded_files(), "", faults);
  }();
  return c;
}

const sim::Calibration& calibration() {
  static const sim::Calibration c = [] {
    Diagnostics faults;
    auto shipped = sim::shipped_calibration(catalogue(), faults);
    if (!shipped) throw std::runtime_error(faults.text());
    return *shipped;
  }();
  return c;
}

std::vector<std::string> catalogue_run_ids() {
  const std::string folder = "models/data/runs/";
  std::vector<std::string> ids;
  for (const std::string& path : catalogue().list(folder))
    ids.push_back(path.substr(folder.size(), path.size() - folder.size() - 5));
  return ids;
}

sim::Run catalogue_run(const std::string& id) {
  Diagnostics faults;
  const std::string file = "models/data/runs/" + id + ".json";
  const auto node = json::parse(catalogue().text(file).value(), file, faults);
  if (!node) throw std::runtime_error(faults.text());
  const auto stated = sim::read_run(json::Cursor(*node, file, faults), catalogue());
  if (!stated) throw std::runtime_error(faults.text());
  const auto run = sim::complete(*stated, catalogue(), faults, {file, 0, "", "", ""});
  if (!run) throw std::runtime_error(faults.text());
  return *run;
}

}  // namespace sextant::test
