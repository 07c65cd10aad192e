// SPDX-License-Identifier: Apache-2.0
#include "sim/parameters/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "base/json/shape.hpp"

namespace sextant::sim {

std::optional<double> posterior_sigma(const Calibration& c, Parameter parameter) {
  const std::size_t n = c.fitted.size();
  for (std::size_t i = 0; i < n && c.covariance.size() == n * n; ++i) {
    if (c.fitted[i] == parameter) return std::sqrt(std::max(0.0, c.covariance[i * n + i]));
  }
  return std::nullopt;
}

namespace {

/// One row of the file.
struct Row {
  std::string tag;
  double value = 0;
  std::optional<double> sigma;  ///< posterior standard deviation of the logarithm
};

struct File {
  std::string id;
  int rows = 0;
  std::vector<Row> parameters;
  std::vector<std::string> fitted;
  std::vector<std::vector<double>> covariance;
  std::vector<Evidence> evidence;
  Source source;
};

constexpr std::string_view path = "sim/data/calibration.json";

const ParameterInfo* find_parameter(std::string_view tag) {
  for (const ParameterInfo& info : parameter_table()) {
    if (info.tag == tag) return &info;
  }
  return nullptr;
}

}  // namespace

}  // namespace sextant::sim

namespace sextant::json {

template <>
struct ShapeOf<sim::Row> {
  static const Shape<sim::Row>& get() {
    static const Shape<sim::Row> shape = Shape<sim::Row>("calibrated parameter")
                                             .required("tag", &sim::Row::tag, "name of the parameter")
                                             .required("value", &sim::Row::value, "its value", positive())
                                             .optional("sigma", &sim::Row::sigma, "of its logarithm", non_negative())
                                             .ignored("meaning", "for people");
    return shape;
  }
};

template <>
struct ShapeOf<sim::Evidence> {
  static const Shape<sim::Evidence>& get() {
    using E = sim::Evidence;
    static const Shape<E> shape =
        Shape<E>("rows of one kind")
            .required("stack", &E::stack, "software stack")
            .required("architecture", &E::architecture, "of the GPU")
            .required("experts", &E::experts, "mixture of experts")
            .required("bits", &E::bits, "of the narrowest GEMM inputs", between(4, 32))
            .required("rows", &E::rows, "observations of this kind", non_negative())
            .required("largest_gpus", &E::largest_gpus, "most GPUs among them", non_negative())
            .required("longest_sequence", &E::longest_sequence, "longest sequence among them", non_negative());
    return shape;
  }
};

template <>
struct ShapeOf<sim::File> {
  static const Shape<sim::File>& get() {
    static const Shape<sim::File> shape =
        Shape<sim::File>("calibration")
            .ignored("format", "sextant/calibration/1")
            .required("id", &sim::File::id, "name")
            .required("rows", &sim::File::rows, "observations it rests on", non_negative())
            .required("parameters", &sim::File::parameters, "values")
            .optional("fitted", &sim::File::fitted, "rows and columns of the covariance")
            .optional("covariance", &sim::File::covariance, "of the logarithms")
            .optional("evidence", &sim::File::evidence, "rows by kind")
            .required("source", &sim::File::source, "how it was made");
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::sim {

std::optional<Calibration> read_calibration(const json::Cursor& at) {
  File file;
  if (!json::Value<File>::read(at, {}, file)) return std::nullopt;
  Calibration c;
  c.id = file.id;
  c.rows = file.rows;
  c.evidence = file.evidence;
  c.source = file.source;
  bool good = true;
  for (const Row& row : file.parameters) {
    if (const ParameterInfo* info = find_parameter(row.tag)) {
      c.parameters[info->parameter] = row.value;
    } else {
      at.fault_at("parameters", "unknown parameter \"" + row.tag + "\"");
      good = false;
    }
  }
  for (const std::string& tag : file.fitted) {
    const ParameterInfo* info = find_parameter(tag);
    if (info == nullptr) {
      at.fault_at("fitted", "unknown parameter \"" + tag + "\"");
      good = false;
      continue;
    }
    c.fitted.push_back(info->parameter);
  }
  bool square = true;
  for (const std::vector<double>& line : file.covariance) {
    square = square && line.size() == file.fitted.size();
    c.covariance.insert(c.covariance.end(), line.begin(), line.end());
  }
  square = square && (file.covariance.empty() || file.covariance.size() == file.fitted.size());
  if (!square) at.fault_at("covariance", "expected one row and one column for each fitted parameter");
  if (!good || !square) return std::nullopt;
  return c;
}

std::optional<Calibration> shipped_calibration(const Catalogue& catalogue, Diagnostics& faults) {
  const auto text = catalogue.text(path);
  const std::string file(path);
  if (!text) {
    faults.add({file, 0, "", "no calibration in the catalogue", ""});
    return std::nullopt;
  }
  const auto node = json::parse(*text, file, faults);
  if (!node) return std::nullopt;
  return read_calibration(json::Cursor(*node, file, faults));
}

std::string write_calibration(const Calibration& c) {
  json::Json out = {{"format", "sextant/calibration/1"}, {"id", c.id}, {"rows", c.rows}};
  out["source"] = json::Value<Source>::write(c.source, {});
  const std::size_t n = c.fitted.size();
  json::Json parameters = json::Json::array();
  for (const ParameterInfo& info : parameter_table()) {
    json::Json row = {{"tag", std::string(info.tag)}, {"value", c.parameters[info.parameter]}};
    for (std::size_t i = 0; i < n && !c.covariance.empty(); ++i) {
      if (c.fitted[i] == info.parameter) row["sigma"] = std::sqrt(std::max(0.0, c.covariance[i * n + i]));
    }
    row["meaning"] = std::string(info.meaning);
    parameters.push_back(std::move(row));
  }
  out["parameters"] = std::move(parameters);
  out["fitted"] = json::Json::array();
  for (const Parameter p : c.fitted)
    out["fitted"].push_back(std::string(parameter_table()[static_cast<std::size_t>(p)].tag));
  out["covariance"] = json::Json::array();
  for (std::size_t i = 0; i < n && !c.covariance.empty(); ++i) {
    out["covariance"].push_back(std::vector<double>(c.covariance.begin() + static_cast<std::ptrdiff_t>(i * n),
                                                    c.covariance.begin() + static_cast<std::ptrdiff_t>((i + 1) * n)));
  }
  out["evidence"] = json::Value<std::vector<Evidence>>::write(c.evidence, {});
  return out.dump(1) + "\n";
}

}  // namespace sextant::sim
