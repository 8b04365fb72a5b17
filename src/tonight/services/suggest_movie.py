"""Suggests one film for tonight."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from tonight.domain.errors import NothingFitsError
from tonight.domain.feedback import Taste
from tonight.domain.suggestion import NothingFitsReport, Source, Suggestion
from tonight.domain.wishes import Wishes
from tonight.recsys.handover import Handover
from tonight.recsys.questions import Panel
from tonight.recsys.recommender import FloatArray, History, IndexArray
from tonight.recsys.reranking import mmr
from tonight.recsys.top_k import draw, top_k
from tonight.services.candidates import conditions, find_candidates, relaxations
from tonight.services.catalogue import Catalogue, Mask
from tonight.services.reason import explain
from tonight.services.steps import Step, unobserved

N_ALTERNATIVES = 3

#: The alternatives are chosen for their variety among this many of the best.
POOL_OF_ALTERNATIVES = 40

#: How much of an alternative's worth is its difference from the films already chosen.
DIVERSITY = 0.5


@dataclass(frozen=True, slots=True)
class Library:
    """What a suggestion is made from; replaced as a whole when there is a new model.

    Attributes:
        catalogue: The films.
        model: Scores the films of this catalogue, in its order.
        well_known: The films that a first pick may come from: bool of shape (n_items,).
        panel: The people whom a newcomer's answers are compared with; nobody without ratings.
    """

    catalogue: Catalogue
    model: Handover
    well_known: Mask
    panel: Panel


def suggest_movie(
    library: Library,
    wishes: Wishes,
    taste: Taste,
    shown: Collection[str],
    now: datetime,
    *,
    remembered: bool = True,
    step: Step = unobserved,
) -> Suggestion:
    """Suggests one film that fits the wishes and the viewer's taste.

    Args:
        library: The films and the model.
        wishes: What the viewer wants tonight. A film that is liked or disliked here counts so,
            whatever the viewer has said before.
        taste: What the viewer has said before.
        shown: Films that have been shown this evening. They do not come again, unless every
            film that fits has been shown.
        now: The viewer's time.
        remembered: Whether ``taste`` could be read; passed on to the answer.
        step: Is told of each step as it begins.

    Raises:
        NothingFitsError: No film fits; says which wish to relax.
    """
    step("filter")
    catalogue = library.catalogue
    history = _history(catalogue, wishes, taste)
    known = np.zeros(len(catalogue), dtype=np.bool_)
    for films in (wishes.exclude, wishes.like, wishes.dislike):
        known[catalogue.indices(films)] = True
    remembered_films = np.zeros(len(catalogue), dtype=np.bool_)
    remembered_films[catalogue.indices(taste.excluded)] = True
    wanted = conditions(catalogue, wishes)
    candidates = find_candidates(wanted, ~(known | remembered_films))
    if not candidates.fits.any():
        ways_out = relaxations(catalogue, wishes, wanted, known, remembered_films, now)
        raise NothingFitsError(NothingFitsReport(ways_out, candidates.n_unknown, wishes))
    fresh = candidates.fits.copy()
    fresh[catalogue.indices(shown)] = False
    repeated = not fresh.any()
    pool = _pool(library, candidates.fits if repeated else fresh, wishes)
    step("score")
    scores = library.model.score(history, wishes.novelty)
    step("select")
    pick = draw(scores, pool, np.random.default_rng(wishes.seed))
    alternatives = _alternatives(library, scores, pool, pick)
    step("explain")
    source = Source(library.model.source(history, pick))
    reason = explain(
        catalogue.movies[pick],
        tuple(catalogue.movies[index] for index in history.likes),
        library.model.contributions(history, pick, wishes.novelty),
        source,
    )
    return Suggestion(
        movie=catalogue.movies[pick],
        reason=reason,
        source=source,
        alternatives=tuple(catalogue.movies[index] for index in alternatives),
        n_fitting=int(np.count_nonzero(candidates.fits)),
        n_unknown=candidates.n_unknown,
        wishes=wishes,
        repeated=repeated,
        remembered=remembered,
    )


def _alternatives(library: Library, scores: FloatArray, pool: IndexArray, pick: int) -> list[int]:
    """Good films that differ from the pick and from each other."""
    best = top_k(scores, pool[pool != pick], POOL_OF_ALTERNATIVES)
    near = np.concatenate(([pick], best))
    chosen = mmr(
        scores[near],
        library.model.nearness(near),
        1 + N_ALTERNATIVES,
        first=0,
        diversity=DIVERSITY,
    )
    return [int(near[position]) for position in chosen[1:]]


def _history(catalogue: Catalogue, wishes: Wishes, taste: Taste) -> History:
    now_liked, now_disliked = set(wishes.like), set(wishes.dislike)
    liked = [movie for movie in taste.liked if movie not in now_disliked]
    disliked = [movie for movie in taste.disliked if movie not in now_liked]
    return History(
        likes=catalogue.indices([*liked, *wishes.like]),
        dislikes=catalogue.indices([*disliked, *wishes.dislike]),
    )


def _pool(library: Library, fits: Mask, wishes: Wishes) -> IndexArray:
    """The indices to pick from, ascending: well-known films first when no novelty is wished."""
    if wishes.novelty == 0:
        well_known = np.flatnonzero(fits & library.well_known)
        if well_known.size:
            return well_known
    return np.flatnonzero(fits)
