// SPDX-License-Identifier: Apache-2.0
// Runs the built program as its users do.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sextant::test {

struct Finished {
  int code = -1;  ///< exit code; 128 + signal where one ended it
  std::string out;
  std::string err;
};

/// `environment`: NAME=VALUE on top of a fixed one (LC_ALL=C, no SEXTANT_DATA). Ends the program after 60 s.
[[nodiscard]] Finished run_sextant(const std::vector<std::string>& arguments, const std::string& input = {},
                                   const std::vector<std::string>& environment = {});

[[nodiscard]] inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
[[nodiscard]] inline bool starts_with(const std::string& text, std::string_view part) {
  return text.rfind(part, 0) == 0;
}

/// Lines of a text.
[[nodiscard]] std::vector<std::string> lines(const std::string& text);

/// The text of a file below the source directory.
[[nodiscard]] std::string source_file(const std::string& path);

/// A new empty directory; removed with its contents when the object goes.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace sextant::test
