// SPDX-License-Identifier: Apache-2.0
// The interface: descriptors made, set, finalised and run.
#include "tests/profiler/fake_cudnn.hpp"

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>

#include "tests/profiler/fake_libraries.hpp"

namespace sextant::profile::test {

namespace {

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
  const std::optional<Form> form = form_of(n.type, name);
  if (!form) return bad("this descriptor has no attribute " + std::to_string(static_cast<int>(name)));
  if (form->type != type || (form->count != 0 && form->count != count) || count < 1) return bad("an attribute's type");
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
  if (std::string fault = fault_of(n); !fault.empty()) return bad(std::move(fault));
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
