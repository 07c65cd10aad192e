// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/comm/anchors.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/catalogue.hpp"
#include "base/json/shape.hpp"
#include "sim/comm/collectives.hpp"

namespace sextant::json {

using namespace sextant::test;

template <>
struct EnumNames<Op> {
  static constexpr std::array<std::pair<std::string_view, Op>, 5> table{{{"all_reduce", Op::all_reduce},
                                                                         {"all_gather", Op::all_gather},
                                                                         {"reduce_scatter", Op::reduce_scatter},
                                                                         {"all_to_all", Op::all_to_all},
                                                                         {"send_recv", Op::send_recv}}};
};
template <>
struct EnumNames<Half> {
  static constexpr std::array<std::pair<std::string_view, Half>, 2> table{
      {{"dispatch", Half::dispatch}, {"combine", Half::combine}}};
};
template <>
struct EnumNames<Sent> {
  static constexpr std::array<std::pair<std::string_view, Sent>, 2> table{{{"fp8", Sent::fp8}, {"bf16", Sent::bf16}}};
};
template <>
struct EnumNames<hardware::Architecture> {
  static constexpr std::array<std::pair<std::string_view, hardware::Architecture>, 3> table{
      {{"ampere", hardware::Architecture::ampere},
       {"hopper", hardware::Architecture::hopper},
       {"blackwell", hardware::Architecture::blackwell}}};
};

template <>
struct ShapeOf<AnchorFabric> {
  static const Shape<AnchorFabric>& get() {
    static const auto shape = Shape<AnchorFabric>("fabric")
                                  .required("id", &AnchorFabric::id, "id")
                                  .required("architecture", &AnchorFabric::architecture, "of the GPU")
                                  .required("nvlink_bytes_per_s", &AnchorFabric::nvlink, "nominal", positive())
                                  .required("nvlink_links", &AnchorFabric::nvlink_links, "links", non_negative())
                                  .required("domain", &AnchorFabric::domain, "GPUs NVLink joins", positive())
                                  .optional("host", &AnchorFabric::host, "GPUs PCIe joins", positive())
                                  .optional("pcie_bytes_per_s", &AnchorFabric::pcie, "nominal", positive())
                                  .required("nic_bytes_per_s", &AnchorFabric::nic, "nominal, per GPU", positive())
                                  .optional("efa", &AnchorFabric::efa, "EFA network");
    return shape;
  }
};
template <>
struct ShapeOf<Anchor> {
  static const Shape<Anchor>& get() {
    static const auto shape =
        Shape<Anchor>("row")
            .required("fabric", &Anchor::fabric, "id of a fabric")
            .required("op", &Anchor::op, "collective")
            .required("nodes", &Anchor::nodes, "nodes", positive())
            .required("ranks", &Anchor::ranks, "ranks", positive())
            .required("bytes", &Anchor::bytes, "buffer", positive())
            .optional("algorithm", &Anchor::algorithm, "forced")
            .optional("busbw_bytes_per_s", &Anchor::busbw, "as nccl-tests counts it", positive())
            .optional("time_s", &Anchor::time, "of one call", positive())
            .optional("size_not_stated", &Anchor::size_not_stated, "the source gives the large-message figure only")
            .required("source", &Anchor::source, "id of a source")
            .check([](const Cursor& c, const Anchor& a) {
              return (a.busbw > ByteRate{}) != (a.time > Seconds{}) || c.expected("either busbw or time");
            });
    return shape;
  }
};
template <>
struct ShapeOf<AnchorFile> {
  static const Shape<AnchorFile>& get() {
    static const auto shape = Shape<AnchorFile>("collectives")
                                  .required("format", &AnchorFile::format, "sextant/collectives/1")
                                  .required("note", &AnchorFile::note, "remark")
                                  .required("sources", &AnchorFile::sources, "sources by id")
                                  .required("fabrics", &AnchorFile::fabrics, "fabrics")
                                  .required("rows", &AnchorFile::rows, "measurements");
    return shape;
  }
};
template <>
struct ShapeOf<Efficiency> {
  static const Shape<Efficiency>& get() {
    static const auto shape = Shape<Efficiency>("row")
                                  .required("op", &Efficiency::op, "collective")
                                  .required("nodes", &Efficiency::nodes, "nodes", positive())
                                  .required("ranks", &Efficiency::ranks, "ranks", positive())
                                  .required("bytes", &Efficiency::bytes, "buffer", positive())
                                  .required("efficiency", &Efficiency::efficiency, "share", between(0, 1));
    return shape;
  }
};
template <>
struct ShapeOf<EfficiencyFile> {
  static const Shape<EfficiencyFile>& get() {
    static const auto shape = Shape<EfficiencyFile>("efficiencies")
                                  .required("format", &EfficiencyFile::format, "sextant/collectives-efficiency/1")
                                  .required("note", &EfficiencyFile::note, "remark")
                                  .required("source", &EfficiencyFile::source, "source of every row")
                                  .required("rows", &EfficiencyFile::rows, "rows");
    return shape;
  }
};
template <>
struct ShapeOf<Exchange> {
  static const Shape<Exchange>& get() {
    static const auto shape =
        Shape<Exchange>("row")
            .required("gpu", &Exchange::gpu, "GPU or its architecture")
            .required("op", &Exchange::op, "half of the exchange")
            .required("ep", &Exchange::ep, "ranks", positive())
            .required("tokens", &Exchange::tokens, "a rank", positive())
            .required("hidden", &Exchange::hidden, "width", positive())
            .required("top_k", &Exchange::top_k, "experts a token", positive())
            .required("precision", &Exchange::precision, "as sent")
            .optional("node_limit", &Exchange::node_limit, "nodes a token may go to", positive())
            .optional("sms", &Exchange::sms, "SMs of the kernels", positive())
            .optional("overlapped", &Exchange::overlapped, "beside compute")
            .required("bandwidth_bytes_per_s", &Exchange::bandwidth, "as DeepEP counts it", positive())
            .required("source", &Exchange::source, "id of a source");
    return shape;
  }
};
template <>
struct ShapeOf<ExchangeFile> {
  static const Shape<ExchangeFile>& get() {
    static const auto shape = Shape<ExchangeFile>("exchanges")
                                  .required("format", &ExchangeFile::format, "sextant/expert-exchange/1")
                                  .required("note", &ExchangeFile::note, "remark")
                                  .required("sources", &ExchangeFile::sources, "sources by id")
                                  .required("rows", &ExchangeFile::rows, "rows");
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::test {

namespace {

using namespace sim::comm;

template <class File>
File read(const std::string& name) {
  Diagnostics faults;
  const std::string path = std::string(SEXTANT_SOURCE_DIR) + "/hardware/data/collectives/" + name;
  File file;
  if (const auto text = read_text_file(path, faults)) {
    if (const auto node = json::parse(*text, path, faults)) {
      json::Value<File>::read(json::Cursor(*node, path, faults), {}, file);
    }
  }
  if (!faults.empty()) throw std::runtime_error(faults.text());
  return file;
}

Collective collective_of(Op op) {
  switch (op) {
    case Op::all_reduce: return Collective::all_reduce;
    case Op::all_gather: return Collective::all_gather;
    default: return Collective::reduce_scatter;
  }
}

}  // namespace

Fabric AnchorFabric::fabric() const {
  Fabric f = usual_fabric(architecture, nvlink, nvlink_links, domain, nic);
  if (host > domain) {
    f.host = host;
    f.pcie = pcie;
    f.nvswitch = f.nvls = false;
  }
  if (efa) {
    f.low_latency_network = false;
    f.net_hop_latency = Seconds{20e-6};
  }
  return f;
}

Group Anchor::group(const AnchorFabric& on) const {
  const int in_node = ranks / nodes;
  return {ranks, std::min(in_node, on.domain), 1, in_node};
}

Seconds Anchor::measured() const {
  if (time > Seconds{}) return time;
  switch (op) {
    case Op::all_to_all: return bytes * ((ranks - 1.0) / ranks) / busbw;
    case Op::send_recv: return bytes / busbw;
    default: return bus_bytes(collective_of(op), ranks, bytes) / busbw;
  }
}

Seconds Anchor::predicted(const AnchorFabric& on) const {
  const Fabric f = on.fabric();
  const Group g = group(on);
  if (op == Op::all_to_all) return all_to_all(f, g, bytes).total;
  if (op == Op::send_recv) return send_recv(f, g, bytes).total;
  for (const auto& [name, forced] : algorithm_names) {
    if (name == algorithm) return estimate(f, g, collective_of(op), forced, Protocol::simple, bytes)->total;
  }
  return fastest(f, g, collective_of(op), bytes).total;
}

const AnchorFabric& AnchorFile::fabric_of(const Anchor& row) const {
  for (const AnchorFabric& f : fabrics) {
    if (f.id == row.fabric) return f;
  }
  throw std::runtime_error("no fabric " + row.fabric);
}

AnchorFile nccl_tests() { return read<AnchorFile>("nccl_tests.json"); }
EfficiencyFile simai_efficiency() { return read<EfficiencyFile>("simai_efficiency.json"); }
ExchangeFile expert_exchanges() { return read<ExchangeFile>("expert_exchange.json"); }

double quantile(std::vector<double> list, double q) {
  std::sort(list.begin(), list.end());
  return list.at(static_cast<std::size_t>(q * static_cast<double>(list.size() - 1) + 0.5));
}

}  // namespace sextant::test
