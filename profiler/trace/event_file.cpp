// SPDX-License-Identifier: Apache-2.0
#include "profiler/trace/event_file.hpp"

#include <sstream>
#include <unordered_map>

namespace sextant::profile {

namespace {

using Names = std::unordered_map<int, int>;

bool read_event(std::istringstream& in, char kind, const Names& names, Trace& trace) {
  DeviceEvent e;
  if (!(in >> e.start >> e.end >> e.device >> e.stream >> e.correlation)) return false;
  if (kind == 'K') {
    int name = 0;
    if (!(in >> e.grid[0] >> e.grid[1] >> e.grid[2] >> e.registers >> name)) return false;
    const auto found = names.find(name);
    e.name = found == names.end() ? -1 : found->second;
  } else {
    e.activity = kind == 'C' ? Activity::copy : Activity::fill;
    if (!(in >> e.bytes)) return false;
  }
  if (e.start <= 0 || e.end <= e.start) {
    ++trace.dropped;  // CUPTI leaves times at 0 where it could not take them
  } else {
    trace.events.push_back(e);
  }
  return true;
}

bool read_line(const std::string& line, Names& names, NameTable& table, Trace& trace) {
  std::istringstream in(line.substr(1));
  switch (line[0]) {
    case 'N': {
      int id = 0;
      std::string text;
      if (!(in >> id) || !std::getline(in >> std::ws, text)) return false;
      names[id] = table(text);
      return true;
    }
    case 'K':
    case 'C':
    case 'F': return read_event(in, line[0], names, trace);
    case 'L': {
      Launch l;
      if (!(in >> l.correlation >> l.thread >> l.start)) return false;
      trace.launches.push_back(l);
      return true;
    }
    case 'R': {
      HostRange r;
      int name = 0;
      if (!(in >> r.start >> r.end >> r.thread >> name)) return false;
      const auto found = names.find(name);
      r.name = found == names.end() ? -1 : found->second;
      trace.ranges.push_back(r);
      return true;
    }
    case 'D': {
      std::uint64_t count = 0;
      if (!(in >> count)) return false;
      trace.dropped += count;
      return true;
    }
    case 'G': return static_cast<bool>(std::getline(in >> std::ws, trace.device_name));
    default: return false;
  }
}

}  // namespace

std::optional<Trace> read_events(std::istream& in, std::string& fault) {
  std::string line;
  if (!std::getline(in, line) || line != "sextant-events/1") {
    fault = "not an event list (its first line is not \"sextant-events/1\")";
    return std::nullopt;
  }
  Trace trace;
  NameTable table(trace.names);
  Names names;
  std::uint64_t number = 1;
  while (std::getline(in, line)) {
    ++number;
    if (line.empty()) continue;
    if (read_line(line, names, table, trace)) continue;
    if (in.peek() == std::istream::traits_type::eof()) {
      trace.remarks.emplace_back("the event list ends inside a line: the program was killed");
      break;
    }
    fault = "line " + std::to_string(number) + " is no event";
    return std::nullopt;
  }
  return trace;
}

}  // namespace sextant::profile
