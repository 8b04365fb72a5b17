"""Compositions of plain geometry: Swiss, Bauhaus, constructivist, halftone, op art."""

from __future__ import annotations

import math

from tonight.web.pages.posters.drawing import (
    arc,
    circle,
    ground,
    line,
    path,
    polar,
    polygon,
    rect,
    ring,
)
from tonight.web.pages.posters.lettering import Box, fit, number, set_text
from tonight.web.pages.posters.sheet import Sheet, billing, caption, lettering


def swiss(sheet: Sheet) -> str:
    """Rings that widen by a constant ratio, cut to arcs, about a centre off the sheet."""
    chance = sheet.chance
    paper, ink, accent = chance.pick(
        (
            ("#f3efe4", "#141414", "#e2231a"),
            ("#e2231a", "#fbf5e9", "#141414"),
            ("#f4c415", "#151515", "#fffaf0"),
            ("#0d4f9e", "#f6f2e8", "#ffb81c"),
            ("#e9e6df", "#10307a", "#ff5a1f"),
        )
    )
    x, y = chance.pick(((296.0, 210.0), (120.0, 232.0), (236.0, 190.0)))
    turn = chance.pick((0, 45, 90, 180, 225))
    parts = [ground(paper)]
    radius, thickness = 16.0, 9.0
    accented = 2 + int(chance.unit() * 4)
    for i in range(8):
        start = turn + 22.5 * int(chance.unit() * 16)
        sweep = 90 + 22.5 * int(chance.unit() * 9)
        colour = accent if i == accented else ink
        parts.append(line(arc(x, y, radius, start, start + sweep), colour, thickness))
        radius += thickness * 1.52
        thickness *= 1.3
    parts.append(path("M0 392h400v208H0z", paper))
    parts.append(rect(30, 404, 340, 5, ink))
    parts.append(lettering(sheet, Box(30, 422, 340, 118), ink, upper=False, largest=74))
    parts.append(billing(sheet, 30, 578, 340, ink, size=13))
    return "".join(parts)


_TILES = (
    "M0 0h80v80H0z",
    "M0 0a80 80 0 0 1 80 80H0z",
    "M80 0a80 80 0 0 1-80 80V0z",
    "M0 80a80 80 0 0 1 80-80v80z",
    "M0 0h80a80 80 0 0 1-80 80z",
    "M0 40a40 40 0 0 1 80 0z M0 80a40 40 0 0 1 80 0z",
    "M0 0h80L0 80z",
    "M40 0a40 40 0 0 1 0 80a40 40 0 0 1 0-80z",
    "M0 0a40 40 0 0 0 80 0z M0 40a40 40 0 0 0 80 0z",
)


def bauhaus(sheet: Sheet) -> str:
    """A wall of tiles: quarter and half discs, triangles, squares."""
    chance = sheet.chance
    colours = chance.pick(
        (
            ("#f2e8d5", "#d7352b", "#1d4e9c", "#f2b51d", "#1a1a1a"),
            ("#fbead2", "#ef6f4c", "#2a6f7f", "#f6c04d", "#2b2440"),
            ("#f4eee2", "#3b7d5c", "#e8573f", "#f0b8b2", "#22304f"),
            ("#efe7da", "#ff7a3d", "#5b4bb0", "#ffc94b", "#20263e"),
        )
    )
    parts = [ground(colours[0])]
    for row in range(5):
        for column in range(5):
            base, top = chance.pick(colours), chance.pick(colours)
            tile = chance.pick(_TILES)
            if base != colours[0]:
                parts.append(rect(column * 80, row * 80, 80.6, 80.6, base))
            if top != base:
                where = f'transform="translate({column * 80} {row * 80}) scale(1.008)"'
                parts.append(path(tile, top, where))
    parts.append(lettering(sheet, Box(28, 420, 344, 116), colours[4], upper=False, largest=80))
    parts.append(billing(sheet, 28, 577, 344, colours[4], size=13))
    return "".join(parts)


def halftone(sheet: Sheet) -> str:
    """A ball made of dots that grow and shrink ring by ring, as in a coarse newspaper print."""
    chance = sheet.chance
    paper, ink, accent = chance.pick(
        (
            ("#efe9dc", "#16181d", "#d8412f"),
            ("#f5d547", "#1b1b1b", "#1b1b1b"),
            ("#12211f", "#e9dfc7", "#f26b3a"),
            ("#d8e3df", "#16324a", "#d8412f"),
            ("#e4572e", "#fff3df", "#1d1b1a"),
        )
    )
    x, y = chance.pick(
        ((200.0, 366.0), (172.0, 360.0), (400.0, 372.0), (0.0, 372.0), (200.0, 556.0))
    )
    reach = 16 if x in range(100, 300) and y < 500 else 26
    swell = chance.pick((_heavy_core, _heavy_rim, _tide))
    accented = 4 + int(chance.unit() * (reach - 6))
    parts = [ground(paper)]
    dots = []
    for i in range(1, reach + 1):
        around = 2 * math.pi * i * 15
        gap = around / round(around / 15.2)
        colour, weight = (accent, 13.6) if i == accented else (ink, 13.6 * swell(i / reach))
        dots.append(ring(x, y, i * 15, colour, weight, f'stroke-dasharray="0 {gap:.3f}"'))
    parts.append(f'<g stroke-linecap="round">{"".join(dots)}{circle(x, y, 6, accent)}</g>')
    parts.append(path("M0 0h400v178H0z M0 548h400v52H0z", paper))
    parts.append(lettering(sheet, Box(28, 30, 344, 132), ink, face="grotesque", largest=84))
    parts.append(billing(sheet, 28, 584, 344, ink, size=12.5))
    return "".join(parts)


def _heavy_core(at: float) -> float:
    return max(0.16, 1 - 0.9 * at)


def _heavy_rim(at: float) -> float:
    return 0.2 + 0.8 * at * math.sqrt(at)


def _tide(at: float) -> float:
    return 0.56 + 0.4 * math.cos(at * 4 * math.pi)


def numerals(sheet: Sheet) -> str:
    """The year, as large as the sheet, behind the title."""
    chance = sheet.chance
    paper, big, ink, accent = chance.pick(
        (
            ("#111111", "#e63b2e", "#fff8ea", "#fff8ea"),
            ("#f1ece1", "#f0b323", "#17202b", "#c8102e"),
            ("#0b3c49", "#f7b538", "#fdf6e3", "#fdf6e3"),
            ("#eae4d6", "#8ab6a9", "#14213d", "#d1495b"),
            ("#2d2a4a", "#ff7f6a", "#fff3e0", "#ffd166"),
        )
    )
    digits = f"{sheet.year % 100:02d}"
    box = Box(22, 26, 356, 356)
    setting = fit(digits, "grotesque", box, largest=480, max_lines=1)
    block = set_text(setting, box, big)
    parts = [ground(paper), block, rect(28, 404, 64, 9, accent)]
    parts.append(lettering(sheet, Box(28, 430, 344, 108), ink, largest=76))
    parts.append(billing(sheet, 28, 577, 344, ink, size=13))
    parts.append(caption(str(sheet.year // 100), 372, 414, 60, accent, align="end", size=24))
    return "".join(parts)


def wedge(sheet: Sheet) -> str:
    """Constructivism: a wedge driven into a disc, bars at one angle."""
    chance = sheet.chance
    paper, red, black, grey = chance.pick(
        (
            ("#ece2cc", "#c8281c", "#171514", "#a59a83"),
            ("#e6dcc8", "#b9301f", "#1c1a19", "#6f7f80"),
            ("#f0e4cb", "#d4451d", "#1d2a33", "#b8a06a"),
            ("#d9d2c0", "#a82a1e", "#20201e", "#5d6b4f"),
        )
    )
    angle = chance.pick((-38, -32, -28, -44))
    disc = chance.between(112, 138)
    parts = [ground(paper), f'<g transform="rotate({angle} 200 230)">']
    parts.append(rect(-160, 60, 380, 16, grey) + rect(-160, 352, 760, 30, black))
    parts.append(rect(120, 396, 480, 9, red) + rect(-160, 96, 250, 7, black))
    parts.append("</g>")
    parts.append(circle(252, 214, disc, black))
    parts.append(ring(252, 214, disc + 16, black, 3))
    tip = polar(252, 214, disc * chance.between(0.0, 0.25), 20)
    parts.append(path(polygon(((-30, 30), tip, (-30, 330))), red))
    parts.append(circle(252 + disc * 0.42, 214 - disc * 0.36, disc * 0.2, paper))
    parts.append(path("M0 400h400v200H0z", black) + path("M0 400h400v9H0z", red))
    parts.append(lettering(sheet, Box(26, 430, 348, 108), paper, face="narrow", largest=104))
    parts.append(billing(sheet, 26, 578, 348, grey if grey != "#5d6b4f" else paper, size=13))
    return "".join(parts)


def vortex(sheet: Sheet) -> str:
    """A shaft of ragged frames, each turned a little further, down to one small shape."""
    chance = sheet.chance
    dark, light, accent = chance.pick(
        (
            ("#15120f", "#e8501f", "#f6e9cf"),
            ("#10222e", "#e9b44c", "#f7ecd5"),
            ("#1a1024", "#d62f4b", "#f8e6d2"),
            ("#0f2a26", "#c9d46b", "#f6f1dc"),
            ("#171717", "#e0d7c4", "#d8291c"),
        )
    )
    sides = chance.pick((4, 4, 3, 5))
    twist = chance.pick((-1, 1)) * chance.between(9, 15)
    x, y = 200 + chance.between(-26, 26), 318 + chance.between(-14, 14)
    parts = [ground(dark)]
    radius = 470.0
    for i in range(11):
        corners = [
            polar(
                x,
                y,
                radius * chance.between(0.92, 1.08),
                i * twist + side * 360 / sides + 45 + chance.between(-5, 5),
            )
            for side in range(sides)
        ]
        parts.append(path(polygon(corners), light if i % 2 == 0 else dark))
        radius *= 0.735
    parts.append(circle(x, y, 13, accent))
    plate = ((18, 22), (386, 12), (378, 158), (24, 166))
    parts.append(path(polygon(plate), dark))
    parts.append(
        lettering(sheet, Box(40, 34, 322, 112), accent, largest=92, align="middle", rise=0.5)
    )
    foot = ((0, 548), (400, 556), (400, 600), (0, 600))
    parts.append(path(polygon(foot), dark))
    parts.append(billing(sheet, 200, 590, 340, accent, align="middle", size=12))
    return "".join(parts)


def stacked(sheet: Sheet) -> str:
    """Each word of the title as wide as the sheet, in bands of colour."""
    chance = sheet.chance
    inks = chance.pick(
        (
            ("#f6d55c", "#ed553b", "#20639b", "#f7f3e8"),
            ("#ffb4a2", "#d62f35", "#0b525b", "#fff4e4"),
            ("#f2c14e", "#3f8a4a", "#4d3a8a", "#fffaf0"),
            ("#ff9f1c", "#14776e", "#c1121f", "#fdfdf5"),
        )
    )
    whole = fit(sheet.title.upper(), "narrow", Box(0, 0, 348, 400), largest=150, max_lines=4)
    n = len(whole.lines)
    band = 470 / n
    parts = [ground(inks[3])]
    for i, text in enumerate(whole.lines):
        parts.append(rect(0, i * band, 400, band + 0.5, inks[i % 3]))
        if i % 3 == 0:
            # Only where the letters are dark: they stay legible on whatever wanders in.
            parts.append(_mark(sheet, i, band, inks[(i + 1) % 3]))
        box = Box(26, i * band + band * 0.14, 348, band * 0.72)
        setting = fit(text, "narrow", box, largest=190, smallest=10, max_lines=1)
        ink = inks[3] if i % 3 else "#1b1b1b"
        parts.append(set_text(setting, box, ink, rise=0.5))
    parts.append(rect(0, 470, 400, 130, "#1b1b1b"))
    parts.append(caption(str(sheet.year), 26, 526, 120, inks[0], size=38, tracking=0.02))
    parts.append(caption(sheet.by.upper(), 26, 554, 348, inks[3], size=13))
    parts.append(caption("   ".join(sheet.cast).upper(), 26, 575, 348, inks[3], size=12))
    return "".join(parts)


def _mark(sheet: Sheet, row: int, band: float, colour: str) -> str:
    """A disc or a bar that wanders into a band from one side."""
    top = row * band
    side = sheet.chance.pick((0, 400))
    radius = band * 0.5
    d = (
        f"M{side} {number(top)}a{number(radius)} {number(radius)} 0 0 "
        f"{1 if side == 0 else 0} 0 {number(band)}z"
    )
    return path(d, colour)
