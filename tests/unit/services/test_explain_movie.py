from __future__ import annotations

import re

import numpy as np
import pytest

from tonight.domain.errors import MovieNotFoundError
from tonight.domain.feedback import Taste
from tonight.recsys.recommender import History
from tonight.services.explain_movie import explain_movie
from tonight.services.suggest_movie import Library

LIKED = ("alien-1979", "heat-1995", "fargo-1996")
DISLIKED = ("notting-hill-1999",)
TASTE = Taste(LIKED, DISLIKED, frozenset((*LIKED, *DISLIKED)))


def test_of_a_stranger_nothing_is_claimed(library: Library) -> None:
    assert explain_movie(library, "aliens-1986", Taste()) is None


def test_a_film_that_only_was_seen_tells_nothing(library: Library) -> None:
    assert explain_movie(library, "aliens-1986", Taste(excluded=frozenset({"heat-1995"}))) is None


def test_what_is_said_of_the_film_itself_is_no_reason_for_it(library: Library) -> None:
    alone = Taste(("aliens-1986",), (), frozenset({"aliens-1986"}))
    assert explain_movie(library, "aliens-1986", alone) is None


@pytest.mark.parametrize("movie_id", ["aliens-1986", "frozen-2013", "barbie-2023"])
def test_the_shares_are_the_contributions_over_the_sum_of_their_sizes(
    library: Library, movie_id: str
) -> None:
    found = explain_movie(library, movie_id, TASTE)
    assert found is not None
    catalogue = library.catalogue
    history = History(catalogue.indices(LIKED), catalogue.indices(DISLIKED))
    parts = library.model.contributions(history, catalogue.index(movie_id))
    sizes = np.abs([parts.base, *parts.likes, *parts.dislikes]).sum()
    expected = dict(zip((*LIKED, *DISLIKED), (*parts.likes, *parts.dislikes), strict=True))
    assert {part.movie.movie_id: part.share for part in found.influences} == pytest.approx(
        {film: value / sizes for film, value in expected.items() if value}
    )
    assert found.widely_liked_share == pytest.approx(parts.base / sizes)
    shares = [abs(part.share) for part in found.influences]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) + abs(found.widely_liked_share) == pytest.approx(1)


def test_the_place_is_among_the_films_that_nothing_was_said_of(library: Library) -> None:
    found = explain_movie(library, "frozen-2013", TASTE)
    assert found is not None
    catalogue = library.catalogue
    history = History(catalogue.indices(LIKED), catalogue.indices(DISLIKED))
    score = library.model.score(history)
    mine = catalogue.index("frozen-2013")
    better = [
        index
        for index, movie in enumerate(catalogue.movies)
        if score[index] > score[mine] and movie.movie_id not in TASTE.excluded
    ]
    assert found.n_better == len(better)
    assert found.n_compared == len(catalogue) - len(TASTE.excluded) - 1


def test_the_sentence_names_what_speaks_for_a_film_and_against_it(library: Library) -> None:
    near = explain_movie(library, "aliens-1986", TASTE)
    far = explain_movie(library, "frozen-2013", TASTE)
    assert near is not None
    assert far is not None
    assert near.text.startswith("Very much a film for you: ")
    assert re.search(r"Alien\b.* which you liked, speaks? for it\.", near.text)
    assert far.text.startswith("Hardly a film for you: ")
    assert "against it." in far.text


def test_a_disliked_film_alone_is_judged_by_too(library: Library) -> None:
    taste = Taste((), ("titanic-1997",), frozenset({"titanic-1997"}))
    found = explain_movie(library, "pretty-woman-1990", taste)
    assert found is not None
    assert [part.liked for part in found.influences] == [False]


def test_an_alias_is_as_good_as_the_id(library: Library) -> None:
    by_alias = explain_movie(library, "tt0090605", TASTE)
    assert by_alias == explain_movie(library, "aliens-1986", TASTE)


def test_an_unknown_film_is_an_error(library: Library) -> None:
    with pytest.raises(MovieNotFoundError):
        explain_movie(library, "nothing-1900", TASTE)
