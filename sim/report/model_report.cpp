// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "models/counts.hpp"
#include "models/describe.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

using models::Layer;
using models::ModelSpec;

std::string attention_text(const models::Attention& a) {
  std::string out;
  if (a.kind == models::Attention::Kind::latent) {
    out = fmt::format("MLA {} heads, latent {} + {}, queries {}", a.heads, a.kv_lora_rank, a.qk_rope_head_dim,
                      a.q_lora_rank > 0 ? fmt::format("through {}", a.q_lora_rank) : "direct");
  } else if (a.kv_heads == a.heads) {
    out = fmt::format("MHA {} heads of {}", a.heads, a.head_dim);
  } else {
    out = fmt::format("GQA {} heads of {}, {} for keys and values", a.heads, a.head_dim, a.kv_heads);
  }
  if (a.index_heads > 0) {
    out += fmt::format(", best {} keys", grouped(a.index_topk));
  } else if (a.window > 0) {
    out += fmt::format(", {} of {}", a.chunked_window ? "chunks" : "window", grouped(a.window));
  }
  return out;
}

std::string mlp_text(const models::Mlp& m) {
  switch (m.kind) {
    case models::Mlp::Kind::none: return "no MLP";
    case models::Mlp::Kind::dense: return fmt::format("{} {}", m.gated ? "gated MLP" : "MLP", grouped(m.ffn));
    case models::Mlp::Kind::moe: break;
  }
  std::string out = fmt::format("{} of {} experts of {}", m.experts_per_token, m.experts, grouped(m.expert_ffn));
  if (m.shared_ffn > 0) out += fmt::format(", shared {}", grouped(m.shared_ffn));
  return out;
}

void counts(Report& r, const models::Model& model) {
  const models::ParameterCounts c = models::parameter_counts(model.spec);
  const auto add = [&r](std::string key, std::string label, double value, std::string note) {
    r.add(Figure{.key = std::move(key),
                 .label = std::move(label),
                 .value = value,
                 .unit = Unit::parameters,
                 .note = std::move(note)});
  };
  r.add(Heading{"Parameters"});
  add("params_total", "total", c.total, "as model cards print it, without MTP");
  add("params_active", "active", c.active, "per token, embedding and head included");
  add("params_active_without_embedding", "active, no embedding", c.active_without_embedding,
      "what multiplies: without the input lookup");
  add("params_active_non_embedding", "active, no vocabulary", c.active_non_embedding(), "without embedding and head");
  add("params_non_embedding", "non-embedding", c.non_embedding, "total without embedding and head");
  add("params_mtp", "MTP modules", c.mtp, c.mtp > 0 ? "on top of the total" : "none");
  add("params_embedding", "embedding", c.embedding, "");
  add("params_head", "output head", c.head, c.head > 0 ? "" : "tied to the embedding");
  if (model.stated.total_b) {
    add("params_total_stated", "stated total", *model.stated.total_b * 1e9, "what the file says");
  }
  if (model.stated.active_b) {
    add("params_active_stated", "stated active", *model.stated.active_b * 1e9, "what the file says");
  }
}

void layers(Report& r, const ModelSpec& spec) {
  Table table{.key = "layers",
              .title = "Layers",
              .columns = {{"count", "count", Unit::count},
                          {"kind", "kind", Unit::text},
                          {"parameters", "parameters", Unit::parameters},
                          {"active", "active", Unit::parameters},
                          {"first", "", Unit::count},
                          {"attention", "", Unit::text},
                          {"mlp", "", Unit::text},
                          {"", "what", Unit::text}}};
  for (const models::LayerGroup& g : models::layer_groups(spec)) {
    const Layer& layer = spec.kinds[g.index];
    const std::string attention = layer.has_attention ? attention_text(layer.attention) : "no attention";
    const std::string mlp = mlp_text(layer.mlp);
    table.rows.push_back({static_cast<double>(g.count), g.kind, g.parameters.total(), g.parameters.active(),
                          static_cast<double>(g.first), attention, mlp, attention + "; " + mlp});
  }
  r.add(std::move(table));
}

void flops(Report& r, const ModelSpec& spec, int seq_len) {
  r.add(Heading{fmt::format("FLOPs per token, forward and backward, {} tokens a sequence", grouped(seq_len))});
  const auto add = [&r](std::string key, std::string label, Flops f, std::string note) {
    r.add(Figure{.key = "flops_per_token/" + std::move(key),
                 .label = std::move(label),
                 .value = f.value(),
                 .unit = Unit::flop,
                 .note = std::move(note)});
  };
  add("causal", "causal", models::flops_per_token(spec, seq_len), "attention over the lower triangle");
  add("full_attention", "full attention", models::flops_per_token(spec, seq_len, {.causal = false}),
      "attention over the whole square");
  add("six_n", "6 N", models::six_n_flops_per_token(spec), "6 x active parameters without embedding");
  r.add(Figure{.key = "seq_len", .value = static_cast<double>(seq_len), .unit = Unit::count});
  r.add(Figure{.key = "kv_cache_bytes_per_token",
               .label = "KV cache per token",
               .value = models::kv_cache_per_token(spec).value(),
               .unit = Unit::bytes,
               .note = "bf16"});
}

std::string_view origin_text(models::Provenance::Origin origin) {
  switch (origin) {
    case models::Provenance::Origin::file: return "file";
    case models::Provenance::Origin::class_default: return "default";
    case models::Provenance::Origin::derived: return "derived";
  }
  return "";
}

void provenance(Report& r, const models::Model& model) {
  Table table{.key = "provenance",
              .title = "Where each value comes from",
              .columns = {{"key", "key", Unit::text},
                          {"value", "value", Unit::text},
                          {"origin", "origin", Unit::text},
                          {"where", "where", Unit::text}}};
  for (const models::Provenance& p : model.provenance) {
    table.rows.push_back({p.key, p.value, std::string(origin_text(p.origin)), p.where});
  }
  r.add(std::move(table));
  Table sources{.key = "sources",
                .title = "Sources",
                .columns = {{"of", "of", Unit::text},
                            {"trust", "trust", Unit::text},
                            {"title", "", Unit::text},
                            {"where", "", Unit::text},
                            {"date", "", Unit::text},
                            {"", "source", Unit::text}}};
  for (const auto& [key, s] : model.sources) {
    std::string trust;
    for (const auto& [name, value] : trust_names) {
      if (value == s.trust) trust = name;
    }
    sources.rows.push_back({key.empty() ? std::string("everything else") : key, trust, s.title, s.where, s.date,
                            fmt::format("{}, {}, {}", s.title, s.where, s.date)});
  }
  r.add(std::move(sources));
}

}  // namespace

Report model_report(const models::Model& model, int seq_len) {
  Report r;
  r.format = "sextant/model/1";
  r.title = model.spec.name;
  r.subtitle = fmt::format("{} layers, hidden {}, vocabulary {}{}{}", model.spec.layers(), grouped(model.spec.hidden),
                           grouped(model.spec.vocab), model.spec.tied_embeddings ? ", tied" : "",
                           model.family.empty() ? "" : "; read as " + model.family);
  r.add(Fact{.key = "name", .value = model.spec.name});
  if (!model.hf_id.empty()) r.add(Fact{.key = "hf_id", .label = "Hugging Face", .value = model.hf_id});
  r.add(Figure{.key = "hidden", .value = static_cast<double>(model.spec.hidden), .unit = Unit::count});
  r.add(Figure{.key = "vocab", .value = static_cast<double>(model.spec.vocab), .unit = Unit::count});
  r.add(Flag{.key = "tied_embeddings", .value = model.spec.tied_embeddings});
  counts(r, model);
  layers(r, model.spec);
  flops(r, model.spec, seq_len);
  provenance(r, model);
  r.add(List{.key = "notes", .title = "Notes", .points = model.notes});
  return r;
}

}  // namespace sextant::sim::report
