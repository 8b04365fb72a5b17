"""Identifiers stay what they are."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.data.films import cc0, movielens, ours
from tools.data.movie_ids import MovieIds


def test_a_new_film_gets_the_slug_of_its_title_and_year() -> None:
    assert MovieIds().of([cc0("The Matrix", 1999)], "The Matrix", 1999) == "the-matrix-1999"


def test_a_clash_adds_a_number() -> None:
    ids = MovieIds()
    given_ids = [ids.of([cc0("Home", 2009, item)], "Home", 2009) for item in (1, 2, 3)]
    assert given_ids == ["home-2009", "home-2009-2", "home-2009-3"]


def test_a_film_keeps_its_id_when_title_and_year_change() -> None:
    ids = MovieIds([("wikidata:Q1", "girl-interrupted-2003")])
    assert ids.of([cc0("Just Married", 2003, 1)], "Just Married", 2003) == "girl-interrupted-2003"


def test_a_film_keeps_its_id_when_a_better_source_appears_and_the_first_one_goes() -> None:
    ids = MovieIds()
    entry, own = movielens("Oz", 1939), ours("The Wizard of Oz", 1939)
    first = ids.of([entry], "Oz", 1939)
    assert ids.of([own, entry], "The Wizard of Oz", 1939) == first
    assert ids.of([own], "The Wizard of Oz", 1939) == first


def test_the_id_of_a_film_that_is_gone_is_not_given_again(tmp_path: Path) -> None:
    registry = tmp_path / "movie_ids.csv"
    ids = MovieIds()
    ids.of([cc0("Home", 2009, 1)], "Home", 2009)
    ids.write(registry)
    again = MovieIds.read(registry)
    assert again.of([cc0("Home", 2009, 2)], "Home", 2009) == "home-2009-2"


@given(
    st.lists(st.tuples(st.sampled_from(["Home", "Heat", "HOME"]), st.integers(2000, 2002))),
    st.randoms(),
)
def test_a_second_build_gives_each_film_its_id_again_in_any_order(
    films: list[tuple[str, int]], random: Random
) -> None:
    entries = [cc0(title, year, item) for item, (title, year) in enumerate(films)]
    ids = MovieIds()
    first = {film.key: ids.of([film], film.title, film.year) for film in entries}
    assert len(set(first.values())) == len(first)
    random.shuffle(entries)
    assert {film.key: ids.of([film], film.title, film.year) for film in entries} == first
