"""What every composition is given: the words, and the means to set them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from tonight.web.pages.posters.drawing import Chance
from tonight.web.pages.posters.lettering import (
    FACES,
    Box,
    FaceName,
    fit,
    number,
    printable,
    set_text,
    width,
)

Align = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An empty sheet with the words that belong on it.

    Attributes:
        title: The film's title.
        year: Its year.
        directors: Names, at most two; may be empty.
        cast: Names, at most three; may be empty.
        chance: The film's own stream of numbers.
    """

    title: str
    year: int
    directors: tuple[str, ...]
    cast: tuple[str, ...]
    chance: Chance

    @property
    def by(self) -> str:
        """The directors in one line."""
        return " & ".join(self.directors)


def lettering(  # noqa: PLR0913 - each is a plain typographic choice with a good default
    sheet: Sheet,
    box: Box,
    fill: str,
    *,
    face: FaceName = "grotesque",
    upper: bool = True,
    align: Align = "start",
    rise: float = 0,
    largest: float = 110,
    leading: float | None = None,
) -> str:
    """The title, as large as the box allows; in the narrow face where the wide one gets small.

    Args:
        sheet: The sheet.
        box: Where the title goes.
        fill: Its colour.
        face: The face wanted.
        upper: Whether to set it in capitals.
        align: Which edge of the box the lines keep to.
        rise: Where it stands in the box's height: 0 at the top, 1 at the foot.
        largest: The largest font size wanted.
        leading: From baseline to baseline in ems.
    """
    text = sheet.title.upper() if upper else sheet.title
    setting = fit(text, face, box, largest=largest, leading=leading)
    if setting.size < min(48, largest) and face != "narrow":
        narrow = fit(text, "narrow", box, largest=largest, leading=leading)
        if narrow.size > setting.size * 1.08:
            setting = narrow
    return set_text(setting, box, fill, align=align, rise=rise)


def caption(  # noqa: PLR0913 - each is a plain typographic choice with a good default
    text: str,
    x: float,
    y: float,
    room: float,
    fill: str,
    *,
    size: float = 14,
    align: Align = "start",
    face: FaceName = "narrow",
    tracking: float = 0.12,
) -> str:
    """A line of small print at a baseline, spaced out where the script allows it.

    Args:
        text: One line; an empty one draws nothing.
        x: The edge or the centre that ``align`` names.
        y: The baseline.
        room: How wide it may get.
        fill: Its colour.
        size: The font size where there is room.
        align: What ``x`` means.
        face: The face.
        tracking: Space between letters, in ems.
    """
    text = printable(text)[:70]
    if not text:
        return ""
    # Letters that join must not be spaced: only plain capitals are.
    spaced = tracking if text.isascii() else 0.0
    ems = width(text, FACES[face]) + spaced * (len(text) - 1)
    size = min(size, room / ems)
    anchor = "" if align == "start" else f' text-anchor="{align}"'
    adjust = "spacing" if spaced else "spacingAndGlyphs"
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-family="{FACES[face].family}" '
        f'font-weight="{FACES[face].weight}" font-size="{number(size)}" fill="{fill}"{anchor} '
        f'textLength="{number(ems * size)}" lengthAdjust="{adjust}">{escape(text)}</text>'
    )


def billing(
    sheet: Sheet,
    x: float,
    y: float,
    room: float,
    fill: str,
    *,
    align: Align = "start",
    face: FaceName = "narrow",
    size: float = 14,
) -> str:
    """Two lines of small print, the lower one at ``y``: who made it and when, who is in it."""
    upper = " · ".join(filter(None, (sheet.by.upper(), str(sheet.year))))
    lower = "   ".join(name.upper() for name in sheet.cast)
    rise = size * 1.45 if lower else 0
    return caption(upper, x, y - rise, room, fill, align=align, face=face, size=size) + caption(
        lower, x, y, room, fill, align=align, face=face, size=size * 0.86
    )
