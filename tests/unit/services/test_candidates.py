from __future__ import annotations

from datetime import UTC, datetime, time

import numpy as np
import pytest

from tests.unit.services.small_catalogue import small_catalogue
from tonight.domain.movie import Certificate
from tonight.domain.suggestion import Relaxation
from tonight.domain.wishes import Wishes
from tonight.services.candidates import conditions, find_candidates, relaxations

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def fitting(wishes: Wishes, *excluded: str) -> tuple[set[str], int]:
    catalogue = small_catalogue()
    available = np.ones(len(catalogue), dtype=np.bool_)
    available[catalogue.indices(excluded)] = False
    found = find_candidates(conditions(catalogue, wishes), available)
    return {catalogue.movies[i].movie_id for i in np.flatnonzero(found.fits)}, int(
        found.unknown.sum()
    )


def ways_out(wishes: Wishes, *, excluded: str = "", remembered: str = "") -> list[Relaxation]:
    catalogue = small_catalogue()
    masks = []
    for movie_id in (excluded, remembered):
        mask = np.zeros(len(catalogue), dtype=np.bool_)
        mask[catalogue.indices([movie_id])] = True
        masks.append(mask)
    wanted = conditions(catalogue, wishes)
    return list(relaxations(catalogue, wishes, wanted, masks[0], masks[1], NOW))


@pytest.mark.parametrize(
    ("wishes", "expected", "n_unknown"),
    [
        (Wishes(), {"short-1990", "middle-2010", "long-2000", "unknown-2020"}, 0),
        (Wishes(max_minutes=100), {"short-1990", "middle-2010"}, 1),
        (Wishes(until=time(21, 39), minutes_left=99), {"short-1990"}, 1),
        (Wishes(min_year=2000), {"long-2000", "middle-2010", "unknown-2020"}, 0),
        (Wishes(min_year=2000, max_year=2000), {"long-2000"}, 0),
        (Wishes(genre=("Comedy",)), {"short-1990", "middle-2010"}, 1),
        (Wishes(genre=("Comedy", "War")), {"short-1990", "middle-2010", "long-2000"}, 1),
        (Wishes(without_genre=("Horror",)), {"short-1990", "long-2000"}, 1),
        (Wishes(genre=("Comedy",), without_genre=("Horror",)), {"short-1990"}, 1),
        (Wishes(language=("French",)), {"short-1990", "middle-2010"}, 1),
        (Wishes(country=("Belgium",)), {"short-1990"}, 1),
        (Wishes(max_certificate=Certificate.PG_13), {"short-1990", "middle-2010"}, 1),
        (Wishes(max_certificate=Certificate.G), set(), 1),
    ],
)
def test_each_wish_leaves_the_films_that_are_known_to_fulfil_it(
    wishes: Wishes, expected: set[str], n_unknown: int
) -> None:
    assert fitting(wishes) == (expected, n_unknown)


def test_a_film_that_fails_a_known_wish_is_not_counted_as_unknown() -> None:
    assert fitting(Wishes(max_minutes=100, max_year=2015))[1] == 0


def test_a_film_that_may_not_be_suggested_neither_fits_nor_counts_as_unknown() -> None:
    assert fitting(Wishes(max_minutes=100), "unknown-2020", "short-1990") == ({"middle-2010"}, 0)


def test_minutes_are_relaxed_in_steps_of_five_up_to_the_next_film() -> None:
    (way,) = ways_out(Wishes(max_minutes=72))
    assert (way.parameter, way.value, way.by, way.n_films) == ("max_minutes", 82, 10, 1)
    assert way.text == "10 minutes more gives 1 film"


def test_a_later_end_is_a_time_of_day() -> None:
    (way,) = ways_out(Wishes(until=time(21, 0), minutes_left=60))
    assert (way.parameter, way.value, way.by) == ("until", "21:20", 20)


def test_years_are_relaxed_to_the_next_film_on_either_side() -> None:
    (later,) = ways_out(Wishes(max_year=1985))
    assert (later.value, later.by, later.n_films) == (1990, 5, 1)
    (earlier,) = ways_out(Wishes(min_year=2021))
    assert (earlier.value, earlier.by, earlier.n_films) == (2020, 1, 1)


def test_a_certificate_is_relaxed_to_the_next_that_gives_films() -> None:
    (way,) = ways_out(Wishes(max_certificate=Certificate.G))
    assert (way.value, way.by, way.n_films) == ("PG", 1, 1)


def test_only_wishes_that_help_alone_are_named() -> None:
    ways = ways_out(Wishes(max_minutes=90, genre=("War",)))
    assert {(way.parameter, way.n_films) for way in ways} == {("max_minutes", 1), ("genre", 1)}
    assert ways_out(Wishes(max_minutes=60, max_year=1980, genre=("Drama",))) == []


def test_what_the_viewer_has_seen_or_excluded_is_named_as_the_hindrance() -> None:
    (seen,) = ways_out(Wishes(country=("Belgium",)), remembered="short-1990")[-1:]
    assert (seen.parameter, seen.n_films) == ("history", 1)
    assert ("exclude", 1) in {
        (way.parameter, way.n_films)
        for way in ways_out(Wishes(country=("Belgium",)), excluded="short-1990")
    }


def test_the_most_fruitful_way_out_comes_first() -> None:
    ways = ways_out(Wishes(country=("Belgium",), genre=("Horror",)))
    assert [way.n_films for way in ways] == sorted((way.n_films for way in ways), reverse=True)
    assert len(ways) == 2
