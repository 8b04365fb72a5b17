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
from tonight.recsys.recommender import FloatArray, History, IndexArray
from tonight.recsys.reranking import mmr
from tonight.recsys.top_k import best_positions, nearly_best
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

#: Of how many viewers with their wishes it is kept what these leave: at most 96 KB each.
N_LEFT = 64

#: How many suggestions are kept for one of them: 1 KB each, and 0.1 KB for each like in a reason.
N_MADE = 128

#: Of how many viewers it is kept which items they have spoken of: about 1 KB each.
N_KNOWN = 512

#: Of how many histories the scores are kept: 48 KB each.
N_SCORED = 128

#: Without a state that a forked worker, or a test that sets the seed of all, would share.
_CHANCE = random.SystemRandom()


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


@dataclass(slots=True)
class Left:
    """What the wishes and what is known of a viewer leave of all films.

    Attributes:
        known: What is known of him.
        filtered: What the wishes alone leave.
        n_fitting: How many films fit that he has not spoken of.
        n_unknown: Of how many others nobody knows whether they do.
        pool: The films to pick from while none has been shown, ascending.
        best: Those of them that are drawn from, likewise; ``None`` before the first draw.
        made: What follows from each film that was drawn, filled as they come.
    """

    known: Known
    filtered: Filtered
    n_fitting: int
    n_unknown: int
    pool: IndexArray
    best: IndexArray | None = None
    made: dict[int, Suggestion] = field(default_factory=dict)


def _leave(
    known_of: Callable[[Names, Names, Names, Taste], Known],
    filtered_by: Callable[[Wishes], Filtered],
    wishes: Wishes,
    taste: Taste,
) -> Left:
    known = known_of(wishes.like, wishes.dislike, wishes.exclude, taste)
    filtered = filtered_by(_filters(wishes))
    n_fitting = filtered.n_fitting - int(np.count_nonzero(filtered.fits[known.out]))
    n_unknown = filtered.n_unknown - int(np.count_nonzero(filtered.unknown[known.out]))
    pool = _pool(filtered, known.out, wishes.novelty)
    pool.flags.writeable = False
    return Left(known, filtered, n_fitting, n_unknown, pool)


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
        scores: What ``model.score`` says, kept for the last ``N_SCORED`` histories: whoever asks
            for another film, or changes a wish, has the same history. Read-only.
        filtered: What the wishes leave of all films, kept for the last ``N_FILTERED`` ones.
        known: What is known of a viewer by his wishes and taste, kept for the last ``N_KNOWN``.
        left: What his wishes and his taste leave, kept for the last ``N_LEFT``; the wishes are
            without a seed and a clock time.
    """

    catalogue: Catalogue
    model: Handover
    well_known: Mask
    panel: Panel
    scores: Callable[[History, float], FloatArray] = field(init=False, repr=False)
    filtered: Callable[[Wishes], Filtered] = field(init=False, repr=False)
    known: Callable[[Names, Names, Names, Taste], Known] = field(init=False, repr=False)
    left: Callable[[Wishes, Taste], Left] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepares what requests would do alike."""
        scores = _kept_scores(self.model)
        filtered = lru_cache(N_FILTERED)(partial(_filter, self.catalogue, self.well_known))
        known = lru_cache(N_KNOWN)(partial(_known, self.catalogue))
        # Not of the library itself, which would then keep itself in memory when it is replaced.
        left = lru_cache(N_LEFT)(partial(_leave, known, filtered))
        kept = {"scores": scores, "filtered": filtered, "known": known, "left": left}
        for name, function in kept.items():
            # The dataclass is frozen; these only spare requests what others have done.
            object.__setattr__(self, name, function)


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
    timeless = wishes
    if wishes.seed is not None or wishes.until is not None:
        timeless = replace(wishes, seed=None, until=None)
    step("filter")
    left = library.left(timeless, taste)
    if not left.n_fitting:
        ways_out = _ways_out(library.catalogue, wishes, taste, now)
        raise NothingFitsError(NothingFitsReport(ways_out, left.n_unknown, wishes))
    repeated, pool = False, left.pool
    if shown:
        seen = library.catalogue.indices(shown)
        pool = _without(left.pool, seen)
        if not pool.size:
            # After the well-known films come the others; after these the round begins anew.
            out = np.union1d(left.known.out, seen)
            repeated = bool(left.filtered.n_fitting == np.count_nonzero(left.filtered.fits[out]))
            pool = left.pool if repeated else _pool(left.filtered, out, wishes.novelty)
    is_kept = pool is left.pool
    step("score")
    best = left.best if is_kept else None
    if best is None:
        best = nearly_best(library.scores(left.known.history, wishes.novelty), pool)
    step("select")
    pick = int(best[_draw(best.size, wishes.seed)])
    found = left.made.get(pick) if is_kept else None
    if found is None:
        found = _make(library, timeless, left, pool, pick, step)
        if is_kept:
            best.flags.writeable = False
            left.best = best
            if len(left.made) < N_MADE:
                left.made[pick] = found
    if timeless is wishes and remembered and not repeated:
        return found
    return replace(found, wishes=wishes, repeated=repeated, remembered=remembered)


def _make(
    library: Library, wishes: Wishes, left: Left, pool: IndexArray, pick: int, step: Step
) -> Suggestion:
    """What follows from the film that was drawn from a pool: the alternatives and the reason."""
    catalogue = library.catalogue
    history = left.known.history
    scores = library.scores(history, wishes.novelty).take(pool)
    alternatives = _alternatives(library, scores, pool, int(np.searchsorted(pool, pick)))
    step("explain")
    contributions, carrier = library.model.explained(history, pick, wishes.novelty)
    source = Source(carrier)
    return Suggestion(
        movie=catalogue.movies[pick],
        reason=explain(catalogue.movies[pick], left.known.liked, contributions, source),
        source=source,
        alternatives=tuple([catalogue.movies[index] for index in alternatives]),
        n_fitting=left.n_fitting,
        n_unknown=left.n_unknown,
        wishes=wishes,
    )


def _draw(n: int, seed: int | None) -> int:
    """A number below n with equal chances; the same one for the same seed."""
    if n == 1:
        return 0
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
    # So that it comes first, whatever the others' are.
    scores[position] = np.finfo(np.float32).max
    near = best_positions(scores, 1 + POOL_OF_ALTERNATIVES)
    scores[position] = score
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
