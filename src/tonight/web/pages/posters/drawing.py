"""Small pieces of SVG, and the chance that a film's own id decides."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tonight.web.pages.posters.lettering import number

T = TypeVar("T")
Point = tuple[float, float]

WIDTH = 400
HEIGHT = 600


@dataclass(slots=True)
class Chance:
    """A stream of numbers that a key decides: the same on every machine and version."""

    key: str
    n_drawn: int = field(default=0)

    def unit(self) -> float:
        """The next number, from 0 up to but not including 1."""
        material = f"{self.key}\n{self.n_drawn}".encode("utf-8", "surrogatepass")
        self.n_drawn += 1
        return int.from_bytes(hashlib.blake2b(material, digest_size=6).digest()) / 2**48

    def between(self, low: float, high: float) -> float:
        """The next number in a range."""
        return low + (high - low) * self.unit()

    def pick(self, options: Sequence[T]) -> T:
        """One of several, each as likely."""
        return options[int(self.unit() * len(options))]


def rect(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    """A rectangle."""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" '
        f'height="{number(height)}" fill="{fill}"{_more(more)}/>'
    )


def ground(fill: str) -> str:
    """The sheet."""
    return f'<path d="M0 0h{WIDTH}v{HEIGHT}H0z" fill="{fill}"/>'


def circle(x: float, y: float, radius: float, fill: str, more: str = "") -> str:
    """A disc; a ring when ``fill`` is ``none`` and ``more`` has a stroke."""
    place = f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
    return f'<circle {place} fill="{fill}"{_more(more)}/>'


def ring(x: float, y: float, radius: float, stroke: str, thickness: float, more: str = "") -> str:
    """A circle's outline."""
    return circle(
        x, y, radius, "none", f'stroke="{stroke}" stroke-width="{number(thickness)}"{_more(more)}'
    )


def path(d: str, fill: str, more: str = "") -> str:
    """A filled path."""
    return f'<path d="{d}" fill="{fill}"{_more(more)}/>'


def line(d: str, stroke: str, thickness: float, more: str = "") -> str:
    """A path's outline."""
    return (
        f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{number(thickness)}"'
        f"{_more(more)}/>"
    )


def polygon(points: Iterable[Point]) -> str:
    """The path data of a closed polygon."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "z"


def arc(x: float, y: float, radius: float, start: float, end: float) -> str:
    """The path data of an arc, clockwise, angles in degrees from three o'clock."""
    large = 1 if (end - start) % 360 > 180 else 0
    (x1, y1), (x2, y2) = polar(x, y, radius, start), polar(x, y, radius, end)
    r = number(radius)
    return f"M{number(x1)} {number(y1)}A{r} {r} 0 {large} 1 {number(x2)} {number(y2)}"


def polar(x: float, y: float, radius: float, degrees: float) -> Point:
    """The point at an angle and a distance."""
    angle = math.radians(degrees)
    return x + radius * math.cos(angle), y + radius * math.sin(angle)


def gradient(name: str, stops: Sequence[tuple[float, str]], *, vertical: bool = True) -> str:
    """A linear gradient, to be named as ``url(#name)``; stops are in per cent."""
    direction = ' x2="0" y2="1"' if vertical else ""
    body = "".join(f'<stop offset="{at:.0f}%" stop-color="{colour}"/>' for at, colour in stops)
    return f'<linearGradient id="{name}"{direction}>{body}</linearGradient>'


def _more(more: str) -> str:
    return f" {more}" if more else ""
