"""Compositions cut from paper with a knife: ragged bars, a broken figure, two faces."""

from __future__ import annotations

from collections.abc import Sequence

from tonight.web.pages.posters.drawing import Chance, Point, circle, ground, path, polar, polygon
from tonight.web.pages.posters.lettering import Box, number
from tonight.web.pages.posters.sheet import Sheet, billing, lettering

# A man in six pieces, about the middle of his chest.
_MAN: tuple[tuple[Point, ...], ...] = (
    ((-16, -98), (14, -102), (20, -66), (-12, -62)),
    ((-34, -54), (36, -60), (26, 34), (-24, 32)),
    ((-40, -52), (-30, -34), (-74, 22), (-88, 10)),
    ((42, -56), (84, -92), (94, -80), (40, -30)),
    ((-24, 38), (-1, 38), (-22, 118), (-44, 112)),
    ((4, 38), (27, 36), (58, 104), (38, 116)),
)
_KEY: tuple[tuple[Point, ...], ...] = (
    ((-10, -10), (11, -12), (13, 112), (-9, 114)),
    ((12, 62), (44, 60), (45, 78), (12, 80)),
    ((12, 92), (35, 92), (34, 112), (12, 112)),
)


def _ragged(chance: Chance, points: Sequence[Point], x: float, y: float, by: float = 4) -> str:
    """Path data of a shape at a place, as an unsteady knife leaves it."""
    return polygon(
        (x + px + chance.between(-by, by), y + py + chance.between(-by, by)) for px, py in points
    )


def cutout(sheet: Sheet) -> str:
    """Ragged bars of black paper that close in on one figure: the 1950s and 1960s."""
    chance = sheet.chance
    paper, black, pale, accent = chance.pick(
        (
            ("#e2571e", "#14110f", "#f7ecd8", "#f2c230"),
            ("#d9a521", "#171310", "#fbf3dd", "#c43a22"),
            ("#2f6f8f", "#12151a", "#f5edd9", "#f0a830"),
            ("#b3202c", "#120d0e", "#f8ebd7", "#e9b44c"),
            ("#6b8f71", "#141512", "#f6eedb", "#e2571e"),
        )
    )
    x, y = 200 + chance.between(-34, 34), 318 + chance.between(-8, 8)
    parts = [ground(paper), chance.pick((_from_below, _from_the_sides))(chance, black)]
    parts.append(chance.pick((_eye, _man, _key, _shards))(chance, x, y, (pale, black, accent)))
    plate = ((16, 24), (386, 18), (380, 166), (24, 170))
    parts.append(path(_ragged(chance, plate, 0, 0, 5), black))
    parts.append(
        lettering(sheet, Box(38, 38, 324, 116), pale, largest=88, align="middle", rise=0.5)
    )
    parts.append(path("M0 546l400-5v60H0z", black))
    parts.append(billing(sheet, 200, 586, 340, pale, align="middle", size=12.5))
    return "".join(parts)


def _from_below(chance: Chance, black: str) -> str:
    focus = chance.between(1, 5)
    bars = []
    for i in range(7):
        foot = 440 - 30 * abs(i - focus) * chance.between(0.4, 1.1)
        left, right = i * 57.2 + 5, i * 57.2 + 51
        shape = ((left, 610), (right, 610), (right, foot), (left, foot - chance.between(-14, 14)))
        bars.append(path(_ragged(chance, shape, 0, 0, 5), black))
    return "".join(bars)


def _from_the_sides(chance: Chance, black: str) -> str:
    bars = []
    for i in range(8):
        top = 184 + i * 44
        reach = chance.between(44, 120)
        left, right = (-10, reach) if i % 2 == 0 else (400 - reach, 410)
        shape = ((left, top), (right, top), (right, top + 32), (left, top + 32))
        bars.append(path(_ragged(chance, shape, 0, 0, 5), black))
    return "".join(bars)


def _eye(chance: Chance, x: float, y: float, inks: tuple[str, str, str]) -> str:
    blob = [polar(0, 0, 72 if k % 2 else 96, k * 36) for k in range(10)]
    core = [polar(0, 0, 40, k * 60) for k in range(6)]
    return (
        path(_ragged(chance, blob, x, y, 9), inks[0])
        + path(_ragged(chance, core, x, y, 5), inks[1])
        + circle(x + 7, y - 6, 11, inks[2])
    )


def _man(chance: Chance, x: float, y: float, inks: tuple[str, str, str]) -> str:
    turn = chance.between(-26, 26)
    pieces = "".join(_ragged(chance, piece, 0, 0, 3) for piece in _MAN)
    place = f'transform="translate({number(x)} {number(y)}) rotate({number(turn)}) scale(1.12)"'
    return path(pieces, inks[0], place)


def _key(chance: Chance, x: float, y: float, inks: tuple[str, str, str]) -> str:
    bow = _ragged(chance, [polar(0, -50, 54, k * 45) for k in range(8)], 0, 0, 5)
    shaft = "".join(_ragged(chance, piece, 0, 0, 2) for piece in _KEY)
    hole = _ragged(chance, [polar(0, -50, 25, k * 60) for k in range(6)], 0, 0, 4)
    turn = chance.between(-40, 40)
    place = f'transform="translate({number(x)} {number(y - 10)}) rotate({number(turn)})"'
    return f"<g {place}>{path(bow + shaft, inks[0])}{path(hole, inks[2])}</g>"


def _shards(chance: Chance, x: float, y: float, inks: tuple[str, str, str]) -> str:
    shards = []
    for k in range(12):
        tip = polar(0, 0, chance.between(84, 136), k * 30 + chance.between(-9, 9))
        shards.append(
            polygon(
                (
                    (x + tip[0], y + tip[1]),
                    polar(x, y, 30, k * 30 - 12),
                    polar(x, y, 30, k * 30 + 12),
                )
            )
        )
    middle = [polar(0, 0, 40, k * 60) for k in range(6)]
    heart = path(_ragged(chance, middle, x, y, 5), inks[1]) + circle(x, y, 13, inks[2])
    return path("".join(shards), inks[0]) + heart


def profiles(sheet: Sheet) -> str:
    """Two faces that look at each other, and what stands between them."""
    chance = sheet.chance
    paper, left, right, between, ink = chance.pick(
        (
            ("#f3e3d3", "#c8402f", "#223a5e", "#f2b544", "#3a1518"),
            ("#e8e2d2", "#20303f", "#d9673a", "#d9b23a", "#20303f"),
            ("#23172f", "#e0657a", "#f1c27d", "#fbeede", "#fbeede"),
            ("#f6d9cf", "#7a2048", "#e8604c", "#fff4e4", "#4a1230"),
            ("#d7e2dc", "#12545a", "#e56b4e", "#f6c453", "#123a3e"),
        )
    )
    gap = chance.between(20, 44)
    face = (
        "M-220-190H-40C8-186 44-150 50-104C52-84 46-72 48-62C52-46 70-24 78-10C82-2 76 4 64 6"
        "C60 8 62 14 66 20C72 28 70 32 60 36C66 40 70 46 64 52C58 58 58 64 62 74"
        "C64 92 48 102 26 102"
        "C8 102-2 112-4 130L-2 210H-220z"
    )
    y = 216
    parts = [ground(paper), circle(200, y - 4, chance.between(70, 96), between)]
    parts.append(path(face, left, f'transform="translate({number(116 - gap / 2)} {y})"'))
    parts.append(
        path(face, right, f'transform="translate({number(284 + gap / 2)} {y + 10}) scale(-1 1)"')
    )
    parts.append(path("M0 404h400v196H0z", paper))
    parts.append(
        lettering(
            sheet,
            Box(30, 422, 340, 112),
            ink,
            face="serif",
            upper=False,
            align="middle",
            largest=72,
            rise=0.4,
        )
    )
    parts.append(billing(sheet, 200, 578, 340, ink, align="middle", size=13))
    return "".join(parts)
