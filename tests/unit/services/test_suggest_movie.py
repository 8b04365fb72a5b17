from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from unittest.mock import patch

import numpy as np
import pytest

from tonight.domain.feedback import Taste
from tonight.domain.wishes import Wishes
from tonight.recsys.handover import Handover
from tonight.recsys.recommender import NOTHING_KNOWN, History
from tonight.services import suggest_movie as module
from tonight.services.suggest_movie import Library, suggest_movie

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
LIKED = ("alien-1979", "heat-1995", "fargo-1996")
TASTE = Taste(liked=LIKED, excluded=frozenset(LIKED))


@pytest.fixture
def fresh(library: Library) -> Library:
    """A library in which nothing has been asked for yet."""
    return replace(library)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    ("wishes", "taste"),
    [
        (Wishes(), Taste()),
        (Wishes(novelty=1.0), Taste()),
        (Wishes(genre=("Drama",), like=("jaws-1975",), until=time(23)), TASTE),
    ],
)
def test_a_suggestion_that_was_kept_is_what_is_made_anew(
    library: Library, fresh: Library, wishes: Wishes, taste: Taste, seed: int
) -> None:
    asked = replace(wishes, seed=seed)
    # In the other one is kept what the other seeds have drawn.
    found = suggest_movie(library, asked, taste, (), NOW)
    assert found == suggest_movie(fresh, asked, taste, (), NOW)
    assert found.wishes == asked
    with patch.object(Handover, "explained", side_effect=AssertionError("made anew")):
        assert suggest_movie(library, asked, taste, (), NOW) == found
        unread = suggest_movie(library, asked, taste, (), NOW, remembered=False)
    assert unread == replace(found, remembered=False)


def test_when_all_has_been_shown_what_is_kept_comes_again_and_says_so(library: Library) -> None:
    everything = {movie.movie_id for movie in library.catalogue.movies}
    taste = Taste(excluded=frozenset(everything - {"alien-1979"}))
    first = suggest_movie(library, Wishes(), taste, (), NOW)
    again = suggest_movie(library, Wishes(), taste, ("alien-1979",), NOW)
    assert again == replace(first, repeated=True)
    assert suggest_movie(library, Wishes(), taste, (), NOW) == first


def test_after_the_well_known_films_come_the_others_and_then_the_round_begins_anew(
    library: Library,
) -> None:
    wishes = Wishes(genre=("Western",), max_year=1960)
    filtered = library.filtered(wishes)
    all_ids = [movie.movie_id for movie in library.catalogue.movies]
    known = [all_ids[item] for item in filtered.well_known.tolist()]
    fitting = [all_ids[item] for item in np.flatnonzero(filtered.fits).tolist()]
    assert 0 < len(known) < len(fitting)
    for shown, pool, repeated in (
        (known[:-1], {known[-1]}, False),
        (known, {*fitting} - {*known}, False),
        (fitting, {*known}, True),
    ):
        found = suggest_movie(library, wishes, Taste(), shown, NOW)
        assert found.movie.movie_id in pool
        assert found.repeated is repeated


def test_after_a_film_was_shown_nothing_is_kept_of_the_others(fresh: Library) -> None:
    first = suggest_movie(fresh, Wishes(seed=1), TASTE, (), NOW)
    left = fresh.left(Wishes(), TASTE)
    assert len(left.made) == 1
    second = suggest_movie(fresh, Wishes(seed=1), TASTE, (first.movie.movie_id,), NOW)
    assert second.movie != first.movie
    assert len(left.made) == 1


def test_so_many_suggestions_are_kept_and_no_more(
    fresh: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "N_MADE", 3)
    found = {suggest_movie(fresh, Wishes(seed=seed), Taste(), (), NOW).movie for seed in range(20)}
    assert len(found) > 3
    assert len(fresh.left(Wishes(), Taste()).made) == 3


def test_a_second_film_for_the_same_history_costs_no_scores(fresh: Library) -> None:
    with patch.object(Handover, "score", autospec=True, side_effect=Handover.score) as score:
        suggest_movie(fresh, Wishes(), TASTE, (), NOW)
        suggest_movie(fresh, Wishes(genre=("Comedy",), seed=1), TASTE, ("jaws-1975",), NOW)
        assert score.call_count == 1
        more = Taste(liked=(*LIKED, "jaws-1975"), excluded=frozenset((*LIKED, "jaws-1975")))
        suggest_movie(fresh, Wishes(), more, (), NOW)
        suggest_movie(fresh, Wishes(novelty=0.5), more, (), NOW)
        assert score.call_count == 3


def test_kept_scores_are_the_models_and_nobody_can_change_them(library: Library) -> None:
    history = History.of([1, 5], [7])
    kept = library.scores(history, 0.25)
    assert np.array_equal(kept, library.model.score(history, 0.25))
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 1
    assert np.array_equal(library.scores(NOTHING_KNOWN, 0), library.model.score(NOTHING_KNOWN))


def test_nothing_that_is_kept_can_be_changed(library: Library) -> None:
    filtered = library.filtered(Wishes(genre=("Drama",)))
    known = library.known(("jaws-1975",), (), (), TASTE)
    suggest_movie(library, Wishes(), TASTE, (), NOW)
    left = library.left(Wishes(), TASTE)
    assert left.best is not None
    assert not left.best.flags.writeable
    kept = (filtered.fits, filtered.unknown, filtered.well_known, known.out, left.pool)
    for array in (*kept, known.history.likes, known.history.dislikes):
        assert not array.flags.writeable


def test_what_is_left_out_is_neither_suggested_nor_counted(library: Library) -> None:
    wishes = Wishes(genre=("Western",), max_year=1960)
    first = suggest_movie(library, wishes, Taste(), (), NOW)
    out = (first.movie.movie_id, *(movie.movie_id for movie in first.alternatives))
    for second in (
        suggest_movie(library, replace(wishes, exclude=out), Taste(), (), NOW),
        suggest_movie(library, wishes, Taste(excluded=frozenset(out)), (), NOW),
    ):
        assert second.n_fitting == first.n_fitting - len(out)
        assert second.n_unknown == first.n_unknown
        found = {second.movie.movie_id, *(movie.movie_id for movie in second.alternatives)}
        assert found.isdisjoint(out)
    # What was only shown still fits.
    third = suggest_movie(library, wishes, Taste(), out, NOW)
    assert (third.n_fitting, third.repeated) == (first.n_fitting, False)
    assert third.movie.movie_id not in out


@pytest.mark.parametrize(
    ("items", "out", "left"),
    [
        ([], [3], []),
        ([2, 5, 9], [], [2, 5, 9]),
        ([2, 5, 9], [9, 1, 5, 30], [2]),
        ([2, 5, 9], [30, 31], [2, 5, 9]),
        ([2], [2], []),
    ],
)
def test_items_are_left_out_of_ascending_ones(
    items: list[int], out: list[int], left: list[int]
) -> None:
    found = module._without(np.array(items, dtype=np.int64), np.array(out, dtype=np.int64))
    assert found.tolist() == left


def test_a_pool_of_one_film_has_no_alternatives(library: Library) -> None:
    everything = {movie.movie_id for movie in library.catalogue.movies}
    taste = Taste(excluded=frozenset(everything - {"alien-1979"}))
    found = suggest_movie(library, Wishes(), taste, (), NOW)
    assert (found.movie.movie_id, found.alternatives, found.n_fitting) == ("alien-1979", (), 1)
