// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/campaign_shapes.hpp"

#include "sim/campaign/schema.hpp"
#include "sim/run/schema.hpp"

namespace sextant::json {

using namespace sextant::sim;  // NOLINT(google-build-using-namespace): the shapes below name little else

template <>
struct EnumNames<StageKind> {
  static constexpr auto table = stage_kind_names;
};
template <>
struct EnumNames<RlAlgorithm> {
  static constexpr auto table = rl_algorithm_names;
};
template <>
struct EnumNames<Placement> {
  static constexpr auto table = placement_names;
};
template <>
struct EnumNames<models::HoursAre> {
  static constexpr auto table = hours_are_names;
};

bool Value<RunPart>::read(const Cursor& c, const Range&, RunPart& out) {
  if (c.node().type != Type::object) return c.expected("keys of a run");
  out = {c.node(), true};
  return true;
}

Json Value<RunPart>::describe(const Range&) {
  Json schema = run_schema();
  schema.erase("required");
  return schema;
}

template <>
struct EnumNames<Degree> {
  static constexpr auto table = degree_names;
};

template <>
struct ShapeOf<Samples> {
  static const Shape<Samples>& get() {
    using S = Samples;
    static const Shape<S> shape =
        Shape<S>("samples")
            .required("count", &S::count, "samples", positive())
            .optional("per_prompt", &S::per_prompt, "samples of one prompt", positive())
            .required("prompt_tokens", &S::prompt_tokens, "mean tokens of a prompt", non_negative(1e8))
            .required("response_tokens", &S::response_tokens, "mean tokens of a response", positive(1e8))
            .optional("longest", &S::longest, "tokens after which a response is cut", positive(1e8))
            .optional("spread", &S::spread, "standard deviation of the logarithm of the length", non_negative(3));
    return shape;
  }
};

template <>
struct ShapeOf<StatedGeneration> {
  static const Shape<StatedGeneration>& get() {
    using G = StatedGeneration;
    static const Shape<G> shape =
        Shape<G>("generation")
            .optional("engine", &G::engine, "serving engine")
            .optional("gpus", &G::gpus, "that generate; absent: all of the run's", between(1, 1 << 24))
            .optional("tp", &G::tp, "GPUs that share the attention of a sequence", between(1, 1024))
            .optional("ep", &G::ep, "GPUs that share the experts, where more than tp", between(1, 4096))
            .optional("precision", &G::precision, "of the weights; absent: the run's")
            .optional("tokens_per_step", &G::tokens_per_step, "accepted by speculative decoding", between(1, 16));
    return shape;
  }
};

const Shape<StatedRl>& ShapeOf<StatedRl>::get() {
  using R = StatedRl;
  static const Shape<R> shape =
      Shape<R>("reinforcement learning")
          .required(
              "algorithm", [](auto& v) -> auto& { return v.work.algorithm; }, "grpo, dapo or ppo")
          .required(
              "rollouts", [](auto& v) -> auto& { return v.work.rollouts; }, "rounds of the stage", positive())
          .required(
              "samples", [](auto& v) -> auto& { return v.work.samples; }, "of one round")
          .required(
              "minibatch_sequences", [](auto& v) -> auto& { return v.work.minibatch_sequences; },
              "sequences of an optimizer step", between(1, 1 << 28))
          .optional(
              "generated_share", [](auto& v) -> auto& { return v.work.generated_share; },
              "samples generated for one trained on", between(1, 100))
          .optional(
              "policy_lag", [](auto& v) -> auto& { return v.work.policy_lag; }, "rounds that generation runs ahead",
              between(0, 1024))
          .custom(
              "placement", "generation takes turns with training, or has GPUs of its own", false,
              [](const Cursor& c, R& v) {
                Placement p = Placement::colocated;
                const bool good = Value<Placement>::read(c, {}, p);
                v.work.separate = p == Placement::separate;
                return good;
              },
              [](const R& v) {
                return Value<Placement>::write(v.work.separate ? Placement::separate : Placement::colocated, {});
              },
              [] { return Value<Placement>::describe({}); })
          .optional(
              "reward_tokens_share", [](auto& v) -> auto& { return v.work.reward_tokens_share; },
              "of the tokens, read by a reward model of the policy's size", non_negative(100))
          .optional(
              "epochs", [](auto& v) -> auto& { return v.work.epochs; }, "over one round's samples", positive())
          .optional(
              "packed_tokens", [](auto& v) -> auto& { return v.work.packed_tokens; }, "tokens of a packed micro-batch",
              positive())
          .required("generation", &R::generation, "how samples are written");
  return shape;
}

template <>
struct ShapeOf<StatedTeacher> {
  static const Shape<StatedTeacher>& get() {
    using T = StatedTeacher;
    static const Shape<T> shape =
        Shape<T>("teacher")
            .optional("run", &T::run, "keys of a run, over the campaign's: the teacher's model and GPUs")
            .required("samples", &T::samples, "that are kept")
            .optional("per_kept", &T::per_kept, "samples written for one kept", between(1, 1e4))
            .required("generation", &T::generation, "how samples are written");
    return shape;
  }
};

template <>
struct ShapeOf<StatedStage> {
  static const Shape<StatedStage>& get() {
    using S = StatedStage;
    static const Shape<S> shape =
        Shape<S>("stage")
            .required(
                "name", [](auto& v) -> auto& { return v.stage.name; }, "name of the stage")
            .required(
                "kind", [](auto& v) -> auto& { return v.stage.kind; }, "what is trained how")
            .optional(
                "line", [](auto& v) -> auto& { return v.stage.line; }, "the published line it belongs to")
            .optional("run", &S::run, "keys of a run, each in place of the campaign's")
            .optional("tokens_b", &S::tokens_b, "tokens trained on, in billions", positive())
            .optional("steps", &S::steps, "optimizer steps, in place of tokens", positive())
            .optional("first_sequences", &S::first_sequences, "batch at the beginning, where it grows", positive())
            .optional("search", &S::search, "degrees of the stated layout that are searched all the same")
            .optional("rl", &S::rl, "of a stage of kind rl")
            .optional("teacher", &S::teacher, "of a stage of kind distillation")
            .optional(
                "work_uncertainty", [](auto& v) -> auto& { return v.stage.work_uncertainty; },
                "half width of the 80 % band of the stage's work, relative", non_negative(3))
            .optional(
                "uncertain_because", [](auto& v) -> auto& { return v.stage.uncertain_because; }, "what is assumed")
            .optional(
                "notes", [](auto& v) -> auto& { return v.stage.notes; }, "remarks")
            .optional(
                "source", [](auto& v) -> auto& { return v.stage.source; }, "of the stage's figures");
    return shape;
  }
};

template <>
struct ShapeOf<PublishedLine> {
  static const Shape<PublishedLine>& get() {
    using P = PublishedLine;
    static const Shape<P> shape =
        Shape<P>("published line")
            .required("line", &P::line, "its name; stages refer to it")
            .required("gpu_hours", &P::gpu_hours, "GPU-hours", positive())
            .optional("explanation", &P::explanation, "why it lies outside the band, where it does")
            .required("source", &P::source, "where it was published");
    return shape;
  }
};

template <>
struct ShapeOf<LeftOut> {
  static const Shape<LeftOut>& get() {
    using L = LeftOut;
    static const Shape<L> shape = Shape<L>("left out")
                                      .required("what", &L::what, "what no figure of the campaign holds")
                                      .optional("low", &L::low, "times the final run's cost", non_negative())
                                      .optional("high", &L::high, "times the final run's cost", non_negative())
                                      .optional("source", &L::source, "of the multiplier");
    return shape;
  }
};

template <>
struct ShapeOf<Reliability> {
  static const Shape<Reliability>& get() {
    using R = Reliability;
    static const Shape<R> shape =
        Shape<R>("reliability")
            .optional("failures_per_1000_node_days", &R::failures_per_1000_node_days, "unexpected ones", non_negative())
            .optional("restart_minutes", &R::restart_minutes, "until training goes on", non_negative())
            .optional("checkpoint_gb_per_s", &R::checkpoint_gb_per_s, "written by the whole job", positive())
            .optional("checkpoint_stall_s", &R::checkpoint_stall_s, "standstill of a checkpoint", positive())
            .optional("checkpoint_interval_min", &R::checkpoint_interval_min, "absent: Daly's optimum", positive())
            .optional("spare_nodes", &R::spare_nodes, "nodes kept ready", between(0, 1 << 20))
            .optional("repair_hours", &R::repair_hours, "until a failed node is back", non_negative())
            .optional("straggler_share", &R::straggler_share, "slowdown beside the step's own", non_negative(0.9))
            .optional("planned_interruptions_per_day", &R::planned_interruptions_per_day, "maintenance",
                      non_negative(100));
    return shape;
  }
};

const Shape<StatedCampaign>& ShapeOf<StatedCampaign>::get() {
  using C = StatedCampaign;
  static const Shape<C> shape =
      Shape<C>("campaign")
          .custom(
              "format", "sextant/campaign/1", true,
              [](const Cursor& c, C&) {
                if (c.node().type == Type::string && c.node().string == "sextant/campaign/1") return true;
                return c.expected("\"sextant/campaign/1\"");
              },
              nullptr,
              [] {
                return Json{{"const", "sextant/campaign/1"}};
              })
          .required(
              "id", [](auto& v) -> auto& { return v.campaign.id; }, "unique name")
          .required(
              "title", [](auto& v) -> auto& { return v.campaign.title; }, "for people")
          .optional(
              "publisher", [](auto& v) -> auto& { return v.campaign.publisher; }, "whose campaign it is")
          .optional(
              "date", [](auto& v) -> auto& { return v.campaign.date; }, "of the prices: 2024, 2024-12")
          .optional(
              "grid", [](auto& v) -> auto& { return v.campaign.grid; }, "where the power comes from")
          .optional(
              "hours_are", [](auto& v) -> auto& { return v.campaign.hours_are; },
              "published GPU-hours are tokens over throughput, a bill, or unknown")
          .optional(
              "usd_per_gpu_hour", [](auto& v) -> auto& { return v.campaign.usd_per_gpu_hour; },
              "price the publisher reckons with", positive())
          .required("run", &C::run, "keys of a run that all stages share; the batch may wait for the stages")
          .required("stages", &C::stages, "in sequence")
          .optional(
              "published", [](auto& v) -> auto& { return v.campaign.published; }, "lines of the bill")
          .optional(
              "left_out", [](auto& v) -> auto& { return v.campaign.left_out; }, "what no figure here holds")
          .optional(
              "reliability", [](auto& v) -> auto& { return v.campaign.reliability; },
              "of the cluster; absent figures are the catalogue's")
          .optional(
              "notes", [](auto& v) -> auto& { return v.campaign.notes; }, "remarks")
          .required(
              "source", [](auto& v) -> auto& { return v.campaign.source; }, "where it is described");
  return shape;
}

}  // namespace sextant::json

namespace sextant::sim {

json::Json campaign_schema() { return json::ShapeOf<StatedCampaign>::get().schema(); }

}  // namespace sextant::sim
