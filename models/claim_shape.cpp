// SPDX-License-Identifier: Apache-2.0
#include "models/claim_shape.hpp"

#include <array>

#include "models/native_shape.hpp"
#include "models/schemas.hpp"

namespace sextant::models {

namespace {

constexpr std::array<std::pair<std::string_view, ClaimStage>, 6> stage_names{
    {{"pretrain", ClaimStage::pretrain},
     {"context-extension", ClaimStage::context_extension},
     {"sft", ClaimStage::sft},
     {"rl", ClaimStage::rl},
     {"distillation", ClaimStage::distillation},
     {"total", ClaimStage::total}}};

constexpr std::array<std::pair<std::string_view, HoursAre>, 3> hours_names{
    {{"unknown", HoursAre::unknown}, {"throughput", HoursAre::throughput}, {"bill", HoursAre::bill}}};

/// A member of the base, as the derived struct's.
template <class M>
constexpr M RawClaim::*of(M Claim::*member) {
  return member;
}

}  // namespace

std::string_view name(ClaimStage stage) {
  for (const auto& [text, value] : stage_names) {
    if (value == stage) return text;
  }
  return "";
}

}  // namespace sextant::models

namespace sextant::json {

template <>
struct EnumNames<models::ClaimStage> {
  static constexpr auto table = models::stage_names;
};

template <>
struct EnumNames<models::HoursAre> {
  static constexpr auto table = models::hours_names;
};

template <>
struct ShapeOf<models::ClaimPart> {
  static const Shape<models::ClaimPart>& get() {
    using P = models::ClaimPart;
    static const Shape<P> shape =
        Shape<P>("part of a claim")
            .required("name", &P::name, "name of the part")
            .optional("tokens_b", &P::tokens_b, "tokens, in billions", positive())
            .optional("steps", &P::steps, "optimizer steps, in place of tokens", positive())
            .optional("seq_len", &P::seq_len, "tokens of a sequence", between(1, 1 << 26))
            .optional("first_sequences", &P::first_sequences, "batch at the beginning, where it grows", positive())
            .optional("global_sequences", &P::global_sequences, "batch, at the end where it grows", positive())
            .optional("gpu_hours", &P::gpu_hours, "GPU-hours taken as they stand", positive());
    return shape;
  }
};

/// A part is an object, or the id of a claim.
template <>
struct Value<models::ClaimPart> {
  static bool read(const Cursor& c, const Range&, models::ClaimPart& out) {
    if (c.node().type != Type::string) return ShapeOf<models::ClaimPart>::get().read(c, out);
    out.claim = c.node().string;
    return true;
  }
  static Json write(const models::ClaimPart& v, const Range&) {
    return v.claim.empty() ? ShapeOf<models::ClaimPart>::get().write(v) : Json(v.claim);
  }
  static Json describe(const Range&) {
    return {{"oneOf", {{{"type", "string"}}, ShapeOf<models::ClaimPart>::get().schema()}}};
  }
};

template <>
struct ShapeOf<models::ClaimHardware> {
  static const Shape<models::ClaimHardware>& get() {
    using H = models::ClaimHardware;
    static const Shape<H> shape = Shape<H>("hardware")
                                      .optional("gpu", &H::gpu, "id of the GPU")
                                      .optional("gpus", &H::gpus, "how many", between(1, 1 << 24))
                                      .optional("gpus_per_node", &H::gpus_per_node, "per node", between(1, 1024))
                                      .optional("inter_node", &H::inter_node, "network, as the source words it");
    return shape;
  }
};

template <>
struct ShapeOf<models::ClaimParallelism> {
  static const Shape<models::ClaimParallelism>& get() {
    using P = models::ClaimParallelism;
    constexpr Range degree = between(1, 1 << 20);
    static const Shape<P> shape = Shape<P>("parallelism")
                                      .optional("tp", &P::tp, "tensor parallel size", degree)
                                      .optional("pp", &P::pp, "pipeline stages", degree)
                                      .optional("vp", &P::vp, "virtual stages a rank", degree)
                                      .optional("cp", &P::cp, "context parallel size", degree)
                                      .optional("ep", &P::ep, "expert parallel size", degree)
                                      .optional("etp", &P::etp, "expert tensor parallel size", degree)
                                      .optional("dp", &P::dp, "data parallel size", degree)
                                      .optional("sharding", &P::sharding, "none, zero1, zero2, zero3 or hsdp")
                                      .optional("schedule", &P::schedule, "pipeline schedule")
                                      .optional("note", &P::note, "what else the source says of the layout");
    return shape;
  }
};

namespace {

using Figures = models::ClaimedFigures;

void add_time_and_money(Shape<Figures>& s) {
  s.optional("gpu_hours", &Figures::gpu_hours, "GPU-hours", positive())
      .optional("gpu_hours_derived", &Figures::gpu_hours_derived, "GPU-hours worked out from other figures", positive())
      .optional("gpu_hours_per_trillion_tokens", &Figures::gpu_hours_per_trillion_tokens, "GPU-hours", positive())
      .optional("gpu_hours_rl", &Figures::gpu_hours_rl, "GPU-hours of reinforcement learning", positive())
      .optional("gpu_hours_on_policy_distillation", &Figures::gpu_hours_on_policy_distillation,
                "GPU-hours of on-policy distillation", positive())
      .optional("gpu_years", &Figures::gpu_years, "GPU-years", positive())
      .optional("gpus", &Figures::gpus, "GPUs", positive())
      .optional("days", &Figures::days, "wall time", positive())
      .optional("cost_usd", &Figures::cost_usd, "US dollars", positive())
      .optional("usd_per_gpu_hour", &Figures::usd_per_gpu_hour, "price used", positive())
      .optional("usd_per_gpu_hour_implied", &Figures::usd_per_gpu_hour_implied, "cost over GPU-hours", positive())
      .optional("cost_cny_per_trillion_tokens_low_end", &Figures::cost_cny_per_trillion_tokens_low_end,
                "yuan on cheaper accelerators", positive())
      .optional("cost_cny_per_trillion_tokens_high_end", &Figures::cost_cny_per_trillion_tokens_high_end,
                "yuan on the best accelerators", positive());
}

void add_rates(Shape<Figures>& s) {
  s.optional("training_flop", &Figures::training_flop, "FLOPs of the run", positive())
      .optional("mfu_pct", &Figures::mfu_pct, "model FLOPs utilisation", positive(100))
      .optional("hfu_pct", &Figures::hfu_pct, "hardware FLOPs utilisation", positive(100))
      .optional("tflops_per_gpu", &Figures::tflops_per_gpu, "TFLOP/s a GPU", positive())
      .optional("tokens_per_s_per_gpu", &Figures::tokens_per_s_per_gpu, "tokens a second and GPU", positive())
      .optional("tokens_per_day_b", &Figures::tokens_per_day_b, "billions, by what they were measured on", positive())
      .optional("energy_mwh", &Figures::energy_mwh, "energy", positive())
      .optional("power_w", &Figures::power_w, "power of a GPU assumed for the energy", positive())
      .optional("power_w_per_gpu_measured", &Figures::power_w_per_gpu_measured, "power of a GPU measured", positive())
      .optional("others", &Figures::others, "further figures and ranges, by name");
}

}  // namespace

template <>
struct ShapeOf<Figures> {
  static const Shape<Figures>& get() {
    static const Shape<Figures> shape = [] {
      Shape<Figures> s("claimed");
      add_time_and_money(s);
      add_rates(s);
      for (const char* key :
           {"share_computing_hardware_pct", "share_rd_staff_with_equity_pct", "share_rd_staff_without_equity_pct_upper",
            "share_energy_pct", "hardware_split_of_total_note", "growth_per_year", "growth_90ci", "gpt4_amortized_usd",
            "gemini_ultra_amortized_usd"}) {
        s.ignored(key, "not used; write further figures under \"others\"");
      }
      return s;
    }();
    return shape;
  }
};

const Shape<models::RawClaim>& ShapeOf<models::RawClaim>::get() {
  using C = models::RawClaim;
  static const Shape<C> shape =
      Shape<C>("claim")
          .ignored("format", "sextant/claim/1")
          .required("id", models::of(&C::id), "unique name of the claim")
          .optional("publisher", models::of(&C::publisher), "who claims it")
          .required("model", &C::raw_model, "a model's id, or a model object that may state only some of its keys")
          .required("stage", models::of(&C::stage), "which part of the training")
          .optional("tokens_b", models::of(&C::tokens_b), "tokens trained on, in billions", positive())
          .optional("hardware", models::of(&C::hardware), "what it ran on")
          .optional("seq_len", models::of(&C::seq_len), "tokens of a sequence", between(1, 1 << 26))
          .optional("batch_tokens", models::of(&C::batch_tokens), "tokens of a global batch", positive())
          .optional("precision", models::of(&C::precision), "bf16, fp16, fp8, ...")
          .optional("parallelism", models::of(&C::parallelism), "the layout, where published")
          .optional("stack", models::of(&C::stack), "software stack, where published")
          .optional("software_date", models::of(&C::software_date), "month of the software, YYYY-MM")
          .optional("features", models::of(&C::features), "what the run switched on, in the words of runs")
          .optional("hours_are", models::of(&C::hours_are), "throughput (tokens over speed), bill, or unknown")
          .optional("stages", models::of(&C::stages), "parts that are simulated one by one")
          .optional("campaign", models::of(&C::campaign), "a campaign that describes the work, in place of stages")
          .optional("campaign_lines", models::of(&C::campaign_lines), "lines of the campaign that are claimed")
          .optional("claimed", models::of(&C::claimed), "the figures")
          .optional("covers", models::of(&C::covers), "what the figures cover")
          .optional("leaves_out", models::of(&C::leaves_out), "what they leave out")
          .optional("remarks", models::of(&C::remarks), "what to know when reading them")
          .optional("what_it_covers", &C::what_it_covers, "free text in place of covers and leaves_out")
          .required("source", &C::citation, "where it was published")
          .optional("verified", &C::verified, "how it was read, in place of source.trust");
  return shape;
}

}  // namespace sextant::json

namespace sextant::models {

nlohmann::ordered_json claim_schema() {
  nlohmann::ordered_json schema = json::ShapeOf<RawClaim>::get().schema();
  schema["properties"]["model"] = {{"oneOf", {{{"type", "string"}}, json::ShapeOf<StatedModel>::get().schema()}}};
  return schema;
}

}  // namespace sextant::models
