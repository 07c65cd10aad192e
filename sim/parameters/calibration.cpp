// SPDX-License-Identifier: Apache-2.0
#include "sim/parameters/calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

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
  std::vector<std::vector<double>> factor;
  std::vector<Evidence> evidence;
  std::vector<LearnedWidth> widths;
  std::vector<Conflict> conflicts;
  std::string rows_digest;
  std::string code;
  double cost = 0;
  Source source;
};

constexpr std::string_view path = "sim/data/calibration.json";
constexpr double negligible = 1e-6;  // of a logarithm's standard deviation

using Lines = std::vector<std::vector<double>>;

/// L L' of a lower triangle, row by row.
std::vector<double> square_of(const Lines& factor) {
  const std::size_t n = factor.size();
  std::vector<double> c(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k <= j; ++k) sum += factor[i][k] * factor[j][k];
      c[i * n + j] = c[j * n + i] = sum;
    }
  }
  return c;
}

/// Cholesky's lower triangle of a covariance; a direction without variance gets a zero column.
Lines factor_of(const std::vector<double>& c, std::size_t n) {
  Lines factor(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = c[i * n + j];
      for (std::size_t k = 0; k < j; ++k) rest -= factor[i][k] * factor[j][k];
      if (i == j) {
        factor[i].push_back(std::sqrt(std::max(0.0, rest)));
      } else {
        factor[i].push_back(factor[j][j] > 0 ? rest / factor[j][j] : 0.0);
      }
    }
  }
  return factor;
}

/// With so many significant digits; a file for people to review holds no noise.
double rounded(double value, int digits) { return std::strtod(fmt::format("{:.{}g}", value, digits).c_str(), nullptr); }

/// Lists of numbers on one line each; everything else as it is.
std::string with_short_lists(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '[' ? text.find_first_of("]{[\"", at + 1) : std::string::npos;
    if (end == std::string::npos || text[end] != ']') {
      out += text[at++];
      continue;
    }
    for (; at <= end; ++at) {
      if (text[at] == '\n') {
        if (out.back() == ',') out += ' ';
        continue;
      }
      if (text[at] != ' ') out += text[at];
    }
  }
  return out;
}

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
            .required("longest_sequence", &E::longest_sequence, "longest sequence among them", non_negative())
            .optional("points", &E::points, "doublings: GPUs, hidden size, sequence, tokens of a micro-batch, tp, pp");
    return shape;
  }
};

template <>
struct ShapeOf<sim::LearnedWidth> {
  static const Shape<sim::LearnedWidth>& get() {
    using W = sim::LearnedWidth;
    static const Shape<W> shape = Shape<W>("width of a regime")
                                      .required("regime", &W::regime, "tag of the regime")
                                      .required("half_width", &W::half_width, "of the 80 % band", non_negative(10))
                                      .required("rows", &W::rows, "left-out rows it rests on", non_negative());
    return shape;
  }
};

template <>
struct ShapeOf<sim::Conflict> {
  static const Shape<sim::Conflict>& get() {
    using C = sim::Conflict;
    static const Shape<C> shape =
        Shape<C>("published steps of one configuration")
            .required("configuration", &C::configuration, "what they have in common")
            .required("rows", &C::rows, "how many", non_negative())
            .required("half_range", &C::half_range, "half the logarithm of slowest over fastest", non_negative(10));
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
            .optional("covariance_factor", &sim::File::factor,
                      "lower triangle L of the covariance L L', row by row, in the order of \"fitted\"")
            .optional("evidence", &sim::File::evidence, "rows by kind")
            .optional("widths", &sim::File::widths, "half widths by regime, learned from left-out rows")
            .optional("conflicts", &sim::File::conflicts, "published steps of one configuration that disagree")
            .optional("rows_digest", &sim::File::rows_digest, "of the rows' ids and times")
            .optional("code", &sim::File::code, "version of the program that fitted it")
            .optional("cost", &sim::File::cost, "what the fit minimised, at its end", non_negative())
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
  c.widths = file.widths;
  c.conflicts = file.conflicts;
  c.rows_digest = file.rows_digest;
  c.code = file.code;
  c.cost = file.cost;
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
  bool triangle = file.factor.empty() || file.factor.size() == file.fitted.size();
  for (std::size_t i = 0; i < file.factor.size(); ++i) triangle = triangle && file.factor[i].size() == i + 1;
  if (!triangle) at.fault_at("covariance_factor", "expected one row for each fitted parameter, each one longer");
  if (!good || !square || !triangle) return std::nullopt;
  if (!file.factor.empty()) c.covariance = square_of(file.factor);
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
  if (!c.rows_digest.empty()) out["rows_digest"] = c.rows_digest;
  if (!c.code.empty()) out["code"] = c.code;
  if (c.cost > 0) out["cost"] = rounded(c.cost, 6);
  out["source"] = json::Value<Source>::write(c.source, {});
  json::Json parameters = json::Json::array();
  for (const ParameterInfo& info : parameter_table()) {
    json::Json row = {{"tag", std::string(info.tag)}, {"value", rounded(c.parameters[info.parameter], 6)}};
    if (const auto sigma = posterior_sigma(c, info.parameter)) row["sigma"] = rounded(*sigma, 3);
    row["meaning"] = std::string(info.meaning);
    parameters.push_back(std::move(row));
  }
  out["parameters"] = std::move(parameters);
  out["fitted"] = json::Json::array();
  for (const Parameter p : c.fitted)
    out["fitted"].push_back(std::string(parameter_table()[static_cast<std::size_t>(p)].tag));
  if (!c.covariance.empty()) {
    Lines factor = factor_of(c.covariance, c.fitted.size());
    for (std::vector<double>& line : factor) {
      for (double& v : line) v = std::abs(v) < negligible ? 0.0 : rounded(v, 3);
    }
    out["covariance_factor"] = factor;
  }
  std::vector<LearnedWidth> widths = c.widths;
  for (LearnedWidth& w : widths) w.half_width = rounded(w.half_width, 3);
  out["widths"] = json::Value<std::vector<LearnedWidth>>::write(widths, {});
  std::vector<Conflict> conflicts = c.conflicts;
  for (Conflict& one : conflicts) one.half_range = rounded(one.half_range, 3);
  out["conflicts"] = json::Value<std::vector<Conflict>>::write(conflicts, {});
  out["evidence"] = json::Value<std::vector<Evidence>>::write(c.evidence, {});
  return with_short_lists(out.dump(1)) + "\n";
}

}  // namespace sextant::sim
