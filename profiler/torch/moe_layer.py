#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One mixture-of-experts transformer layer in PyTorch, timed forward and backward: what a simulation of one GPU is held against.

moe_layer.py deepseek-v3|mixtral-8x7b [--tokens 4096] [--steps 10] [--compile]
Prints one JSON object (medians in milliseconds). Steps and passes are NVTX ranges, so that
`sextant-profile record -- python3 profiler/torch/moe_layer.py mixtral-8x7b` shows them beside the kernel classes.
"""
import argparse
import json
import statistics

import sys

try:
    import torch
    import torch.nn.functional as F
    from torch.nn.attention import SDPBackend, sdpa_kernel
except ImportError as missing_module:
    sys.exit(f"moe_layer.py: {missing_module}; PyTorch 2.5 or newer is needed, the layer is not measured")
if not torch.cuda.is_available():
    print("moe_layer.py: PyTorch sees no CUDA device", file=sys.stderr)
    sys.exit(3)

# Widths as profiler/core/model_shapes.hpp has them.
SHAPES = {
    "deepseek-v3": dict(hidden=7168, heads=128, kv_heads=128, qk=192, v=128, q_lora=1536, kv_lora=512, rope=64,
                        experts=256, top_k=8, ffn=2048, shared=2048, sigmoid=True),
    "mixtral-8x7b": dict(hidden=4096, heads=32, kv_heads=8, qk=128, v=128, q_lora=0, kv_lora=0, rope=128,
                         experts=8, top_k=2, ffn=14336, shared=0, sigmoid=False),
}


def linear(out_width, in_width):
    return torch.nn.Parameter(torch.randn(out_width, in_width, device="cuda", dtype=torch.bfloat16) * in_width**-0.5)


def rotate(x):
    half = x.shape[-1] // 2
    position = torch.arange(x.shape[-2], device=x.device, dtype=torch.float32)
    angle = position[:, None] * 10000.0 ** (-torch.arange(half, device=x.device, dtype=torch.float32) / half)
    c, s = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x[..., :half], x[..., half:]
    return torch.cat((a * c - b * s, b * c + a * s), -1)


class Layer(torch.nn.Module):
    def __init__(self, w):
        super().__init__()
        self.w = w
        h = w["hidden"]
        self.norm1 = torch.nn.Parameter(torch.ones(h, device="cuda", dtype=torch.bfloat16))
        self.norm2 = torch.nn.Parameter(torch.ones(h, device="cuda", dtype=torch.bfloat16))
        if w["kv_lora"]:
            self.down = linear(w["q_lora"] + w["kv_lora"] + w["rope"], h)
            self.q_up = linear(w["heads"] * w["qk"], w["q_lora"])
            self.kv_up = linear(w["heads"] * (w["qk"] - w["rope"] + w["v"]), w["kv_lora"])
        else:
            self.qkv = linear((w["heads"] + 2 * w["kv_heads"]) * w["qk"], h)
        self.out = linear(h, w["heads"] * w["v"])
        self.router = linear(w["experts"], h)
        scale = h**-0.5
        make = lambda *s: torch.nn.Parameter(torch.randn(*s, device="cuda", dtype=torch.bfloat16) * scale)
        self.fc1 = make(w["experts"], h, 2 * w["ffn"])
        self.fc2 = make(w["experts"], w["ffn"], h)
        if w["shared"]:
            self.shared1, self.shared2 = linear(2 * w["shared"], h), linear(h, w["shared"])

    def attention(self, x):
        w, t = self.w, x.shape[0]
        split = lambda y, heads, dim: y.view(1, t, heads, dim).transpose(1, 2)
        if w["kv_lora"]:
            q_low, kv_low, k_rope = F.linear(x, self.down).split([w["q_lora"], w["kv_lora"], w["rope"]], -1)
            nope = w["qk"] - w["rope"]
            q = split(F.linear(q_low, self.q_up), w["heads"], w["qk"])
            q = torch.cat((q[..., :nope], rotate(q[..., nope:])), -1)
            k, v = split(F.linear(kv_low, self.kv_up), w["heads"], nope + w["v"]).split([nope, w["v"]], -1)
            k = torch.cat((k, rotate(split(k_rope, 1, w["rope"])).expand(-1, w["heads"], -1, -1)), -1)
        else:
            q, k, v = F.linear(x, self.qkv).split([w["heads"] * w["qk"], w["kv_heads"] * w["qk"], w["kv_heads"] * w["v"]], -1)
            q, k = rotate(split(q, w["heads"], w["qk"])), rotate(split(k, w["kv_heads"], w["qk"]))
            v = split(v, w["kv_heads"], w["v"])
        with sdpa_kernel(self.backend):
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=w["heads"] != w["kv_heads"])
        return F.linear(y.transpose(1, 2).reshape(t, -1), self.out)

    @staticmethod
    def swiglu(y):
        gate, up = y.chunk(2, -1)
        return F.silu(gate) * up

    def experts(self, x):
        w, t = self.w, x.shape[0]
        logits = F.linear(x, self.router).float()
        weight, chosen = (logits.sigmoid() if w["sigmoid"] else logits.softmax(-1)).topk(w["top_k"], -1)
        weight = weight / weight.sum(-1, keepdim=True)
        order = chosen.flatten().argsort()
        # Not torch.bincount, which makes the host wait for the device.
        counts = torch.zeros(w["experts"], device=x.device, dtype=torch.int64).scatter_add_(0, chosen.flatten(), torch.ones_like(chosen.flatten()))
        rows = x[order // w["top_k"]]
        ends = counts.cumsum(0).to(torch.int32)
        if self.grouped:
            y = torch._grouped_mm(self.swiglu(torch._grouped_mm(rows, self.fc1, offs=ends)), self.fc2, offs=ends)
        else:
            parts = rows.split(counts.tolist())
            y = torch.cat([self.swiglu(p @ self.fc1[e]) @ self.fc2[e] for e, p in enumerate(parts)])
        y = y * weight.flatten()[order][:, None].to(y.dtype)
        out = torch.zeros_like(x).index_add_(0, order // w["top_k"], y)
        if w["shared"]:
            out = out + F.linear(self.swiglu(F.linear(x, self.shared1)), self.shared2)
        return out

    def forward(self, x):
        h = (self.w["hidden"],)
        x = x + self.attention(F.rms_norm(x, h, self.norm1))
        return x + self.experts(F.rms_norm(x, h, self.norm2))


def choose_kernels(layer, x, grad):
    """The first attention kernel, and grouped products if there are any, that run forward and backward here."""
    faults = []
    for grouped in (True, False) if hasattr(torch, "_grouped_mm") else (False,):
        for backend in (SDPBackend.CUDNN_ATTENTION, SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION):
            layer.backend, layer.grouped = backend, grouped
            try:
                layer(x).backward(grad)
                torch.cuda.synchronize()
                layer.zero_grad(set_to_none=True)
                return
            except RuntimeError as fault:
                faults.append(f"{backend.name}, grouped {grouped}: {str(fault).splitlines()[0]}")
                layer.zero_grad(set_to_none=True)
                torch.cuda.empty_cache()
    sys.exit("moe_layer.py: no kernels run: " + "; ".join(faults))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=SHAPES)
    parser.add_argument("--tokens", type=int, default=4096)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--compile", action="store_true", help="fuse the activation and the rotation, as training stacks do")
    a = parser.parse_args()
    torch.manual_seed(1)
    if a.compile:
        global rotate
        rotate = torch.compile(rotate)
        Layer.swiglu = staticmethod(torch.compile(Layer.swiglu))
    layer = Layer(SHAPES[a.model])
    x = torch.randn(a.tokens, SHAPES[a.model]["hidden"], device="cuda", dtype=torch.bfloat16, requires_grad=True)
    grad = torch.randn_like(x)
    choose_kernels(layer, x, grad)
    forward, backward = [], []
    for step in range(a.steps + 3):
        marks = [torch.cuda.Event(enable_timing=True) for _ in range(3)]
        layer.zero_grad(set_to_none=True)  # gradients are written, not added to: one pass over them
        x.grad = None
        torch.cuda._sleep(3_000_000)  # a millisecond and more, in which the host gets ahead
        with torch.cuda.nvtx.range(f"step {step}"):
            marks[0].record()
            with torch.cuda.nvtx.range("forward"):
                y = layer(x)
            marks[1].record()
            with torch.cuda.nvtx.range("backward"):
                y.backward(grad)
            marks[2].record()
        torch.cuda.synchronize()
        if step >= 3:
            forward.append(marks[0].elapsed_time(marks[1]))
            backward.append(marks[1].elapsed_time(marks[2]))
    print(json.dumps({"model": a.model, "tokens": a.tokens, "gpu": torch.cuda.get_device_name(), "torch": torch.__version__,
                      "attention": layer.backend.name.lower(), "grouped_mm": layer.grouped, "compiled": a.compile,
                      "forward_ms": round(statistics.median(forward), 3), "backward_ms": round(statistics.median(backward), 3),
                      "peak_gb": round(torch.cuda.max_memory_allocated() / 1e9, 1)}))


if __name__ == "__main__":
    main()
