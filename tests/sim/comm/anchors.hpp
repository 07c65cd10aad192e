// SPDX-License-Identifier: Apache-2.0
// The measured collectives of hardware/data/collectives, read for the tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "base/source.hpp"
#include "sim/comm/fabric.hpp"
#include "sim/comm/nccl_model.hpp"

namespace sextant::test {

enum class Op { all_reduce, all_gather, reduce_scatter, all_to_all, send_recv };

struct AnchorFabric {
  std::string id;
  hardware::Architecture architecture = hardware::Architecture::hopper;
  ByteRate nvlink;
  int nvlink_links = 0;
  int domain = 8;
  int host = 0;
  ByteRate pcie;
  ByteRate nic;
  bool efa = false;

  [[nodiscard]] sim::comm::Fabric fabric() const;
};

struct Anchor {
  std::string fabric;
  Op op = Op::all_reduce;
  int nodes = 1;
  int ranks = 1;
  Bytes bytes;
  std::string algorithm;  ///< forced; empty: NCCL's choice
  ByteRate busbw;         ///< zero: `time` is given
  Seconds time;
  bool size_not_stated = false;  ///< the figure is of large messages, the size is ours
  std::string source;

  [[nodiscard]] sim::comm::Group group(const AnchorFabric& on) const;
  [[nodiscard]] Seconds measured() const;
  [[nodiscard]] Seconds predicted(const AnchorFabric& on) const;
};

struct AnchorFile {
  std::string format;
  std::string note;
  std::map<std::string, Source> sources;
  std::vector<AnchorFabric> fabrics;
  std::vector<Anchor> rows;

  [[nodiscard]] const AnchorFabric& fabric_of(const Anchor& row) const;
};

/// A share of nominal bandwidth: SimAI's table.
struct Efficiency {
  Op op = Op::all_gather;
  int nodes = 1;
  int ranks = 8;
  Bytes bytes;
  double efficiency = 0;
};
struct EfficiencyFile {
  std::string format;
  std::string note;
  Source source;
  std::vector<Efficiency> rows;
};

enum class Half { dispatch, combine };
enum class Sent { fp8, bf16 };

struct Exchange {
  std::string gpu;
  Half op = Half::dispatch;
  int ep = 1;
  int tokens = 0;
  int hidden = 0;
  int top_k = 8;
  Sent precision = Sent::bf16;
  int node_limit = 0;
  int sms = 0;
  bool overlapped = false;  ///< in a training step, beside compute
  ByteRate bandwidth;       ///< as DeepEP counts it
  std::string source;

  /// Hidden state of a token as sent: blockwise fp8 carries an fp32 scale for 128 values.
  [[nodiscard]] Bytes token_bytes() const { return Bytes{hidden * (precision == Sent::fp8 ? 1.0 + 4.0 / 128.0 : 2.0)}; }
};
struct ExchangeFile {
  std::string format;
  std::string note;
  std::map<std::string, Source> sources;
  std::vector<Exchange> rows;
};

[[nodiscard]] AnchorFile nccl_tests();
[[nodiscard]] EfficiencyFile simai_efficiency();
[[nodiscard]] ExchangeFile expert_exchanges();

/// The value that a share `q` of the list does not exceed.
[[nodiscard]] double quantile(std::vector<double> list, double q);

}  // namespace sextant::test
