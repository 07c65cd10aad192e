#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Attention cases through PyTorch's scaled_dot_product_attention: the best of its cuDNN and FlashAttention kernels.

attention.py SEXTANT_PROFILE OUTPUT.json [--only TEXT]
Takes the cases from `sextant-profile list`, checks each against float64 on a few heads and rows, times forward and
backward with CUDA events (median, cache emptied in between), and writes a sextant/profile/1 file.
"""
import json
import statistics
import subprocess
import sys
import time

import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

LIMIT = 2e-2  # bf16 inputs, bf16 probabilities
BACKENDS = {"cudnn": SDPBackend.CUDNN_ATTENTION, "flash": SDPBackend.FLASH_ATTENTION}


def inputs(a, grad):
    make = lambda heads, dim: torch.randn(int(a["batch"]), int(heads), int(a["seq"]), int(dim), device="cuda",
                                          dtype=torch.bfloat16, requires_grad=grad)
    return make(a["heads"], a["head_dim"]), make(a["kv_heads"], a["head_dim"]), make(a["kv_heads"], a["v_head_dim"])


def attend(q, k, v, causal):
    return F.scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=q.shape[1] != k.shape[1])


def error(q, k, v, out, causal):
    """Relative error of a few query rows of the first and last head."""
    diff = size = 0.0
    group = q.shape[1] // k.shape[1]
    rows = torch.linspace(0, q.shape[2] - 1, 16, device="cuda").long()
    for h in (0, q.shape[1] - 1):
        s = q[0, h, rows].double() @ k[0, h // group].double().T / q.shape[3] ** 0.5
        if causal:
            s.masked_fill_(torch.arange(k.shape[2], device="cuda")[None, :] > rows[:, None], float("-inf"))
        ref = s.softmax(-1) @ v[0, h // group].double()
        diff += (out[0, h, rows].double() - ref).pow(2).sum().item()
        size += ref.pow(2).sum().item()
    return (diff / size) ** 0.5


def timed(call, flush, budget=0.4):
    for _ in range(3):
        call()
    times = []
    begin = time.monotonic()
    while len(times) < 12 or (time.monotonic() - begin < budget and len(times) < 100):
        flush.sum()
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        call()
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end) * 1e3)
    return times


def measure(case, backend, flush):
    a, backward = case["axes"], case["pass"] == "bwd"
    causal = a.get("causal", 0) > 0
    with sdpa_kernel(BACKENDS[backend]):
        q, k, v = inputs(a, backward)
        out = attend(q, k, v, causal)
        with torch.no_grad():
            wrong = error(q, k, v, out, causal)
        if not wrong <= LIMIT:
            raise RuntimeError(f"differs from float64 by {wrong:.3g}")
        if backward:
            grad = torch.randn_like(out)
            call = lambda: torch.autograd.grad(out, (q, k, v), grad, retain_graph=True)
        else:
            call = lambda: attend(q, k, v, causal)
        return timed(call, flush), wrong


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


def main():
    program, output = sys.argv[1], sys.argv[2]
    only = sys.argv[4] if len(sys.argv) > 4 and sys.argv[3] == "--only" else "attention/"
    cases = json.loads(subprocess.check_output([program, "list", "--json", "--only", only]))["cases"]
    flush = torch.zeros(128 * 2**20, device="cuda", dtype=torch.uint8).view(torch.int32)
    samples, missing = [], []
    for case in cases:
        best, why = None, []
        for backend in BACKENDS:
            try:
                times, wrong = measure(case, backend, flush)
                if best is None or statistics.median(times) < best["median_us"]:
                    best = sample(case, backend, times, wrong)
            except (RuntimeError, torch.OutOfMemoryError) as fault:
                why.append(f"{backend}: {str(fault).splitlines()[0]}")
            torch.cuda.empty_cache()
        if best is None:
            missing.append({"name": case["name"], "why": "; ".join(why)})
        else:
            samples.append(best)
            print(f'{best["name"]:100s} {best["median_us"]:10.1f} us {best["flops"] / best["median_us"] * 1e-6:7.0f} TFLOP/s', flush=True)
        write(output, samples, missing)  # after each case: a run that is cut short keeps what it has


if __name__ == "__main__":
    main()
