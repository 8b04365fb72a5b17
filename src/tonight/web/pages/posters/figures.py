"""Compositions about one figure: a sunburst, a bundle of stripes, an eye, a record, a smile."""

from __future__ import annotations

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
from tonight.web.pages.posters.lettering import Box, number
from tonight.web.pages.posters.sheet import Sheet, billing, caption, lettering


def deco(sheet: Sheet) -> str:
    """A sunburst behind a stepped tower, in a double frame: the 1920s and 1930s."""
    chance = sheet.chance
    night, gold, pale, second = chance.pick(
        (
            ("#10211f", "#d9b25f", "#f5e8c8", "#1f4a45"),
            ("#17142a", "#e0b667", "#f7ead0", "#3a2f66"),
            ("#1c1414", "#d8a657", "#f6e6c9", "#7a2a25"),
            ("#0f1d2e", "#cfae6d", "#f2ead6", "#23476b"),
        )
    )
    parts = [ground(night)]
    n_rays = chance.pick((14, 18, 22))
    for i in range(n_rays):
        start = 180 + 180 * i / n_rays
        tip_a = polar(200, 540, 420, start)
        tip_b = polar(200, 540, 420, start + 90 / n_rays)
        parts.append(path(polygon(((200.0, 540.0), tip_a, tip_b)), second))
    parts += [ring(200, 540, 126 + i * 30, gold, 5 - i, 'opacity=".9"') for i in range(4)]
    for i in range(5):
        half = 92 - i * 19
        top = 452 - i * 46
        parts.append(rect(200 - half, top, half * 2, 560 - top, gold if i % 2 == 0 else night))
    parts.append(path("M200 186l9 82h-18z", gold))
    parts.append(path("M0 0h400v184H0z M0 526h400v74H0z", night))
    parts.append(rect(14, 14, 372, 572, "none", f'stroke="{gold}" stroke-width="3"'))
    parts.append(rect(21, 21, 358, 558, "none", f'stroke="{gold}"'))
    parts.append(path("M70 176h100l30-9l30 9h100v3H230l-30 9l-30-9H70z", gold))
    parts.append(
        lettering(
            sheet, Box(42, 42, 316, 116), pale, face="serif", align="middle", rise=0.5, largest=70
        )
    )
    parts.append(billing(sheet, 200, 568, 320, gold, align="middle", size=12.5))
    return "".join(parts)


def stripes(sheet: Sheet) -> str:
    """Five stripes that come in from the left and bend up and away: the 1970s."""
    chance = sheet.chance
    paper, ink, bands = chance.pick(
        (
            ("#f3e3c3", "#46210f", ("#46210f", "#a33b16", "#dd6b20", "#eda52f", "#f4cf74")),
            ("#efe6cf", "#1f3b36", ("#1f3b36", "#3f7d6b", "#d9a441", "#d9692f", "#a8322a")),
            ("#2a1712", "#f6e2bd", ("#f6e2bd", "#f0b541", "#e2762b", "#b5431f", "#7a2a1c")),
            ("#e9dcc0", "#2f2350", ("#2f2350", "#6d3b73", "#c14f5b", "#ea8c4a", "#f2c45f")),
        )
    )
    start = chance.between(438, 452)
    turn = chance.between(190, 235)
    thick = 25.0
    parts = [ground(paper)]
    loop = chance.pick((False, True))
    x, y = turn + 20, start - 148.0
    for i, colour in enumerate(bands):
        radius = 26 + i * thick
        if loop:
            d = f"M-20 {number(y + radius)}H{number(x)}{_tail(x, y, radius)}"
        else:
            d = (
                f"M-20 {number(y + radius)}H{number(x)}a{number(radius)} {number(radius)} 0 0 0 "
                f"{number(radius)} {number(-radius)}V-20"
            )
        parts.append(line(d, colour, thick + 0.6))
    parts.append(circle(x, y, 13 if loop else 0.1, bands[2]))
    if not loop:
        parts.append(circle(chance.between(84, 120), 200, 62, bands[3]))
        parts.append(circle(chance.between(84, 120), 200, 36, bands[1]))
    parts.append(lettering(sheet, Box(28, 462, 344, 88), ink, upper=False, largest=68, rise=0.3))
    parts.append(billing(sheet, 28, 584, 344, ink, size=12.5))
    return "".join(parts)


def _tail(x: float, y: float, radius: float) -> str:
    """The way of a stripe once round a centre and off to the right."""
    r = number(radius)
    return (
        f"A{r} {r} 0 1 0 {number(x - radius)} {number(y)}"
        f"A{r} {r} 0 0 1 {number(x)} {number(y - radius)}H420"
    )


def eye(sheet: Sheet) -> str:
    """A great eye, drawn by hand, with lashes like roots: the Polish school."""
    chance = sheet.chance
    paper, ink, iris, white, accent = chance.pick(
        (
            ("#c9402b", "#1a1012", "#e8b23a", "#f6e8d0", "#f6e8d0"),
            ("#20343a", "#0c1416", "#d65a3a", "#efe6cf", "#efe6cf"),
            ("#d8b24a", "#241a12", "#3c7a6e", "#f8efd9", "#241a12"),
            ("#3b2a4d", "#140d1d", "#8fc07a", "#f2e6d4", "#f2e6d4"),
            ("#7d9a86", "#17201c", "#c9402b", "#f5ecd8", "#17201c"),
        )
    )
    x, y = 200.0, 356.0
    parts = [ground(paper)]
    strands = []
    for i in range(23):
        along = i / 22
        start_x = 40 + 320 * along
        bend = chance.between(-26, 26)
        lift = 44 + 52 * (1 - abs(2 * along - 1)) + chance.between(-10, 16)
        base_y = y - 96 * (1 - (2 * along - 1) ** 2) * 0.96
        end_x = start_x + (along - 0.5) * 120 + bend
        strands.append(
            f"M{number(start_x)} {number(base_y)}q{number(bend)} {number(-lift * 0.5)} "
            f"{number(end_x - start_x)} {number(-lift)}"
        )
    parts.append(line("".join(strands), ink, 6, 'stroke-linecap="round"'))
    parts.append(path("M22 356Q200 156 378 356Q200 530 22 356z", white))
    parts.append(circle(x, y - 6, 88, ink) + circle(x, y - 6, 80, iris))
    spokes = []
    for i in range(40):
        inner = polar(x, y - 6, 40, i * 9 + chance.between(-3, 3))
        outer = polar(x, y - 6, chance.between(60, 78), i * 9 + chance.between(-4, 4))
        spokes.append(
            f"M{number(inner[0])} {number(inner[1])}L{number(outer[0])} {number(outer[1])}"
        )
    parts.append(line("".join(spokes), ink, 2.4))
    parts.append(_pupil(chance.pick(("round", "slit", "moon", "keyhole")), x, y - 6, ink, white))
    parts.append(line("M22 356Q200 156 378 356Q200 530 22 356z", ink, 9, 'stroke-linejoin="round"'))
    drops = []
    for _ in range(chance.pick((0, 3, 5))):
        at = chance.between(110, 290)
        fall = chance.between(24, 60)
        drops.append(f"M{number(at)} {number(y + 80 - abs(at - 200) * 0.45)}v{number(fall)}")
    parts.append(line("".join(drops), iris, 9, 'stroke-linecap="round"') if drops else "")
    parts.append(
        lettering(sheet, Box(30, 28, 340, 114), accent, face="narrow", align="middle", largest=100)
    )
    parts.append(billing(sheet, 200, 580, 330, accent, align="middle", size=13))
    return "".join(parts)


def _pupil(kind: str, x: float, y: float, ink: str, light: str) -> str:
    if kind == "slit":
        return path(f"M{number(x)} {number(y - 66)}q44 66 0 132q-44-66 0-132z", ink)
    if kind == "moon":
        crescent = f"M{number(x + 12)} {number(y - 30)}a31 31 0 1 0 18 44a25 25 0 0 1-18-44z"
        return circle(x, y, 46, ink) + path(crescent, light)
    if kind == "keyhole":
        hole = f"M{number(x - 9)} {number(y + 2)}l-9 34h36l-9-34a18 18 0 1 0-18 0z"
        return circle(x, y, 50, ink) + path(hole, light)
    return circle(x, y, 40, ink) + circle(x + 18, y - 22, 11, light)


def vinyl(sheet: Sheet) -> str:
    """A record and blocks of one ink: a jazz sleeve."""
    chance = sheet.chance
    paper, block, black, label = chance.pick(
        (
            ("#f1ead9", "#1f63a8", "#14161a", "#e8502a"),
            ("#f3e7cf", "#e2582a", "#1a1614", "#f2b632"),
            ("#e6e9df", "#1d7a6c", "#101816", "#f0b429"),
            ("#f6e9d8", "#c22f4e", "#1b1218", "#58a5b5"),
            ("#191a22", "#f0b93a", "#050507", "#e2502f"),
        )
    )
    dark = paper == "#191a22"
    ink = "#f6eedb" if dark else black
    parts = [ground(paper), rect(0, 182, 400, 262, block)]
    x, y = chance.between(180, 300), 322.0
    parts.append(circle(x, y, 164, black))
    parts += [ring(x, y, 72 + i * 10.4, "#ffffff", 0.9, 'opacity=".22"') for i in range(9)]
    turn = chance.between(200, 320)
    sheen = path(
        polygon(((x, y), polar(x, y, 163, turn), polar(x, y, 163, turn + 24))), "#ffffff",
        'opacity=".13"',
    )  # fmt: skip
    parts.append(sheen)
    parts.append(circle(x, y, 56, label) + ring(x, y, 46, paper, 1.2) + circle(x, y, 6, paper))
    bars = []
    for i in range(16):
        tall = chance.between(6, 40)
        bars.append(rect(28 + i * 22, 504 - tall - 8, 13, tall, ink))
    parts.append("".join(bars))
    parts.append(lettering(sheet, Box(28, 28, 344, 128), ink, upper=False, largest=88, leading=0.9))
    parts.append(rect(28, 166, 344, 4, ink))
    parts.append(billing(sheet, 28, 576, 344, ink, size=13))
    parts.append(caption(str(sheet.year), 372, 534, 90, ink, align="end", size=17))
    return "".join(parts)


def embrace(sheet: Sheet) -> str:
    """Two discs that share a part: romance."""
    chance = sheet.chance
    paper, first, second, both, ink = chance.pick(
        (
            ("#f7e6dc", "#e8604c", "#f2a65a", "#b3302c", "#3a1518"),
            ("#f2ead8", "#d8436b", "#4f9aa8", "#5b2f6b", "#2a1638"),
            ("#2a1b33", "#f08a7b", "#f4cf8a", "#fbeee0", "#fbeee0"),
            ("#f4d9cf", "#c2334d", "#f6f0e4", "#8a1f3a", "#4a1222"),
            ("#dfe7e3", "#f0705a", "#3e7c8a", "#253f5c", "#1d2c3d"),
        )
    )
    radius = chance.between(104, 118)
    gap = chance.between(0.42, 0.66) * radius
    y = 262.0
    tilt = chance.between(-42, 42)
    parts = [ground(paper), f'<g transform="rotate({number(tilt)} 200 {y})">']
    parts.append(circle(200 - gap, y, radius, first) + circle(200 + gap, y, radius, second))
    half = (radius**2 - gap**2) ** 0.5
    r = number(radius)
    lens = (
        f"M200 {number(y - half)}A{r} {r} 0 0 1 200 {number(y + half)}"
        f"A{r} {r} 0 0 1 200 {number(y - half)}z"
    )
    parts.append(path(lens, both) + "</g>")
    parts.append(
        lettering(
            sheet, Box(30, 412, 340, 120), ink, face="serif", upper=False, align="middle",
            largest=72, rise=0.4,
        )
    )  # fmt: skip
    parts.append(billing(sheet, 200, 578, 340, ink, align="middle", size=13))
    return "".join(parts)


def smile(sheet: Sheet) -> str:
    """Two dots and a curve, a little off the level: comedy."""
    chance = sheet.chance
    paper, face, ink, cheek = chance.pick(
        (
            ("#ffcf33", "#ff6b4a", "#1d1a16", "#fff3d6"),
            ("#ff8f6b", "#ffe08a", "#2a1a2e", "#e4454a"),
            ("#6cc5b5", "#ffd75c", "#13302f", "#f2664b"),
            ("#f7c7d0", "#e8423f", "#2b1220", "#ffe9c9"),
            ("#3f6fd8", "#ffd23f", "#111b3a", "#ff7a59"),
        )
    )
    turn = chance.between(-16, 16)
    x, y, radius = 200 + chance.between(-16, 16), 270.0, 142.0
    parts = [ground(paper), f'<g transform="rotate({number(turn)} {number(x)} {y})">']
    parts.append(circle(x, y, radius, face))
    kind = chance.pick(("dots", "wink", "specs", "half"))
    if kind == "wink":
        parts.append(circle(x - 48, y - 34, 16, ink))
        parts.append(line(f"M{number(x + 28)} {y - 34}h42", ink, 11, 'stroke-linecap="round"'))
    elif kind == "specs":
        parts.append(ring(x - 50, y - 30, 35, ink, 9) + ring(x + 50, y - 30, 35, ink, 9))
        parts.append(line(f"M{number(x - 15)} {y - 34}q15-12 30 0", ink, 8))
        parts.append(circle(x - 44, y - 26, 11, ink) + circle(x + 56, y - 26, 11, ink))
    else:
        parts.append(circle(x - 48, y - 34, 16, ink) + circle(x + 48, y - 34, 16, ink))
    if kind == "half":
        parts.append(path(f"M{number(x - 74)} {y + 24}h148a74 74 0 0 1-148 0z", ink))
        parts.append(path(f"M{number(x - 40)} {y + 76}a44 40 0 0 1 80 0a74 74 0 0 1-80 0z", cheek))
    else:
        parts.append(line(arc(x, y + 2, 78, 22, 158), ink, 12, 'stroke-linecap="round"'))
        parts.append(circle(x - 88, y + 18, 17, cheek) + circle(x + 88, y + 18, 17, cheek))
    parts.append("</g>")
    parts.append(
        lettering(sheet, Box(28, 432, 344, 108), ink, largest=84, align="middle", rise=0.4)
    )
    parts.append(billing(sheet, 200, 578, 340, ink, align="middle", size=13))
    parts.append(caption(str(sheet.year), 200, 66, 200, ink, align="middle", size=26))
    return "".join(parts)


def speed(sheet: Sheet) -> str:
    """Slanting bars that run ahead of a disc: action."""
    chance = sheet.chance
    paper, ink, hot, cold = chance.pick(
        (
            ("#f2ede1", "#15171c", "#e0301e", "#f4a51c"),
            ("#14161b", "#f4efe3", "#ff4b2b", "#ffb52e"),
            ("#12343b", "#f3ecd9", "#f28f3b", "#e1462f"),
            ("#e8b923", "#17181a", "#d22f27", "#fbf4df"),
            ("#d8dde0", "#16222e", "#e8402c", "#2f6690"),
        )
    )
    parts = [ground(paper), '<g transform="rotate(-22 200 250)">']
    y = 28.0
    while y < 470:
        thick = chance.pick((4.0, 7.0, 12.0, 20.0, 32.0))
        start = chance.between(-140, 210)
        colour = chance.pick((ink, hot, hot, cold))
        parts.append(rect(start, y, 640, thick, colour))
        y += thick + chance.pick((7.0, 10.0, 16.0))
    parts.append("</g>")
    x, centre = chance.between(120, 165), chance.between(196, 250)
    parts.append(circle(x, centre, 98, paper) + circle(x, centre, 84, hot))
    parts.append(circle(x, centre, 34, paper) + circle(x, centre, 16, ink))
    parts.append(path("M0 420L400 376V600H0z", paper))
    parts.append(
        lettering(sheet, Box(28, 424, 344, 114), ink, face="narrow", largest=112, rise=0.6)
    )
    parts.append(billing(sheet, 28, 578, 344, ink, size=13))
    return "".join(parts)
