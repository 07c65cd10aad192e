// SPDX-License-Identifier: Apache-2.0
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "profiler/commands/commands.hpp"
#include "profiler/commands/files.hpp"
#include "profiler/commands/select.hpp"
#include "profiler/core/measurer.hpp"
#include "profiler/core/progress.hpp"
#include "profiler/core/roofline.hpp"

namespace sextant::profile {

namespace {

volatile std::sig_atomic_t interrupt_count = 0;  // a signal handler may touch nothing else

extern "C" void on_interrupt(int) {
  interrupt_count = interrupt_count + 1;
  if (interrupt_count > 1) std::_Exit(130);  // the second Ctrl-C does not wait for the running case
}

double now_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

int terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

bool options_of(const Arguments& arguments, MeasureOptions& options, RunPlan& plan, std::string& fault) {
  const auto device = arguments.number("--device", 0, 0, 1023, fault);
  const auto budget = arguments.number("--budget", 0, 1, 86400, fault);
  const auto sustained = arguments.number("--sustained", options.sustained_s, 1, 600, fault);
  const auto seconds = arguments.number("--case-seconds", options.limits.max_seconds, 0, 600, fault);
  if (!device || !budget || !sustained || !seconds) return false;
  options.device = static_cast<int>(*device);
  options.sustained_s = *sustained;
  options.limits.max_seconds = *seconds;
  const std::string counters = arguments.get("--counters", "some");
  if (counters != "none" && counters != "some" && counters != "all") {
    fault = "--counters " + counters + ": none, some or all is expected";
    return false;
  }
  plan.count = counters == "none"  ? RunPlan::Count::none
               : counters == "all" ? RunPlan::Count::all
                                   : RunPlan::Count::quick;
  plan.budget_s = *budget;
  plan.retry = arguments.has("--retry");
  return true;
}

ProfileData fresh_profile(const Measurer& measurer) {
  ProfileData p;
  p.device = measurer.device();
  p.gpu = gpu_id(p.device.name, p.device.memory_bytes);
  p.date = today();
  p.id = (p.gpu.empty() ? "unknown-gpu" : p.gpu) + "-measured";
  for (char& c : p.id) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  p.name = p.device.name + ", measured " + p.date;
  p.title = "sextant-profile run on " + p.device.name;
  p.where = "this machine";
  return p;
}

/// Holds the name of the case that runs: what a crash or a hang leaves behind, so that `--resume` does not run into it
/// again.
std::string mark_of(const std::string& path) { return path + ".running"; }

void leave_out_the_one_that_crashed(const std::string& path, ProfileData& profile) {
  const auto name = read_file(mark_of(path));
  if (!name || name->empty()) return;
  std::fprintf(stderr, "sextant-profile: the last run ended within %s, which is left out; --retry tries it again\n",
               name->c_str());
  ProfileData crashed;
  crashed.not_measured.push_back({*name, "the program ended while it ran"});
  merge(profile, crashed);
}

RunHooks hooks_of(const std::string& path, bool quiet) {
  RunHooks hooks;
  hooks.seconds = now_s;
  hooks.interrupted = [] { return interrupt_count > 0; };
  if (path != "-") {
    hooks.save = [path](const ProfileData& p) {
      if (!write_file(path, write_profile(p))) complain(path + " cannot be written", exit_data);
    };
  }
  const bool shown = !quiet && isatty(STDERR_FILENO) != 0;
  hooks.progress = [begin = now_s(), shown, path](int done, int total, const std::string& name) {
    if (path != "-" && done < total && !write_file(mark_of(path), name))
      complain(mark_of(path) + " cannot be written", exit_data);
    if (!shown) return;
    std::fprintf(stderr, "\r\x1b[K%s", progress_line(done, total, now_s() - begin, name, terminal_width() - 1).c_str());
    if (done == total) std::fputs("\r\x1b[K", stderr);
  };
  return hooks;
}

const char* text_of(RunEnd end) {
  switch (end) {
    case RunEnd::complete: return "complete";
    case RunEnd::interrupted: return "interrupted";
    case RunEnd::out_of_time: return "out of time";
    case RunEnd::device_lost: return "the device is lost to this process after its last case";
  }
  return "";
}

int report(const ProfileData& profile, RunEnd end, const std::string& path) {
  if (path == "-") {
    if (!write_file(path, write_profile(profile))) return complain("stdout cannot be written", exit_data);
  }
  std::fputs(table_text(profile).c_str(), path == "-" ? stderr : stdout);
  for (const std::string& warning : warnings_of(profile)) std::fprintf(stderr, "warning: %s\n", warning.c_str());
  if (end != RunEnd::complete) {
    std::fprintf(stderr, "%s; `--resume` goes on with what is left\n", text_of(end));
  }
  bool mismatch = false;
  for (const NotMeasured& m : profile.not_measured) mismatch |= m.why.rfind("differs from its reference", 0) == 0;
  return mismatch ? exit_mismatch : exit_ok;
}

}  // namespace

int run_command(const Arguments& arguments) {
  std::string fault;
  MeasureOptions options;
  RunPlan plan;
  const auto cases = selected_cases(arguments, fault);
  if (!cases || !options_of(arguments, options, plan, fault)) return complain(fault, exit_usage);
  plan.cases = *cases;
  const std::unique_ptr<Measurer> measurer = open_measurer(options, fault);
  if (!measurer) return complain(fault, exit_no_device);

  const std::string path = arguments.get("--output", "profile.json");
  ProfileData profile = fresh_profile(*measurer);
  if (arguments.has("--resume") && read_file(path)) {
    const auto known = load_profile(path);
    if (!known) return exit_data;
    if (known->device.name != profile.device.name) {
      return complain(path + " was measured on " + known->device.name + ", this is " + profile.device.name, exit_data);
    }
    profile = *known;
    leave_out_the_one_that_crashed(path, profile);
  }
  profile.software = measurer->software();
  if (path != "-" && !write_file(path, write_profile(profile))) return complain(path + " cannot be written", exit_data);

  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  for (const std::string& line : measurer->limitations()) std::fprintf(stderr, "sextant-profile: %s\n", line.c_str());
  const RunHooks hooks = hooks_of(path, arguments.has("--quiet"));
  const double begin = now_s();
  const RunEnd end = run_cases(*measurer, plan, profile, hooks);
  std::remove(mark_of(path).c_str());
  if (end == RunEnd::complete && plan.count != RunPlan::Count::none) {
    if (plan.budget_s > 0) plan.budget_s = std::max(1.0, plan.budget_s - (now_s() - begin));
    fault = count_cases(*measurer, plan, profile, hooks);
    if (!fault.empty()) std::fprintf(stderr, "sextant-profile: counters: %s\n", fault.c_str());
  }
  return report(profile, end, path);
}

namespace {

bool by_a_library(KernelFamily family) {
  return family == KernelFamily::gemm || family == KernelFamily::grouped_gemm || family == KernelFamily::attention;
}

}  // namespace

int check_command(const Arguments& arguments) {
  std::string fault;
  MeasureOptions options;
  options.kernel_clock = false;
  const bool own = arguments.has("--own");
  const std::string only = arguments.get("--only");
  const std::unique_ptr<Measurer> measurer = open_measurer(options, fault);
  if (!measurer) return complain(fault, exit_no_device);
  int good = 0, bad = 0, skipped = 0;
  for (const Case& c : small_cases()) {
    const std::string name = c.name();
    if (!only.empty() && name.find(only) == std::string::npos) continue;
    if (own && by_a_library(c.family)) continue;
    const auto result = measurer->check(c);
    if (const auto* why = std::get_if<NotMeasured>(&result)) {
      ++skipped;
      std::printf("skipped  %-70s %s\n", name.c_str(), why->why.c_str());
      continue;
    }
    const Checked& checked = std::get<Checked>(result);
    ++(checked.good() ? good : bad);
    std::printf("%-8s %-70s error %.2e, at most %.0e\n", checked.good() ? "ok" : "WRONG", name.c_str(), checked.error,
                checked.limit);
  }
  std::printf("%d agree with their float64 reference, %d do not, %d skipped\n", good, bad, skipped);
  return bad == 0 ? exit_ok : exit_mismatch;
}

}  // namespace sextant::profile
