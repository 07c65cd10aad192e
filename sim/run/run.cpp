// SPDX-License-Identifier: Apache-2.0
#include "sim/run/run.hpp"

namespace sextant::sim {

namespace {

bool same_model(const models::ModelSpec& a, const models::ModelSpec& b) {
  return a.hidden == b.hidden && a.vocab == b.vocab && a.tied_embeddings == b.tied_embeddings &&
         a.mtp_layers == b.mtp_layers && a.layer_kind == b.layer_kind && a.kinds == b.kinds;
}

bool same_cluster(const hardware::Cluster& a, const hardware::Cluster& b) {
  return a.gpu.id == b.gpu.id && a.gpus == b.gpus && a.nvlink_domain == b.nvlink_domain &&
         a.nic_per_gpu == b.nic_per_gpu && a.fabric == b.fabric;
}

}  // namespace

bool overlaps_exchange(const Run& run) {
  return run.stack.expert == Overlap::overlapped || run.features.has(Feature::ep_overlap);
}

bool same_run(const Run& a, const Run& b) {
  return a.cluster.gpus == b.cluster.gpus && a.parallelism == b.parallelism && a.batch == b.batch &&
         a.stack.id == b.stack.id && a.precision == b.precision && a.recompute == b.recompute &&
         a.routing == b.routing && a.features == b.features && same_cluster(a.cluster, b.cluster) &&
         same_model(a.model, b.model);
}

}  // namespace sextant::sim
