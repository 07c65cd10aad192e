// SPDX-License-Identifier: Apache-2.0
#include "cli/input.hpp"

#include <filesystem>
#include <iostream>

#include "base/catalogue.hpp"
#include "base/json/node.hpp"

namespace sextant::cli {

namespace {

std::optional<InputText> read_stdin(Diagnostics& faults) {
  InputText out{"standard input", {}};
  std::string block(std::size_t{1} << 16, '\0');
  while (std::cin && out.text.size() <= json::max_file_bytes) {
    std::cin.read(block.data(), static_cast<std::streamsize>(block.size()));
    out.text.append(block.data(), static_cast<std::size_t>(std::cin.gcount()));
  }
  if (out.text.size() > json::max_file_bytes) {
    faults.add({out.file, 0, "", "larger than 64 MiB", ""});
    return std::nullopt;
  }
  return out;
}

}  // namespace

bool looks_like_file(const std::string& id_or_file) {
  std::error_code error;
  return id_or_file == "-" || id_or_file.find('/') != std::string::npos || id_or_file.ends_with(".json") ||
         std::filesystem::exists(id_or_file, error);
}

std::optional<InputText> read_input(const std::string& path, Diagnostics& faults) {
  if (path == "-") return read_stdin(faults);
  std::optional<std::string> text = read_text_file(path, faults);
  if (!text) return std::nullopt;
  return InputText{path, std::move(*text)};
}

}  // namespace sextant::cli
