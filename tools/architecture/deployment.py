"""What compose.yaml runs, by profile, and on which networks each service meets which others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

from tools.architecture.drawing import MARGIN, WIDTH, box, line, picture, text

#: What compose takes where a variable is not set.
_DEFAULT: Final = re.compile(r"\$\{\w+:-([^}]*)\}")
_ROW: Final = 52.0
_GAP: Final = 14.0


def deployment_picture(compose: Path) -> str:
    """Services as rows, networks as the lines that they hang on."""
    described: dict[str, Any] = yaml.safe_load(compose.read_text("utf-8"))
    networks = list(described["networks"])
    by_profile: dict[str, list[str]] = {}
    for name, service in described["services"].items():
        by_profile.setdefault(", ".join(service["profiles"]), []).append(name)
    left = 238.0
    step = 62.0
    at = {network: left + step * (number + 0.5) for number, network in enumerate(networks)}
    y = 74.0
    rows: list[str] = []
    for profile, names in by_profile.items():
        height = 26 + _ROW * len(names) + 4
        rows.append(box(MARGIN, y, WIDTH - 2 * MARGIN, height, "band", 8))
        rows.append(text(MARGIN + 10, y + 18, f"profile {profile}", "small soft"))
        for number, name in enumerate(names):
            rows += _row(described["services"][name], name, y + 26 + _ROW * number, at)
        y += height + _GAP
    heads: list[str] = []
    for network, x in at.items():
        inside = (described["networks"][network] or {}).get("internal")
        heads.append(text(x, 34, network, "name", "middle"))
        heads.append(text(x, 52, "internal" if inside else "network", "small soft", "middle"))
    heads.append(text(WIDTH - MARGIN, 34, "published", "name", "end"))
    return picture("What compose.yaml runs, on which networks", y - _GAP + MARGIN, heads + rows)


def _row(service: dict[str, Any], name: str, y: float, at: dict[str, float]) -> list[str]:
    middle = y + (_ROW - 8) / 2
    waits = ", ".join(service.get("depends_on", ()))
    parts = [box(MARGIN + 8, y, 196, _ROW - 8)]
    parts.append(text(MARGIN + 18, middle + (-3 if waits else 5), name, "name"))
    if waits:
        parts.append(text(MARGIN + 18, middle + 14, f"after {waits}", "small soft"))
    joined = [at[network] for network in service.get("networks", ())]
    if joined:
        parts.append(line(min(joined), middle, max(joined), middle, "line"))
    parts += [
        f'<circle class="tone{number % 4}" cx="{x:g}" cy="{middle:g}" r="8"/>'
        for number, x in enumerate(at.values())
        if x in joined
    ]
    ports = [_DEFAULT.sub(r"\1", port).split(":")[-2] for port in service.get("ports", ())]
    if ports:
        published = ", ".join(ports)
        parts.append(text(WIDTH - MARGIN - 10, middle + 5, published, "small code", "end"))
    return parts
