from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonight.domain.movie import Movie
from tonight.services.portray_taste import Place
from tonight.web.pages.posters.lettering import FACES, width
from tonight.web.pages.taste_map import TALL, WIDE, Sheet, Spot, draw_map

SHEETS = pytest.mark.parametrize("sheet", [WIDE, TALL], ids=["wide", "tall"])
_coordinates = st.floats(-1, 1, width=32)
_titles = st.one_of(
    st.sampled_from(
        [
            "Z",
            "Casablanca",
            "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
            "جدایی نادر از سیمین",
            "千と千尋の神隠し",
            "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
        ]
    ),
    st.text(min_size=1, max_size=40),
)


def places(titles: list[str], where: list[tuple[float, float]], n_liked: int) -> list[Place]:
    return [
        Place(Movie(f"film-{i}", title, 2000), x, y, i < n_liked, i % n_liked)
        for i, (title, (x, y)) in enumerate(zip(titles, where, strict=True))
    ]


def box(spot: Spot, sheet: Sheet) -> tuple[float, float, float, float]:
    letters = sheet.letters if spot.is_liked else sheet.letters - 2
    mark = sheet.poster * 1.5 if spot.is_liked else 8
    across = max(mark / 1.5, *(width(line, FACES["grotesque"]) * letters for line, _ in spot.lines))
    return (
        spot.x - across / 2,
        spot.y - mark / 2,
        spot.x + across / 2,
        spot.lines[-1][1] + 0.2 * letters,
    )


@SHEETS
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_no_film_leaves_the_sheet_and_no_title_its_room(sheet: Sheet, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 40))
    titles = data.draw(st.lists(_titles, min_size=n, max_size=n))
    where = data.draw(st.lists(st.tuples(_coordinates, _coordinates), min_size=n, max_size=n))
    n_liked = data.draw(st.integers(1, n))
    drawn = draw_map(places(titles, where, n_liked), sheet)
    for spot in drawn.spots:
        left, top, right, bottom = box(spot, sheet)
        assert left >= 0
        assert top >= 0
        assert right <= sheet.width
        assert bottom <= sheet.height
        assert 1 <= len(spot.lines) <= 2


@SHEETS
def test_films_that_crowd_one_place_are_moved_apart(sheet: Sheet) -> None:
    n = sheet.n_liked + sheet.n_neighbours
    crowded = [(0.0, 0.0)] * (n - 2) + [(-1.0, -1.0), (1.0, 1.0)]
    titles = ["The Long Goodbye"] * n
    spots = draw_map(places(titles, crowded, sheet.n_liked), sheet).spots
    boxes = [box(spot, sheet) for spot in spots]
    overlapping = [
        (i, j)
        for i, a in enumerate(boxes)
        for j, b in enumerate(boxes)
        if i < j and a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert overlapping == []


def test_a_sheet_shows_as_many_films_as_it_has_room_for() -> None:
    where = [(i / 40, (i * 7 % 40) / 40) for i in range(40)]
    shown = draw_map(places(["Title"] * 40, where, 15), TALL).spots
    liked = [spot for spot in shown if spot.is_liked]
    assert len(liked) == TALL.n_liked
    assert len(shown) - len(liked) <= TALL.n_neighbours
    assert all(spot.near < len(liked) for spot in shown)


def test_the_same_taste_is_drawn_in_the_same_way() -> None:
    taste = places(["A", "B", "C"], [(0, 0), (0.1, 0.2), (1, 0.3)], 2)
    assert draw_map(taste, WIDE) == draw_map(taste, WIDE)


def test_nothing_makes_an_empty_map() -> None:
    assert draw_map([], WIDE).spots == ()
