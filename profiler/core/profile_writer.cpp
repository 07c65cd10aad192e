// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "profiler/core/json_writer.hpp"
#include "profiler/core/profile_data.hpp"

namespace sextant::profile {

namespace {

/// Clocks resolve nanoseconds; more digits only make files long.
double rounded_us(double seconds) { return std::round(seconds * 1e9) / 1e3; }

double rounded(double v, double digits) {
  const double scale = std::pow(10.0, digits);
  return std::round(v * scale) / scale;
}

void axes(JsonWriter& w, const KernelAxes& values) {
  w.key("axes").begin_object();
  for (const auto& [name, axis] : hardware::kernel_axis_names) {
    if (values[axis] != 0) w.member(name, values[axis]);
  }
  w.end_object();
}

void positive(JsonWriter& w, std::string_view key, double v) {
  if (v > 0) w.member(key, v);
}

void text(JsonWriter& w, std::string_view key, const std::string& v) {
  if (!v.empty()) w.member(key, std::string_view(v));
}

void sample(JsonWriter& w, const Sample& s) {
  w.begin_object(true);
  w.member("name", std::string_view(s.name));
  w.member("family", hardware::name_of(s.family))
      .member("dtype", hardware::name_of(s.dtype))
      .member("pass", hardware::name_of(s.pass));
  axes(w, s.axes);
  w.member("flops", s.flops).member("bytes", s.bytes);
  w.member("median_us", rounded_us(s.median_s)).member("spread", rounded(s.spread, 5)).member("n", s.n);
  positive(w, "event_us", rounded_us(s.event_s));
  positive(w, "best_us", rounded_us(s.best_s));
  text(w, "clock", s.clock);
  text(w, "stop", s.stop);
  if (s.error_limit > 0) w.member("error", rounded(s.error, 9)).member("error_limit", s.error_limit);
  text(w, "kernels", s.kernels);
  if (s.grid > 0) w.member("grid", s.grid).member("registers", s.registers);
  positive(w, "clock_mhz", s.clock_mhz);
  positive(w, "power_w", rounded(s.power_w, 1));
  if (s.throttled) w.member("throttled", true);
  if (s.counters) {
    w.member("dram_bytes", s.counters->dram_bytes).member("tensor_active", rounded(s.counters->tensor_active, 4));
    w.member("occupancy", rounded(s.counters->occupancy, 4));
  }
  text(w, "note", s.note);
  if (!s.raw_us.empty()) {
    w.key("raw_us").begin_array();
    for (const double v : s.raw_us) w.value(rounded(v, 3));
    w.end_array();
  }
  w.end_object();
}

void device(JsonWriter& w, const DeviceInfo& d) {
  w.key("device").begin_object();
  w.member("name", std::string_view(d.name)).member("compute_capability", d.compute_capability).member("sms", d.sms);
  w.member("memory_bytes", d.memory_bytes).member("l2_bytes", d.l2_bytes);
  positive(w, "max_clock_mhz", d.max_clock_mhz);
  positive(w, "max_memory_clock_mhz", d.max_memory_clock_mhz);
  positive(w, "power_limit_w", d.power_limit_w);
  w.end_object();
}

void recording(JsonWriter& w, const Recording& r) {
  w.key("recording").begin_object();
  w.member("program", std::string_view(r.program));
  w.member("span_s", r.span_s).member("busy_s", r.busy_s).member("communication_s", r.communication_s);
  w.member("overlapped_s", r.overlapped_s).member("devices", r.devices).member("streams", r.streams);
  w.member("kernels", r.kernels)
      .member("clipped", r.clipped)
      .member("dropped", r.dropped)
      .member("flop_share", r.flop_share);
  w.key("classes").begin_array();
  for (const ClassTime& c : r.classes) {
    w.begin_object(true).member("name", std::string_view(c.name)).member("seconds", c.seconds);
    w.member("exposed_s", c.exposed_s).member("count", c.count).end_object();
  }
  w.end_array().key("top").begin_array();
  for (const KernelTime& k : r.top) {
    w.begin_object(true).member("name", std::string_view(k.name)).member("class", std::string_view(k.kernel_class));
    w.member("count", k.count).member("total_s", k.total_s).member("median_s", k.median_s).end_object();
  }
  w.end_array().key("ranges").begin_array();
  for (const RangeTime& g : r.ranges) {
    w.begin_object(true)
        .member("name", std::string_view(g.name))
        .member("count", g.count)
        .member("total_s", g.total_s)
        .end_object();
  }
  w.end_array().key("remarks").begin_array();
  for (const std::string& remark : r.remarks) w.value(std::string_view(remark));
  w.end_array().end_object();
}

}  // namespace

std::string write_profile(const ProfileData& p) {
  JsonWriter w;
  w.begin_object().member("format", "sextant/profile/1");
  w.member("id", std::string_view(p.id)).member("name", std::string_view(p.name));
  text(w, "gpu", p.gpu);
  w.key("source")
      .begin_object(true)
      .member("title", std::string_view(p.title))
      .member("where", std::string_view(p.where));
  w.member("date", std::string_view(p.date)).member("trust", "measured").end_object();
  device(w, p.device);
  w.key("software").begin_object();
  for (const auto& [key, version] : p.software) w.member(key, std::string_view(version));
  w.end_object().key("samples").begin_array();
  for (const Sample& s : p.samples) sample(w, s);
  w.end_array().key("not_measured").begin_array();
  for (const NotMeasured& m : p.not_measured) {
    w.begin_object(true).member("name", std::string_view(m.name)).member("why", std::string_view(m.why)).end_object();
  }
  w.end_array();
  if (p.recording) recording(w, *p.recording);
  return w.end_object().text();
}

}  // namespace sextant::profile
