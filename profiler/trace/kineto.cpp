// SPDX-License-Identifier: Apache-2.0
#include "profiler/trace/kineto.hpp"

#include <algorithm>
#include <cmath>

#include "profiler/trace/kernel_class.hpp"
#include "profiler/trace/kineto_operations.hpp"

namespace sextant::profile {

namespace {

/// Keys of operators made from collectives, which have no external id of their own.
constexpr std::uint64_t collective_key = std::uint64_t{1} << 62;

Nanoseconds to_ns(double us) { return static_cast<Nanoseconds>(std::llround(us * 1e3)); }

double number(const JsonValue& v, std::string_view key, double other) {
  const JsonValue* found = v.find(key);
  return found == nullptr ? other : found->as_number().value_or(other);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

class KinetoReader {
 public:
  KinetoReader(ByteSource source, const KinetoOptions& options)
      : reader_(std::move(source)), options_(options), names_(trace_.names) {}

  std::optional<Trace> read(std::string& fault) {
    bool found = false;
    bool good = true;
    if (reader_.next_is('[')) {  // the bare array that Chrome accepts too
      found = true;
      good = reader_.each_item([&] { return event(); });
    } else {
      good = reader_.each_member([&](const std::string& key) {
        if (key == "traceEvents") {
          found = true;
          return reader_.each_item([&] { return event(); });
        }
        if (key == "deviceProperties") return device();
        if (key == "traceName") {
          const auto v = reader_.value();
          if (v) trace_.program = v->text_or("");
          return v.has_value();
        }
        return reader_.skip();
      });
    }
    if (!good) return failed(fault, reader_.fault());
    if (!found) return failed(fault, "no \"traceEvents\": not a Chrome or Kineto trace");
    if (trace_.events.empty())
      return failed(fault, "no device activity in it; the profiler needs ProfilerActivity.CUDA");
    finish();
    return std::move(trace_);
  }

 private:
  static std::optional<Trace> failed(std::string& fault, std::string_view what) {
    fault = what;
    return std::nullopt;
  }

  bool device() {
    const auto list = reader_.value();
    if (!list) return false;
    if (list->items.empty()) return true;
    const JsonValue& first = list->items[0];
    if (const JsonValue* name = first.find("name")) trace_.device_name = name->text_or("");
    trace_.device_memory = static_cast<std::uint64_t>(number(first, "totalGlobalMem", 0));
    return true;
  }

  bool event() {
    const auto v = reader_.value();
    if (!v) return false;
    const JsonValue* phase = v->find("ph");
    const JsonValue* category = v->find("cat");
    if (phase == nullptr || category == nullptr || phase->text_or("") != "X") return true;
    const std::string cat = lower(category->text_or(""));
    static const JsonValue nothing;
    const JsonValue* args = v->find("args");
    if (args == nullptr) args = &nothing;
    if (cat == "kernel" || cat == "gpu_memcpy" || cat == "gpu_memset" || cat == "memcpy" || cat == "memset") {
      device_event(*v, *args, cat);
    } else if (cat == "cuda_runtime" || cat == "cuda_driver" || cat == "runtime") {
      trace_.launches.push_back(
          {static_cast<std::uint64_t>(number(*args, "correlation", 0)), thread(*v), to_ns(number(*v, "ts", 0))});
    } else if (cat == "user_annotation") {
      const double start = number(*v, "ts", 0);
      trace_.ranges.push_back({names_(name(*v)), thread(*v), to_ns(start), to_ns(start + number(*v, "dur", 0))});
    } else if (cat == "cpu_op") {
      if (const auto op = operation_of(name(*v), *args))
        trace_.operations[static_cast<std::uint64_t>(number(*args, "External id", 0))] = *op;
    }
    return true;
  }

  static std::string_view name(const JsonValue& v) {
    const JsonValue* found = v.find("name");
    return found == nullptr ? std::string_view() : found->text_or("");
  }

  static std::uint64_t thread(const JsonValue& v) { return static_cast<std::uint64_t>(number(v, "tid", 0)); }

  void device_event(const JsonValue& v, const JsonValue& args, const std::string& cat) {
    const double start = number(v, "ts", 0);
    const double duration = number(v, "dur", 0);
    if (start <= 0 || duration <= 0) {
      ++trace_.dropped;
      return;
    }
    DeviceEvent e;
    e.activity = cat == "kernel"                           ? Activity::kernel
                 : cat.find("memset") != std::string::npos ? Activity::fill
                                                           : Activity::copy;
    e.start = to_ns(start);
    e.end = e.start + to_ns(duration);
    e.device = static_cast<int>(number(args, "device", number(v, "pid", 0)));
    e.stream = static_cast<std::int64_t>(number(args, "stream", number(v, "tid", 0)));
    if (options_.device >= 0 && e.device != options_.device) return;
    e.correlation = static_cast<std::uint64_t>(number(args, "correlation", 0));
    e.operation = static_cast<std::uint64_t>(number(args, "External id", number(args, "external id", 0)));
    e.name = names_(name(v));
    e.bytes = number(args, "bytes", 0);
    e.registers = static_cast<int>(number(args, "registers per thread", 0));
    if (const JsonValue* grid = args.find("grid")) {
      for (std::size_t i = 0; i < 3 && i < grid->items.size(); ++i) e.grid[i] = static_cast<int>(grid->items[i].number);
    }
    if (e.activity == Activity::kernel && classify(trace_.name_of(e)) == KernelClass::communication)
      collective(e, args);
    trace_.events.push_back(e);
  }

  void collective(DeviceEvent& e, const JsonValue& args) {
    if (const auto op = collective_of(args)) {
      e.operation = collective_key + ++collectives_;
      trace_.operations[e.operation] = *op;
    } else {
      e.operation = 0;
      ++shapeless_;
    }
  }

  void finish() {
    if (shapeless_ > 0) {
      trace_.remarks.push_back(
          std::to_string(shapeless_) +
          " communication kernels say nothing of their sizes; only their names and times were read");
    }
    if (trace_.operations.empty()) {
      trace_.remarks.emplace_back(
          "no operator shapes in the trace (record_shapes=True writes them): classes and times only, no samples");
    }
  }

  Trace trace_;
  JsonReader reader_;
  KinetoOptions options_;
  NameTable names_;
  std::uint64_t collectives_ = 0;
  std::uint64_t shapeless_ = 0;
};

}  // namespace

std::optional<Trace> read_kineto(ByteSource source, const KinetoOptions& options, std::string& fault) {
  return KinetoReader(std::move(source), options).read(fault);
}

}  // namespace sextant::profile
