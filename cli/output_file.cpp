// SPDX-License-Identifier: Apache-2.0
#include "cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace sextant::cli {

namespace {

std::string error_text() { return std::strerror(errno); }

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(descriptor, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// The file a symbolic link leads to, so that renaming replaces the file and not the link.
std::string behind_links(const std::string& path) {
  char* real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;
  std::string out(real);
  std::free(real);
  return out;
}

mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

std::optional<OutputFile> OutputFile::open(const std::string& path, std::string& reason) {
  if (path == "-") return OutputFile("-", "", STDOUT_FILENO);
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    reason = "is a directory";
    return std::nullopt;
  }
  if (exists && !S_ISREG(status.st_mode)) {
    const int direct = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (direct < 0) reason = error_text();
    return direct < 0 ? std::nullopt : std::optional(OutputFile(path, "", direct));
  }
  if (exists && ::access(path.c_str(), W_OK) != 0) {
    reason = error_text();
    return std::nullopt;
  }
  const std::string target = exists ? behind_links(path) : path;
  std::string temporary = target + ".XXXXXX";
  const int descriptor = ::mkstemp(temporary.data());
  if (descriptor < 0) {
    reason = error_text();
    return std::nullopt;
  }
  (void)::fchmod(descriptor, exists ? status.st_mode & 07777 : usual_mode());
  return OutputFile(target, std::move(temporary), descriptor);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::exchange(other.path_, "-")),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, STDOUT_FILENO)) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(temporary_, other.temporary_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

OutputFile::~OutputFile() {
  if (path_ != "-" && descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

bool OutputFile::write(std::string_view text, std::string& reason) {
  if (!write_all(descriptor_, text)) {
    reason = error_text();
    return false;
  }
  if (path_ == "-") return true;
  const bool closed = ::close(descriptor_) == 0;
  descriptor_ = -1;
  if (!closed || (!temporary_.empty() && std::rename(temporary_.c_str(), path_.c_str()) != 0)) {
    reason = error_text();
    return false;
  }
  temporary_.clear();
  return true;
}

}  // namespace sextant::cli
