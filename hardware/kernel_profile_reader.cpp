// SPDX-License-Identifier: Apache-2.0
// Two forms of the same rows: "samples", one object a shape, as sextant-profile writes them; and "tables", columns
// under shared axes, in which a published table of thousands of shapes stays small and can be edited.
#include <algorithm>
#include <map>

#include "hardware/kernel_profile.hpp"
#include "hardware/shapes.hpp"

namespace sextant::json {

template <>
struct EnumNames<hardware::KernelFamily> {
  static constexpr auto table = hardware::kernel_family_names;
};
template <>
struct EnumNames<hardware::KernelDtype> {
  static constexpr auto table = hardware::kernel_dtype_names;
};
template <>
struct EnumNames<hardware::KernelPass> {
  static constexpr auto table = hardware::kernel_pass_names;
};

}  // namespace sextant::json

namespace sextant::hardware {

namespace {

constexpr double us = 1e-6;

/// One row of "samples"; what only people read is in `ignored`.
struct SampleRow {
  KernelFamily family = KernelFamily::gemm;
  KernelDtype dtype = KernelDtype::bf16;
  KernelPass pass = KernelPass::none;
  std::map<std::string, double> axes;
  double median_us = 0;
  double spread = 0;
};

struct TableRow {
  KernelFamily family = KernelFamily::gemm;
  KernelDtype dtype = KernelDtype::bf16;
  KernelPass pass = KernelPass::none;
  std::map<std::string, double> shared;
  std::map<std::string, std::vector<double>> columns;
  std::vector<double> median_us;
  std::optional<Source> source;
  std::string note;
};

bool known_axes(const json::Cursor& at, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& entry : kernel_axis_names) names.push_back(entry.first);
  if (value_in(kernel_axis_names, name)) return true;
  at.fault_at(name, "\"" + std::string(name.substr(0, 60)) + "\" is no axis of a kernel's shape",
              did_you_mean(name, names));
  return false;
}

}  // namespace

}  // namespace sextant::hardware

namespace sextant::json {

template <>
struct ShapeOf<hardware::SampleRow> {
  static const Shape<hardware::SampleRow>& get() {
    using R = hardware::SampleRow;
    static const Shape<R> shape = [] {
      Shape<R> s("one measured kernel");
      s.required("family", &R::family, "what it computes")
          .required("dtype", &R::dtype, "number format")
          .required("pass", &R::pass, "forward or which gradient")
          .required("axes", &R::axes, "its shape", positive())
          .required("median_us", &R::median_us, "median time", positive())
          .optional("spread", &R::spread, "half the interquartile range over the median", non_negative());
      for (const char* key :
           {"name",       "flops",         "bytes",     "n",    "event_us",  "best_us",   "clock",   "stop",
            "error",      "error_limit",   "kernels",   "grid", "registers", "clock_mhz", "power_w", "throttled",
            "dram_bytes", "tensor_active", "occupancy", "note", "raw_us"}) {
        s.ignored(key, "for people");
      }
      s.check([](const Cursor& at, const R& r) {
        const Node* axes = at.node().find("axes");
        const Cursor place = at.member("axes", *axes);
        return std::all_of(r.axes.begin(), r.axes.end(),
                           [&](const auto& a) { return hardware::known_axes(place, a.first); });
      });
      return s;
    }();
    return shape;
  }
};

template <>
struct ShapeOf<hardware::TableRow> {
  static const Shape<hardware::TableRow>& get() {
    using R = hardware::TableRow;
    static const Shape<R> shape = [] {
      Shape<R> s("measured kernels in columns");
      s.required("family", &R::family, "what they compute")
          .required("dtype", &R::dtype, "number format")
          .required("pass", &R::pass, "forward or which gradient")
          .optional("shared", &R::shared, "axes that all rows share", positive())
          .required("columns", &R::columns, "the other axes, one value a row", positive())
          .required("median_us", &R::median_us, "median times", positive())
          .optional("source", &R::source, "where this table is from, if not from where the file is")
          .optional("note", &R::note, "remarks");
      s.check([](const Cursor& at, const R& r) {
        bool good = true;
        for (const auto& [name, v] : r.shared)
          good = hardware::known_axes(at.member("shared", *at.node().find("shared")), name) && good;
        for (const auto& [name, column] : r.columns) {
          const Cursor place = at.member("columns", *at.node().find("columns"));
          good = hardware::known_axes(place, name) && good;
          if (column.size() != r.median_us.size()) {
            place.fault_at(name, "has " + std::to_string(column.size()) + " values, \"median_us\" has " +
                                     std::to_string(r.median_us.size()));
            good = false;
          }
        }
        return good;
      });
      return s;
    }();
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::hardware {

namespace {

struct ProfileFile {
  std::string format;
  std::string id;
  std::string name;
  std::string gpu;
  std::vector<std::string> same_kernels;
  std::string note;
  Source source;
  std::vector<SampleRow> samples;
  std::vector<TableRow> tables;
};

const json::Shape<ProfileFile>& file_shape() {
  static const json::Shape<ProfileFile> shape = [] {
    json::Shape<ProfileFile> s("kernel profile");
    s.required("format", &ProfileFile::format, "\"sextant/profile/1\"")
        .required("id", &ProfileFile::id, "catalogue id")
        .required("name", &ProfileFile::name, "what it is called in reports")
        .optional("gpu", &ProfileFile::gpu, "catalogue id of the part")
        .optional("same_kernels", &ProfileFile::same_kernels, "further parts for which the times hold")
        .optional("note", &ProfileFile::note, "remarks")
        .required("source", &ProfileFile::source, "where the times are from")
        .optional("samples", &ProfileFile::samples, "one object a shape")
        .optional("tables", &ProfileFile::tables, "columns of shapes")
        .ignored("device", "the part as its driver describes it")
        .ignored("software", "versions")
        .ignored("not_measured", "what was wanted and has no time")
        .ignored("recording", "a recorded program by kernel classes");
    s.check([](const json::Cursor& at, const ProfileFile& f) {
      if (f.format == "sextant/profile/1") return true;
      at.fault_at("format", "\"" + f.format.substr(0, 60) + "\" is not \"sextant/profile/1\"");
      return false;
    });
    return s;
  }();
  return shape;
}

class TableBuilder {
 public:
  explicit TableBuilder(KernelProfile& profile) : profile_(profile) {}

  void add(KernelFamily family, KernelDtype dtype, KernelPass pass, KernelSample sample) {
    for (KernelTable& t : profile_.tables) {
      if (t.family == family && t.dtype == dtype && t.pass == pass) {
        t.samples.push_back(sample);
        return;
      }
    }
    profile_.tables.push_back({family, dtype, pass, {sample}});
  }

  void add(const TableRow& row) {
    int source = -1;
    if (row.source) {
      source = static_cast<int>(profile_.sources.size());
      profile_.sources.push_back(*row.source);
    }
    KernelSample s;
    s.source = source;
    for (const auto& [name, v] : row.shared) s.axes[*value_in(kernel_axis_names, name)] = v;
    for (std::size_t i = 0; i < row.median_us.size(); ++i) {
      for (const auto& [name, column] : row.columns) s.axes[*value_in(kernel_axis_names, name)] = column[i];
      s.time = Seconds{row.median_us[i] * us};
      add(row.family, row.dtype, row.pass, s);
    }
  }

  void add(const SampleRow& row) {
    KernelSample s;
    for (const auto& [name, v] : row.axes) s.axes[*value_in(kernel_axis_names, name)] = v;
    s.time = Seconds{row.median_us * us};
    s.spread = row.spread;
    add(row.family, row.dtype, row.pass, s);
  }

  /// The axis by which `lookup` narrows its search: the first that the family interpolates.
  void sort() {
    for (KernelTable& t : profile_.tables) {
      const KernelAxis axis = first_interpolated_axis(t.family);
      std::stable_sort(t.samples.begin(), t.samples.end(),
                       [axis](const KernelSample& a, const KernelSample& b) { return a.axes[axis] < b.axes[axis]; });
    }
  }

 private:
  KernelProfile& profile_;
};

constexpr std::string_view folder = "hardware/data/profiles/";

std::string id_of(const std::string& path) {
  const std::size_t begin = path.rfind('/') + 1;
  return path.substr(begin, path.rfind('.') - begin);
}

std::optional<KernelProfile> load(const Catalogue& catalogue, const std::string& path, Diagnostics& faults) {
  const std::optional<std::string_view> text = catalogue.text(path);
  if (!text) return std::nullopt;
  const std::optional<json::Node> node = json::parse(*text, path, faults);
  if (!node) return std::nullopt;
  return read_kernel_profile(json::Cursor(*node, path, faults));
}

}  // namespace

bool is_kernel_profile(const json::Node& node) {
  const json::Node* format = node.find("format");
  return format != nullptr && format->type == json::Type::string && format->string == "sextant/profile/1";
}

std::optional<KernelProfile> read_kernel_profile(const json::Cursor& at) {
  ProfileFile file;
  if (!file_shape().read(at, file)) return std::nullopt;
  KernelProfile profile{file.id, file.name, file.gpu, file.same_kernels, file.note, file.source, {}, {}};
  TableBuilder builder(profile);
  for (const TableRow& row : file.tables) builder.add(row);
  for (const SampleRow& row : file.samples) builder.add(row);
  builder.sort();
  return profile;
}

std::vector<std::string> kernel_profile_ids(const Catalogue& catalogue) {
  std::vector<std::string> out;
  for (const std::string& path : catalogue.list(folder)) out.push_back(id_of(path));
  return out;
}

std::optional<KernelProfile> find_kernel_profile(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                                 const Diagnostic& place) {
  const std::string folded = folded_id(id);
  const std::vector<std::string> ids = kernel_profile_ids(catalogue);
  for (const std::string& known : ids) {
    if (folded_id(known) == folded) return load(catalogue, std::string(folder) + known + ".json", faults);
  }
  const std::vector<std::string_view> candidates(ids.begin(), ids.end());
  Diagnostic fault = place;
  fault.message = "unknown profile \"" + std::string(id.substr(0, 80)) + "\"";
  fault.hint = did_you_mean(id, candidates);
  if (fault.hint.empty()) fault.hint = "`sextant list profiles` shows all";
  faults.add(std::move(fault));
  return std::nullopt;
}

std::vector<KernelProfile> kernel_profiles_of(const Catalogue& catalogue, std::string_view gpu_id,
                                              Diagnostics& faults) {
  std::vector<KernelProfile> out;
  for (const std::string& path : catalogue.list(folder)) {
    // A file that nowhere holds the part's name is not of it; parsing thousands of shapes to find that out takes
    // longer.
    const std::string_view text = catalogue.text(path).value_or("");
    if (folded_id(text).find(folded_id(gpu_id)) == std::string::npos) continue;
    std::optional<KernelProfile> profile = load(catalogue, path, faults);
    if (profile && profile->is_of(gpu_id)) out.push_back(std::move(*profile));
  }
  return out;
}

}  // namespace sextant::hardware
