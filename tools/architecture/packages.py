"""Who imports whom, read from the imports themselves; the layers are those that are enforced."""

from __future__ import annotations

import itertools
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import grimp

from tools.architecture.drawing import MARGIN, WIDTH, arrow_down, box, line, picture, text

#: What each layer is, by a package in it.
LAYERS: Final = {
    "web": "front doors",
    "retraining": "training",
    "bootstrap": "wiring",
    "storage": "adapters",
    "services": "use cases",
    "domain": "core",
}
_SLOTS: Final = 5
_BOX: Final = (102.0, 34.0)
_BAND: Final = 64.0
_GAP: Final = 40.0


@dataclass(frozen=True, slots=True)
class Packages:
    """What the picture shows.

    Attributes:
        layers: The packages of each layer, from the front doors down.
        imports: How many imports lead from one package to another.
        allowed: The pairs for which the contracts let there be one.
    """

    layers: tuple[tuple[str, ...], ...]
    imports: dict[tuple[str, str], int]
    allowed: frozenset[tuple[str, str]]


def packages(root: Path) -> Packages:
    """Reads the layers from pyproject.toml and the imports from the code."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    (order,) = [each for each in contracts if each["type"] == "layers"]
    layers = tuple(
        tuple(name.strip() for name in layer.split("|"))
        for layer in order["layers"]
        if not layer.startswith("__")
    )
    shown = set(itertools.chain.from_iterable(layers))
    graph = grimp.build_graph("tonight", cache_dir=None)
    imports: Counter[tuple[str, str]] = Counter()
    for module in graph.modules:
        package = _package(module)
        for imported in graph.find_modules_directly_imported_by(module):
            pair = (package, _package(imported))
            if pair[0] != pair[1] and shown.issuperset(pair):
                imports[pair] += 1
    return Packages(layers, dict(imports), _allowed(layers, contracts))


def _allowed(
    layers: tuple[tuple[str, ...], ...], contracts: list[dict[str, Any]]
) -> frozenset[tuple[str, str]]:
    """Who may import whom: what lies below, without what another contract takes away."""
    pairs = {
        (source, target)
        for above, below in itertools.combinations(layers, 2)
        for source, target in itertools.product(above, below)
    }
    for contract in contracts:
        if contract["type"] == "forbidden":
            modules = (contract["source_modules"], contract["forbidden_modules"])
            pairs -= {(_package(a), _package(b)) for a, b in itertools.product(*modules)}
        elif contract["type"] == "protected":
            exceptions = [each.partition(" -> ")[0] for each in contract.get("ignore_imports", ())]
            importers = {_package(name) for name in [*contract["allowed_importers"], *exceptions]}
            protected = {_package(name) for name in contract["protected_modules"]}
            pairs = {(a, b) for a, b in pairs if b not in protected or a in importers}
    return frozenset(pairs)


def _package(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def needed(imports: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    """The imports from which all others follow: one is left out where a longer way leads there."""
    below: dict[str, set[str]] = {}
    for source, target in imports:
        below.setdefault(source, set()).add(target)

    def reached(name: str) -> set[str]:
        return set().union(*({each} | reached(each) for each in below.get(name, ())))

    return sorted(
        (source, target)
        for source, target in imports
        if not any(target in reached(other) for other in below[source] - {target})
    )


def layers_picture(found: Packages) -> str:
    """The layers from above to below, with an arrow to what a package needs."""
    arrows = needed(found.imports)
    at = _arranged(found.layers, arrows)
    parts: list[str] = []
    labels: list[str] = []
    height = MARGIN + len(found.layers) * (_BAND + _GAP) - _GAP + MARGIN
    for number, layer in enumerate(found.layers):
        (label,) = [said for name, said in LAYERS.items() if name in layer]
        y = _top(number)
        parts.append(box(MARGIN, y, WIDTH - 2 * MARGIN, _BAND, "band", 8))
        labels.append(text(MARGIN + 10, y + 17, label, "small soft label"))
    for source, target in arrows:
        (a, b) = (at[source], at[target])
        shift = 8 * (1 if b[0] > a[0] else -1 if b[0] < a[0] else 0)
        parts += arrow_down(a[0] + shift, a[1] + _BOX[1], b[0] - shift, b[1])
    parts += labels
    for name, (x, y) in at.items():
        parts.append(box(x - _BOX[0] / 2, y, *_BOX))
        parts.append(text(x, y + 22, name, "name", "middle"))
    return picture("The packages by layer, and what each of them needs", height, parts)


def _top(number: int) -> float:
    return MARGIN + number * (_BAND + _GAP)


def _arranged(
    layers: tuple[tuple[str, ...], ...], arrows: list[tuple[str, str]]
) -> dict[str, tuple[float, float]]:
    """Places where arrows cross little and run behind no box.

    One layer after the other is moved to its best places, until none has a better one.
    """
    places = [tuple(_spread(len(layer))) for layer in layers]
    best = _cost(layers, places, arrows)
    while True:
        before = best
        for number, layer in enumerate(layers):
            for tried in itertools.permutations(range(_SLOTS), len(layer)):
                changed = [*places[:number], tried, *places[number + 1 :]]
                cost = _cost(layers, changed, arrows)
                if cost < best:
                    best, places = cost, changed
        if best == before:
            return _positions(layers, places)


def _spread(n: int) -> range:
    return range((_SLOTS - n) // 2, (_SLOTS - n) // 2 + n)


def _positions(
    layers: tuple[tuple[str, ...], ...], places: list[tuple[int, ...]]
) -> dict[str, tuple[float, float]]:
    """The middle of each box's upper edge."""
    step = (WIDTH - 2 * MARGIN) / _SLOTS
    return {
        name: (MARGIN + step * (slot + 0.5), _top(number) + _BAND - _BOX[1] - 6)
        for number, layer in enumerate(layers)
        for name, slot in zip(layer, places[number], strict=True)
    }


def _cost(
    layers: tuple[tuple[str, ...], ...],
    places: list[tuple[int, ...]],
    arrows: list[tuple[str, str]],
) -> float:
    at = _positions(layers, places)
    ways = [(at[a][0], at[a][1], at[b][0], at[b][1]) for a, b in arrows]
    cost = sum(abs(x2 - x1) + (y2 - y1) / 10 for x1, y1, x2, y2 in ways) / WIDTH
    for (a, b), (x1, y1, x2, y2) in zip(arrows, ways, strict=True):
        for name, (x, y) in at.items():
            if name not in (a, b) and y1 < y < y2:
                passes = x1 + (x2 - x1) * (y + _BOX[1] / 2 - y1) / (y2 - y1)
                cost += 20 * (abs(passes - x) < _BOX[0] / 2 + 6)
    for one, other in itertools.combinations(ways, 2):
        cost += 3 * _cross(one, other)
    return cost


def _cross(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    """Whether two ways cross where both are."""
    top, bottom = max(one[1], other[1]), min(one[3], other[3])
    if top >= bottom or one[:2] == other[:2] or one[2:] == other[2:]:
        return False

    def x(way: tuple[float, float, float, float], y: float) -> float:
        return way[0] + (way[2] - way[0]) * (y - way[1]) / (way[3] - way[1])

    return (x(one, top) - x(other, top)) * (x(one, bottom) - x(other, bottom)) < 0


def imports_picture(found: Packages) -> str:
    """How often each package imports each other one, and where it may: below the steps only."""
    order = [name for layer in found.layers for name in layer]
    rank = {name: number for number, layer in enumerate(found.layers) for name in layer}
    left, top = 124.0, 126.0
    cell = (WIDTH - MARGIN - left) / len(order)
    at = {name: index * cell for index, name in enumerate(order)}
    parts = [text(MARGIN, top - 12, "imports", "small soft")]
    for name in order:
        x, y = left + at[name], top + at[name]
        parts.append(text(left - 10, y + cell / 2 + 5, name, "name", "end"))
        turned = f'transform="rotate(-90 {x + cell / 2 + 5:g} {top - 8:g})"'
        parts.append(f"<g {turned}>{text(x + cell / 2 + 5, top - 8, name, 'name')}</g>")
    for source, target in itertools.product(order, order):
        x, y = left + at[target], top + at[source]
        if (source, target) in found.allowed:
            parts.append(box(x + 1, y + 1, cell - 2, cell - 2, "band", 4))
        n = found.imports.get((source, target), 0)
        if n:
            parts.append(_dot(x + cell / 2, y + cell / 2, n))
        if source == target:
            parts.append(line(x + 8, y + 8, x + cell - 8, y + cell - 8))
    bottom = top + cell * len(order)
    edges = [index for index in range(1, len(order)) if rank[order[index]] > rank[order[index - 1]]]
    for index in edges:
        parts.append(line(MARGIN, top + index * cell, WIDTH - MARGIN, top + index * cell))
        parts.append(line(left + index * cell, top, left + index * cell, bottom))
    legend = bottom + 28
    parts.append(box(MARGIN, legend - 13, 18, 18, "band", 4))
    parts.append(text(MARGIN + 26, legend, "may import", "small soft"))
    for number, (least, said) in enumerate(
        ((1, "imports once"), (2, "twice or more"), (10, "ten times or more"))
    ):
        x = MARGIN + 128 + 134 * number
        parts.append(_dot(x, legend - 4, least))
        parts.append(text(x + 16, legend, said, "small soft"))
    return picture("How often each package imports each other one", legend + 18, parts)


def _dot(x: float, y: float, n: int) -> str:
    """A dot that is larger for more imports; by steps, so that one more seldom changes it."""
    radius = 4 if n == 1 else 7 if n < 10 else 11
    return f'<circle class="mark" cx="{x:g}" cy="{y:g}" r="{radius}"/>'
