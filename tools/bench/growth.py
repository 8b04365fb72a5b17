"""How the cost of a suggestion grows with the catalogue and with the viewer's likes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tonight.domain.feedback import Taste
from tonight.domain.wishes import Wishes
from tonight.recsys.handover import Handover
from tonight.recsys.stages import Traits
from tonight.services.catalogue import Catalogue
from tonight.services.suggest_movie import N_KNOWN, N_SCORED, Library, suggest_movie

CATALOGUES: Final = (1_000, 3_000, 10_000, 30_000, 100_000)
LIKES: Final = (1, 10, 100, 1_000)
N_LIKES: Final = 20

#: As many viewers as make sure that nothing is kept of one when his turn comes again.
N_VIEWERS: Final = max(N_KNOWN, N_SCORED) + 50

NOW: Final = datetime(2026, 11, 23, 20, tzinfo=UTC)
WISHES: Final = Wishes(genre=("Drama",), min_year=1980, max_minutes=130)


@dataclass(frozen=True, slots=True)
class Growth:
    """CPU time of a suggestion in this process, medians in seconds.

    Attributes:
        at: The number of films, or of likes.
        first: For viewers of whom nothing is kept.
        another: For one who asks for another film, having seen three of them tonight.
    """

    at: int
    first: float
    another: float


def by_catalogue(library: Library, rounds: int) -> list[Growth]:
    """With twenty likes and three filters, in catalogues of several sizes."""
    return [_cost(resized(library, n), n, N_LIKES, rounds) for n in CATALOGUES]


def by_likes(library: Library, rounds: int) -> list[Growth]:
    """With the embedded catalogue, for viewers with several numbers of likes."""
    return [_cost(library, n, n, rounds) for n in LIKES]


def resized(library: Library, n_items: int) -> Library:
    """A library of another size: films drawn from the real ones, or added to them.

    What is added are copies of films without ratings, as new films are: the dense weights stay
    those of the rated films.
    """
    rng = np.random.default_rng(7)
    model = library.model
    cold = np.flatnonzero(model.place >= model.n_warm)
    if n_items <= model.n_items:
        items = np.sort(rng.choice(model.n_items, n_items, replace=False))
    else:
        added = rng.choice(cold, n_items - model.n_items)
        items = np.concatenate((np.arange(model.n_items), added))
    movies = [
        replace(library.catalogue.movies[item], movie_id=f"film-{number}", imdb_id=None)
        for number, item in enumerate(items.tolist())
    ]
    return Library(
        Catalogue(movies), _chosen(model, items), library.well_known[items], library.panel
    )


def _chosen(model: Handover, items: NDArray[np.int64]) -> Handover:
    old = model.place[items]
    is_warm = old < model.n_warm
    warm = old[is_warm]
    place = np.empty(len(items), dtype=np.int32)
    place[is_warm] = np.arange(len(warm))
    place[~is_warm] = np.arange(len(warm), len(items))
    inner = np.concatenate((warm, old[~is_warm]))
    traits = model.traits
    return replace(
        model,
        place=place,
        few_likes=model.few_likes[np.ix_(warm, warm)],
        long_history=model.long_history[np.ix_(warm, warm)],
        inputs=model.inputs[inner],
        outputs=model.outputs[inner],
        traits=Traits(
            traits.appeal[items],
            traits.intercept[items],
            traits.freshness[items],
            traits.modernity[items],
            traits.gem[items],
        ),
        features=model.features[items],
        sketch=model.sketch[items],
    )


def _cost(library: Library, at: int, n_likes: int, rounds: int) -> Growth:
    rng = np.random.default_rng(n_likes)
    rated = np.flatnonzero(library.model.place < library.model.n_warm)
    tastes = [_taste(library, rng.choice(rated, n_likes)) for _ in range(N_VIEWERS)]
    one = tastes[:1] * N_VIEWERS
    first = suggest_movie(library, WISHES, one[0], (), NOW)
    shown = [movie.movie_id for movie in (first.movie, *first.alternatives[:2])]
    _seconds(library, one[:20], shown)
    return Growth(
        at,
        statistics.median(_seconds(library, tastes, ()) for _ in range(rounds)),
        statistics.median(_seconds(library, one, shown) for _ in range(rounds)),
    )


def _taste(library: Library, items: NDArray[np.int64]) -> Taste:
    liked = tuple(library.catalogue.movies[item].movie_id for item in np.unique(items).tolist())
    return Taste(liked=liked, excluded=frozenset(liked))


def _seconds(library: Library, tastes: Sequence[Taste], shown: Sequence[str]) -> float:
    """CPU time of each suggestion for viewers in turn."""
    begin = time.thread_time()
    for taste in tastes:
        suggest_movie(library, WISHES, taste, shown, NOW)
    return (time.thread_time() - begin) / len(tastes)
