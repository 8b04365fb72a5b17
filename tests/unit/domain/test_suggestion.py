"""A reason is divided into parts that add up, the largest first."""

from __future__ import annotations

import pytest

from tonight.domain.movie import Movie
from tonight.domain.suggestion import MAX_FILMS_SHOWN, Because, Reason, parts_of


def reason(n_films: int, of_films: float, wishes: float, base: float) -> Reason:
    films = (Movie(f"liked-{n}-1990", f"Liked {n}", 1990) for n in range(n_films))
    because = tuple(Because(film, of_films / n_films) for film in films)
    return Reason("Because.", because, wishes, base)


@pytest.mark.parametrize("n_films", [1, MAX_FILMS_SHOWN, MAX_FILMS_SHOWN + 1, 20])
def test_the_parts_are_the_whole_and_few(n_films: int) -> None:
    parts = parts_of(reason(n_films, 0.5, 0.2, 0.3))
    assert sum(part.share for part in parts) == pytest.approx(1)
    assert sum(
        part.n_movies if part.kind == "more" else part.movie is not None for part in parts
    ) == (n_films)
    assert len(parts) == min(n_films, MAX_FILMS_SHOWN) + 2


def test_the_largest_part_comes_first_whatever_it_is() -> None:
    for films, wishes, base, first in (
        (0.6, 0.1, 0.3, "liked"),
        (0.1, 0.6, 0.3, "wish"),
        (0.1, 0.3, 0.6, "base"),
    ):
        parts = parts_of(reason(1, films, wishes, base))
        assert parts[0].kind == first
        assert [part.share for part in parts] == sorted((films, wishes, base), reverse=True)


def test_what_has_no_share_is_no_part() -> None:
    assert [part.kind for part in parts_of(reason(1, 1.0, 0.0, 0.0))] == ["liked"]
