// SPDX-License-Identifier: Apache-2.0
#include "profiler/commands/files.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>

namespace sextant::profile {

int complain(const std::string& text, int code) {
  std::fprintf(stderr, "sextant-profile: %s\n", text.c_str());
  return code;
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

bool write_file(const std::string& path, const std::string& content) {
  if (path == "-") return std::fwrite(content.data(), 1, content.size(), stdout) == content.size();
  const std::string fresh = path + ".new";
  {
    std::ofstream out(fresh, std::ios::binary);
    out << content;
    if (!out.flush()) return false;
  }
  return std::rename(fresh.c_str(), path.c_str()) == 0;
}

std::optional<ProfileData> load_profile(const std::string& path) {
  const std::optional<std::string> text = read_file(path);
  std::string fault = "cannot be read";
  if (text) {
    if (std::optional<ProfileData> profile = read_profile(*text, fault)) return profile;
  }
  complain(path + ": " + fault, 0);
  return std::nullopt;
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", &utc);
  return text.data();
}

}  // namespace sextant::profile
