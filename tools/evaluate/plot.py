"""A line chart as SVG, drawn without any library."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 150, 20, 46
_COLOURS = ("#8c8c8c", "#c2702c", "#3f7d5a", "#7a5aa6", "#1f5fa8")


def line_chart(
    series: Mapping[str, Sequence[float]],
    labels: Sequence[str],
    x_title: str,
    y_title: str,
    *,
    bottom: float = 0.0,
    step: float = 0.1,
) -> str:
    """Draws one line for each series over evenly spaced labels.

    Args:
        series: The values by name, one for each label.
        labels: The places on the horizontal axis.
        x_title: What the labels are.
        y_title: What the values are.
        bottom: Where the vertical axis begins.
        step: From one line of the grid to the next.

    Returns:
        An SVG document.
    """
    highest = max(max(values) for values in series.values())
    top = highest + (highest - bottom) * 0.05
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x(index: int) -> float:
        return _LEFT + width * index / max(len(labels) - 1, 1)

    def y(value: float) -> float:
        return _TOP + height * (1 - (value - bottom) / (top - bottom))

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            f'role="img" aria-label="{y_title} by {x_title}" '
            'font-family="system-ui, sans-serif" font-size="12">'
        ),
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
    ]
    n_digits = max(0, math.ceil(-math.log10(step)))
    for number in range(int((top - bottom) / step) + 1):
        value = bottom + number * step
        at = y(value)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_LEFT + width}" y1="{at:.1f}" y2="{at:.1f}" '
            'stroke="#e2e2e2"/>'
            f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{value:.{n_digits}f}</text>'
        )
    for index, label in enumerate(labels):
        parts.append(
            f'<text x="{x(index):.1f}" y="{_HEIGHT - 26}" text-anchor="middle">{label}</text>'
        )
    parts.append(
        f'<text x="{_LEFT + width / 2:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{x_title}</text>'
        f'<text x="14" y="{_TOP + height / 2:.1f}" text-anchor="middle" '
        f'transform="rotate(-90 14 {_TOP + height / 2:.1f})">{y_title}</text>'
    )
    ends = _spaced([y(values[-1]) for values in series.values()], 15)
    for (name, values), colour, end in zip(series.items(), _COLOURS, ends, strict=False):
        points = " ".join(f"{x(i):.1f},{y(value):.1f}" for i, value in enumerate(values))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
            f'<text x="{_LEFT + width + 8}" y="{end + 4:.1f}" fill="{colour}">{name}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _spaced(heights: Sequence[float], distance: float) -> list[float]:
    """The heights, moved down where needed so that no two are nearer than a distance."""
    out = list(heights)
    order = sorted(range(len(out)), key=lambda index: out[index])
    for above, below in itertools.pairwise(order):
        out[below] = max(out[below], out[above] + distance)
    return out
