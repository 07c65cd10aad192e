// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostic.hpp"

#include <array>

#include "base/catalogue.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;

TEST_CASE("a diagnostic names file, line, pointer, message and hint in that order") {
  const Diagnostic d{"runs/v3.json", 14, "/parallelism/pp", "expected an integer", "did you mean 16?"};
  CHECK(d.text() == "runs/v3.json:14: /parallelism/pp: expected an integer; did you mean 16?");
  CHECK(Diagnostic{"x.json", 0, "", "no such file", ""}.text() == "x.json: no such file");
}

TEST_CASE("a slip finds the word that was meant, and a strange word finds none") {
  const std::array<std::string_view, 3> words{"bf16_flop_per_s", "hbm_bytes_per_s", "tdp_w"};
  CHECK(nearest("bf16_flop_per_sec", words) == "bf16_flop_per_s");
  CHECK(nearest("HBM_bytes_per_s", words) == "hbm_bytes_per_s");
  CHECK(nearest("zebra", words).empty());
  CHECK(nearest(std::string(100000, 'a'), words).empty());
}

TEST_CASE("ids are compared without case and separators") {
  CHECK(folded_id("H800-SXM_80GB") == folded_id("h800 sxm 80gb"));
  CHECK(folded_id("llama-3.1-8b") != folded_id("llama-31-8b"));
}

TEST_CASE("a missing file and a directory are faults, not crashes") {
  Diagnostics faults;
  CHECK_FALSE(read_text_file("/no/such/file.json", faults));
  CHECK_FALSE(read_text_file("/", faults));
  CHECK(faults.list().size() == 2);
}
