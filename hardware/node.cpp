// SPDX-License-Identifier: Apache-2.0
#include "hardware/node.hpp"

#include <array>

#include "hardware/shapes.hpp"

namespace sextant::json {

const Shape<hardware::Node>& ShapeOf<hardware::Node>::get() {
  static const Shape<hardware::Node> shape = [] {
    Shape<hardware::Node> s("node");
    s.ignored("format", "\"sextant/node/1\" where a program wrote the file")
        .required("id", &hardware::Node::id, "catalogue id, e.g. \"HGX-H800\"")
        .required("name", &hardware::Node::name, "full name")
        .optional("aliases", &hardware::Node::aliases, "further ids people write")
        .required("gpus", &hardware::Node::gpus, "GPUs of one operating system", between(1, 1024))
        .required("nvlink_domain", &hardware::Node::nvlink_domain, "GPUs that NVLink joins; 1: none", between(1, 65536))
        .required("intra_node", &hardware::Node::intra_node, "how GPUs of one domain reach each other")
        .required("nics", &hardware::Node::nics, "NICs for training traffic", positive(1024))
        .required("nic_gbit_per_s_per_gpu", &hardware::Node::nic_per_gpu,
                  "per direction: NIC bandwidth of the node over its GPUs",
                  positive(1e6).in_units_of(hardware::gbit_per_s))
        .required("fabric", &hardware::Node::fabric, "catalogue id of the network it usually hangs on")
        .required("max_power_w", &hardware::Node::max_power, "rated power of the whole node", positive(1e6))
        .optional("training_power_w", &hardware::Node::training_power, "measured in training, whole node",
                  positive(1e6))
        .optional("host_memory_gib", &hardware::Node::host_memory, "host memory",
                  non_negative(1e6).in_units_of(hardware::gib))
        .optional("note", &hardware::Node::note, "remarks");
    hardware::add_sources(s);
    return s;
  }();
  return shape;
}

}  // namespace sextant::json

namespace sextant::hardware {

std::optional<Node> read_node(const json::Cursor& at) {
  static constexpr std::array<std::string_view, 8> sourceless{"format", "id",   "name",           "aliases",
                                                              "fabric", "note", "default_source", "sources"};
  Node node;
  if (!json::ShapeOf<Node>::get().read(at, node)) return std::nullopt;
  bool good = check_sources(at, node.sources, sourceless);
  if (node.training_power && *node.training_power > node.max_power) {
    at.fault_at("training_power_w", "is above max_power_w");
    good = false;
  }
  if (node.intra_node == IntraNode::pcie && node.nvlink_domain != 1) {
    at.fault_at("nvlink_domain", "expected 1 in a node whose GPUs are joined by PCIe");
    good = false;
  }
  if (!good) return std::nullopt;
  return node;
}

}  // namespace sextant::hardware
