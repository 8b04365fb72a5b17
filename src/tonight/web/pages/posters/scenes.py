"""Compositions that show a place: a desert, an orbit, a room, a city, a door ajar."""

from __future__ import annotations

from tonight.web.pages.posters.drawing import (
    Chance,
    circle,
    gradient,
    ground,
    line,
    path,
    polygon,
    rect,
    ring,
)
from tonight.web.pages.posters.lettering import Box, number
from tonight.web.pages.posters.sheet import Sheet, billing, lettering


def horizon(sheet: Sheet) -> str:
    """Ranges of hills, each nearer and darker, under an enormous sun."""
    chance = sheet.chance
    sky, sun, layers, ink = chance.pick(
        (
            (
                "#f7d9a8",
                "#e4572e",
                ("#e0a372", "#b8694f", "#7a3f43", "#3c2333", "#1d1424"),
                "#3c2333",
            ),
            (
                "#cfe3df",
                "#f4f1de",
                ("#9fc4c0", "#6a9c9f", "#3c6f7a", "#1f4656", "#0d2533"),
                "#0d2533",
            ),
            (
                "#f3c9a5",
                "#fff1d6",
                ("#d99a8b", "#a76d7f", "#6d4a71", "#3a2f58", "#1b1a38"),
                "#3a2f58",
            ),
            (
                "#efe3c2",
                "#d9552b",
                ("#c9c08b", "#93a069", "#5d7a53", "#335443", "#173029"),
                "#173029",
            ),
            (
                "#1d2b4f",
                "#f6e7c1",
                ("#2b3d68", "#24335a", "#1b2748", "#121b35", "#0a1022"),
                "#f6e7c1",
            ),
        )
    )
    parts = [ground(sky)]
    parts.append(circle(chance.between(120, 290), chance.between(286, 318), 108, sun))
    for i, colour in enumerate(layers[:4]):
        parts.append(_range(chance, 318 + i * 46, 44 - i * 3, colour))
    parts.append(_walker(chance.between(90, 300), 1.3, 488, layers[4]))
    parts.append(_range(chance, 502, 18, layers[4]))
    parts.append(path("M0 505q100-9 200-4t200-2v101H0z", layers[4]))
    parts.append(
        lettering(sheet, Box(28, 34, 344, 138), ink, face="serif", align="middle", largest=80)
    )
    parts.append(billing(sheet, 200, 574, 330, sky if sky != "#1d2b4f" else ink, align="middle"))
    return "".join(parts)


def _range(chance: Chance, base: float, height: float, colour: str) -> str:
    points = []
    x = -20.0
    while x < 430:
        points.append((x, base - height * chance.between(0.05, 1)))
        x += chance.between(34, 74)
    d = f"M-20 620L-20 {number(base)}"
    last_x, last_y = -20.0, base
    for px, py in points:
        middle_x, middle_y = (last_x + px) / 2, (last_y + py) / 2
        d += f"Q{number(last_x)} {number(last_y)} {number(middle_x)} {number(middle_y)}"
        last_x, last_y = px, py
    return path(d + f"L430 {number(last_y)}V620z", colour)


def _walker(x: float, scale: float, foot: float, colour: str) -> str:
    """A small figure seen from behind, in a coat."""
    figure = "M-5-42a5 5 0 1 1 10 0a5 5 0 1 1-10 0M-6-36h12l5 21h-4l2 15h-5l-3-13l-3 13h-6l2-15h-5z"
    place = f'transform="translate({number(x)} {number(foot)}) scale({scale})"'
    return path(figure, colour, place)


def mesa(sheet: Sheet) -> str:
    """Table mountains, a low sun, a rider: the West."""
    chance = sheet.chance
    sky, sun, far, near, front, ink = chance.pick(
        (
            ("#f2b25c", "#fbe6b4", "#d0703c", "#9c3f27", "#3d1a17", "#3d1a17"),
            ("#e8d3a4", "#d5462a", "#c58a56", "#8e4a31", "#33201d", "#33201d"),
            ("#d9472b", "#f8c957", "#a52f24", "#6d1f20", "#2a0f14", "#fbe6b4"),
            ("#8fb8b0", "#f7e7bf", "#c9744a", "#8d3f2d", "#3a1c1e", "#3a1c1e"),
        )
    )
    parts = [ground(sky), circle(chance.between(110, 290), 368, chance.between(84, 116), sun)]
    for x, colour, top, wide in (
        (chance.between(-30, 40), far, 330, 120),
        (chance.between(230, 300), far, 350, 150),
        (chance.between(-90, -30), near, 366, 130),
        (chance.between(300, 350), near, 344, 110),
    ):
        d = (
            f"M{number(x - 34)} 470L{number(x)} {top + 30}l6-{30}h{wide - 20}l10 44l14 6l26 60V520H"
            f"{number(x - 34)}z"
        )
        parts.append(path(d, colour))
    parts.append(path("M0 448q120-14 220 0t180-6v160H0z", near))
    parts.append(path("M0 490q90-22 210-8t190-8v126H0z", front))
    rider = (
        "M0 0l3-20l-7-8l3-9q14-7 26-2l3-12l-8-1l9-4q5-9 10 0l8 4l-8 2l2 13q3 5 2 8l11-9l6 2"
        "l3 10l-5 2l-6-3l-6 10l2 17h-4l-5-14l-9 1l-14-1l-7 14h-4l5-16l-5 1l-2 15z"
    )
    place = f'transform="translate({number(chance.between(90, 270))} 488)"'
    parts.append(path(rider, front, place))
    parts.append(
        lettering(sheet, Box(24, 32, 352, 190), ink, face="narrow", align="middle", largest=130)
    )
    parts.append(billing(sheet, 200, 572, 330, sky, align="middle"))
    return "".join(parts)


def orbit(sheet: Sheet) -> str:
    """A planet at the edge of the dark, thin orbits, stars."""
    chance = sheet.chance
    space, planet, shade, glow, ink = chance.pick(
        (
            ("#0b1026", "#e86a3a", "#5a1f33", "#f7c66b", "#f6eedd"),
            ("#08161c", "#7fc6b5", "#174c56", "#e9f5d8", "#eaf4ee"),
            ("#140d22", "#b678d6", "#3d1f66", "#ffd98f", "#f5ecff"),
            ("#101114", "#d9d4c7", "#45454a", "#e2452c", "#f5f2ea"),
            ("#ece6d8", "#d9452b", "#8f1f24", "#15233f", "#15233f"),
        )
    )
    x, y, radius = chance.pick(((200.0, 372.0, 118.0), (330.0, 400.0, 178.0), (70.0, 390.0, 170.0)))
    parts = [
        "<defs>",
        f'<clipPath id="p"><circle cx="{x}" cy="{y}" r="{radius}"/></clipPath></defs>',
        ground(space),
    ]
    for _ in range(26):
        spot = (chance.between(0, 400), chance.between(0, 560))
        parts.append(circle(*spot, chance.pick((0.9, 1.2, 1.8)), ink, 'opacity=".75"'))
    for i in range(4):
        far = radius + 34 + i * chance.between(30, 42)
        parts.append(ring(x, y, far, ink, 0.8, 'opacity=".45"'))
        turn = chance.between(190, 350)
        body = f'transform="rotate({number(turn)} {number(x)} {number(y)})"'
        parts.append(circle(x + far, y, chance.between(3, 9), glow, body))
    parts.append(circle(x, y, radius, planet))
    bands = "".join(
        rect(
            x - radius,
            y - radius + radius * 2 * (i + chance.between(0.1, 0.7)) / 5,
            radius * 2,
            chance.between(5, 16),
            shade,
            'opacity=".35"',
        )
        for i in range(5)
    )
    night = circle(x + radius * 0.5, y + radius * 0.36, radius * 1.04, shade)
    parts.append(f'<g clip-path="url(#p)">{bands}{night}</g>')
    tilt = f'transform="rotate(-18 {number(x)} {number(y)})"'
    wide, flat = number(radius * 1.62), number(radius * 0.3)
    lower = (
        f"M{number(x - radius * 1.62)} {number(y)}a{wide} {flat} 0 0 0 {number(radius * 3.24)} 0"
    )
    parts.append(line(lower, glow, 5, tilt))
    parts.append(
        lettering(sheet, Box(30, 36, 340, 124), ink, align="middle", largest=80, leading=1)
    )
    parts.append(billing(sheet, 200, 576, 340, ink, align="middle", size=13))
    return "".join(parts)


def synth(sheet: Sheet) -> str:
    """A sliced sun over a grid that runs to the horizon."""
    chance = sheet.chance
    night, dusk, top, foot, wire, glow = chance.pick(
        (
            ("#12062e", "#5b1a6b", "#ffd75e", "#ff3d81", "#2ff3e0", "#ff4fa3"),
            ("#07122e", "#1f3f7a", "#fff2b0", "#ff7a3d", "#ff5fa8", "#ffb347"),
            ("#1a0520", "#7a1c4b", "#ffe29a", "#ff5a36", "#8be9ff", "#ff2f6d"),
            ("#04181c", "#0e5a5c", "#f7f29a", "#19c7a0", "#ff6ec7", "#19e3c0"),
        )
    )
    parts = ["<defs>"]
    parts.append(gradient("s", ((0, night), (100, dusk))))
    parts.append(gradient("u", ((0, top), (100, foot))))
    parts.append('<clipPath id="c"><circle cx="200" cy="290" r="123"/></clipPath></defs>')
    parts.append(ground(night) + rect(0, 0, 400, 400, "url(#s)"))
    parts.append(circle(200, 290, 122, "url(#u)"))
    slices = "".join(rect(70, 282 + i * 19, 260, 3 + i * 2.1, dusk) for i in range(6))
    parts.append(f'<g clip-path="url(#c)">{slices}</g>')
    ridge = [(-10.0, 400.0)]
    x = -10.0
    while x < 410:
        away = abs(x - 200) / 200
        ridge.append((x, 394 - chance.between(8, 84) * away))
        x += chance.between(20, 42)
    parts.append(path(polygon([*ridge, (410.0, 400.0)]), night))
    parts.append(line(polygon([*ridge, (410.0, 400.0)]), wire, 1.2))
    parts.append(rect(0, 400, 400, 200, night))
    rays = "".join(f"M{number(200 + i * 14)} 400L{200 + i * 82} 600" for i in range(-14, 15))
    bars = "".join(f"M0 {number(400 + 200 * (i / 9) ** 2)}h400" for i in range(9))
    parts.append(line(rays + bars, wire, 1.3, 'opacity=".8"'))
    parts.append(rect(0, 399, 400, 2.5, glow))
    box = Box(26, 34, 348, 128)
    shadow = Box(30, 38, 348, 128)
    for place, fill in ((shadow, glow), (box, "#fff8f0")):
        parts.append(
            lettering(sheet, place, fill, face="narrow", align="middle", rise=0.4, largest=112)
        )
    parts.append(rect(0, 548, 400, 52, night))
    parts.append(billing(sheet, 200, 584, 340, "#fff8f0", align="middle", size=13))
    return "".join(parts)


def blinds(sheet: Sheet) -> str:
    """A man in a hat, a window, the light of the street through the slats."""
    chance = sheet.chance
    wall, light, ink, signal = chance.pick(
        (
            ("#12161b", "#e9d8a6", "#0a0c0f", "#e9d8a6"),
            ("#101820", "#cfd8d2", "#080c10", "#d94f30"),
            ("#1a1310", "#eeb868", "#0d0908", "#f3e3c3"),
            ("#0f1a1c", "#b9d3c0", "#070d0e", "#f0c75e"),
        )
    )
    lean = chance.pick((-1, 1)) * chance.between(0.14, 0.26)
    parts = [ground(wall)]
    left, right = (40.0, 360.0)
    for i in range(13):
        top = 176 + i * 24.5
        slope = (right - left) * lean
        thick = 13 - abs(i - 6) * 0.35
        corners = (
            (left, top + slope / 2),
            (right, top - slope / 2),
            (right, top - slope / 2 + thick),
            (left, top + slope / 2 + thick),
        )
        parts.append(path(polygon(corners), light, f'opacity="{1 - abs(i - 5) * 0.07:.2f}"'))
    parts.append(rect(193, 120, 13, 480, wall))
    man = (
        "M-150 260C-146 190-120 168-62 150C-44 144-36 136-35 120C-50 106-56 88-56 66"
        "C-84 66-104 60-112 50C-90 46-72 42-60 36C-58 4-44-22-20-22C-10-22-6-14 2-14"
        "C10-14 16-22 26-20C48-14 56 8 58 36C72 40 92 46 112 54C104 62 84 66 58 66"
        "C58 74 66 82 70 92C66 98 60 98 58 102C58 112 54 122 40 124C40 138 46 144 62 150"
        "C120 168 146 190 150 260z"
    )
    flip = chance.pick((-1, 1))
    place = f'transform="translate({number(chance.between(160, 240))} 362) scale({flip} 1)"'
    parts.append(path(man, ink, place))
    parts.append(rect(0, 0, 400, 166, wall))
    parts.append(
        lettering(sheet, Box(28, 34, 344, 128), signal, face="narrow", largest=112, rise=0.2)
    )
    parts.append(rect(0, 544, 400, 56, ink))
    parts.append(billing(sheet, 28, 582, 344, light, size=13))
    return "".join(parts)


def door(sheet: Sheet) -> str:
    """A dark room, a door ajar, a shadow on the floor that somebody throws."""
    chance = sheet.chance
    dark, wall, light, ink = chance.pick(
        (
            ("#0b0a0c", "#151318", "#d7261e", "#f1e9dc"),
            ("#0a0d10", "#121a1f", "#e8d9a0", "#f1e9dc"),
            ("#0c0a12", "#17131f", "#7ad0c0", "#eef3ea"),
            ("#100909", "#1c1010", "#ff8a2a", "#f6e8d8"),
        )
    )
    x = chance.between(150, 226)
    parts = [ground(dark), rect(0, 0, 400, 372, wall)]
    parts.append("<defs>" + gradient("f", ((0, light), (100, dark))) + "</defs>")
    reach = chance.between(60, 120)
    floor = ((x, 372.0), (x + 58, 372.0), (x + 58 + reach * 1.5, 600.0), (x - reach, 600.0))
    parts.append(path(polygon(floor), "url(#f)"))
    parts.append(rect(x, 186, 58, 186, light))
    leaf = ((x + 58, 186.0), (x + 104, 172.0), (x + 104, 398.0), (x + 58, 372.0))
    parts.append(path(polygon(leaf), dark))
    parts.append(circle(x + 66, 284, 2.6, light))
    body = "M-8-92a8 10 0 1 1 16 0a8 10 0 1 1-16 0M-13-78q13-8 26 0l5 44l-7 2l2 32h-26l2-32l-7-2z"
    place = f'transform="translate({number(x + 29)} 372) scale(.95 1.2)"'
    parts.append(path(body, dark, place))
    shade = ((x + 19, 372.0), (x + 39, 372.0), (x + 58 + reach * 0.5, 600.0), (x - 2, 600.0))
    parts.append(path(polygon(shade), dark, 'opacity=".85"'))
    parts.append(
        lettering(sheet, Box(28, 34, 344, 120), ink, face="serif", largest=76, upper=False)
    )
    parts.append(billing(sheet, 28, 580, 344, ink, size=12.5))
    return "".join(parts)


def minimal(sheet: Sheet) -> str:
    """One ball, its long shadow, a great deal of nothing."""
    chance = sheet.chance
    top, foot, ball, shadow, ink = chance.pick(
        (
            ("#f3d9c6", "#e9b7a0", "#c8452f", "#b8765f", "#3b1f1b"),
            ("#cfe0e4", "#9fc0c8", "#f3efe2", "#6f97a3", "#12303a"),
            ("#e9e4d4", "#cfc6ab", "#1f3a34", "#a39a7c", "#1f3a34"),
            ("#2b2d42", "#1b1c2e", "#f2c14e", "#11121f", "#f5efe0"),
            ("#f6c445", "#e9a52c", "#20303f", "#bd7f1a", "#20303f"),
            ("#d9d3e3", "#a99cc4", "#fff4e2", "#7a6c9c", "#2a2140"),
            ("#7fae9b", "#568b79", "#f4ead2", "#3c6b5c", "#10291f"),
        )
    )
    level = chance.between(330, 372)
    radius = chance.between(34, 62)
    x = chance.between(110, 290)
    side = -1 if x > 200 else 1
    parts = ["<defs>", gradient("k", ((0, top), (100, foot))), "</defs>"]
    parts.append(ground("url(#k)") + rect(0, level, 400, 600 - level, foot))
    long = chance.between(150, 240)
    cast = (
        f"M{number(x - radius * 0.9)} {number(level)}L{number(x + side * long - radius * 0.5)} 470"
        f"q{number(radius)} 22 {number(radius * 1.6)} 0L{number(x + radius * 0.9)} {number(level)}z"
    )
    parts.append(path(cast, shadow))
    parts.append(circle(x, level - radius * 0.94, radius, ball))
    parts.append(_walker(x - side * chance.between(radius + 34, radius + 60), 0.55, level + 8, ink))
    parts.append(
        lettering(sheet, Box(30, 36, 340, 150), ink, face="serif", upper=False, largest=66)
    )
    parts.append(billing(sheet, 30, 576, 340, ink, size=13))
    return "".join(parts)
