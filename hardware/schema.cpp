// SPDX-License-Identifier: Apache-2.0
#include "hardware/schema.hpp"

#include "hardware/cluster_row.hpp"
#include "hardware/price_file.hpp"
#include "hardware/shapes.hpp"

namespace sextant::hardware {

Json gpu_schema() { return json::ShapeOf<Accelerator>::get().schema(); }
Json node_schema() { return json::ShapeOf<Node>::get().schema(); }
Json fabric_schema() { return json::ShapeOf<Fabric>::get().schema(); }
Json grid_schema() { return json::ShapeOf<Grid>::get().schema(); }
Json price_schema() { return json::ShapeOf<PriceFile>::get().schema(); }
Json energy_schema() { return json::ShapeOf<EnergyFactors>::get().schema(); }

Json cluster_schema() {
  Json schema = json::ShapeOf<ClusterRow>::get().schema();
  Json overrides = gpu_schema();
  overrides.erase("required");
  overrides["description"] = schema["properties"]["gpu_overrides"]["description"];
  schema["properties"]["gpu_overrides"] = std::move(overrides);
  return schema;
}

Json to_json(const Accelerator& gpu) {
  Json out = json::ShapeOf<Accelerator>::get().write(gpu);
  for (const char* key : {"fp64_flop_per_s", "tf32_flop_per_s", "bf16_flop_per_s", "fp8_flop_per_s", "fp4_flop_per_s",
                          "int8_op_per_s", "base_clock_hz", "release_year", "die_area_mm2", "l2_cache_mib"}) {
    if (out[key] == 0) out.erase(key);  // not there, or not known
  }
  if (gpu.nvlink_links == 0) out.erase("nvlink_bytes_per_s");
  if (gpu.export_control.tpp <= 0) out.erase("export_control");
  return out;
}

Json to_json(const Node& node) { return json::ShapeOf<Node>::get().write(node); }
Json to_json(const Fabric& fabric) { return json::ShapeOf<Fabric>::get().write(fabric); }
Json to_json(const Grid& grid) { return json::ShapeOf<Grid>::get().write(grid); }

Json to_json(const PriceRow& row) {
  Json out{{"gpu", row.gpu},
           {"provider", row.provider},
           {"region", row.region},
           {"commitment", json::Value<Commitment>::write(row.commitment, {})},
           {"usd_per_gpu_hour", row.price.value() / usd_per_gpu_hour},
           {"date", row.date}};
  if (!row.gpu_as_printed.empty()) out["gpu_as_printed"] = row.gpu_as_printed;
  if (!row.note.empty()) out["note"] = row.note;
  out["source"] = json::ShapeOf<Source>::get().write(row.source);
  return out;
}

Json to_json(const Cluster& c) {
  Json out{{"gpu", c.gpu.id},
           {"gpus", c.gpus},
           {"gpus_per_node", c.gpus_per_node},
           {"nvlink_domain", c.nvlink_domain},
           {"nic_gbit_per_s_per_gpu", c.nic_per_gpu.value() / gbit_per_s},
           {"nics_per_node", c.nics_per_node}};
  if (c.node != "a plain server") out["node"] = c.node;
  out["fabric"] = c.fabric;
  out["node_power_w"] = c.node_power.value();
  if (!c.overrides.empty()) {
    const Json gpu = json::ShapeOf<Accelerator>::get().write(c.gpu);
    for (const std::string& key : c.overrides) out["gpu_overrides"][key] = gpu.at(key);
  }
  return out;
}

}  // namespace sextant::hardware
