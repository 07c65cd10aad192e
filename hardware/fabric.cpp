// SPDX-License-Identifier: Apache-2.0
#include "hardware/fabric.hpp"

#include <array>

#include "hardware/shapes.hpp"

namespace sextant::json {

using hardware::Fabric;

const Shape<Fabric>& ShapeOf<Fabric>::get() {
  static const Shape<Fabric> shape = [] {
    Shape<Fabric> s("fabric");
    s.ignored("format", "\"sextant/fabric/1\" where a program wrote the file")
        .required("id", &Fabric::id, "catalogue id, e.g. \"mpft\"")
        .required("name", &Fabric::name, "full name")
        .optional("aliases", &Fabric::aliases, "further ids people write")
        .required("kind", &Fabric::kind, "how switches are joined and packets routed")
        .optional("planes", &Fabric::planes, "parallel networks a node is attached to", between(1, 1024))
        .optional("layers", &Fabric::layers, "switch layers", between(0, 16))
        .optional("switch_ports", &Fabric::switch_ports, "ports of one switch", between(0, 4096))
        .optional("max_gpus", &Fabric::max_gpus, "endpoints of a full network", between(0, 100000000))
        .optional("oversubscription", &Fabric::oversubscription,
                  "downlink over uplink bandwidth at the narrowest layer", between(0.1, 100))
        .optional("link_efficiency", &Fabric::link_efficiency, "achieved over nominal NIC rate, large messages",
                  positive(1))
        .optional("all_to_all_efficiency", &Fabric::all_to_all_efficiency,
                  "achieved over nominal NIC rate in all-to-all", positive(1))
        .optional("hop_latency_s", &Fabric::hop_latency, "of one switch", positive(1))
        .optional("base_latency_s", &Fabric::base_latency, "NIC to NIC, small message", positive(1))
        .optional("usd_per_gpu", &Fabric::cost_per_gpu, "network capital cost of one endpoint", positive(1e7))
        .optional("note", &Fabric::note, "remarks");
    hardware::add_sources(s);
    return s;
  }();
  return shape;
}

}  // namespace sextant::json

namespace sextant::hardware {

std::optional<Fabric> read_fabric(const json::Cursor& at) {
  static constexpr std::array<std::string_view, 7> sourceless{"format",         "id",     "name", "aliases", "note",
                                                              "default_source", "sources"};
  Fabric fabric;
  if (!json::ShapeOf<Fabric>::get().read(at, fabric)) return std::nullopt;
  if (!check_sources(at, fabric.sources, sourceless)) return std::nullopt;
  return fabric;
}

}  // namespace sextant::hardware
