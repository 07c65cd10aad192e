// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <memory>

#include "profiler/trace/gzip.hpp"

namespace sextant::profile {

std::optional<ByteSource> open_maybe_packed(const std::string& path, std::string& fault) {
  const auto file = std::make_shared<std::ifstream>(path, std::ios::binary);
  if (!*file) {
    fault = "cannot be opened";
    return std::nullopt;
  }
  if (file->peek() == 0x1f) {
    fault = "is packed, and this program was built without zlib; unpack it with gunzip";
    return std::nullopt;
  }
  return [file](char* out, std::size_t size) {
    file->read(out, static_cast<std::streamsize>(size));
    return static_cast<std::size_t>(file->gcount());
  };
}

}  // namespace sextant::profile
