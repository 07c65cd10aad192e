// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/api.hpp"
#include "sim/step/pipeline.hpp"

namespace sextant::sim {

namespace {

class Check {
 public:
  Check(const Run& run, const Diagnostic& place, Diagnostics& faults)
      : run_(run), p_(run.parallelism), place_(place), faults_(faults) {}

  void all() {
    world();
    pipeline();
    heads();
    experts();
    batch();
  }

 private:
  void fault(std::string pointer, std::string message, std::string hint = {}) {
    faults_.add({place_.file, place_.line, std::move(pointer), std::move(message), std::move(hint)});
  }

  /// `did you mean 16?` for the largest divisor of `whole` that is not above `wanted`.
  static std::string nearest_divisor(int whole, int wanted) {
    for (int d = std::min(whole, wanted); d > 1; --d) {
      if (whole % d == 0) return fmt::format("did you mean {}?", d);
    }
    return {};
  }

  void world() {
    const long long model = 1LL * p_.tp * p_.pp * p_.cp;
    const long long gpus = run_.cluster.gpus;
    if (model > gpus) {
      fault("/parallelism",
            fmt::format("tp {} x pp {} x cp {} need {} GPUs, the cluster has {}", p_.tp, p_.pp, p_.cp, model, gpus));
    } else if (gpus % model != 0) {
      fault("/parallelism",
            fmt::format("tp {} x pp {} x cp {} = {} do not divide the cluster's {} GPUs", p_.tp, p_.pp, p_.cp, model,
                        gpus),
            fmt::format("{} GPUs would do", gpus / model * model));
    } else if (model * p_.dp != gpus) {
      fault("/parallelism/dp",
            fmt::format("tp {} x pp {} x cp {} x dp {} = {} GPUs, the cluster has {}", p_.tp, p_.pp, p_.cp, p_.dp,
                        model * p_.dp, gpus),
            fmt::format("dp {} fills it", gpus / model));
    }
  }

  void pipeline() {
    const int stages = virtual_stages(p_);
    const int layers = run_.model.layers();
    // One layer a chunk but for the first and the last, which hold embedding and head (Llama 3 405B, arXiv:2407.21783).
    const bool ends_without_layers = (layers + 2) % stages == 0;
    if (stages > layers && !ends_without_layers) {
      const bool chunks = p_.vp > 1;
      fault(chunks ? "/parallelism/vp" : "/parallelism/pp",
            fmt::format("{} stages are more than the model's {} layers", stages, layers),
            fmt::format("at most {}", chunks ? layers / p_.pp : layers));
      return;
    }
    if (p_.pp == 1) return;
    const schedule::Schedule& row = schedule_row(p_.schedule);
    const int chunks = row.chunks > 0 ? row.chunks : p_.vp;
    if (row.chunks == 0 && p_.vp < 2) {
      fault("/parallelism/vp", fmt::format("the {} schedule needs two or more chunks a device", row.name));
      return;
    }
    const double m = run_.microbatches();
    if (m != static_cast<int>(m) || m > schedule::max_microbatches) return;
    const std::string refusal = row.refusal({p_.pp, chunks, static_cast<int>(m), 0});
    if (!refusal.empty()) fault("/parallelism/schedule", refusal);
  }

  void heads() {
    for (const models::Layer& layer : run_.model.kinds) {
      const models::Attention& a = layer.attention;
      if (!layer.has_attention || a.heads % p_.tp == 0) continue;
      fault("/parallelism/tp", fmt::format("{} tensor-parallel ranks do not divide {} attention heads", p_.tp, a.heads),
            nearest_divisor(a.heads, p_.tp));
      return;
    }
  }

  void experts() {
    if (!run_.model.has_experts()) {
      if (p_.ep > 1) fault("/parallelism/ep", "the model has no experts to split", "leave ep out");
      return;
    }
    for (const models::Layer& layer : run_.model.kinds) {
      if (layer.mlp.kind != models::Mlp::Kind::moe || layer.mlp.experts % p_.ep == 0) continue;
      fault("/parallelism/ep",
            fmt::format("{} expert-parallel ranks do not divide {} experts", p_.ep, layer.mlp.experts),
            nearest_divisor(layer.mlp.experts, p_.ep));
      return;
    }
    const long long world = 1LL * p_.tp * p_.cp * p_.dp;
    const long long expert = 1LL * p_.etp * p_.ep;
    if (world % expert != 0) {
      fault("/parallelism/ep", fmt::format("etp {} x ep {} = {} do not divide the {} ranks of a pipeline stage", p_.etp,
                                           p_.ep, expert, world));
    }
  }

  void batch() {
    const long long step = 1LL * p_.dp * run_.batch.micro_sequences;
    if (run_.batch.global_sequences < step) {
      fault("/batch/global_sequences",
            fmt::format("{} sequences leave some of the {} data-parallel ranks (micro-batches of {}) without work",
                        run_.batch.global_sequences, p_.dp, run_.batch.micro_sequences),
            fmt::format("at least {}", step));
    }
    if (run_.batch.seq_len % p_.cp != 0) {
      fault("/parallelism/cp",
            fmt::format("{} context-parallel ranks do not divide {} tokens", p_.cp, run_.batch.seq_len),
            nearest_divisor(run_.batch.seq_len, p_.cp));
    }
  }

  const Run& run_;
  const Parallelism& p_;
  const Diagnostic& place_;
  Diagnostics& faults_;
};

}  // namespace

void layout_faults(const Run& run, const Diagnostic& place, Diagnostics& faults) { Check(run, place, faults).all(); }

}  // namespace sextant::sim
