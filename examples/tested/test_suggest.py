"""The idea holds for every list of films and every wish, not for three examples."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from examples.tested.suggest import Film, suggest

films = st.lists(
    st.builds(Film, title=st.text(), year=st.integers(1900, 2100), minutes=st.integers(1, 999))
)


@given(films, st.integers(1, 999), st.randoms(use_true_random=False))
def test_a_suggestion_fits_or_nothing_does(
    all_films: list[Film], max_minutes: int, chance: Random
) -> None:
    film = suggest(all_films, max_minutes, chance)
    if film is None:
        assert all(each.minutes > max_minutes for each in all_films)
    else:
        assert film in all_films
        assert film.minutes <= max_minutes
