// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace sextant::test {

namespace {

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& w : words) out.push_back(w.data());
  out.push_back(nullptr);
  return out;
}

[[noreturn]] void become(std::vector<std::string> words, std::vector<std::string> environment,
                         const std::string& folder) {
  const int in = ::open((folder + "/in").c_str(), O_RDONLY);
  const int out = ::open((folder + "/out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err = ::open((folder + "/err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  std::vector<char*> argv = pointers(words);
  std::vector<char*> env = pointers(environment);
  ::execve(argv[0], argv.data(), env.data());
  ::_exit(127);
}

int wait_for(pid_t child) {
  constexpr int most = 6000;  // of 10 ms
  for (int i = 0; i < most; ++i) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) {
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(i < 20 ? 1 : 10));
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return 128 + SIGKILL;
}

}  // namespace

Finished run_sextant(const std::vector<std::string>& arguments, const std::string& input,
                     const std::vector<std::string>& environment) {
  const TemporaryFolder folder;
  std::ofstream(folder / "in", std::ios::binary) << input;
  std::vector<std::string> words{SEXTANT_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  // Of two entries with one name getenv takes the first.
  std::vector<std::string> env = environment;
  env.insert(env.end(), {"LC_ALL=C", "PATH=/usr/bin:/bin", "TERM=xterm"});
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) env.push_back(std::string(name) + "=" + value);
  }
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    if (::chdir(SEXTANT_SOURCE_DIR) != 0) ::_exit(126);
    become(words, env, folder.path());
  }
  Finished f;
  f.code = wait_for(child);
  f.out = read_whole(folder / "out");
  f.err = read_whole(folder / "err");
  return f;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string source_file(const std::string& path) { return read_whole(std::string(SEXTANT_SOURCE_DIR) + "/" + path); }

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "sextant-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

}  // namespace sextant::test
