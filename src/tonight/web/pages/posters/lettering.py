"""Sets text inside a box: measures it, breaks it into lines, finds the largest size that fits.

A poster is shown as an image, and an image may only use fonts that the viewer's system has.
The faces below are those for which every system has one of the same widths (Helvetica, Arial
and Liberation Sans; Times and its kin). Where a system substitutes another, ``textLength``
holds each line to the width that was measured here, so nothing runs out of its frame.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from xml.sax.saxutils import escape

FaceName = Literal["grotesque", "narrow", "serif", "mono"]

# Advance widths in thousandths of an em, from U+0020 to U+007E. Source: the published font
# metrics of Helvetica Bold and Times Bold, which the other fonts of a stack share.
_GROTESQUE_ASCII: Final = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 "
    "556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 "
    "722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 "
    "556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 "
    "280 389 584"
)
_SERIF_ASCII: Final = (
    "250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 "
    "500 500 500 500 333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 667 "
    "944 722 778 611 778 722 556 667 722 722 1000 722 722 667 333 278 333 581 500 333 500 556 444 "
    "556 444 333 500 556 278 333 556 278 833 556 500 556 556 444 389 333 556 500 722 500 500 444 "
    "394 220 394 520"
)
# The same for U+0410 to U+044F, the Cyrillic alphabet, in the grotesque.
_GROTESQUE_CYRILLIC: Final = (
    "722 719 722 567 712 667 904 626 719 719 610 702 833 722 778 719 667 722 611 622 854 667 730 "
    "703 1005 1019 870 979 719 711 1031 719 556 618 615 417 635 556 709 497 615 615 500 635 740 "
    "604 611 604 611 556 490 556 875 556 615 581 833 844 729 854 615 552 854 583"
)
_OTHERS: Final = {
    "–": 556, "—": 1000, "‘": 278, "’": 278, "“": 500, "”": 500, "…": 1000, "·": 278,
    "½": 834, "æ": 889, "Æ": 1000, "ø": 611, "Ø": 778, "ł": 278, "Ł": 611, "ß": 611,
    "œ": 944, "Œ": 1000, "đ": 611, "ı": 278, "Ð": 722, "ð": 611, "þ": 611, "Þ": 667,
}  # fmt: skip


def _table(first: int, widths: str) -> dict[str, int]:
    return {chr(first + i): int(width) for i, width in enumerate(widths.split())}


_SHARED: Final = _table(0x410, _GROTESQUE_CYRILLIC) | _OTHERS
_GROTESQUE: Final = _SHARED | _table(0x20, _GROTESQUE_ASCII)
_SERIF: Final = _SHARED | _table(0x20, _SERIF_ASCII)


@dataclass(frozen=True, slots=True)
class Face:
    """A voice of lettering: which fonts, how heavy, how wide."""

    family: str
    weight: int
    widths: dict[str, int]
    stretch: float = 1.0
    italic: bool = False


FACES: Final[dict[FaceName, Face]] = {
    "grotesque": Face("Helvetica Neue,Helvetica,Arial,Liberation Sans,sans-serif", 700, _GROTESQUE),
    "narrow": Face(
        "Arial Narrow,Liberation Sans Narrow,Helvetica Neue,Arial,sans-serif", 700, _GROTESQUE, 0.82
    ),
    "serif": Face("Times New Roman,Times,Liberation Serif,serif", 700, _SERIF),
    "mono": Face("Courier New,Courier,Liberation Mono,monospace", 700, {}),
}

#: Characters of a title that are looked at; the rest could not be set legibly anyway.
LONGEST: Final = 160

#: Scripts whose letters stand taller or hang lower than Latin capitals, by range.
_TALL: Final = ((0x0590, 0x08FF), (0x0900, 0x109F), (0x1780, 0x17FF), (0xFB1D, 0xFDFF))


def width(text: str, face: Face) -> float:
    """How wide a text is, in ems, before tracking.

    Args:
        text: One line.
        face: The face it is set in.
    """
    return sum(_advance(character, face) for character in text) / 1000


@lru_cache(maxsize=4096)
def _decomposed(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0]


def _advance(character: str, face: Face) -> float:
    if not face.widths:
        return 1000 if unicodedata.east_asian_width(character) in "WF" else 600
    known = face.widths.get(character) or face.widths.get(_decomposed(character))
    if known is not None:
        return known * face.stretch
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Cf"):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    if 0x0590 <= ord(character) <= 0x08FF:
        return 560
    return (740 if character.isupper() else 640) * max(face.stretch, 0.9)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the units of the poster (400 by 600)."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines of text with the size they fit at.

    Attributes:
        face: The face that was measured.
        size: The font size.
        lines: The lines, top to bottom.
        widths: How wide each line is at that size.
        ascent: From a line's top to its baseline, in ems.
        leading: From baseline to baseline, in ems.
    """

    face: Face
    size: float
    lines: tuple[str, ...]
    widths: tuple[float, ...]
    ascent: float
    leading: float

    @property
    def height(self) -> float:
        """From the top of the first line to the foot of the last."""
        foot = 0.22 if self.ascent > 0.75 or any(not line.isupper() for line in self.lines) else 0
        return self.size * (self.ascent + self.leading * (len(self.lines) - 1) + foot)


def fit(
    text: str,
    face_name: FaceName,
    box: Box,
    *,
    largest: float = 110,
    smallest: float = 26,
    leading: float | None = None,
    max_lines: int = 6,
) -> Setting:
    """Finds the line breaks that let a text stand largest in a box.

    A text too long for the box even at the smallest size is cut with an ellipsis.

    Args:
        text: What to set; white space is collapsed.
        face_name: The face.
        box: Where it has to fit.
        largest: The largest font size wanted.
        smallest: The size below which text is cut rather than shrunk.
        leading: From baseline to baseline in ems; by default what the script needs.
        max_lines: How many lines at most.
    """
    face = FACES[face_name]
    pieces = _pieces(text)
    while True:
        setting = _largest(pieces, face, box, largest, leading, max_lines)
        if setting.size >= smallest:
            return setting
        if len(pieces) > 1:
            pieces = [*pieces[:-2], pieces[-2].rstrip(" …,:;-") + "…"]
        elif len(pieces[0]) > 2:
            pieces = [pieces[0].rstrip("…")[: max(1, len(pieces[0]) * 9 // 10 - 1)] + "…"]
        else:
            return setting


def printable(text: str) -> str:
    """A text without the characters that XML cannot hold, and with plain spaces."""
    return " ".join(
        "".join(
            character if unicodedata.category(character) not in ("Cc", "Cs", "Cn", "Co") else " "
            for character in text
        ).split()
    )


def _pieces(text: str) -> list[str]:
    """Splits a text where a line may end: after spaces, between ideographs, in endless words."""
    pieces: list[str] = []
    for word in printable(text)[:LONGEST].split() or ["·"]:
        start = len(pieces)
        for at, character in enumerate(word):
            wide = unicodedata.east_asian_width(character) in "WF"
            closing = unicodedata.category(character) in ("Pe", "Po", "Pf", "Mn", "Lm")
            overlong = len(word) > 22 and at % 14 == 0
            if len(pieces) == start or ((wide or overlong) and not closing):
                pieces.append(character)
            else:
                pieces[-1] += character
        pieces[-1] += " "
    pieces[-1] = pieces[-1].rstrip()
    return pieces


def _largest(
    pieces: list[str],
    face: Face,
    box: Box,
    largest: float,
    leading: float | None,
    max_lines: int,
) -> Setting:
    whole = "".join(pieces)
    tall = any(low <= ord(c) <= high for c in whole for low, high in _TALL)
    wide = any(unicodedata.east_asian_width(c) in "WF" for c in whole)
    ascent = 0.95 if tall else 0.88 if wide else 0.73
    step = 1.3 if tall else 1.12 if wide else leading or (0.9 if whole.isupper() else 0.98)
    best = Setting(face, 0, (), (), ascent, step)
    for n_lines in range(1, min(max_lines, len(pieces)) + 1):
        lines = _balanced(pieces, n_lines, face)
        ems = [width(line, face) for line in lines]
        draft = Setting(face, 1, lines, tuple(ems), ascent, step)
        size = min(largest, box.width / max(*ems, 0.1), box.height / draft.height)
        if size > best.size * 1.04:
            best = Setting(face, size, lines, tuple(em * size for em in ems), ascent, step)
    return best


def _balanced(pieces: list[str], n_lines: int, face: Face) -> tuple[str, ...]:
    """Breaks pieces into lines so that the widest is as narrow as it can be."""
    n = len(pieces)
    widths = [width(piece, face) for piece in pieces]
    sums = [0.0]
    for piece_width in widths:
        sums.append(sums[-1] + piece_width)
    # cost[i]: the widest line when the first i pieces fill the lines so far.
    cost = sums[:]
    cuts: list[list[int]] = []
    for _ in range(1, n_lines):
        row = [0.0] * (n + 1)
        cut = [0] * (n + 1)
        for end in range(1, n + 1):
            options = [(max(cost[start], sums[end] - sums[start]), start) for start in range(end)]
            row[end], cut[end] = min(options)
        cost = row
        cuts.append(cut)
    lines: list[str] = []
    end = n
    for cut in reversed(cuts):
        start = cut[end]
        lines.append("".join(pieces[start:end]))
        end = start
    lines.append("".join(pieces[:end]))
    return tuple(line.strip() for line in reversed(lines) if line.strip())


def number(value: float) -> str:
    """A coordinate, to a tenth, as short as it can be written."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def set_text(
    setting: Setting,
    box: Box,
    fill: str,
    *,
    align: Literal["start", "middle", "end"] = "start",
    rise: float = 0,
) -> str:
    """The SVG of a setting.

    Args:
        setting: What ``fit`` found.
        box: The box it was fitted to.
        fill: The colour of the letters.
        align: Which edge of the box the lines keep to.
        rise: Where it stands in the box's height: 0 at the top, 1 at the foot.
    """
    x = box.x + {"start": 0.0, "middle": box.width / 2, "end": box.width}[align]
    y = box.y + rise * (box.height - setting.height) + setting.ascent * setting.size
    italic = ' font-style="italic"' if setting.face.italic else ""
    rows = "".join(
        f'<text x="{number(x)}" y="{number(y + i * setting.leading * setting.size)}" '
        f'textLength="{number(line_width)}" lengthAdjust="spacingAndGlyphs">{escape(line)}</text>'
        for i, (line, line_width) in enumerate(zip(setting.lines, setting.widths, strict=True))
    )
    anchor = "" if align == "start" else f' text-anchor="{align}"'
    return (
        f'<g font-family="{setting.face.family}" font-weight="{setting.face.weight}"{italic} '
        f'font-size="{number(setting.size)}" fill="{fill}"{anchor}>{rows}</g>'
    )
