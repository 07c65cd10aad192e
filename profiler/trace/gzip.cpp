// SPDX-License-Identifier: Apache-2.0
#include "profiler/trace/gzip.hpp"

#include <zlib.h>

#include <memory>

namespace sextant::profile {

std::optional<ByteSource> open_maybe_packed(const std::string& path, std::string& fault) {
  const gzFile file = gzopen(path.c_str(), "rb");  // reads plain files as they are
  if (file == nullptr) {
    fault = "cannot be opened";
    return std::nullopt;
  }
  const std::shared_ptr<gzFile_s> owned(file, [](gzFile f) { gzclose(f); });
  return [owned](char* out, std::size_t size) {
    const int n = gzread(owned.get(), out, static_cast<unsigned>(size));
    return n > 0 ? static_cast<std::size_t>(n) : std::size_t{0};
  };
}

}  // namespace sextant::profile
