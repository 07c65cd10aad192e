// SPDX-License-Identifier: Apache-2.0
#include "cli/claim_flags.hpp"

#include <CLI/CLI.hpp>

#include "cli/quantities.hpp"
#include "hardware/catalogue.hpp"
#include "models/catalogue.hpp"
#include "sim/run/options.hpp"

namespace sextant::cli {

namespace {

constexpr const char* group = "The claim, or changes to it";
constexpr const char* layout_group = "Its layout, where stated";

void fault(Diagnostics& faults, const std::string& flag, const std::string& value, const std::string& expected) {
  faults.add({"command line", 0, flag, "\"" + value.substr(0, 60) + "\" is not " + expected, ""});
}

template <class T>
void set(const std::optional<T>& flag, std::optional<T>& out) {
  if (flag) out = flag;
}

void lay_model(models::Claim& claim, const std::string& id, const Catalogue& catalogue, Diagnostics& faults) {
  const auto model = models::find_model(catalogue, id, faults);
  if (!model) return;
  claim.model = {};
  claim.model.name = model->spec.name;
  claim.model_node = {};
}

void lay_count(const std::optional<std::string>& text, const std::string& flag, double unit, std::optional<double>& out,
               Diagnostics& faults) {
  if (!text) return;
  const auto count = parse_count(*text);
  if (!count) {
    fault(faults, flag, *text, "a number of tokens such as 14.8T, 250B or 2e12");
    return;
  }
  out = *count / unit;
}

void lay_hours_are(models::Claim& claim, const std::string& word) {
  claim.hours_are = word == "throughput" ? models::HoursAre::throughput
                    : word == "bill"     ? models::HoursAre::bill
                                         : models::HoursAre::unknown;
}

void lay_precision(models::Claim& claim, const std::string& word, Diagnostics& faults) {
  for (const auto& [name, value] : sim::precision_names) {
    if (name == word) {
      claim.precision = word;
      return;
    }
  }
  fault(faults, "--precision", word, "one of bf16, fp16, fp8, fp8-blockwise, mxfp8, nvfp4");
}

}  // namespace

void add_claim_flags(CLI::App& app, ClaimFlags& f) {
  app.add_option("--model", f.model, "what was trained: catalogue id")->type_name("ID")->group(group);
  app.add_option("--tokens", f.tokens, "tokens trained on, e.g. 14.8T")->type_name("N")->group(group);
  app.add_option("--gpu", f.gpu, "GPU, e.g. h800")->type_name("ID")->group(group);
  app.add_option("--gpus", f.gpus, "how many")->type_name("N")->check(CLI::Range(1, 1 << 24))->group(group);
  app.add_option("--gpu-hours", f.gpu_hours, "claimed GPU-hours")->check(CLI::PositiveNumber)->group(group);
  app.add_option("--days", f.days, "claimed wall time")->check(CLI::PositiveNumber)->group(group);
  app.add_option("--cost", f.cost_usd, "claimed cost, US dollars")->check(CLI::PositiveNumber)->group(group);
  app.add_option("--usd-per-gpu-hour", f.usd_per_gpu_hour, "price used")->check(CLI::PositiveNumber)->group(group);
  app.add_option("--hours-are", f.hours_are, "throughput (tokens over speed), bill or unknown")
      ->check(CLI::IsMember({"throughput", "bill", "unknown"}))
      ->group(group);
  app.add_option("--precision", f.precision, "bf16, fp16, fp8, ...")->type_name("NAME")->group(group);
  app.add_option("--seq-len", f.seq_len, "tokens of a sequence")->check(CLI::Range(1, 1 << 26))->group(group);
  app.add_option("--batch-tokens", f.batch_tokens, "tokens of a global batch, e.g. 4M")->type_name("N")->group(group);
  app.add_option("--stack", f.stack, "training software (sextant list stacks)")->type_name("ID")->group(group);
  for (const auto& [name, value] : {std::pair{"--tp", &f.tp},
                                    {"--pp", &f.pp},
                                    {"--vp", &f.vp},
                                    {"--cp", &f.cp},
                                    {"--ep", &f.ep},
                                    {"--dp", &f.dp}}) {
    app.add_option(name, *value)->type_name("N")->check(CLI::Range(1, 1 << 20))->group(layout_group);
  }
}

bool any_given(const ClaimFlags& f) {
  return f.model || f.gpu || f.precision || f.stack || f.tokens || f.batch_tokens || f.hours_are || f.gpu_hours ||
         f.days || f.cost_usd || f.usd_per_gpu_hour || f.gpus || f.seq_len || f.tp || f.pp || f.vp || f.cp || f.ep ||
         f.dp;
}

void lay_over(models::Claim& claim, const ClaimFlags& f, const Catalogue& catalogue, Diagnostics& faults) {
  if (f.model) lay_model(claim, *f.model, catalogue, faults);
  if (f.gpu) {
    claim.hardware.gpu = *f.gpu;
    (void)hardware::find_accelerator(catalogue, *f.gpu, faults);
  }
  if (f.gpus) {
    claim.hardware.gpus = f.gpus;
    claim.claimed.gpus = *f.gpus;
  }
  lay_count(f.tokens, "--tokens", 1e9, claim.tokens_b, faults);
  lay_count(f.batch_tokens, "--batch-tokens", 1, claim.batch_tokens, faults);
  if (f.tokens) claim.stages.clear();  // they were those of other tokens
  set(f.gpu_hours, claim.claimed.gpu_hours);
  set(f.days, claim.claimed.days);
  set(f.cost_usd, claim.claimed.cost_usd);
  set(f.usd_per_gpu_hour, claim.claimed.usd_per_gpu_hour);
  set(f.seq_len, claim.seq_len);
  if (f.precision) lay_precision(claim, *f.precision, faults);
  if (f.stack) claim.stack = *f.stack;
  if (f.hours_are) lay_hours_are(claim, *f.hours_are);
  models::ClaimParallelism& p = claim.parallelism;
  set(f.tp, p.tp);
  set(f.pp, p.pp);
  set(f.vp, p.vp);
  set(f.cp, p.cp);
  set(f.ep, p.ep);
  set(f.dp, p.dp);
}

}  // namespace sextant::cli
