// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "profiler/core/json_value.hpp"
#include "profiler/core/profile_data.hpp"

namespace sextant::profile {

namespace {

double number(const JsonValue& v, std::string_view key, double other = 0) {
  const JsonValue* found = v.find(key);
  return found == nullptr ? other : found->as_number().value_or(other);
}

std::string text(const JsonValue& v, std::string_view key) {
  const JsonValue* found = v.find(key);
  return found == nullptr ? std::string() : std::string(found->text_or(""));
}

template <class E, std::size_t N>
bool named(const hardware::NameTable<E, N>& table, const JsonValue& v, std::string_view key, E& out) {
  const auto value = hardware::value_in(table, text(v, key));
  if (value) out = *value;
  return value.has_value();
}

bool read_sample(const JsonValue& v, Sample& s) {
  s.name = text(v, "name");
  if (!named(hardware::kernel_family_names, v, "family", s.family)) return false;
  if (!named(hardware::kernel_dtype_names, v, "dtype", s.dtype)) return false;
  if (!named(hardware::kernel_pass_names, v, "pass", s.pass)) return false;
  if (const JsonValue* axes = v.find("axes")) {
    for (const auto& [key, x] : axes->members) {
      if (const auto axis = hardware::value_in(hardware::kernel_axis_names, key)) s.axes[*axis] = x.number;
    }
  }
  s.flops = number(v, "flops");
  s.bytes = number(v, "bytes");
  s.median_s = number(v, "median_us") * 1e-6;
  s.event_s = number(v, "event_us") * 1e-6;
  s.best_s = number(v, "best_us") * 1e-6;
  s.spread = number(v, "spread");
  s.n = static_cast<int>(number(v, "n"));
  s.clock = text(v, "clock");
  s.stop = text(v, "stop");
  s.error = number(v, "error");
  s.error_limit = number(v, "error_limit");
  s.kernels = text(v, "kernels");
  s.grid = static_cast<int>(number(v, "grid"));
  s.registers = static_cast<int>(number(v, "registers"));
  s.clock_mhz = number(v, "clock_mhz");
  s.power_w = number(v, "power_w");
  s.note = text(v, "note");
  if (const JsonValue* t = v.find("throttled")) s.throttled = t->boolean;
  if (v.find("dram_bytes") != nullptr) {
    s.counters = Counters{number(v, "dram_bytes"), number(v, "tensor_active"), number(v, "occupancy")};
  }
  if (const JsonValue* raw = v.find("raw_us")) {
    for (const JsonValue& x : raw->items) s.raw_us.push_back(x.number);
  }
  return s.median_s > 0;
}

void read_device(const JsonValue& v, DeviceInfo& d) {
  d.name = text(v, "name");
  d.compute_capability = static_cast<int>(number(v, "compute_capability"));
  d.sms = static_cast<int>(number(v, "sms"));
  d.memory_bytes = static_cast<std::uint64_t>(number(v, "memory_bytes"));
  d.l2_bytes = static_cast<std::uint64_t>(number(v, "l2_bytes"));
  d.max_clock_mhz = number(v, "max_clock_mhz");
  d.max_memory_clock_mhz = number(v, "max_memory_clock_mhz");
  d.power_limit_w = number(v, "power_limit_w");
}

}  // namespace

std::optional<ProfileData> read_profile(std::string_view content, std::string& fault) {
  JsonReader reader(bytes_of(content));
  const std::optional<JsonValue> root = reader.value();
  if (!root) {
    fault = reader.fault();
    return std::nullopt;
  }
  if (text(*root, "format") != "sextant/profile/1") {
    fault = "\"format\" is not \"sextant/profile/1\"";
    return std::nullopt;
  }
  ProfileData p;
  p.id = text(*root, "id");
  p.name = text(*root, "name");
  p.gpu = text(*root, "gpu");
  if (const JsonValue* source = root->find("source")) {
    p.title = text(*source, "title");
    p.where = text(*source, "where");
    p.date = text(*source, "date");
  }
  if (const JsonValue* d = root->find("device")) read_device(*d, p.device);
  if (const JsonValue* software = root->find("software")) {
    for (const auto& [key, v] : software->members) p.software[key] = v.string;
  }
  if (const JsonValue* samples = root->find("samples")) {
    for (const JsonValue& v : samples->items) {
      Sample s;
      if (!read_sample(v, s)) {
        fault = "a sample without a known family, dtype, pass or time: \"" + text(v, "name") + "\"";
        return std::nullopt;
      }
      p.samples.push_back(std::move(s));
    }
  }
  if (const JsonValue* missing = root->find("not_measured")) {
    for (const JsonValue& v : missing->items) p.not_measured.push_back({text(v, "name"), text(v, "why")});
  }
  return p;
}

void merge(ProfileData& known, const ProfileData& fresh) {
  for (const Sample& s : fresh.samples) {
    const auto same = [&](const auto& other) { return other.name == s.name; };
    const auto found = std::find_if(known.samples.begin(), known.samples.end(), same);
    if (found != known.samples.end()) {
      *found = s;
    } else {
      known.samples.push_back(s);
    }
    known.not_measured.erase(std::remove_if(known.not_measured.begin(), known.not_measured.end(), same),
                             known.not_measured.end());
  }
  for (const NotMeasured& m : fresh.not_measured) {
    const auto has = [&](const auto& list) {
      return std::any_of(list.begin(), list.end(), [&](const auto& other) { return other.name == m.name; });
    };
    if (!has(known.samples) && !has(known.not_measured)) known.not_measured.push_back(m);
  }
  for (const auto& [key, version] : fresh.software) known.software[key] = version;
  if (known.device.name.empty()) known.device = fresh.device;
}

std::string gpu_id(std::string_view device_name, std::uint64_t memory_bytes) {
  struct Row {
    std::string_view first, second;  ///< words that the driver's name holds
    double most_gib;                 ///< 0: any memory
    std::string_view id;
  };
  static constexpr std::array<Row, 20> rows{{{"GB300", "", 0, "GB300"},
                                             {"GB200", "", 0, "GB200"},
                                             {"B300", "", 0, "B300"},
                                             {"B200", "", 0, "B200"},
                                             {"H200", "", 0, "H200-SXM-141GB"},
                                             {"H100", "PCIe", 0, "H100-PCIe-80GB"},
                                             {"H100", "NVL", 0, "H100-NVL-94GB"},
                                             {"H100", "", 0, "H100-SXM-80GB"},
                                             {"H800", "", 0, "H800-SXM-80GB"},
                                             {"H20", "", 0, "H20-SXM-96GB"},
                                             {"A100", "PCIE", 45, "A100-PCIe-40GB"},
                                             {"A100", "PCIe", 45, "A100-PCIe-40GB"},
                                             {"A100", "PCIe", 0, "A100-PCIe-80GB"},
                                             {"A100", "PCIE", 0, "A100-PCIe-80GB"},
                                             {"A100", "", 45, "A100-SXM-40GB"},
                                             {"A100", "", 0, "A100-SXM-80GB"},
                                             {"A800", "", 0, "A800-SXM-80GB"},
                                             {"L40S", "", 0, "L40S"},
                                             {"V100", "", 0, "V100-SXM-32GB"},
                                             {"RTX 4090", "", 0, "RTX4090"}}};
  const double gib = static_cast<double>(memory_bytes) / 1073741824.0;
  for (const Row& r : rows) {
    if (device_name.find(r.first) == std::string_view::npos || device_name.find(r.second) == std::string_view::npos)
      continue;
    if (r.most_gib > 0 && gib > r.most_gib) continue;
    return std::string(r.id);
  }
  return {};
}

}  // namespace sextant::profile
