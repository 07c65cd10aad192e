// SPDX-License-Identifier: Apache-2.0
// cuDNN's backend on the host, for the tests of attention: takes descriptors as its documentation has them, refuses
// what the documentation refuses, and runs a graph node by node. It knows nothing of attention.
#pragma once

#include <cudnn.h>

#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sextant::profile::test {

/// One descriptor: what was set, and whether it is finalised.
struct Node {
  struct Attribute {
    cudnnBackendAttributeType_t type = CUDNN_TYPE_INT64;
    std::int64_t count = 0;
    std::vector<char> bytes;
    std::vector<std::shared_ptr<const Node>> nodes;  ///< where the type is a descriptor
  };

  cudnnBackendDescriptorType_t type = CUDNN_BACKEND_TENSOR_DESCRIPTOR;
  bool finalised = false;
  std::map<cudnnBackendAttributeName_t, Attribute> attributes;

  [[nodiscard]] bool has(cudnnBackendAttributeName_t name) const { return attributes.count(name) > 0; }
  template <class T>
  [[nodiscard]] T value(cudnnBackendAttributeName_t name, std::size_t index = 0) const {
    T out{};
    std::memcpy(&out, attributes.at(name).bytes.data() + index * sizeof(T), sizeof(T));
    return out;
  }
  [[nodiscard]] const Node& node(cudnnBackendAttributeName_t name, std::size_t index = 0) const {
    return *attributes.at(name).nodes.at(index);
  }
};

using Dims = std::array<std::int64_t, 4>;
[[nodiscard]] Dims dims_of(const Node& tensor);
[[nodiscard]] Dims strides_of(const Node& tensor);
[[nodiscard]] std::int64_t id_of(const Node& tensor);
[[nodiscard]] bool is_inner(const Node& tensor);

/// What an operation reads, and what it writes.
struct Operands {
  std::vector<const Node*> inputs;
  const Node* output = nullptr;
};
[[nodiscard]] Operands operands_of(const Node& operation);

/// What an attribute of this descriptor takes; nothing where it has none of this name.
struct Form {
  cudnnBackendAttributeType_t type = CUDNN_TYPE_INT64;
  std::int64_t count = 0;  ///< 0: any
};
[[nodiscard]] std::optional<Form> form_of(cudnnBackendDescriptorType_t descriptor, cudnnBackendAttributeName_t name);

/// Why the descriptor cannot be finalised; empty: it can.
[[nodiscard]] std::string fault_of(const Node& node);

/// Runs the graph on host memory: a pointer for each tensor that is not inside it.
void execute(const Node& graph, const std::map<std::int64_t, void*>& memory);

}  // namespace sextant::profile::test
