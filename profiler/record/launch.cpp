// SPDX-License-Identifier: Apache-2.0
#include "profiler/record/launch.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace sextant::profile {

namespace {

namespace fs = std::filesystem;

/// The library stands beside the program, or where it is installed.
std::string recording_library() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  for (const char* place :
       {"libsextant-record.so", "../lib/libsextant-record.so", "../lib/sextant/libsextant-record.so"}) {
    const fs::path candidate = program.parent_path() / place;
    if (fs::exists(candidate, error)) return fs::canonical(candidate, error).string();
  }
  return {};
}

/// CUPTI answers NVTX calls itself when NVTX is told to load it.
std::string cupti_library() {
#ifdef SEXTANT_CUPTI_LIBRARY
  std::error_code error;
  if (fs::exists(SEXTANT_CUPTI_LIBRARY, error)) return SEXTANT_CUPTI_LIBRARY;
#endif
  return "libcupti.so";
}

}  // namespace

std::string process_id() { return std::to_string(getpid()); }

std::optional<int> run_recorded(const std::vector<std::string>& command, const std::string& events_path,
                                std::string& fault) {
  const std::string library = recording_library();
  if (library.empty()) {
    fault =
        "libsextant-record.so is not beside this program: it was built without CUPTI, so programs cannot be recorded";
    return std::nullopt;
  }
  std::vector<char*> words;
  std::vector<std::string> copies = command;
  for (std::string& word : copies) words.push_back(word.data());
  words.push_back(nullptr);
  const std::string cupti = cupti_library();
  const pid_t child = fork();
  if (child < 0) {
    fault = "no process can be started";
    return std::nullopt;
  }
  if (child == 0) {
    setenv("CUDA_INJECTION64_PATH", library.c_str(), 1);
    setenv("NVTX_INJECTION64_PATH", cupti.c_str(), 0);
    setenv("SEXTANT_RECORD_FILE", events_path.c_str(), 1);
    execvp(words[0], words.data());
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
    fault = command[0] + " cannot be started";
    return std::nullopt;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace sextant::profile
