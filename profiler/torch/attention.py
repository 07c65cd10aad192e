#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Attention cases through PyTorch's scaled_dot_product_attention: the fastest of its cuDNN, FlashAttention and
memory-efficient kernels.

attention.py SEXTANT_PROFILE OUTPUT.json [--only TEXT] [--without PROFILE.json]
Takes the cases from `sextant-profile list`, less those that the other profile has (`sextant-profile run` calls cuDNN
itself), checks output and gradients against float64 on a few heads and rows, times
forward and backward with CUDA events (median, cache emptied in between), and writes a sextant/profile/1 file after each
case. A second call goes on where the first stopped.
"""
import argparse
import json
import statistics
import subprocess
import sys
import time

try:
    import torch
    import torch.nn.functional as F
    from torch.nn.attention import SDPBackend, sdpa_kernel
except ImportError as missing_module:
    sys.exit(f"attention.py: {missing_module}; PyTorch 2.5 or newer is needed, attention is not measured")
if not torch.cuda.is_available():
    print("attention.py: PyTorch sees no CUDA device", file=sys.stderr)
    sys.exit(3)

LIMIT = 2e-2  # bf16 inputs, bf16 probabilities
BACKENDS = {"cudnn": SDPBackend.CUDNN_ATTENTION, "flash": SDPBackend.FLASH_ATTENTION,
            "efficient": SDPBackend.EFFICIENT_ATTENTION}  # the last where keys and values differ in width and cuDNN is old


def inputs(a, grad):
    make = lambda heads, dim: torch.randn(int(a["batch"]), int(heads), int(a["seq"]), int(dim), device="cuda",
                                          dtype=torch.bfloat16, requires_grad=grad)
    return make(a["heads"], a["head_dim"]), make(a["kv_heads"], a["head_dim"]), make(a["kv_heads"], a["v_head_dim"])


def attend(q, k, v, causal):
    return F.scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=q.shape[1] != k.shape[1])


def reference(q, k, v, rows, grad, kv_head, causal):
    """Output and query gradient of some rows of the query heads that share kv_head, and its key and value gradients, in
    float64, where `grad` is the gradient of those output rows and every other row's is zero."""
    group = q.shape[1] // k.shape[1]
    heads = range(kv_head * group, (kv_head + 1) * group)
    keys, values, scale = k[0, kv_head].double(), v[0, kv_head].double(), q.shape[3] ** -0.5
    hidden = torch.arange(keys.shape[0], device=q.device)[None, :] > rows[:, None] if causal else None
    out, dq, dk, dv = [], [], torch.zeros_like(keys), torch.zeros_like(values)
    for h in heads:
        queries, g = q[0, h, rows].double(), grad[0, h].double()
        s = queries @ keys.T * scale
        if causal:
            s.masked_fill_(hidden, float("-inf"))
        p = s.softmax(-1)
        out.append(p @ values)
        dp = g @ values.T
        ds = p * (dp - (dp * p).sum(-1, keepdim=True)) * scale
        dq.append(ds @ keys)
        dk += ds.T @ queries
        dv += p.T @ g
    return torch.stack(out), torch.stack(dq), dk, dv


def distance(out, ref):
    return ((out.double() - ref).norm() / ref.norm()).item()


def error(q, k, v, backward, causal):
    """Largest relative error of 16 query rows and, where gradients are wanted, of all gradients that follow from them."""
    rows = torch.linspace(0, q.shape[2] - 1, min(16, q.shape[2]), device=q.device).long()
    out = attend(q, k, v, causal)
    grad = torch.zeros_like(out)
    grad[:, :, rows] = torch.randn_like(grad[:, :, rows])
    got = torch.autograd.grad(out, (q, k, v), grad) if backward else None
    group, worst = q.shape[1] // k.shape[1], 0.0
    with torch.no_grad():
        for kv_head in {0, k.shape[1] - 1}:
            heads = slice(kv_head * group, (kv_head + 1) * group)
            ref_out, dq, dk, dv = reference(q, k, v, rows, grad[:, :, rows], kv_head, causal)
            apart = [distance(out[0, heads][:, rows], ref_out)]
            if backward:
                apart += [distance(got[0][0, heads][:, rows], dq), distance(got[1][0, kv_head], dk), distance(got[2][0, kv_head], dv)]
            for one in apart:
                worst = one if not one <= worst else worst  # NaN stays
    return worst


def timed(call, flush, budget, fewest, most):
    times = []
    begin = time.monotonic()
    while len(times) < fewest or (time.monotonic() - begin < budget and len(times) < most):
        torch.cuda._sleep(1_500_000)  # most of a millisecond: the host queues the call meanwhile
        flush.sum()
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        call()
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end) * 1e3)
    return times


def prepared(case, backend):
    """The call to be timed, after its check."""
    a, backward = case["axes"], case["pass"] == "bwd"
    causal = a.get("causal", 0) > 0
    q, k, v = inputs(a, backward)
    wrong = error(q, k, v, backward, causal)
    if not wrong <= LIMIT:
        raise RuntimeError(f"differs from float64 by {wrong:.3g}")
    if not backward:
        return lambda: attend(q, k, v, causal), wrong
    out = attend(q, k, v, causal)
    grad = torch.randn_like(out)
    return lambda: torch.autograd.grad(out, (q, k, v), grad, retain_graph=True), wrong


def measure(case, flush):
    """The fastest backend after a few calls is timed to the end. Returns its sample, or None, and what the others said."""
    best, why = None, []
    for backend, kernel in BACKENDS.items():
        try:
            with sdpa_kernel(kernel):
                call, wrong = prepared(case, backend)
                first = statistics.median(timed(call, flush, 0, 4, 4)[1:])
                if best is None or first < best["median_us"]:
                    best = sample(case, backend, timed(call, flush, 0.25, 12, 80), wrong)
        except (RuntimeError, torch.OutOfMemoryError) as fault:
            why.append(f"{backend}: {str(fault).splitlines()[0]}")
        call = None
        torch.cuda.empty_cache()
    return best, why


def sample(case, backend, times, wrong):
    mid = statistics.median(times)
    low, high = statistics.quantiles(times, n=4)[0::2]
    return {"name": case["name"], "family": "attention", "dtype": "bf16", "pass": case["pass"], "axes": case["axes"],
            "flops": case["flops"], "bytes": case["bytes"], "median_us": round(mid, 3), "spread": round((high - low) / 2 / mid, 5),
            "n": len(times), "clock": "events", "error": wrong, "error_limit": LIMIT,
            "note": f"PyTorch {torch.__version__} scaled_dot_product_attention, {backend}; the fastest of {', '.join(BACKENDS)}",
            "raw_us": [round(t, 3) for t in times]}


def write(output, samples, missing):
    p = torch.cuda.get_device_properties(0)
    device = {"name": p.name, "compute_capability": 10 * p.major + p.minor, "sms": p.multi_processor_count,
              "memory_bytes": p.total_memory, "l2_bytes": getattr(p, "L2_cache_size", 0)}
    profile = {"format": "sextant/profile/1", "id": "attention", "name": f"attention on {p.name}",
               "source": {"title": "profiler/torch/attention.py", "where": "this machine", "date": time.strftime("%Y-%m-%d"), "trust": "measured"},
               "device": device, "software": {"torch": torch.__version__, "cudnn": str(torch.backends.cudnn.version())},
               "samples": samples, "not_measured": missing}
    with open(output, "w", encoding="utf-8") as file:
        json.dump(profile, file, indent=1)


def known(output):
    """What an earlier call on this machine left: it goes on from there."""
    try:
        with open(output, encoding="utf-8") as file:
            profile = json.load(file)
        here = profile["device"]["name"] == torch.cuda.get_device_name()
        return (profile["samples"], []) if here else ([], [])
    except (OSError, ValueError, KeyError):
        return [], []


def names(profile):
    """Samples of a profile file; none where there is no such file."""
    try:
        with open(profile, encoding="utf-8") as file:
            return {s["name"] for s in json.load(file).get("samples", [])}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def main():
    parser = argparse.ArgumentParser(description="attention cases through PyTorch")
    parser.add_argument("program")
    parser.add_argument("output")
    parser.add_argument("--only", default="attention/")
    parser.add_argument("--without", help="a profile whose cases are not measured again")
    arguments = parser.parse_args()
    program, output = arguments.program, arguments.output
    cases = json.loads(subprocess.check_output([program, "list", "--json", "--only", arguments.only]))["cases"]
    elsewhere = names(arguments.without) if arguments.without else set()
    cases = [c for c in cases if c["name"] not in elsewhere]
    flush = torch.zeros(128 * 2**20, device="cuda", dtype=torch.uint8).view(torch.int32)
    samples, missing = known(output)
    done = {s["name"] for s in samples}
    for case in cases:
        if case["name"] in done:
            continue
        best, why = measure(case, flush)
        if best is None:
            missing.append({"name": case["name"], "why": "; ".join(why)})
        else:
            samples.append(best)
            print(f'{best["name"]:100s} {best["median_us"]:10.1f} us {best["flops"] / best["median_us"] * 1e-6:7.0f} TFLOP/s', flush=True)
        write(output, samples, missing)  # after each case: a run that is cut short keeps what it has


if __name__ == "__main__":
    main()
