// SPDX-License-Identifier: Apache-2.0
// Golden files fix the face of texts. SEXTANT_UPDATE_GOLDEN=1 in the environment writes them anew.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace sextant::test {

/// The text of tests/golden/NAME; `text` itself after it was written there in update mode.
inline std::string golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(SEXTANT_SOURCE_DIR) + "/tests/golden/" + name;
  if (std::getenv("SEXTANT_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace sextant::test
