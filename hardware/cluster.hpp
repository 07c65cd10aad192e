// SPDX-License-Identifier: Apache-2.0
// A cluster as the simulator sees it: one kind of GPU, how nodes are made, what joins them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/json/cursor.hpp"
#include "base/quantity.hpp"
#include "hardware/accelerator.hpp"
#include "hardware/fabric.hpp"
#include "hardware/node.hpp"

namespace sextant::hardware {

struct Cluster {
  std::string id;  ///< catalogue id, or "H800-SXM-80GB x 2048"
  Accelerator gpu;
  int gpus = 0;           ///< 0 only where ClusterReading allowed it to be left out
  int gpus_per_node = 8;  ///< GPUs of one host: launchers, NICs, power and failures count in these
  int nvlink_domain = 8;  ///< GPUs that NVLink joins: gpus_per_node in HGX nodes, 72 in NVL72 racks of 4-GPU trays
  IntraNode intra_node = IntraNode::nvswitch;
  ByteRate nic_per_gpu;  ///< per direction
  double nics_per_node = 8;
  std::string node;                      ///< catalogue id of the node type the defaults came from
  std::string fabric;                    ///< catalogue id of the network, e.g. "mpft"
  Fabric network;                        ///< the data behind `fabric`
  Watts node_power;                      ///< rated, of one node of `gpus_per_node`
  Bytes host_memory;                     ///< of one node; 0: not known
  std::vector<std::string> overrides;    ///< GPU keys that the run changed by hand
  std::vector<std::string> assumptions;  ///< what the input left out, what was taken, and from where

  [[nodiscard]] int nodes() const { return (gpus + gpus_per_node - 1) / gpus_per_node; }
};

struct ClusterReading {
  bool gpus_required = true;  ///< false: an absent "gpus" leaves Cluster::gpus at 0 for the planner to choose
};

/// Reads a run's `cluster`: an object {"gpu","gpus","gpus_per_node","nic_gbit_per_s_per_gpu","gpu_overrides","node",
/// "fabric","nvlink_domain"} or a catalogue id. What is left out comes from the GPU's usual node.
[[nodiscard]] std::optional<Cluster> read_cluster(const json::Cursor& at, const Catalogue& catalogue,
                                                  ClusterReading reading = {});

/// A catalogue cluster ("deepseek-h800-2048") or "<gpu> x N" / "Nx<gpu>" on the GPU's usual node. Faults are reported
/// at `place`.
[[nodiscard]] std::optional<Cluster> find_cluster(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                                  const Diagnostic& place = {"command line", 0, "", "", ""});

/// `gpus` of a GPU on its usual node.
[[nodiscard]] std::optional<Cluster> usual_cluster(const Catalogue& catalogue, Accelerator gpu, int gpus,
                                                   Diagnostics& faults);

/// The same cluster with another number of GPUs.
[[nodiscard]] Cluster resized(Cluster cluster, int gpus);

}  // namespace sextant::hardware
