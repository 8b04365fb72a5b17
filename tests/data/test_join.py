"""Which entries of the sources are one film."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.data.films import cc0, movielens, ours
from tools.data.films import SourceFilm
from tools.data.join import JoinedFilm, join_films


def joined_with(
    entries: list[SourceFilm],
    films: list[SourceFilm],
    *,
    own: list[SourceFilm] | None = None,
    aliases: Mapping[tuple[str, int], str] | None = None,
) -> dict[str, str | None]:
    """The key of the film that each MovieLens entry was joined with."""
    return {
        entry.key: film.entries[0].key if film.cc0 or film.ours else None
        for film in join_films(films, own or [], entries, aliases or {})
        for entry in film.movielens
    }


@pytest.mark.parametrize("year", [1998, 1999, 2000])
def test_one_title_and_years_within_one_are_one_film(year: int) -> None:
    film, entry = cc0("The Matrix", 1999), movielens("Matrix", year)
    assert join_films([film], [], [entry], {}) == [JoinedFilm(cc0=film, movielens=(entry,))]


def test_two_years_apart_are_two_films() -> None:
    film, entry = cc0("Dune", 1984), movielens("Dune", 1986)
    assert joined_with([entry], [film]) == {entry.key: None}


def test_an_alternative_title_joins() -> None:
    film = cc0("Il Postino", 1994)
    entry = movielens("The Postman", 1994, alternative_titles=("Il Postino",))
    assert joined_with([entry], [film]) == {entry.key: film.key}


def test_the_same_year_goes_before_the_neighbour() -> None:
    films = [cc0("Emma", 1997, 1, n_reviews=500), cc0("Emma", 1996, 2)]
    assert joined_with([movielens("Emma", 1996)], films) == {"movielens:1": "wikidata:Q2"}


def test_the_main_title_goes_before_an_alternative_one() -> None:
    films = [cc0("Innocence", 2004, 1), cc0("Ghost in the Shell", 2004, 2, n_reviews=1)]
    entry = movielens("Ghost in the Shell", 2004, alternative_titles=("Innocence",))
    assert joined_with([entry], films) == {"movielens:1": "wikidata:Q2"}


def test_common_genres_decide_between_equal_titles_before_reviews() -> None:
    films = [
        cc0("Chaos", 2005, 1, genres=("Horror",), n_reviews=90),
        cc0("Chaos", 2005, 2, genres=("Action", "Crime"), n_reviews=20),
    ]
    entry = movielens("Chaos", 2005, genres=("Action", "Crime", "Drama"))
    assert joined_with([entry], films) == {"movielens:1": "wikidata:Q2"}


def test_among_equals_the_better_known_film_is_taken() -> None:
    films = [cc0("Home", 2009, 1, n_reviews=5), cc0("Home", 2009, 2, n_reviews=50)]
    assert joined_with([movielens("Home", 2009)], films) == {"movielens:1": "wikidata:Q2"}


def test_one_film_is_given_to_the_closest_entry_only() -> None:
    entries = [movielens("Hamlet", 2001, 1), movielens("Hamlet", 2000, 2)]
    film = cc0("Hamlet", 2000)
    assert joined_with(entries, [film]) == {"movielens:1": None, "movielens:2": film.key}


def test_an_alias_joins_what_the_rule_would_miss() -> None:
    film, entry = cc0("X2", 2003, 290334), movielens("X2: X-Men United", 2003)
    aliases = {(entry.title, entry.year): "tt0290334"}
    assert joined_with([entry], [film], aliases=aliases) == {entry.key: film.key}


def test_an_alias_may_name_a_film_of_ours() -> None:
    own, entry = ours("Ninja Scroll", 1993), movielens("Ninja Scroll", 1995)
    aliases = {("Ninja Scroll", 1995): "Ninja Scroll (1993)"}
    assert joined_with([entry], [], own=[own], aliases=aliases) == {entry.key: own.key}


def test_an_empty_alias_keeps_apart_what_the_rule_would_join() -> None:
    film, entry = cc0("Deal", 2008), movielens("The Deal", 2008)
    assert joined_with([entry], [film]) == {entry.key: film.key}
    assert joined_with([entry], [film], aliases={("The Deal", 2008): ""}) == {entry.key: None}


def test_the_film_of_an_alias_is_free_for_no_other_entry() -> None:
    film = cc0("X2", 2003)
    entries = [movielens("X2: X-Men United", 2003, 1), movielens("X2", 2003, 2)]
    aliases = {("X2: X-Men United", 2003): "tt0000001"}
    expected = {"movielens:1": film.key, "movielens:2": None}
    assert joined_with(entries, [film], aliases=aliases) == expected


@pytest.mark.parametrize(
    "aliases", [{("Nosferatu", 1922): "tt0000001"}, {("Matrix", 1999): "tt9999999"}]
)
def test_an_alias_of_or_for_nothing_is_an_error(aliases: Mapping[tuple[str, int], str]) -> None:
    with pytest.raises(ValueError, match="aliases"):
        join_films([cc0("The Matrix", 1999)], [], [movielens("Matrix", 1999)], aliases)


def test_our_row_and_the_cc0_film_are_one_when_a_director_is_common() -> None:
    film = cc0("Whiplash", 2014, directors=("Damien Chazelle",))
    own = ours("Whiplash", 2014, directors=("Damien Chazelle",))
    assert join_films([film], [own], [], {}) == [JoinedFilm(cc0=film, ours=own)]


def test_our_row_and_the_cc0_film_of_another_director_stay_two() -> None:
    film = cc0("Leviathan", 2013, directors=("Lucien Castaing-Taylor",))
    own = ours("Leviathan", 2014, directors=("Andrey Zvyagintsev",))
    expected = [JoinedFilm(cc0=film), JoinedFilm(ours=own)]
    assert join_films([film], [own], [], {}) == expected


def test_movielens_joins_a_film_that_is_in_both_by_either_title() -> None:
    film = cc0("The Grand Budapest Hotel", 2014)
    own = ours("Grand Budapest Hotel", 2014, original_title="Das Hotel")
    entry = movielens("Das Hotel", 2014)
    assert join_films([film], [own], [entry], {}) == [JoinedFilm(film, own, (entry,))]
