// SPDX-License-Identifier: Apache-2.0
// Descriptors: which attributes each has, of what type, and when it is whole.
#include "tests/profiler/fake_cudnn.hpp"

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>

#include "tests/profiler/fake_libraries.hpp"

namespace sextant::profile::test {

namespace {

struct Rule {
  cudnnBackendDescriptorType_t descriptor;
  cudnnBackendAttributeName_t name;
  cudnnBackendAttributeType_t type;
  std::int64_t count;  ///< 0: any
  bool required;
};

// NVIDIA, cuDNN documentation, "Backend API": the attributes of each descriptor.
constexpr std::array<Rule, 37> rules{{
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1, true},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, 1, true},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, 1, true},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, 4, true},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, 4, true},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN, 1, false},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_IS_BY_VALUE, CUDNN_TYPE_BOOLEAN, 1, false},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_REORDERING_MODE, CUDNN_TYPE_TENSOR_REORDERING_MODE, 1, false},
    {CUDNN_BACKEND_MATMUL_DESCRIPTOR, CUDNN_ATTR_MATMUL_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, true},
    {CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR, CUDNN_ATTR_OPERATION_MATMUL_ADESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR, CUDNN_ATTR_OPERATION_MATMUL_BDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR, CUDNN_ATTR_OPERATION_MATMUL_CDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR, CUDNN_ATTR_OPERATION_MATMUL_DESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_POINTWISE_DESCRIPTOR, CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE, 1, true},
    {CUDNN_BACKEND_POINTWISE_DESCRIPTOR, CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_TYPE_DATA_TYPE, 1, true},
    {CUDNN_BACKEND_POINTWISE_DESCRIPTOR, CUDNN_ATTR_POINTWISE_AXIS, CUDNN_TYPE_INT64, 1, false},
    {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR,
     CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, true},
    {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_XDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, true},
    {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_BDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, false},
    {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_TDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, false},
    {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_YDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, true},
    {CUDNN_BACKEND_REDUCTION_DESCRIPTOR, CUDNN_ATTR_REDUCTION_OPERATOR, CUDNN_TYPE_REDUCTION_OPERATOR_TYPE, 1, true},
    {CUDNN_BACKEND_REDUCTION_DESCRIPTOR, CUDNN_ATTR_REDUCTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, true},
    {CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR, CUDNN_ATTR_OPERATION_REDUCTION_XDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, true},
    {CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR, CUDNN_ATTR_OPERATION_REDUCTION_YDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, true},
    {CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR, CUDNN_ATTR_OPERATION_REDUCTION_DESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, true},
    {CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR, CUDNN_ATTR_OPERATION_RESHAPE_XDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR, CUDNN_ATTR_OPERATION_RESHAPE_YDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR, CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR, 0, true},
    {CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR, CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, 1, true},
    {CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR, CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, 1, true},
    {CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR, CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, 1, true},
    {CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, 0, true},
    {CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, 0, true},
    {CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, 1, true},
}};

struct Descriptor {
  std::shared_ptr<Node> node = std::make_shared<Node>();
};
Descriptor& of(cudnnBackendDescriptor_t d) { return *static_cast<Descriptor*>(d); }

constexpr std::int64_t workspace = 4096;
constexpr std::int64_t widest_head = 256;

std::string& last_error() {
  static std::string text;
  return text;
}
cudnnStatus_t refuse(cudnnStatus_t status, std::string why) {
  last_error() = std::move(why);
  return status;
}
cudnnStatus_t bad(std::string why) { return refuse(CUDNN_STATUS_BAD_PARAM, std::move(why)); }

std::size_t width_of(cudnnBackendAttributeType_t type) {
  switch (type) {
    case CUDNN_TYPE_BOOLEAN: return sizeof(bool);
    case CUDNN_TYPE_INT64: return sizeof(std::int64_t);
    case CUDNN_TYPE_HANDLE:
    case CUDNN_TYPE_VOID_PTR: return sizeof(void*);
    default: return sizeof(int);  // the enumerations
  }
}

/// An inner tensor has to be written before it is read, and once; what the caller holds may be either.
cudnnStatus_t check_order(const Node& graph) {
  std::set<std::int64_t> written;
  std::map<std::int64_t, const Node*> known;
  const auto& operations = graph.attributes.at(CUDNN_ATTR_OPERATIONGRAPH_OPS).nodes;
  for (const auto& operation : operations) {
    const Operands o = operands_of(*operation);
    for (const Node* in : o.inputs) {
      if (is_inner(*in) && written.count(id_of(*in)) == 0) return bad("an inner tensor is read before it is written");
      known.emplace(id_of(*in), in);
      if (known.at(id_of(*in)) != in) return bad("two tensors share an id");
    }
    if (!written.insert(id_of(*o.output)).second) return bad("a tensor is written twice");
    if (known.emplace(id_of(*o.output), o.output).first->second != o.output) return bad("two tensors share an id");
  }
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_matmul(const Node& n) {
  const Dims a = dims_of(n.node(CUDNN_ATTR_OPERATION_MATMUL_ADESC)),
             b = dims_of(n.node(CUDNN_ATTR_OPERATION_MATMUL_BDESC)),
             c = dims_of(n.node(CUDNN_ATTR_OPERATION_MATMUL_CDESC));
  const bool outer = a[0] == c[0] && b[0] == c[0] && a[1] == c[1] && c[1] % b[1] == 0;  // heads may share B
  if (!outer || a[2] != c[2] || b[3] != c[3] || a[3] != b[2]) return bad("a product's dimensions do not match");
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_pointwise(const Node& n) {
  const auto mode =
      n.node(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR).value<cudnnPointwiseMode_t>(CUDNN_ATTR_POINTWISE_MODE);
  const bool unary = mode == CUDNN_POINTWISE_EXP || mode == CUDNN_POINTWISE_LOG || mode == CUDNN_POINTWISE_IDENTITY ||
                     mode == CUDNN_POINTWISE_GEN_INDEX;
  if (unary == n.has(CUDNN_ATTR_OPERATION_POINTWISE_BDESC)) return bad("a pointwise operation's operands");
  if ((mode == CUDNN_POINTWISE_BINARY_SELECT) != n.has(CUDNN_ATTR_OPERATION_POINTWISE_TDESC)) {
    return bad("a selection's condition");
  }
  if ((mode == CUDNN_POINTWISE_GEN_INDEX) !=
      n.node(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR).has(CUDNN_ATTR_POINTWISE_AXIS)) {
    return bad("an index's axis");
  }
  const Operands o = operands_of(n);
  for (const Node* in : o.inputs) {
    for (std::size_t i = 0; i < 4; ++i) {
      if (dims_of(*in)[i] != dims_of(*o.output)[i] && dims_of(*in)[i] != 1) return bad("pointwise dimensions");
    }
  }
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_whole(const Node& n) {
  for (const Rule& r : rules) {
    if (r.descriptor == n.type && r.required && !n.has(r.name)) {
      return bad("attribute " + std::to_string(static_cast<int>(r.name)) + " is missing");
    }
  }
  switch (n.type) {
    case CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR: return check_matmul(n);
    case CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR: return check_pointwise(n);
    case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR: return check_order(n);
    default: return CUDNN_STATUS_SUCCESS;
  }
}

/// The widest head that fused attention takes on the part that is played.
bool too_wide(const Node& graph) {
  const auto& operations = graph.attributes.at(CUDNN_ATTR_OPERATIONGRAPH_OPS).nodes;
  return std::any_of(operations.begin(), operations.end(), [](const auto& o) {
    if (o->type != CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR) return false;
    const Node& a = o->node(CUDNN_ATTR_OPERATION_MATMUL_ADESC);
    return !is_inner(a) && dims_of(a)[3] > widest_head;
  });
}

std::size_t version() { return 91900; }
const char* status_name(cudnnStatus_t status) {
  switch (status) {
    case CUDNN_STATUS_BAD_PARAM: return "CUDNN_STATUS_BAD_PARAM";
    case CUDNN_STATUS_NOT_SUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
    default: return "a status";
  }
}
void last_error_string(char* out, std::size_t size) { std::snprintf(out, size, "%s", last_error().c_str()); }

cudnnStatus_t create_handle(cudnnHandle_t* h) {
  *h = reinterpret_cast<cudnnHandle_t>(new int);
  return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t destroy_handle(cudnnHandle_t h) {
  delete reinterpret_cast<int*>(h);
  return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t set_stream(cudnnHandle_t h, cudaStream_t) {
  return h != nullptr ? CUDNN_STATUS_SUCCESS : bad("no handle");
}

cudnnStatus_t create(cudnnBackendDescriptorType_t type, cudnnBackendDescriptor_t* out) {
  auto* d = new Descriptor;
  d->node->type = type;
  *out = d;
  return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t destroy(cudnnBackendDescriptor_t d) {
  delete &of(d);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t set(cudnnBackendDescriptor_t d, cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                  std::int64_t count, const void* values) {
  Node& n = *of(d).node;
  if (n.finalised) return bad("it is finalised already");
  const auto* rule =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.descriptor == n.type && r.name == name; });
  if (rule == rules.end()) return bad("this descriptor has no attribute " + std::to_string(static_cast<int>(name)));
  if (rule->type != type || (rule->count != 0 && rule->count != count) || count < 1) return bad("an attribute's type");
  Node::Attribute a{type, count, {}, {}};
  if (type == CUDNN_TYPE_BACKEND_DESCRIPTOR) {
    for (std::int64_t i = 0; i < count; ++i) {
      a.nodes.push_back(of(static_cast<const cudnnBackendDescriptor_t*>(values)[i]).node);
      if (!a.nodes.back()->finalised) return bad("a descriptor inside is not finalised");
    }
  } else {
    const auto* bytes = static_cast<const char*>(values);
    a.bytes.assign(bytes, bytes + static_cast<std::size_t>(count) * width_of(type));
  }
  n.attributes[name] = std::move(a);
  return CUDNN_STATUS_SUCCESS;
}

/// Its first configuration is one that turns out not to work when a plan is made of it.
cudnnStatus_t give_configurations(const Node& heuristic, std::int64_t wanted, std::int64_t* count, void* out) {
  *count = wanted == 0 ? 2 : std::min<std::int64_t>(wanted, 2);
  for (std::int64_t i = 0; i < std::min(wanted, *count); ++i) {
    Node& configuration = *of(static_cast<cudnnBackendDescriptor_t*>(out)[i]).node;
    if (configuration.type != CUDNN_BACKEND_ENGINECFG_DESCRIPTOR) return bad("not an engine configuration");
    configuration.attributes[CUDNN_ATTR_ENGINECFG_ENGINE] =
        heuristic.attributes.at(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH);
    if (i == 0) configuration.attributes[CUDNN_ATTR_ENGINECFG_KNOB_CHOICES] = {};
    configuration.finalised = true;
  }
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t get(cudnnBackendDescriptor_t const d, cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                  std::int64_t wanted, std::int64_t* count, void* out) {
  const Node& n = *of(d).node;
  if (!n.finalised) return bad("it is not finalised");
  if (name == CUDNN_ATTR_ENGINEHEUR_RESULTS && type == CUDNN_TYPE_BACKEND_DESCRIPTOR) {
    return give_configurations(n, wanted, count, out);
  }
  if (name != CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE || type != CUDNN_TYPE_INT64) return bad("nothing to get");
  *count = 1;
  std::memcpy(out, &workspace, sizeof(workspace));
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t finalise(cudnnBackendDescriptor_t d) {
  Node& n = *of(d).node;
  if (const cudnnStatus_t status = check_whole(n); status != CUDNN_STATUS_SUCCESS) return status;
  if (n.type == CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR && too_wide(n.node(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH))) {
    return refuse(CUDNN_STATUS_NOT_SUPPORTED, "head_dim should be at most 256");
  }
  if (n.type == CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR &&
      n.node(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG).has(CUDNN_ATTR_ENGINECFG_KNOB_CHOICES)) {
    return refuse(CUDNN_STATUS_NOT_SUPPORTED, "these knobs do not go together");
  }
  n.finalised = true;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t run(cudnnHandle_t handle, cudnnBackendDescriptor_t plan, cudnnBackendDescriptor_t pack) {
  const Node &p = *of(plan).node, &v = *of(pack).node;
  if (handle == nullptr || !p.finalised || !v.finalised) return bad("not finalised");
  if (v.value<char*>(CUDNN_ATTR_VARIANT_PACK_WORKSPACE) == nullptr) return bad("no workspace");
  std::memset(v.value<char*>(CUDNN_ATTR_VARIANT_PACK_WORKSPACE), 0x5a, static_cast<std::size_t>(workspace));
  const auto count = v.attributes.at(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS).count;
  if (v.attributes.at(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS).count != count) return bad("a pointer for each id");
  std::map<std::int64_t, void*> memory;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    memory[v.value<std::int64_t>(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, i)] =
        v.value<void*>(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, i);
  }
  const Node& graph = p.node(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG).node(CUDNN_ATTR_ENGINECFG_ENGINE);
  std::set<std::int64_t> wanted;
  for (const auto& operation : graph.attributes.at(CUDNN_ATTR_OPERATIONGRAPH_OPS).nodes) {
    const Operands o = operands_of(*operation);
    for (const Node* t : o.inputs) {
      if (!is_inner(*t)) wanted.insert(id_of(*t));
    }
    if (!is_inner(*o.output)) wanted.insert(id_of(*o.output));
  }
  for (const std::int64_t id : wanted) {
    if (memory.count(id) == 0 || memory.at(id) == nullptr)
      return bad("tensor " + std::to_string(id) + " has no memory");
  }
  if (memory.size() != wanted.size()) return bad("memory for a tensor that the graph does not have");
  execute(graph, memory);
  return CUDNN_STATUS_SUCCESS;
}

/// The stand-in has to have the declaration of what it stands in for.
template <class Real>
void* as(Real* stand_in) {
  return reinterpret_cast<void*>(stand_in);
}
#define SEXTANT_STANDS_FOR(real, stand_in) \
  { #real, as < decltype(::real)>(stand_in) }

}  // namespace

Dims dims_of(const Node& t) {
  Dims out{};
  for (std::size_t i = 0; i < 4; ++i) out[i] = t.value<std::int64_t>(CUDNN_ATTR_TENSOR_DIMENSIONS, i);
  return out;
}
Dims strides_of(const Node& t) {
  Dims out{};
  for (std::size_t i = 0; i < 4; ++i) out[i] = t.value<std::int64_t>(CUDNN_ATTR_TENSOR_STRIDES, i);
  return out;
}
std::int64_t id_of(const Node& t) { return t.value<std::int64_t>(CUDNN_ATTR_TENSOR_UNIQUE_ID); }
bool is_inner(const Node& t) {
  return t.has(CUDNN_ATTR_TENSOR_IS_VIRTUAL) && t.value<bool>(CUDNN_ATTR_TENSOR_IS_VIRTUAL);
}

Operands operands_of(const Node& n) {
  switch (n.type) {
    case CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR:
      return {{&n.node(CUDNN_ATTR_OPERATION_MATMUL_ADESC), &n.node(CUDNN_ATTR_OPERATION_MATMUL_BDESC)},
              &n.node(CUDNN_ATTR_OPERATION_MATMUL_CDESC)};
    case CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR:
      return {{&n.node(CUDNN_ATTR_OPERATION_REDUCTION_XDESC)}, &n.node(CUDNN_ATTR_OPERATION_REDUCTION_YDESC)};
    case CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR:
      return {{&n.node(CUDNN_ATTR_OPERATION_RESHAPE_XDESC)}, &n.node(CUDNN_ATTR_OPERATION_RESHAPE_YDESC)};
    default: {
      Operands out{{&n.node(CUDNN_ATTR_OPERATION_POINTWISE_XDESC)}, &n.node(CUDNN_ATTR_OPERATION_POINTWISE_YDESC)};
      for (const auto name : {CUDNN_ATTR_OPERATION_POINTWISE_BDESC, CUDNN_ATTR_OPERATION_POINTWISE_TDESC}) {
        if (n.has(name)) out.inputs.push_back(&n.node(name));
      }
      return out;
    }
  }
}

void* cudnn_function(std::string_view name) {
  static const std::array<std::pair<std::string_view, void*>, 12> all{{
      SEXTANT_STANDS_FOR(cudnnGetVersion, version),
      SEXTANT_STANDS_FOR(cudnnGetErrorString, status_name),
      SEXTANT_STANDS_FOR(cudnnGetLastErrorString, last_error_string),
      SEXTANT_STANDS_FOR(cudnnCreate, create_handle),
      SEXTANT_STANDS_FOR(cudnnDestroy, destroy_handle),
      SEXTANT_STANDS_FOR(cudnnSetStream, set_stream),
      SEXTANT_STANDS_FOR(cudnnBackendCreateDescriptor, create),
      SEXTANT_STANDS_FOR(cudnnBackendDestroyDescriptor, destroy),
      SEXTANT_STANDS_FOR(cudnnBackendSetAttribute, set),
      SEXTANT_STANDS_FOR(cudnnBackendGetAttribute, get),
      SEXTANT_STANDS_FOR(cudnnBackendFinalize, finalise),
      SEXTANT_STANDS_FOR(cudnnBackendExecute, run),
  }};
  for (const auto& [known, function] : all) {
    if (known == name) return function;
  }
  return nullptr;
}

}  // namespace sextant::profile::test
