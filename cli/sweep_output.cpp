// SPDX-License-Identifier: Apache-2.0
#include "cli/sweep_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include "cli/output_file.hpp"

namespace sextant::cli {

namespace {

std::string error_text() { return std::strerror(errno); }

constexpr std::size_t most_faults = 5;  ///< a wrong file has as many as it has lines

}  // namespace

void OutcomeCounts::add(sim::sweep::Outcome outcome) {
  switch (outcome) {
    case sim::sweep::Outcome::feasible: ++feasible; break;
    case sim::sweep::Outcome::infeasible: ++infeasible; break;
    case sim::sweep::Outcome::fault: ++faults; break;
  }
}

Descriptor::~Descriptor() {
  if (value_ > STDERR_FILENO) ::close(value_);
}

std::optional<SweepOutput> SweepOutput::open(const std::string& path, const std::string& sweep, std::uint64_t points,
                                             bool restart, Diagnostics& faults, std::string& reason) {
  if (path == "-") return SweepOutput("", Descriptor(STDOUT_FILENO));
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  struct stat status {};
  const int descriptor = file.get();
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
    reason = error_text();
    return std::nullopt;
  }
  SweepOutput out(S_ISREG(status.st_mode) ? path : "", std::move(file));
  if (out.path_.empty()) return out;
  // Only one sextant may write: two would mix their lines. File systems without locks have none to offer.
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    reason = "another sextant is writing it";
    return std::nullopt;
  }
  if (restart && ::ftruncate(descriptor, 0) != 0) {
    reason = error_text();
    return std::nullopt;
  }
  out.have_.assign(points, false);
  if (!out.read_back(sweep, points, faults, reason)) return std::nullopt;
  return out;
}

bool SweepOutput::read_back(const std::string& sweep, std::uint64_t points, Diagnostics& faults, std::string& reason) {
  std::ifstream in(path_, std::ios::binary);
  std::string line;
  off_t whole = 0;
  for (int number = 1; std::getline(in, line); ++number) {
    if (in.eof()) {  // no newline: it was cut off while it was written
      repaired_ = true;
      break;
    }
    whole += static_cast<off_t>(line.size()) + 1;
    const auto read = sim::sweep::read_line(line);
    if (!read || read->sweep != sweep || read->point >= points) {
      faults.add({path_, number, "", read ? "a line of another sweep" : "no line of a sweep",
                  "another -o, or --restart to overwrite it"});
      if (faults.list().size() >= most_faults) break;
      continue;
    }
    ordered_ = ordered_ && (!any_ || read->point > last_);
    last_ = read->point;
    any_ = true;
    if (!have_[read->point]) found_.add(read->outcome);
    have_[read->point] = true;
  }
  if (!faults.empty()) return false;
  if (!repaired_ || ::ftruncate(descriptor_.get(), whole) == 0) return true;
  reason = error_text();
  return false;
}

bool SweepOutput::append(std::string_view lines, std::string& reason) {
  // The lines come in the order of their points; they stand in order only behind smaller ones.
  const auto first = path_.empty() ? std::nullopt : sim::sweep::read_line(lines.substr(0, lines.find('\n')));
  if (first && any_ && first->point < last_) ordered_ = false;
  while (!lines.empty()) {
    const ssize_t n = ::write(descriptor_.get(), lines.data(), lines.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      reason = error_text();
      return false;
    }
    lines.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool SweepOutput::finish(std::string& reason) {
  if (path_.empty() || ordered_) return true;
  std::map<std::uint64_t, std::string> lines;
  std::ifstream in(path_, std::ios::binary);
  for (std::string line; std::getline(in, line);) {
    if (const auto read = sim::sweep::read_line(line)) lines.emplace(read->point, line + "\n");
  }
  std::string text;
  for (const auto& [point, line] : lines) text += line;
  auto file = OutputFile::open(path_, reason);
  return file && file->write(text, reason);
}

}  // namespace sextant::cli
