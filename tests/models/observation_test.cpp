// SPDX-License-Identifier: Apache-2.0
#include "models/observation.hpp"

#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::models;

namespace {

const std::string file = "rows.json";

}  // namespace

TEST_CASE("one observation and an array of them are read, in our form and with the remark in place of trust") {
  Diagnostics faults;
  const std::vector<Observation> rows = read_observations(R"([
{"id": "a", "run": {"model": "llama2-7b"}, "measured": {"step_time_s": 2.5, "tokens_per_s_per_gpu": 100, "memory_gb": 70},
 "source": {"publisher": "P 1.0", "title": "T", "where": "W", "date": "2025", "trust": "vendor"}, "suspect": "slow node"},
{"id": "b", "run": {}, "measured": {"step_time_s": 1},
 "source": {"publisher": "P", "title": "T", "where": "W", "date": "2025", "verified": "read in the source"}}])",
                                                          file, faults);
  CHECK(faults.text().empty());
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].run.find("model")->string == "llama2-7b");
  CHECK(rows[0].memory_gb == 70.0);
  CHECK(rows[0].source.trust == Trust::vendor);
  CHECK(rows[0].publisher == "P 1.0");
  CHECK(rows[0].suspect == "slow node");
  CHECK(rows[0].line == 2);
  CHECK(rows[1].source.trust == Trust::paper);
  CHECK_FALSE(rows[1].memory_gb);

  CHECK(read_observations(R"({"id": "a", "run": {}, "measured": {"step_time_s": 1}, "source":
    {"title": "T", "where": "W", "date": "2025", "trust": "measured"}})",
                          file, faults)
            .size() == 1);
  CHECK(faults.empty());
}

TEST_CASE("faulty rows are reported and the others kept") {
  Diagnostics faults;
  const std::vector<Observation> rows = read_observations(R"([
{"id": "a", "run": {}, "measured": {"step_time_s": 0}, "source": {"title": "T", "where": "W", "date": "2025", "trust": "measured"}},
{"id": "b", "run": 3, "measured": {"step_time_s": 1}, "source": {"title": "T", "where": "W", "date": "2025", "trust": "measured"}},
{"id": "c", "run": {}, "measured": {"step_time_s": 1}, "source": {"title": "T", "where": "W", "date": "2025"}},
{"id": "d", "run": {}, "measured": {"step_time_s": 1}},
{"id": "e", "run": {}, "measured": {"step_time_s": 1}, "source": {"title": "T", "where": "W", "date": "2025", "trust": "measured"}}])",
                                                          file, faults);
  CHECK(faults.text() ==
        "rows.json:2: /0/measured/step_time_s: expected a number above 0, found 0\n"
        "rows.json:3: /1/run: expected an object, found 3\n"
        "rows.json:4: /2/source: the key \"trust\" is missing: measured, vendor, paper, derived or assumed; a row says "
        "how far its figure can be relied on\n"
        "rows.json:5: /3: the key \"source\" is missing: where it was published\n");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].id == "e");
}
