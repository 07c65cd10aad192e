// SPDX-License-Identifier: Apache-2.0
#include "base/catalogue.hpp"

#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "base/json/node.hpp"

namespace sextant {

namespace fs = std::filesystem;

std::optional<std::string> read_text_file(const std::string& path, Diagnostics& faults) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    faults.add({path, 0, "", "no such file", ""});
    return std::nullopt;
  }
  if (fs::is_directory(status)) {
    faults.add({path, 0, "", "is a directory, expected a file", ""});
    return std::nullopt;
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    faults.add({path, 0, "", std::string("cannot be read: ") + std::strerror(errno), ""});
    return std::nullopt;
  }
  // Bounded, because the path may be a device or a pipe without an end.
  std::string text;
  std::vector<char> block(std::size_t{1} << 16);
  while (in && text.size() <= json::max_file_bytes) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (text.size() > json::max_file_bytes) {
    faults.add({path, 0, "", "larger than 64 MiB", "Sextant's inputs are small; is this the right file?"});
    return std::nullopt;
  }
  return text;
}

Catalogue Catalogue::open(std::vector<EmbeddedFile> embedded, const std::string& overlay, Diagnostics& faults) {
  Catalogue c;
  for (const EmbeddedFile& f : embedded) c.entries_[std::string(f.path)].embedded = f.text;
  if (overlay.empty()) return c;
  c.overlay_ = overlay;
  std::error_code error;
  if (!fs::is_directory(overlay, error)) {
    faults.add({overlay, 0, "", "is not a directory of data files",
                "--data takes a folder laid out like Sextant's own: hardware/data, models/data"});
    return c;
  }
  for (fs::recursive_directory_iterator it(overlay, fs::directory_options::skip_permission_denied, error), end;
       !error && it != end; it.increment(error)) {
    if (!it->is_regular_file(error)) continue;
    const std::string extension = it->path().extension().string();
    if (extension != ".json" && extension != ".csv") continue;
    std::optional<std::string> text = read_text_file(it->path().string(), faults);
    if (!text) continue;
    Entry& e = c.entries_[fs::relative(it->path(), overlay, error).generic_string()];
    e.overlaid = std::move(*text);
    e.from_overlay = true;
  }
  return c;
}

std::vector<std::string> Catalogue::list(std::string_view prefix, std::string_view suffix) const {
  std::vector<std::string> out;
  for (auto it = entries_.lower_bound(prefix); it != entries_.end(); ++it) {
    const std::string_view path = it->first;
    if (path.substr(0, prefix.size()) != prefix) break;
    if (path.size() >= suffix.size() && path.substr(path.size() - suffix.size()) == suffix) out.emplace_back(path);
  }
  return out;
}

std::optional<std::string_view> Catalogue::text(std::string_view path) const {
  const auto it = entries_.find(path);
  if (it == entries_.end()) return std::nullopt;
  return it->second.from_overlay ? std::string_view(it->second.overlaid) : it->second.embedded;
}

std::string Catalogue::shown_path(std::string_view path) const {
  const auto it = entries_.find(path);
  if (it == entries_.end() || !it->second.from_overlay) return std::string(path);
  return (fs::path(overlay_) / path).string();
}

std::string folded_id(std::string_view id) {
  std::string out;
  for (const char c : id) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.') {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

}  // namespace sextant
