"""Compositions of places people walk through: a city, a wood, a flight of stairs, the sea."""

from __future__ import annotations

from tonight.web.pages.posters.drawing import (
    circle,
    ground,
    path,
    polygon,
    rect,
    ring,
)
from tonight.web.pages.posters.lettering import Box, number
from tonight.web.pages.posters.sheet import Align, Sheet, billing, lettering

_WALKER = "M-5-42a5 5 0 1 1 10 0a5 5 0 1 1-10 0M-6-36h12l5 21h-4l2 15h-5l-3-13l-3 13h-6l2-15h-5z"


def skyline(sheet: Sheet) -> str:
    """Blocks of a city at night, some windows still lit."""
    chance = sheet.chance
    sky, moon, far, near, lamp, ink = chance.pick(
        (
            ("#1b2440", "#f2e3b8", "#2c3a5e", "#0e1428", "#f6c453", "#f7efdc"),
            ("#e8623c", "#fbe3b4", "#b23a2e", "#2a1020", "#fbd27a", "#2a1020"),
            ("#f0cfa0", "#e2553a", "#c08a68", "#33222e", "#f6d58a", "#33222e"),
            ("#12383d", "#e9e2c3", "#1d555a", "#081d22", "#f0b04a", "#f2ecd6"),
            ("#6b4a8a", "#ffd9a0", "#4d3270", "#1d1033", "#ffc46b", "#fff1dc"),
        )
    )
    windows = (
        '<defs><pattern id="w" width="14" height="20" patternUnits="userSpaceOnUse">'
        f'<path d="M4 6h6v8H4z" fill="{lamp}"/></pattern>'
        '<pattern id="v" width="28" height="40" patternUnits="userSpaceOnUse">'
        f'<path d="M18 26h6v8h-6z" fill="{lamp}"/></pattern></defs>'
    )
    parts = [
        windows,
        ground(sky),
        circle(chance.between(80, 320), chance.between(236, 270), chance.between(38, 62), moon),
    ]
    x = -20.0
    while x < 400:
        wide, tall = chance.between(40, 76), chance.between(190, 330)
        parts.append(rect(x, 600 - tall, wide, tall, far))
        x += wide - 2
    x = -12.0
    while x < 400:
        cells = chance.pick((4, 5, 6))
        wide, tall = cells * 14.0, 120 + 20 * int(chance.between(0, 8))
        top = 600.0 - tall
        parts.append(rect(x, top, wide, tall, near))
        if chance.unit() < 0.4:
            parts.append(path(f"M{number(x + wide / 2 - 2)} {number(top)}v-34h4v34z", near))
        lit = chance.pick(("w", "v", "v"))
        place = f'transform="translate({number(x)} {number(top)})"'
        parts.append(rect(0, 6, wide, tall - 76, f"url(#{lit})", place))
        x += wide + chance.pick((0.0, 4.0, 12.0))
    parts.append(path("M0 536h400v64H0z", near))
    parts.append(lettering(sheet, Box(28, 32, 344, 142), ink, face="narrow", largest=112))
    parts.append(billing(sheet, 28, 580, 344, lamp, size=13))
    return "".join(parts)


def forest(sheet: Sheet) -> str:
    """Trunks behind trunks, a light among them, someone on the path."""
    chance = sheet.chance
    tones, light, ink = chance.pick(
        (
            (("#9fb8a8", "#6f9284", "#436a61", "#234741", "#0f2725"), "#f4eed3", "#0f2725"),
            (("#7d86a8", "#59618a", "#3a4069", "#232848", "#10132a"), "#f3d9a4", "#f6ecd8"),
            (("#c98a6a", "#a15c49", "#743a38", "#47222a", "#220f18"), "#fbe0a8", "#220f18"),
            (("#d9d2b8", "#b0a985", "#7f7c5e", "#4d4f40", "#24281f"), "#c8402f", "#24281f"),
            (("#20393f", "#1a2f35", "#14252b", "#0e1b20", "#070f13"), "#b9e0c4", "#d8ecd9"),
        )
    )
    x = chance.between(130, 270)
    parts = [ground(tones[0]), circle(x, 348, chance.between(54, 84), light)]
    for depth, tone in enumerate(tones[1:]):
        at = chance.between(-20, 30)
        while at < 410:
            wide = (7 + depth * 7) * chance.between(0.7, 1.3)
            lean = chance.between(-6, 6)
            if depth < 2 or abs(at - x) > 34 + depth * 10:
                trunk = (
                    (at, 186.0),
                    (at + wide * 0.8, 186.0),
                    (at + wide + lean, 600.0),
                    (at - wide * 0.2 + lean, 600.0),
                )
                parts.append(path(polygon(trunk), tone))
            at += wide + chance.between(24 + depth * 12, 62 + depth * 18)
        floor = 478 + depth * 16
        parts.append(path(f"M0 {floor}q120-{18 - depth * 3} 220 0t180-4v130H0z", tone))
    place = f'transform="translate({number(x)} 500) scale(.95)"'
    parts.append(path(_WALKER, tones[4], place))
    parts.append(rect(0, 0, 400, 190, tones[0]))
    parts.append(
        lettering(sheet, Box(28, 34, 344, 138), ink, face="serif", align="middle", largest=84)
    )
    print_ink = ink if tones[0] == "#20393f" else tones[0]
    parts.append(billing(sheet, 200, 580, 340, print_ink, align="middle", size=13))
    return "".join(parts)


def stairs(sheet: Sheet) -> str:
    """A flight of stairs in two flat tones, and a figure with a long way to go."""
    chance = sheet.chance
    wall, tread, side, figure, ink = chance.pick(
        (
            ("#e9dfc9", "#c9402b", "#7f1f1c", "#1a1414", "#1a1414"),
            ("#e3a72f", "#f7ead0", "#8a5a14", "#1d1710", "#1d1710"),
            ("#c8d5d3", "#2e5f73", "#14323f", "#f2b33d", "#14323f"),
            ("#1e1f2b", "#e7dcc3", "#4b4a5c", "#e2573a", "#f3ead6"),
            ("#e07a5f", "#f4e6cf", "#7a2f2a", "#2b1a2a", "#2b1a2a"),
        )
    )
    n = chance.pick((7, 8, 9))
    rise, run = 330 / n, 400 / n
    up = chance.pick((1, -1))
    parts = [ground(wall), f'<g transform="translate({0 if up == 1 else 400} 0) scale({up} 1)">']
    front = "M0 600V540"
    for i in range(n):
        front += f"V{number(540 - i * rise)}H{number((i + 1) * run)}"
    parts.append(path(front + "V600z", side))
    parts += [
        path(
            polygon(
                (
                    (i * run, 540 - i * rise),
                    ((i + 1) * run, 540 - i * rise),
                    ((i + 1) * run + 46, 540 - i * rise - 22),
                    (i * run + 46, 540 - i * rise - 22),
                )
            ),
            tread,
        )
        for i in range(n)
    ]
    step = 2 + int(chance.unit() * (n - 5))
    x, y = (step + 0.62) * run + 8, 540 - step * rise - 8
    shadow = ((x - 4, y), (x + 5, y), (x + 120, y + 34), (x + 96, y + 44))
    parts.append(path(polygon(shadow), side, 'opacity=".55"'))
    place = f'transform="translate({number(x)} {number(y)}) scale(1.15)"'
    parts.append(path(_WALKER, figure, place) + "</g>")
    parts.append(path("M0 546h400v54H0z", side))
    align: Align = "start" if up == 1 else "end"
    parts.append(lettering(sheet, Box(28, 32, 344, 140), ink, upper=False, largest=78, align=align))
    parts.append(billing(sheet, 28, 584, 344, wall if ink != "#f3ead6" else ink, size=12.5))
    return "".join(parts)


def waves(sheet: Sheet) -> str:
    """A sea of overlapping scales, a sun, a small boat."""
    chance = sheet.chance
    sky, sea, foam, sun, ink = chance.pick(
        (
            ("#f3e6cf", "#1f4e79", "#f3e6cf", "#d9432f", "#1a2f4a"),
            ("#f7d3b5", "#0f6b72", "#fbeedd", "#f2703f", "#0b3b40"),
            ("#16213e", "#2d4a7c", "#e6d9b8", "#f0c75e", "#f3ead2"),
            ("#e9efe6", "#3d7c6b", "#f6f6ea", "#f29e4c", "#16392f"),
            ("#f2c6c0", "#7a2e4d", "#fdeee4", "#fff3e0", "#4a1530"),
        )
    )
    rings = "".join(ring(32, 32, radius, foam, 2.2) for radius in (30, 20, 10))
    scale = f'<defs><g id="s">{circle(32, 32, 31, sea)}{rings}</g></defs>'
    parts = [scale, ground(sky)]
    x = chance.between(110, 290)
    parts.append(circle(x, 322, chance.between(78, 112), sun))
    boat_x = chance.between(70, 300)
    boat = "M-44 0h88q-8 26-26 28h-38q-18-2-24-28zM-3-6v-84l48 78zM-9-12h-36l36-60z"
    row = 0
    y = 372.0
    while y < 560:
        shift = -32 if row % 2 else 0
        cells = "".join(
            f'<use href="#s" x="{shift + column * 64}" y="{number(y)}"/>' for column in range(7)
        )
        parts.append(cells)
        if row == 1:
            place = f'transform="translate({number(boat_x)} 384) rotate(-5)"'
            parts.append(path(boat, ink if ink != "#f3ead2" else "#0b1226", place))
        y += 16
        row += 1
    parts.append(rect(0, 546, 400, 54, sea))
    parts.append(
        lettering(sheet, Box(28, 32, 344, 148), ink, align="middle", largest=88, upper=False)
    )
    parts.append(billing(sheet, 200, 584, 340, foam, align="middle", size=12.5))
    return "".join(parts)
