from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tonight.domain.explanation import Explanation, Influence
from tonight.domain.movie import Movie
from tonight.web.pages.film_view import GAP, MAX_PARTS, FilmPage, day_of, film_page

FILM = Movie("film-2000", "Film", 2000)


def page(movie: Movie = FILM, explanation: Explanation | None = None) -> FilmPage:
    return film_page(
        movie, None, explanation, (), UTC, site="https://host", is_saving=True, notice=None
    )


def explained(*shares: float, base: float) -> Explanation:
    influences = tuple(
        Influence(Movie(f"other-{i}", f"Other {i}", 1990 + i), liked=True, share=share)
        for i, share in enumerate(shares)
    )
    return Explanation("Sentence.", influences, base, 1, 10)


def test_both_sides_fill_the_picture_with_a_gap_between() -> None:
    fit = page(explanation=explained(0.5, -0.3, base=0.2)).fit
    assert fit is not None
    parts = [*fit.for_it, *fit.against_it]
    assert [(part.label, part.percent) for part in parts] == [
        ("Other 0 (1990)", 50),
        ("Widely liked", 20),
        ("Other 1 (1991)", 30),
    ]
    assert sum(part.width for part in parts) == pytest.approx(100 - GAP)
    assert parts[2].start == pytest.approx(parts[1].start + parts[1].width + GAP)
    assert parts[2].start + parts[2].width == pytest.approx(100)


def test_one_side_alone_fills_it_without_a_gap() -> None:
    fit = page(explanation=explained(0.6, base=0.4)).fit
    assert fit is not None
    assert sum(part.width for part in fit.for_it) == pytest.approx(100)
    assert fit.against_it == ()


def test_a_film_that_is_not_popular_has_that_against_it() -> None:
    fit = page(explanation=explained(0.9, base=-0.1)).fit
    assert fit is not None
    assert [part.label for part in fit.against_it] == ["Not widely liked"]


def test_the_least_of_many_are_taken_together() -> None:
    fit = page(explanation=explained(*[0.1] * 9, base=0.1)).fit
    assert fit is not None
    assert len(fit.for_it) == MAX_PARTS + 1
    rest = fit.for_it[MAX_PARTS - 1]
    assert (rest.label, rest.percent, rest.url) == ("5 more films", 50, None)


def test_no_title_can_end_the_element_of_the_metadata() -> None:
    movie = Movie("film-2000", "</script><script>alert('&')</script>", 2000)
    metadata = page(movie).metadata
    assert "<" not in metadata
    assert json.loads(metadata)["name"] == movie.title


def test_unknown_facts_are_left_out_of_the_metadata() -> None:
    assert set(json.loads(page().metadata)) == {
        *("@context", "@type", "@id", "url", "name", "dateCreated", "image")
    }


def test_a_line_says_the_film_with_what_is_known() -> None:
    full = Movie(
        "f-1",
        "F",
        1995,
        runtime_minutes=170,
        genres=("Crime", "Drama"),
        directors=("A B",),
        cast=("C D", "E F"),
    )
    expected = "1995 · Crime, Drama · 2 h 50 min · directed by A B · with C D, E F"
    assert page(full).description == expected
    assert page().description == "2000"


def test_a_day_is_told_in_the_zone_of_the_viewer() -> None:
    moment = datetime(2026, 5, 2, 22, 30, tzinfo=UTC)
    assert day_of(moment, ZoneInfo("Europe/Berlin")).text == "3 May 2026"
    assert day_of(moment, UTC).text == "2 May 2026"
