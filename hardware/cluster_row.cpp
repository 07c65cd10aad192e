// SPDX-License-Identifier: Apache-2.0
#include "hardware/cluster_row.hpp"

namespace sextant::json {

using hardware::ClusterRow;

const Shape<ClusterRow>& ShapeOf<ClusterRow>::get() {
  static const Shape<ClusterRow> shape = [] {
    using C = ClusterRow;
    Shape<C> s("cluster");
    s.ignored("format", "\"sextant/cluster/1\" where a program wrote the file")
        .optional("id", &C::id, "catalogue id, e.g. \"deepseek-h800-2048\"")
        .optional("name", &C::name, "full name")
        .optional("aliases", &C::aliases, "further ids people write")
        .required("gpu", &C::gpu, "catalogue id of the GPU")
        .optional("gpus", &C::gpus, "number of GPUs", between(1, 10'000'000))
        .optional("gpus_per_node", &C::gpus_per_node, "GPUs of one host", between(1, 1024))
        .optional("nvlink_domain", &C::nvlink_domain, "GPUs that NVLink joins; may be more than a host's",
                  between(1, 65536))
        .optional("nic_gbit_per_s_per_gpu", &C::nic_per_gpu, "per direction: NIC bandwidth of a node over its GPUs",
                  positive(1e6).in_units_of(hardware::gbit_per_s))
        .optional("nics_per_node", &C::nics_per_node, "NICs for training traffic", positive(1024))
        .optional("node", &C::node, "catalogue id of the node type; absent: the GPU's usual one")
        .optional("fabric", &C::fabric, "catalogue id of the network; absent: the node's usual one")
        .optional("node_power_w", &C::node_power, "rated power of a node", positive(1e6))
        .custom("gpu_overrides", "keys of the GPU's file laid over it, e.g. {\"tdp_w\": 500}", false, nullptr, nullptr,
                [] {
                  return Json{{"type", "object"}};
                })
        .optional("note", &C::note, "remarks");
    hardware::add_sources(s);
    return s;
  }();
  return shape;
}

}  // namespace sextant::json
