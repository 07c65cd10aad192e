// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sextant::cli {

/// Where a result goes. A file is opened before the work begins, so that a wrong path is known at once, and appears
/// under its name only when it is whole: it is written beside it and renamed. "-" is stdout.
class OutputFile {
 public:
  /// Nothing and a reason when the path cannot be written.
  static std::optional<OutputFile> open(const std::string& path, std::string& reason);

  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Writes all of it and puts the file in place. False and a reason when it could not.
  [[nodiscard]] bool write(std::string_view text, std::string& reason);

  [[nodiscard]] bool is_stdout() const { return path_ == "-"; }

 private:
  OutputFile(std::string path, std::string temporary, int descriptor)
      : path_(std::move(path)), temporary_(std::move(temporary)), descriptor_(descriptor) {}

  std::string path_;
  std::string temporary_;  ///< empty: stdout, or a device that is written directly
  int descriptor_;
};

}  // namespace sextant::cli
