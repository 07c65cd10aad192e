// SPDX-License-Identifier: Apache-2.0
#include "cli/gzip.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#ifdef SEXTANT_ZLIB
#include <zlib.h>

#include <stdexcept>
#endif

namespace sextant::cli {

#ifdef SEXTANT_ZLIB

std::string gzipped(std::string_view text) {
  z_stream stream{};
  constexpr int gzip_header = 16;
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + gzip_header, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib cannot be initialised");
  }
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  // zlib's interface is not const-correct; it only reads the input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
  return out;
}

#else

namespace {

std::uint32_t crc32_of(std::string_view text) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

void little_endian(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
}

}  // namespace

std::string gzipped(std::string_view text) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  std::string_view rest = text;
  do {
    const std::string_view block = rest.substr(0, 65535);
    rest.remove_prefix(block.size());
    out += rest.empty() ? '\1' : '\0';
    little_endian(out, static_cast<std::uint32_t>(block.size()), 2);
    little_endian(out, ~static_cast<std::uint32_t>(block.size()), 2);
    out += block;
  } while (!rest.empty());
  little_endian(out, crc32_of(text), 4);
  little_endian(out, static_cast<std::uint32_t>(text.size()), 4);
  return out;
}

#endif

}  // namespace sextant::cli
