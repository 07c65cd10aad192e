// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace sextant::cli {

namespace {

bool set_and_not_empty(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool colour_on(int stream, Colour colour) {
  if (colour != Colour::automatic) return colour == Colour::always;
  if (set_and_not_empty("NO_COLOR")) return false;
  const char* term = std::getenv("TERM");
  if (term != nullptr && std::strcmp(term, "dumb") == 0) return false;
  return isatty(stream) != 0;
}

/// By the locale's name, as setlocale(3) would choose it; setlocale itself would change how numbers are printed.
bool utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (!set_and_not_empty(name)) continue;
    std::string value(std::getenv(name));
    std::transform(value.begin(), value.end(), value.begin(), [](char c) { return c == '-' ? '\0' : c | 0x20; });
    value.erase(std::remove(value.begin(), value.end(), '\0'), value.end());
    return value.find("utf8") != std::string::npos;
  }
  return false;
}

int terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::clamp(static_cast<int>(size.ws_col), 60, 120);
}

}  // namespace

sim::report::TextStyle text_style(Colour colour, bool to_file) {
  if (to_file) return {colour == Colour::always, utf8_locale(), 80};
  return {colour_on(STDOUT_FILENO, colour), utf8_locale(), terminal_width()};
}

bool colour_on_stderr(Colour colour) { return colour_on(STDERR_FILENO, colour); }

Progress::Progress(std::string what, bool quiet)
    : what_(std::move(what)), active_(!quiet && isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void Progress::show(double share, std::string_view detail) {
  if (!active_) return;
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ && now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  drawn_ = true;
  const int done = static_cast<int>(30 * std::clamp(share, 0.0, 1.0));
  const std::string text = fmt::format("\r{} [{}{}] {:3.0f} % {}\033[K", what_, std::string(done, '#'),
                                       std::string(30 - done, ' '), 100 * std::clamp(share, 0.0, 1.0), detail);
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace sextant::cli
