// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "profiler/commands/commands.hpp"
#include "profiler/commands/files.hpp"
#include "profiler/record/launch.hpp"
#include "profiler/trace/event_file.hpp"
#include "profiler/trace/gzip.hpp"
#include "profiler/trace/kineto.hpp"
#include "profiler/trace/summarise.hpp"

namespace sextant::profile {

namespace {

namespace fs = std::filesystem;

ProfileData profile_of(Trace& trace, int top, const std::string& title) {
  ProfileData p;
  p.device.name = trace.device_name;
  p.device.memory_bytes = trace.device_memory;
  p.gpu = gpu_id(trace.device_name, trace.device_memory);
  p.date = today();
  p.title = title;
  p.where = trace.program;
  p.id = "recorded";
  p.name = trace.device_name.empty() ? title : title + " on " + trace.device_name;
  const std::uint64_t clipped = clip(trace);
  p.samples = samples_of(trace);
  p.recording = summarise(trace, clipped, top);
  return p;
}

/// What the processes of one recorded program wrote: files named `events`.PID, largest first.
std::vector<fs::path> event_lists(const fs::path& events) {
  const std::string prefix = events.filename().string() + ".";
  std::vector<fs::path> out;
  const fs::path folder = events.has_parent_path() ? events.parent_path() : fs::path(".");
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().rfind(prefix, 0) == 0) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end(),
            [](const fs::path& a, const fs::path& b) { return fs::file_size(a) > fs::file_size(b); });
  return out;
}

std::optional<Trace> largest(const std::vector<fs::path>& lists, std::string& fault) {
  if (lists.empty()) {
    fault = "it used no CUDA: no events were recorded";
    return std::nullopt;
  }
  std::ifstream in(lists[0]);
  std::optional<Trace> trace = read_events(in, fault);
  if (trace && lists.size() > 1) {
    trace->remarks.push_back(std::to_string(lists.size()) + " processes used CUDA; this is the one with most activity");
  }
  return trace;
}

/// Tables on stdout; the profile goes to --output, when that is given.
int deliver(const ProfileData& p, const Arguments& arguments) {
  const std::string path = arguments.get("--output");
  std::fputs(recording_text(*p.recording).c_str(), path == "-" ? stderr : stdout);
  if (path.empty()) return exit_ok;
  return write_file(path, write_profile(p)) ? exit_ok : complain(path + " cannot be written", exit_data);
}

}  // namespace

int import_command(const Arguments& arguments) {
  std::string fault;
  const auto top = arguments.number("--top", 30, 1, 100000, fault);
  const auto device = arguments.number("--device", -1, 0, 1023, fault);
  if (!top || !device) return complain(fault, exit_usage);
  if (arguments.rest().size() != 1) return complain("import needs one trace file", exit_usage);
  const std::string& path = arguments.rest()[0];
  auto source = open_maybe_packed(path, fault);
  if (!source) return complain(path + ": " + fault, exit_data);
  std::optional<Trace> trace = read_kineto(std::move(*source), {static_cast<int>(*device)}, fault);
  if (!trace) return complain(path + ": " + fault, exit_data);
  trace->program = fs::path(path).filename().string();
  return deliver(profile_of(*trace, static_cast<int>(*top), "imported trace"), arguments);
}

int record_command(const Arguments& arguments) {
  std::string fault;
  const auto top = arguments.number("--top", 30, 1, 100000, fault);
  if (!top) return complain(fault, exit_usage);
  if (arguments.rest().empty())
    return complain("record needs a program after --, e.g. `record -- python train.py`", exit_usage);
  const std::string kept = arguments.get("--keep");
  const fs::path events =
      kept.empty() ? fs::temp_directory_path() / ("sextant-events-" + process_id()) : fs::path(kept);
  const auto status = run_recorded(arguments.rest(), events.string(), fault);
  if (!status) return complain(fault, exit_data);
  const std::vector<fs::path> lists = event_lists(events);
  std::optional<Trace> trace = largest(lists, fault);
  if (kept.empty()) {
    for (const fs::path& list : lists) fs::remove(list);
  }
  if (!trace)
    return complain(
        arguments.rest()[0] + ": " + fault + (*status != 0 ? "; it left with code " + std::to_string(*status) : ""),
        exit_data);
  for (const std::string& word : arguments.rest()) trace->program += (trace->program.empty() ? "" : " ") + word;
  if (*status != 0) trace->remarks.push_back("the program left with code " + std::to_string(*status));
  return deliver(profile_of(*trace, static_cast<int>(*top), "recorded program"), arguments);
}

}  // namespace sextant::profile
