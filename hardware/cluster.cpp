// SPDX-License-Identifier: Apache-2.0
#include "hardware/cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "hardware/catalogue.hpp"
#include "hardware/cluster_row.hpp"
#include "hardware/lookup.hpp"

namespace sextant::hardware {

namespace {

/// What a part of a cluster was taken from, for the list of assumptions.
std::string cited(const Node& node, const std::string& key) {
  auto found = node.sources.find(key);
  if (found == node.sources.end()) found = node.sources.find("");
  if (found == node.sources.end()) return node.id;
  const Source& s = found->second;
  std::string_view trust = "assumed";
  for (const auto& [name, value] : trust_names) {
    if (value == s.trust) trust = name;
  }
  return fmt::format("{} ({}, {}; {})", node.id, s.title, s.date, trust);
}

/// Makes one Cluster out of a row, its GPU and node, noting every figure the row leaves out.
class Composer {
 public:
  Composer(const ClusterRow& row, const Node& node, Cluster& out) : row_(row), node_(node), out_(out) {}

  void compose(Watts usual_tdp) {
    out_.node = node_.id;
    out_.intra_node = node_.intra_node;
    out_.gpus_per_node = row_.gpus_per_node.value_or(node_.gpus);
    if (!row_.gpus_per_node) assume("gpus_per_node", fmt::format("{}", node_.gpus), "gpus");
    settle_nvlink();
    settle_nics();
    settle_power(usual_tdp);
  }

 private:
  void assume(std::string_view key, std::string_view value, const std::string& node_key) {
    out_.assumptions.push_back(fmt::format("cluster/{} = {}, as in the node {}", key, value, cited(node_, node_key)));
  }

  [[nodiscard]] double node_share() const { return static_cast<double>(out_.gpus_per_node) / node_.gpus; }

  /// In a rack, NVLink reaches past the host; in a server, not past the GPUs the run says it has.
  void settle_nvlink() {
    const bool overridden =
        std::find(out_.overrides.begin(), out_.overrides.end(), "nvlink_domain") != out_.overrides.end();
    const bool rack = node_.nvlink_domain > node_.gpus;
    if (row_.nvlink_domain) {
      out_.nvlink_domain = *row_.nvlink_domain;
    } else if (overridden) {
      out_.nvlink_domain = out_.gpu.nvlink_domain;
    } else {
      out_.nvlink_domain = rack ? node_.nvlink_domain : std::min(node_.nvlink_domain, out_.gpus_per_node);
      if (out_.nvlink_domain != out_.gpus_per_node) {
        assume("nvlink_domain", fmt::format("{}", out_.nvlink_domain), "nvlink_domain");
      }
    }
  }

  void settle_nics() {
    out_.nic_per_gpu = row_.nic_per_gpu.value_or(node_.nic_per_gpu);
    if (!row_.nic_per_gpu) {
      assume("nic_gbit_per_s_per_gpu", fmt::format("{:g}", out_.nic_per_gpu.value() / gbit_per_s),
             "nic_gbit_per_s_per_gpu");
    }
    if (row_.nics_per_node) {
      out_.nics_per_node = *row_.nics_per_node;
    } else if (out_.nic_per_gpu == node_.nic_per_gpu) {
      out_.nics_per_node = std::max(1.0, node_.nics * node_share());
    } else {
      guess_nics();
    }
  }

  /// One NIC a GPU from 100 Gb/s on; below that, GPUs share NICs of 100 Gb/s.
  void guess_nics() {
    const double per_node = out_.nic_per_gpu.value() / gbit_per_s * out_.gpus_per_node;
    out_.nics_per_node = std::max(1.0, std::min<double>(out_.gpus_per_node, std::round(per_node / 100.0)));
    out_.assumptions.push_back(
        fmt::format("cluster/nics_per_node = {:g}: {:g} Gb/s a node in NICs of at least 100 Gb/s, one a GPU at most",
                    out_.nics_per_node, per_node));
  }

  /// The node's rating, with the GPUs' own share following their power limit.
  void settle_power(Watts usual_tdp) {
    if (row_.node_power) {
      out_.node_power = *row_.node_power;
    } else {
      out_.node_power = node_.max_power * node_share() + (out_.gpu.tdp - usual_tdp) * out_.gpus_per_node;
      assume("node_power_w", fmt::format("{:.6g}", out_.node_power.value()), "max_power_w");
    }
    out_.host_memory = node_.host_memory * node_share();
  }

  const ClusterRow& row_;
  const Node& node_;
  Cluster& out_;
};

std::optional<Accelerator> find_gpu(const json::Cursor& at, const Catalogue& catalogue, const ClusterRow& row,
                                    Cluster& out, Watts& usual_tdp) {
  const json::Node* id = at.node().find("gpu");
  std::optional<Accelerator> gpu = find_accelerator(catalogue, row.gpu, at.faults(), place_of(at.member("gpu", *id)));
  if (!gpu) return std::nullopt;
  usual_tdp = gpu->tdp;
  const json::Node* overrides = at.node().find("gpu_overrides");
  if (overrides == nullptr) return gpu;
  if (!read_accelerator_over(at.member("gpu_overrides", *overrides), *gpu)) return std::nullopt;
  for (const json::Member& m : overrides->members) out.overrides.push_back(m.key);
  return gpu;
}

/// A GPU of the user's that names no node: a plain server around what the run says.
Node bare_node(const Accelerator& gpu) {
  constexpr double power_overhead = 1.8;
  Node node;
  node.id = "a plain server";
  node.gpus = 8;
  node.nvlink_domain = gpu.nvlink_domain;
  node.intra_node = gpu.nvlink_links > 0 ? IntraNode::nvswitch : IntraNode::pcie;
  node.nic_per_gpu = ByteRate{200 * gbit_per_s};
  node.fabric = "ib-fat-tree";
  node.max_power = gpu.tdp * power_overhead * node.gpus;
  node.sources[""] = {
      "the GPU names no default_node: 8 GPUs, 200 Gb/s each, 1.8 x GPU power (Epoch AI's default factor)",
      "cost_analysis_standalone.py @263c40a", "2026-04-01", Trust::assumed};
  return node;
}

std::optional<Node> node_for(const json::Cursor& at, const Catalogue& catalogue, const ClusterRow& row,
                             const Accelerator& gpu) {
  if (row.node)
    return find_node(catalogue, *row.node, at.faults(), place_of(at.member("node", *at.node().find("node"))));
  if (gpu.default_node.empty()) return bare_node(gpu);
  return find_node(catalogue, gpu.default_node, at.faults(), {gpu.id, 0, "/default_node", "", ""});
}

bool settle_fabric(const json::Cursor& at, const Catalogue& catalogue, const ClusterRow& row, const Node& node,
                   Cluster& out) {
  const Diagnostic place =
      row.fabric ? place_of(at.member("fabric", *at.node().find("fabric"))) : Diagnostic{node.id, 0, "/fabric", "", ""};
  std::optional<Fabric> fabric = find_fabric(catalogue, row.fabric.value_or(node.fabric), at.faults(), place);
  if (!fabric) return false;
  out.fabric = fabric->id;
  out.network = std::move(*fabric);
  if (!row.fabric) {
    out.assumptions.push_back(
        fmt::format("cluster/fabric = {}, as in the node {}", out.fabric, cited(node, "nic_gbit_per_s_per_gpu")));
  }
  return true;
}

std::optional<Cluster> compose(const json::Cursor& at, const Catalogue& catalogue, const ClusterRow& row) {
  Cluster out;
  Watts usual_tdp;
  std::optional<Accelerator> gpu = find_gpu(at, catalogue, row, out, usual_tdp);
  if (!gpu) return std::nullopt;
  out.gpu = std::move(*gpu);
  out.gpus = row.gpus.value_or(0);
  const std::optional<Node> node = node_for(at, catalogue, row, out.gpu);
  if (!node) return std::nullopt;
  Composer(row, *node, out).compose(usual_tdp);
  if (!settle_fabric(at, catalogue, row, *node, out)) return std::nullopt;
  out.id = row.id.empty() ? fmt::format("{} x {}", out.gpu.id, out.gpus) : row.id;
  return out;
}

std::optional<Cluster> read_object(const json::Cursor& at, const Catalogue& catalogue, bool gpus_required) {
  ClusterRow row;
  bool good = json::ShapeOf<ClusterRow>::get().read(at, row);
  if (gpus_required && at.node().type == json::Type::object && at.node().find("gpus") == nullptr) {
    at.fault("the key \"gpus\" is missing: number of GPUs");
    good = false;
  }
  if (!good) {
    // The GPU's keys can be checked all the same, so that all faults come at once.
    Cluster unused;
    Watts tdp;
    if (!row.gpu.empty()) (void)find_gpu(at, catalogue, row, unused, tdp);
    return std::nullopt;
  }
  return compose(at, catalogue, row);
}

std::optional<Cluster> read_file(const Catalogue& catalogue, const std::string& path, Diagnostics& faults) {
  static constexpr std::array<std::string_view, 9> sourceless{
      "format", "id", "name", "aliases", "gpu_overrides", "fabric", "note", "default_source", "sources"};
  const std::optional<json::Node> node = parse_file(catalogue, path, faults);
  if (!node) return std::nullopt;
  const json::Cursor at(*node, path, faults);
  ClusterRow row;
  if (!json::ShapeOf<ClusterRow>::get().read(at, row) || !check_sources(at, row.sources, sourceless))
    return std::nullopt;
  if (!row.gpus) {
    at.fault("the key \"gpus\" is missing: number of GPUs");
    return std::nullopt;
  }
  return compose(at, catalogue, row);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t*";
  const std::size_t begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::optional<int> count(std::string_view text) {
  constexpr int most_gpus = 10'000'000;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > most_gpus) return std::nullopt;
  return value;
}

struct Counted {
  std::string_view gpu;
  int gpus;
};

/// "h800 x 2048", "2048 x h800", "2048xH800", "h100*64". The GPU must be known: "RTX4090" is no 4,090 of anything.
std::optional<Counted> counted(const Catalogue& catalogue, std::string_view id) {
  for (std::size_t i = id.find_first_of("xX*"); i != std::string_view::npos; i = id.find_first_of("xX*", i + 1)) {
    const std::string_view left = trimmed(id.substr(0, i));
    const std::string_view right = trimmed(id.substr(i + 1));
    if (const std::optional<int> n = count(right); n && locate(catalogue, Kind::gpu, left)) return Counted{left, *n};
    if (const std::optional<int> n = count(left); n && locate(catalogue, Kind::gpu, right)) return Counted{right, *n};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Cluster> read_cluster(const json::Cursor& at, const Catalogue& catalogue, ClusterReading reading) {
  if (at.node().type == json::Type::string) {
    return find_cluster(catalogue, at.node().string, at.faults(), place_of(at));
  }
  if (at.node().type != json::Type::object) {
    at.expected("a cluster object or a catalogue id");
    return std::nullopt;
  }
  return read_object(at, catalogue, reading.gpus_required);
}

std::optional<Cluster> find_cluster(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                    const Diagnostic& place) {
  if (const std::optional<std::string> path = locate(catalogue, Kind::cluster, id)) {
    return read_file(catalogue, *path, faults);
  }
  if (const std::optional<Counted> c = counted(catalogue, id)) {
    std::optional<Accelerator> gpu = find_accelerator(catalogue, c->gpu, faults, place);
    if (!gpu) return std::nullopt;
    return usual_cluster(catalogue, std::move(*gpu), c->gpus, faults);
  }
  report_unknown(catalogue, Kind::cluster, id, faults, place,
                 "a cluster is a catalogue id or \"<gpu> x <number>\", e.g. \"h800 x 2048\"");
  return std::nullopt;
}

std::optional<Cluster> usual_cluster(const Catalogue& catalogue, Accelerator gpu, int gpus, Diagnostics& faults) {
  const std::string file = gpu.id;
  const json::Node nothing;
  const json::Cursor at(nothing, file, faults);
  const ClusterRow row;
  const std::optional<Node> node = node_for(at, catalogue, row, gpu);
  if (!node) return std::nullopt;
  Cluster out;
  out.gpu = std::move(gpu);
  out.gpus = gpus;
  Composer(row, *node, out).compose(out.gpu.tdp);
  if (!settle_fabric(at, catalogue, row, *node, out)) return std::nullopt;
  out.id = fmt::format("{} x {}", out.gpu.id, gpus);
  return out;
}

Cluster resized(Cluster cluster, int gpus) {
  cluster.gpus = gpus;
  cluster.id = fmt::format("{} x {}", cluster.gpu.id, gpus);
  return cluster;
}

}  // namespace sextant::hardware
