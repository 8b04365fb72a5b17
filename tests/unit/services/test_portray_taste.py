from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from tests.unit.services.small_catalogue import LONG, MIDDLE, SHORT, UNKNOWN, small_catalogue
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.services.list_my_films import MyFilm, list_my_films
from tonight.services.portray_taste import Tally, by_decade, by_genre, map_of_taste
from tonight.services.suggest_movie import Library

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
LIKED = ("alien-1979", "casablanca-1942", "toy-story-1995", "the-matrix-1999", "fargo-1996")


def small(**kinds: FeedbackKind) -> tuple[MyFilm, ...]:
    movies = {"short": SHORT, "long": LONG, "middle": MIDDLE, "unknown": UNKNOWN}
    said = [Feedback(n, movies[n].movie_id, kind, NOW) for n, kind in kinds.items()]
    return list_my_films(small_catalogue(), said, NOW)


def liked(library: Library, *movie_ids: str) -> tuple[MyFilm, ...]:
    said = [Feedback(m, m, FeedbackKind.LIKED, NOW) for m in movie_ids]
    return list_my_films(library.catalogue, said, NOW)


def test_decades_are_counted_without_gaps() -> None:
    films = small(
        short=FeedbackKind.LIKED, middle=FeedbackKind.DISLIKED, unknown=FeedbackKind.NEVER
    )
    assert by_decade(films) == (
        Tally("1990s", 1, 0, 0),
        Tally("2000s", 0, 0, 0),
        Tally("2010s", 0, 0, 1),
    )
    assert by_decade(()) == ()


def test_genres_are_counted_the_most_liked_first() -> None:
    films = small(short=FeedbackKind.LIKED, middle=FeedbackKind.LIKED, long=FeedbackKind.SEEN)
    assert by_genre(films) == (
        Tally("Comedy", 2, 0, 0),
        Tally("Horror", 1, 0, 0),
        Tally("Drama", 0, 1, 0),
        Tally("War", 0, 1, 0),
    )
    assert by_genre(films)[0].n_films == 2


def test_the_map_holds_the_liked_films_and_neighbours_that_are_news(library: Library) -> None:
    places = map_of_taste(library, liked(library, *LIKED), 4, 8)
    assert [place.is_liked for place in places] == [True] * 4 + [False] * 8
    assert {place.movie.movie_id for place in places[:4]} < set(LIKED)
    names = [place.movie.movie_id for place in places]
    assert len(set(names)) == 12
    assert not set(LIKED) & set(names[4:])


def test_a_neighbour_lies_near_to_the_film_that_it_belongs_to(library: Library) -> None:
    places = map_of_taste(library, liked(library, *LIKED), 5, 10)
    where = np.array([(place.x, place.y) for place in places])
    owners = [place.near for place in places]
    assert owners[:5] == list(range(5))
    own = np.linalg.norm(where[5:] - where[owners[5:]], axis=1).mean()
    others = np.linalg.norm(where[5:, None] - where[None, :5], axis=2).mean()
    assert own < 0.6 * others


def test_the_map_is_the_same_every_time(library: Library) -> None:
    films = liked(library, *LIKED)
    assert map_of_taste(library, films, 5, 10) == map_of_taste(library, films, 5, 10)


@pytest.mark.parametrize("movie_ids", [(), ("alien-1979",)])
def test_one_film_makes_no_map(library: Library, movie_ids: tuple[str, ...]) -> None:
    assert map_of_taste(library, liked(library, *movie_ids), 5, 5) == ()
