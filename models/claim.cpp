// SPDX-License-Identifier: Apache-2.0
#include "models/claim.hpp"

#include <algorithm>
#include <filesystem>

#include "models/catalogue.hpp"
#include "models/claim_shape.hpp"
#include "models/hf/read.hpp"

namespace sextant::models {

namespace {

/// The model of a claim: an id, a native object that states some of it, or a Hugging Face configuration.
bool read_claimed_model(const json::Cursor& at, Claim& claim) {
  const json::Node& node = at.node();
  if (node.type == json::Type::string) {
    claim.model.name = node.string;
    return true;
  }
  if (node.type != json::Type::object) return at.expected("a model's id or a model object");
  if (hf::is_config(node) || node.find("hf_config") != nullptr) return true;
  std::optional<StatedModel> stated = read_stated_model(at);
  if (!stated) return false;
  claim.model = std::move(*stated);
  return true;
}

void read_one(const json::Cursor& at, std::vector<Claim>& out) {
  RawClaim claim;
  if (!json::ShapeOf<RawClaim>::get().read(at, claim)) return;
  if (!read_claimed_model(at.member("model", *claim.raw_model.node), claim)) return;
  const std::string& verified = claim.verified.empty() ? claim.citation.verified : claim.verified;
  std::optional<Source> source = source_from(claim.citation, verified, at.member("source", *at.node().find("source")));
  if (!source) return;
  claim.source = std::move(*source);
  if (claim.publisher.empty()) claim.publisher = claim.citation.publisher;
  if (!claim.what_it_covers.empty()) claim.covers.push_back(claim.what_it_covers);
  claim.model_node = *claim.raw_model.node;
  claim.line = at.node().line;
  claim.file = at.file();
  out.push_back(std::move(static_cast<Claim&>(claim)));
}

std::vector<Claim> read_path(const Catalogue& catalogue, const std::string& path, Diagnostics& faults) {
  return read_claims(*catalogue.text(path), path, faults);
}

}  // namespace

std::vector<Claim> read_claims(std::string_view text, const std::string& file, Diagnostics& faults) {
  std::vector<Claim> out;
  const std::optional<json::Node> root = json::parse(text, file, faults);
  if (!root) return out;
  const json::Cursor at(*root, file, faults);
  if (root->type != json::Type::array) {
    read_one(at, out);
    return out;
  }
  for (std::size_t i = 0; i < root->items.size(); ++i) read_one(at.item(i), out);
  return out;
}

std::vector<Claim> list_claims(const Catalogue& catalogue, Diagnostics& faults) {
  std::vector<Claim> all;
  for (const std::string& path : catalogue.list(claim_folder)) {
    for (Claim& claim : read_path(catalogue, path, faults)) all.push_back(std::move(claim));
  }
  std::sort(all.begin(), all.end(), [](const Claim& a, const Claim& b) { return a.id < b.id; });
  return all;
}

std::optional<Claim> load_claim(const Catalogue& catalogue, const std::string& id_or_path, Diagnostics& faults) {
  std::error_code error;
  if (std::filesystem::is_regular_file(id_or_path, error)) {
    const std::optional<std::string> text = read_text_file(id_or_path, faults);
    if (!text) return std::nullopt;
    std::vector<Claim> claims = read_claims(*text, id_or_path, faults);
    if (claims.empty() && faults.empty()) faults.add({id_or_path, 0, "", "holds no claim", ""});
    return claims.empty() ? std::nullopt : std::optional<Claim>(std::move(claims.front()));
  }
  const std::string folded = folded_id(id_or_path);
  Diagnostics elsewhere;
  std::vector<Claim> all;
  for (const std::string& path : catalogue.list(claim_folder)) {
    const bool by_name = folded_id(std::filesystem::path(path).stem().string()) == folded;
    for (Claim& claim : read_path(catalogue, path, by_name ? faults : elsewhere)) {
      if (folded_id(claim.id) == folded) return std::move(claim);
      all.push_back(std::move(claim));
    }
    if (by_name && !faults.empty()) return std::nullopt;
  }
  std::vector<std::string_view> ids;
  for (const Claim& claim : all) ids.push_back(claim.id);
  const std::string hint = did_you_mean(id_or_path, ids);
  faults.add({"command line", 0, "", "no claim \"" + id_or_path.substr(0, 80) + "\" is known",
              hint.empty() ? "sextant list claims shows those there are" : hint});
  return std::nullopt;
}

std::optional<Model> model_of_claim(const Catalogue& catalogue, const Claim& claim) {
  if (!claim.model.name.empty()) return resolve_stated(catalogue, claim.model);
  Diagnostics ignored;
  const std::string folder = std::filesystem::path(claim.file).parent_path().string();
  return read_model(catalogue, json::Cursor(claim.model_node, claim.file, ignored), folder);
}

}  // namespace sextant::models
