#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws how a search's time grows, from bench_search's JSON:

  build/bin/bench_search --benchmark_format=json --benchmark_out=search.json
  benchmarks/plot_search.py search.json docs/images/search-growth.svg
"""
import json
import math
import sys

PANELS = [("search_gpus", "GPUs of the cluster"), ("search_layers", "layers of the model"),
          ("search_space", "configurations considered")]
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 300, 240, 52, 44, 30


def rows(benchmarks, name):
    """(x, milliseconds of CPU) of a family of benchmarks."""
    for b in benchmarks:
        family, _, argument = b["name"].partition("/")
        if family == name:
            yield (b["considered"] if name == "search_space" else float(argument)), b["cpu_time"]


def short(value):
    for size, letter in ((1e6, "M"), (1e3, "K")):
        if value >= size:
            return f"{value / size:.3g} {letter}"
    return f"{value:.3g}"


def ticks(low, high):
    """1, 2 and 5 times powers of ten between two numbers."""
    exponent = math.floor(math.log10(low))
    found = []
    while 10 ** exponent <= high * 1.001:
        found += [m * 10 ** exponent for m in (1, 2, 5) if low * 0.999 <= m * 10 ** exponent <= high * 1.001]
        exponent += 1
    return found


def panel(points, title, offset, top_ms):
    points = sorted(points)
    xs = [p[0] for p in points]
    low, high = xs[0] / 1.2, xs[-1] * 1.2
    bottom_ms = 1.0

    def x(value):
        return offset + LEFT + (WIDTH - LEFT - 16) * math.log(value / low) / math.log(high / low)

    def y(ms):
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - math.log(max(ms, bottom_ms) / bottom_ms) / math.log(top_ms / bottom_ms))

    out = []
    for ms in ticks(bottom_ms, top_ms):
        out.append(f'<line class="grid" x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{y(ms):.1f}" y2="{y(ms):.1f}"/>')
        out.append(f'<text class="tick" text-anchor="end" x="{x(low) - 6:.1f}" y="{y(ms) + 4:.1f}">{ms:g}</text>')
    for value in xs:
        out.append(f'<text class="tick" text-anchor="middle" x="{x(value):.1f}" y="{HEIGHT - BOTTOM + 16}">{short(value)}</text>'
                   if len(xs) < 6 or xs.index(value) % 2 == 0 else "")
    path = " ".join(f'{"M" if i == 0 else "L"}{x(a):.1f} {y(b):.1f}' for i, (a, b) in enumerate(points))
    out.append(f'<path class="line" d="{path}"/>')
    out += [f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3.5"><title>{short(a)}: {b:.1f} ms</title></circle>' for a, b in points]
    out.append(f'<text class="label" text-anchor="middle" x="{(x(low) + x(high)) / 2:.1f}" y="{HEIGHT - 8}">{title}</text>')
    return "\n".join(o for o in out if o)


STYLE = """text{font:12px system-ui,sans-serif;fill:#222}.tick{font-size:10.5px;fill:#555}.label{font-size:12px}
.grid{stroke:#ddd;stroke-width:1}.line{fill:none;stroke:#2166ac;stroke-width:2}circle{fill:#2166ac}
@media (prefers-color-scheme:dark){text{fill:#ddd}.tick{fill:#aaa}.grid{stroke:#444}.line{stroke:#74add1}circle{fill:#74add1}}"""


def main():
    source, target = sys.argv[1:3]
    with open(source, encoding="utf-8") as f:
        benchmarks = json.load(f)["benchmarks"]
    families = [(list(rows(benchmarks, name)), title) for name, title in PANELS]
    top_ms = max(ms for points, _ in families for _, ms in points) * 1.3
    parts = [panel(points, title, i * WIDTH, top_ms) for i, (points, title) in enumerate(families)]
    total = WIDTH * len(PANELS)
    with open(target, "w", encoding="utf-8") as f:
        f.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {HEIGHT}" role="img" '
                f'aria-label="CPU time of a search against GPUs, layers and size of the space">\n<style>{STYLE}</style>\n'
                f'<text x="8" y="16">CPU milliseconds of one search, one thread</text>\n' + "\n".join(parts) + "\n</svg>\n")


if __name__ == "__main__":
    main()
