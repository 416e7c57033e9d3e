#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the curves of a training run as an SVG: plot_run.py RUN_DIR/stats.jsonl OUT.svg

r_t, the augmentation's p and the losses of G and D over kimg; a running mean over 5 ticks."""
import json
import sys

PANELS = [
    ("r_t = E[sign D(real)]; target 0.6", "Loss/signs/real", (-0.2, 1.0), "#e8a33d", 0.6),
    ("augmentation p", "Progress/augment", (0, 0.5), "#4fb286", None),
    ("loss of D", "Loss/D/loss", (0, 2), "#e5604d", None),
    ("loss of G", "Loss/G/loss", (0, 4), "#7aa2f7", None),
]
WIDTH, HEIGHT, LEFT, GAP = 720, 110, 16, 34


def value(line, name):
    found = line.get(name)
    return found["mean"] if isinstance(found, dict) else found


def main(stats, out):
    lines = [json.loads(text) for text in open(stats)]
    end = max(value(line, "Progress/kimg") for line in lines)
    total = len(PANELS) * (HEIGHT + GAP) + 24
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {total}" font-family="Inter, sans-serif" '
           f'font-size="12"><rect width="{WIDTH}" height="{total}" fill="#141518"/>']
    for i, (title, name, (low, high), colour, target) in enumerate(PANELS):
        top = i * (HEIGHT + GAP) + 26
        x = lambda kimg: LEFT + (WIDTH - 2 * LEFT - 40) * kimg / end
        y = lambda v: top + HEIGHT * (1 - (min(max(v, low), high) - low) / (high - low))
        points = [(value(line, "Progress/kimg"), value(line, name)) for line in lines if value(line, name) is not None]
        mean = [(k, sum(v for _, v in points[max(0, j - 4):j + 1]) / len(points[max(0, j - 4):j + 1]))
                for j, (k, _) in enumerate(points)]
        svg.append(f'<text x="{LEFT}" y="{top - 8}" fill="#9aa1ab">{title}</text>')
        svg.append(f'<path d="M{LEFT} {top + HEIGHT}H{x(end)}" stroke="#31353d"/>')
        if target is not None:
            svg.append(f'<path d="M{LEFT} {y(target):.1f}H{x(end)}" stroke="#9aa1ab" stroke-dasharray="4 4"/>')
        path = " ".join(f"{x(k):.1f},{y(v):.1f}" for k, v in mean)
        svg.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        svg.append(f'<text x="{x(end) + 6}" y="{y(mean[-1][1]) + 4:.1f}" fill="#e6e8eb">{mean[-1][1]:.2f}</text>')
    for kimg in range(0, int(end) + 1, 25):
        svg.append(f'<text x="{LEFT + (WIDTH - 2 * LEFT - 40) * kimg / end:.1f}" y="{total - 6}" fill="#9aa1ab" '
                   f'text-anchor="middle">{kimg}</text>')
    svg.append(f'<text x="{WIDTH - 8}" y="{total - 6}" fill="#9aa1ab" text-anchor="end">kimg</text></svg>')
    open(out, "w").write("\n".join(svg) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
