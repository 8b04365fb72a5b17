"""Suggests one film for tonight."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import TypeAlias

import numpy as np

from tonight.domain.errors import NothingFitsError
from tonight.domain.feedback import Taste
from tonight.domain.movie import Movie
from tonight.domain.suggestion import NothingFitsReport, Relaxation, Source, Suggestion
from tonight.domain.wishes import Wishes
from tonight.recsys.handover import Handover
from tonight.recsys.questions import Panel
from tonight.recsys.recommender import NOTHING_KNOWN, FloatArray, History, IndexArray
from tonight.recsys.reranking import mmr
from tonight.recsys.top_k import best_positions, nearly_best, nearly_best_positions
from tonight.services.candidates import conditions, find_candidates, relaxations
from tonight.services.catalogue import Catalogue, Mask
from tonight.services.reason import explain
from tonight.services.steps import Step, unobserved

N_ALTERNATIVES = 3

#: The alternatives are chosen for their variety among this many of the best.
POOL_OF_ALTERNATIVES = 40

#: How much of an alternative's worth is its difference from the films already chosen.
DIVERSITY = 0.5

#: Of how many sets of wishes it is kept what fits them: at most 80 KB each.
N_FILTERED = 64

#: Of how many viewers it is kept which items they have spoken of: about 1 KB each.
N_KNOWN = 512

#: Of how many histories the scores are kept: 48 KB each.
N_SCORED = 128

#: Without a state that a forked worker, or a test that sets the seed of all, would share.
_CHANCE = random.SystemRandom()

_NO_TASTE = Taste()
_NO_WISHES = Wishes()
_NOTHING: IndexArray = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the wishes leave of all films, whoever asks.

    Attributes:
        fits: The films that fulfil every wish: bool of shape (n_items,).
        unknown: The films of which nobody knows whether they do: likewise.
        n_fitting: How many fit.
        n_unknown: How many are unknown.
        well_known: The indices of the well-known films that fit, ascending.
    """

    fits: Mask
    unknown: Mask
    n_fitting: int
    n_unknown: int
    well_known: IndexArray


Names: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a viewer, in items.

    Attributes:
        history: What he likes and dislikes.
        liked: The films of ``history.likes``, aligned with it.
        out: The items that must not be suggested, ascending.
    """

    history: History
    liked: tuple[Movie, ...]
    out: IndexArray


def _known(
    catalogue: Catalogue, like: Names, dislike: Names, exclude: Names, taste: Taste
) -> Known:
    """What the wishes and what was said before amount to: of a film, what is said now counts."""
    now_liked, now_disliked = set(like), set(dislike)
    liked = [movie for movie in taste.liked if movie not in now_disliked]
    disliked = [movie for movie in taste.disliked if movie not in now_liked]
    history = History(
        likes=catalogue.indices([*liked, *like]),
        dislikes=catalogue.indices([*disliked, *dislike]),
    )
    out = catalogue.indices((*exclude, *like, *dislike, *taste.excluded))
    out.sort()
    for kept in (history.likes, history.dislikes, out):
        kept.flags.writeable = False
    movies = tuple(catalogue.movies[index] for index in history.likes.tolist())
    return Known(history, movies, out)


def _filter(catalogue: Catalogue, well_known: Mask, wishes: Wishes) -> Filtered:
    found = find_candidates(conditions(catalogue, wishes), np.ones(len(catalogue), dtype=np.bool_))
    known = np.flatnonzero(found.fits & well_known)
    for kept in (found.fits, found.unknown, known):
        kept.flags.writeable = False
    n_fitting, n_unknown = (int(np.count_nonzero(each)) for each in (found.fits, found.unknown))
    return Filtered(found.fits, found.unknown, n_fitting, n_unknown, known)


@lru_cache(maxsize=N_KNOWN)
def _filters(wishes: Wishes) -> Wishes:
    """The wishes that say something of a film whoever asks for it."""
    return replace(wishes, like=(), dislike=(), exclude=(), until=None, novelty=0.0, seed=None)


@dataclass(frozen=True, slots=True)
class Library:
    """What a suggestion is made from; replaced as a whole when there is a new model.

    It keeps what many requests have in common; see decision 0020.

    Attributes:
        catalogue: The films.
        model: Scores the films of this catalogue, in its order.
        well_known: The films that a first pick may come from: bool of shape (n_items,).
        panel: The people whom a newcomer's answers are compared with; nobody without ratings.
        for_strangers: The films that are drawn from when nothing is known or wished, ascending;
            made from the others.
        strangers: What follows from each of these draws, filled as they come: of a stranger the
            film that is drawn says all.
        scores: What ``model.score`` says, kept for the last ``N_SCORED`` histories: whoever asks
            for another film, or changes a wish, has the same history. Read-only.
        filtered: What the wishes leave of all films, kept for the last ``N_FILTERED`` ones.
        known: What is known of a viewer by his wishes and taste, kept for the last ``N_KNOWN``.
    """

    catalogue: Catalogue
    model: Handover
    well_known: Mask
    panel: Panel
    for_strangers: IndexArray = field(init=False, repr=False)
    strangers: dict[int, Suggestion] = field(init=False, repr=False, default_factory=dict)
    scores: Callable[[History, float], FloatArray] = field(init=False, repr=False)
    filtered: Callable[[Wishes], Filtered] = field(init=False, repr=False)
    known: Callable[[Names, Names, Names, Taste], Known] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepares what requests would do alike."""
        # The dataclass is frozen; these only spare requests what others have done.
        object.__setattr__(self, "scores", _kept_scores(self.model))
        kept = lru_cache(maxsize=N_FILTERED)(partial(_filter, self.catalogue, self.well_known))
        object.__setattr__(self, "filtered", kept)
        known = lru_cache(maxsize=N_KNOWN)(partial(_known, self.catalogue))
        object.__setattr__(self, "known", known)
        pool = _pool(self.filtered(_NO_WISHES), _NOTHING, 0.0)
        best: IndexArray = pool[:0]
        if pool.size:
            best = nearly_best(self.scores(NOTHING_KNOWN, 0.0), pool)
        object.__setattr__(self, "for_strangers", best)


def _kept_scores(model: Handover) -> Callable[[History, float], FloatArray]:
    @lru_cache(maxsize=N_SCORED)
    def scored(likes: bytes, dislikes: bytes, novelty: float) -> FloatArray:
        history = History(np.frombuffer(likes, np.int64), np.frombuffer(dislikes, np.int64))
        scores = model.score(history, novelty)
        scores.flags.writeable = False
        return scores

    def of(history: History, novelty: float) -> FloatArray:
        return scored(_bytes(history.likes), _bytes(history.dislikes), novelty)

    return of


def _bytes(items: IndexArray) -> bytes:
    return items.astype(np.int64, copy=False).tobytes()


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
    if not shown and library.for_strangers.size and taste == _NO_TASTE:
        seed = wishes.seed
        if wishes == (_NO_WISHES if seed is None else replace(_NO_WISHES, seed=seed)):
            step("select")
            pick = int(library.for_strangers[_draw(library.for_strangers.size, seed)])
            found = library.strangers.get(pick)
            if found is None:
                found = library.strangers[pick] = _suggest(
                    library, _NO_WISHES, _NO_TASTE, (), now, True, step, pick
                )
            if seed is None and remembered:
                return found
            return replace(found, wishes=wishes, remembered=remembered)
    return _suggest(library, wishes, taste, shown, now, remembered, step)


def _suggest(
    library: Library,
    wishes: Wishes,
    taste: Taste,
    shown: Collection[str],
    now: datetime,
    remembered: bool,
    step: Step,
    drawn: int | None = None,
) -> Suggestion:
    """Does what ``suggest_movie`` says; ``drawn`` is the pick where it has been drawn already."""
    step("filter")
    catalogue = library.catalogue
    known = library.known(wishes.like, wishes.dislike, wishes.exclude, taste)
    history, out = known.history, known.out
    filtered = library.filtered(_filters(wishes))
    n_fitting = filtered.n_fitting - int(np.count_nonzero(filtered.fits[out]))
    n_unknown = filtered.n_unknown - int(np.count_nonzero(filtered.unknown[out]))
    if not n_fitting:
        raise NothingFitsError(
            NothingFitsReport(_ways_out(catalogue, wishes, taste, now), n_unknown, wishes)
        )
    repeated = False
    if shown:
        with_shown = np.union1d(out, catalogue.indices(shown))
        repeated = bool(filtered.n_fitting == np.count_nonzero(filtered.fits[with_shown]))
        out = out if repeated else with_shown
    pool = _pool(filtered, out, wishes.novelty)
    step("score")
    scores = library.scores(history, wishes.novelty).take(pool)
    step("select")
    if drawn is None:
        best = nearly_best_positions(scores)
        position = int(best[_draw(best.size, wishes.seed)])
    else:
        position = int(np.searchsorted(pool, drawn))
    pick = int(pool[position])
    alternatives = _alternatives(library, scores, pool, position)
    step("explain")
    contributions, carrier = library.model.explained(history, pick, wishes.novelty)
    source = Source(carrier)
    reason = explain(catalogue.movies[pick], known.liked, contributions, source)
    return Suggestion(
        movie=catalogue.movies[pick],
        reason=reason,
        source=source,
        alternatives=tuple([catalogue.movies[index] for index in alternatives]),
        n_fitting=n_fitting,
        n_unknown=n_unknown,
        wishes=wishes,
        repeated=repeated,
        remembered=remembered,
    )


def _draw(n: int, seed: int | None) -> int:
    """A number below n with equal chances; the same one for the same seed."""
    # Without a seed, one of NumPy's generators would cost more than all the rest of the draw.
    return _CHANCE.randrange(n) if seed is None else int(np.random.default_rng(seed).integers(n))


def _alternatives(
    library: Library, scores: FloatArray, pool: IndexArray, position: int
) -> Sequence[int]:
    """Good films that differ from the pick and from each other.

    Args:
        library: The films and the model.
        scores: Of the pool; the pick's is lost.
        pool: The films that fit.
        position: The pick's, within the pool.
    """
    score = scores[position]
    # Not -inf: a single film in the pool is chosen all the same, and left out below.
    scores[position] = np.finfo(np.float32).min
    best = best_positions(scores, POOL_OF_ALTERNATIVES)
    scores[position] = score
    near = np.concatenate(([position], best[best != position]))
    items = pool[near]
    chosen = mmr(
        scores[near],
        library.model.nearness(items),
        1 + N_ALTERNATIVES,
        first=0,
        diversity=DIVERSITY,
    )
    return [int(items[one]) for one in chosen[1:]]


def _ways_out(
    catalogue: Catalogue, wishes: Wishes, taste: Taste, now: datetime
) -> tuple[Relaxation, ...]:
    by_wish = catalogue.indices((*wishes.exclude, *wishes.like, *wishes.dislike))
    return relaxations(
        catalogue,
        wishes,
        conditions(catalogue, wishes),
        _mask(catalogue, by_wish),
        _mask(catalogue, catalogue.indices(taste.excluded)),
        now,
    )


def _mask(catalogue: Catalogue, items: IndexArray) -> Mask:
    mask = np.zeros(len(catalogue), dtype=np.bool_)
    mask[items] = True
    return mask


def _pool(filtered: Filtered, out: IndexArray, novelty: float) -> IndexArray:
    """The indices to pick from, ascending: well-known films first when no novelty is wished.

    Args:
        filtered: The films that fit.
        out: Those that are left out.
        novelty: As wished.
    """
    if novelty == 0:
        well_known = _without(filtered.well_known, out)
        if well_known.size:
            return well_known
    return _without(np.flatnonzero(filtered.fits), out)


def _without(items: IndexArray, out: IndexArray) -> IndexArray:
    """Ascending items but for those that are left out."""
    if not items.size or not out.size:
        return items
    positions = np.searchsorted(items, out)
    positions[positions == items.size] = 0
    keep = np.ones(items.size, dtype=np.bool_)
    keep[positions[items[positions] == out]] = False
    return items[keep]
