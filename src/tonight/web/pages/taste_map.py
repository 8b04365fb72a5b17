"""Draws the map of a taste: places from the recommender, room for every label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tonight.services.portray_taste import Place
from tonight.web.pages.posters.lettering import FACES, printable, width
from tonight.web.pages.view import film_url

#: Letters of the page's fonts are up to this much wider than those that are measured.
_WIDER: Final = 1.12
_ROUNDS: Final = 40
_GRID: Final = 10
_MAX_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A size at which the map is drawn, in px.

    Attributes:
        width: Of the whole.
        height: Of the whole.
        n_liked: At most how many liked films it shows.
        n_neighbours: At most how many neighbours.
        poster: The width of a liked film's poster.
        letters: The size of a liked film's title; a neighbour's is a little smaller.
        line: The longest line of a title.
        gap: The room that is kept around everything.
    """

    width: int
    height: int
    n_liked: int
    n_neighbours: int
    poster: int
    letters: float
    line: int
    gap: int


WIDE: Final = Sheet(1200, 720, 14, 20, poster=52, letters=15, line=150, gap=9)
TALL: Final = Sheet(360, 620, 6, 8, poster=38, letters=13, line=112, gap=5)


@dataclass(frozen=True, slots=True)
class Spot:
    """A film on the drawn map, in px.

    Attributes:
        title: Its title, whole.
        year: Its year.
        url: Its page.
        poster_url: Its poster.
        is_liked: Whether the viewer likes it; otherwise it is a neighbour.
        x: The middle of its poster or dot.
        y: Likewise.
        lines: Its title as it is set, each line with the y of its foot.
        near: The position of the liked film that it belongs to.
    """

    title: str
    year: int
    url: str
    poster_url: str
    is_liked: bool
    x: float
    y: float
    lines: tuple[tuple[str, float], ...]
    near: int


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """A map at one size."""

    sheet: Sheet
    spots: tuple[Spot, ...]


def draw_map(places: Sequence[Place], sheet: Sheet) -> DrawnMap:
    """Draws as much of a map as the sheet has room for.

    Films lie where the recommender puts them, as far as their titles leave each other room:
    what overlaps is moved apart, always in the same way.

    Args:
        places: Liked films, then neighbours, from ``map_of_taste``.
        sheet: The size.
    """
    liked = [place for place in places if place.is_liked][: sheet.n_liked]
    neighbours = [place for place in places if not place.is_liked and place.near < len(liked)][
        : sheet.n_neighbours
    ]
    shown = [*liked, *neighbours]
    if not shown:
        return DrawnMap(sheet, ())
    titles = [_lines(place, sheet) for place in shown]
    sizes = np.array(
        [_size(place, lines, sheet) for place, lines in zip(shown, titles, strict=True)]
    )
    middles = _settled(_loosened(_spread(shown, sizes, sheet), sizes, sheet), sizes, sheet)
    new_position = {old: new for new, old in enumerate(middles)}
    return DrawnMap(
        sheet,
        tuple(
            _spot(
                shown[old],
                titles[old],
                (middle, sizes[old]),
                new_position[shown[old].near],
                sheet,
            )
            for old, middle in middles.items()
            if shown[old].near in new_position
        ),
    )


def _letters(place: Place, sheet: Sheet) -> float:
    return sheet.letters if place.is_liked else sheet.letters - 2


def _mark(place: Place, sheet: Sheet) -> float:
    """How high what stands above the title is."""
    return sheet.poster * 1.5 if place.is_liked else 8


def _lines(place: Place, sheet: Sheet) -> tuple[str, ...]:
    """A title in at most two lines; what does not fit is cut."""
    letters = _letters(place, sheet)
    lines: list[str] = []
    for word in printable(place.movie.title).split() or ["·"]:
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and _width(joined, letters) <= sheet.line:
            lines[-1] = joined
        else:
            lines.append(word)
    is_cut = len(lines) > _MAX_LINES
    lines = lines[:_MAX_LINES]
    for number, line in enumerate(lines):
        text = line
        last_of_cut = is_cut and number == _MAX_LINES - 1
        ellipsis = "…" if last_of_cut or _width(text, letters) > sheet.line else ""
        while len(text) > 1 and _width(text + ellipsis, letters) > sheet.line:
            text = text[:-1].rstrip(" ,:;-–")
        lines[number] = text + ellipsis
    return tuple(lines)


def _width(text: str, letters: float) -> float:
    return width(text, FACES["grotesque"]) * letters * _WIDER


def _size(place: Place, lines: Sequence[str], sheet: Sheet) -> tuple[float, float]:
    letters = _letters(place, sheet)
    mark = _mark(place, sheet)
    return (
        max(mark / 1.5, *(_width(line, letters) for line in lines)),
        mark + 4 + letters * 1.2 * len(lines),
    )


def _spread(
    shown: Sequence[Place], sizes: NDArray[np.float64], sheet: Sheet
) -> NDArray[np.float64]:
    """The places stretched over the sheet."""
    places = np.array([(place.x, place.y) for place in shown])
    low, high = places.min(axis=0), places.max(axis=0)
    room = np.array([sheet.width, sheet.height]) - sizes.max(axis=0) - 2 * sheet.gap
    relative = (places - low) / np.maximum(high - low, 1e-9)
    return np.asarray(relative * room + sizes.max(axis=0) / 2 + sheet.gap)


def _loosened(
    middles: NDArray[np.float64], sizes: NDArray[np.float64], sheet: Sheet
) -> NDArray[np.float64]:
    """Pushes rectangles that overlap a little apart, all at once, so that their order stays.

    Args:
        middles: Shape (n, 2).
        sizes: Shape (n, 2), width and height.
        sheet: The size.
    """
    middles = middles.copy()
    half = sizes / 2
    needed = half[:, None] + half[None, :] + sheet.gap
    # Two films on one place part along a direction of their own.
    order = np.arange(len(middles))
    side = np.where(order[:, None] < order[None, :], -1.0, 1.0)
    for _ in range(_ROUNDS):
        offset = middles[:, None] - middles[None, :]
        overlap = needed - np.abs(offset)
        overlaps = np.asarray((overlap > 0).all(axis=2))
        np.fill_diagonal(overlaps, val=False)
        if not overlaps.any():
            break
        along_x = overlap[:, :, 0] < overlap[:, :, 1]
        for axis, chosen in ((0, along_x), (1, ~along_x)):
            direction = np.where(offset[:, :, axis] == 0, side, np.sign(offset[:, :, axis]))
            push = np.where(overlaps & chosen, overlap[:, :, axis] * direction, 0)
            middles[:, axis] += 0.4 * push.sum(axis=1)
        middles = _within(middles, half, sheet)
    return middles


def _settled(
    middles: NDArray[np.float64], sizes: NDArray[np.float64], sheet: Sheet
) -> dict[int, NDArray[np.float64]]:
    """Gives every rectangle, in its turn, the free place that is nearest to where it should be.

    Returns:
        The middle of each; one that finds no room is left out.
    """
    places: dict[int, NDArray[np.float64]] = {}
    across, down = np.arange(0, sheet.width, _GRID), np.arange(0, sheet.height, _GRID)
    grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2).astype(np.float64)
    for index, (middle, size) in enumerate(zip(middles, sizes, strict=True)):
        # Most find their own place free, and need not look at all the others.
        for candidates in (middle[None, :], grid):
            free = (_within(candidates, size / 2, sheet) == candidates).all(axis=1)
            for other, place in places.items():
                needed = (size + sizes[other]) / 2 + sheet.gap
                free &= (np.abs(candidates - place) >= needed).any(axis=1)
            if free.any():
                distance = ((candidates - middle) ** 2).sum(axis=1)
                places[index] = candidates[np.argmin(np.where(free, distance, np.inf))]
                break
    return places


def _within(
    middles: NDArray[np.float64], half: NDArray[np.float64], sheet: Sheet
) -> NDArray[np.float64]:
    low = half + sheet.gap
    high = np.array([sheet.width, sheet.height]) - low
    return np.asarray(np.clip(middles, low, np.maximum(low, high)))


def _spot(
    place: Place,
    lines: Sequence[str],
    rectangle: tuple[NDArray[np.float64], NDArray[np.float64]],
    near: int,
    sheet: Sheet,
) -> Spot:
    middle, size = rectangle
    top = float(middle[1] - size[1] / 2)
    mark = _mark(place, sheet)
    letters = _letters(place, sheet)
    foot = top + mark + 4 + letters * 0.85
    return Spot(
        title=place.movie.title,
        year=place.movie.year,
        url=film_url(place.movie.movie_id),
        poster_url=f"/posters/{place.movie.movie_id}.svg",
        is_liked=place.is_liked,
        x=round(float(middle[0]), 1),
        y=round(top + mark / 2, 1),
        lines=tuple(
            (line, round(foot + number * letters * 1.2, 1)) for number, line in enumerate(lines)
        ),
        near=near,
    )
