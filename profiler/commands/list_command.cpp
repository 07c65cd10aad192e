// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "profiler/commands/commands.hpp"
#include "profiler/commands/files.hpp"
#include "profiler/commands/select.hpp"
#include "profiler/core/duration.hpp"
#include "profiler/core/json_writer.hpp"

namespace sextant::profile {

namespace {

std::string as_json(const std::vector<Case>& cases) {
  JsonWriter w;
  w.begin_object().member("format", "sextant/profile-cases/1").key("cases").begin_array();
  for (const Case& c : cases) {
    const Work work = work_of(c);
    w.begin_object(true).member("name", std::string_view(c.name()));
    w.member("family", hardware::name_of(c.family))
        .member("dtype", hardware::name_of(c.dtype))
        .member("pass", hardware::name_of(c.pass));
    w.key("axes").begin_object();
    for (const auto& [name, axis] : hardware::kernel_axis_names) {
      if (c.axes[axis] != 0) w.member(name, c.axes[axis]);
    }
    w.end_object().member("flops", work.flops).member("bytes", work.bytes).key("used_by").begin_array();
    for (const std::string& use : c.used_by) w.value(std::string_view(use));
    w.end_array().end_object();
  }
  return w.end_array().end_object().text();
}

}  // namespace

int list_command(const Arguments& arguments) {
  std::string fault;
  const auto cases = selected_cases(arguments, fault);
  if (!cases) return complain(fault, exit_usage);
  std::string out;
  if (arguments.has("--json")) {
    out = as_json(*cases);
  } else {
    for (const Case& c : *cases) {
      std::string line = c.name();
      if (!c.used_by.empty()) {
        line.resize(std::max<std::size_t>(line.size() + 2, 66), ' ');
        line += c.used_by.front();
        if (c.used_by.size() > 1) line += " and " + std::to_string(c.used_by.size() - 1) + " more";
      }
      out += line + "\n";
    }
    double seconds = 0;
    for (const Case& c : *cases) seconds += measuring_seconds(c);
    std::fprintf(stderr, "%zu cases, some %.0f s on an H100\n", cases->size(), seconds);
  }
  return write_file(arguments.get("--output", "-"), out) ? exit_ok
                                                         : complain("the output cannot be written", exit_data);
}

}  // namespace sextant::profile
