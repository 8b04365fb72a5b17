"""Which item to ask a viewer about next, so that the answer tells the most of his taste.

A panel of people whose taste is known stands for the viewer of whom little is: those who answered
as he did count most. A question is worth what a "liked" would do for the panel's own rankings,
times the chance of that answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tonight.recsys.evaluation import N_RANKED
from tonight.recsys.interactions import Interactions
from tonight.recsys.recommender import (
    BoolArray,
    FloatArray,
    History,
    IndexArray,
    Recommender,
    require_known,
    unseen,
)
from tonight.recsys.top_k import top_k

#: An item has to have so many likes to be ranked, as everywhere in the evaluation.
_MIN_LIKES = 2
_DISCOUNTS = (1 / np.log2(np.arange(2, N_RANKED + 2))).astype(np.float32)


@dataclass(frozen=True, slots=True)
class QuestionParameters:
    """How the next question is chosen.

    Attributes:
        pool: Only so many items that most of the panel have rated are asked about.
        shortlist: The gain is worked out for the so many that are most likely to be liked.
        mismatch: Each answer that a member of the panel would have given otherwise multiplies
            what the member counts by this.
        trusted: With more statements than this, each weighs correspondingly less: otherwise a
            long history would leave a single member.
        answer_value: What knowing any answer is worth in nDCG, whatever it changes: a question
            that nobody can answer is a nuisance.
        too_alike: An item that is so similar to one spoken of before is not asked about: who has
            told of the first part need not tell of the second.
    """

    pool: int = 150
    shortlist: int = 20
    mismatch: float = 0.1
    trusted: int = 8
    answer_value: float = 0.04
    too_alike: float = 0.75


#: What is used unless something else is said; chosen on the development users of the evaluation.
DEFAULT_PARAMETERS = QuestionParameters()


class Model(Recommender, Protocol):
    """A recommender that knows how alike items are."""

    def similarity(self, items_a: IndexArray, items_b: IndexArray) -> FloatArray:
        """How alike items are, at most 1; shape (len(items_a), len(items_b))."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The people who stand for a viewer, and the items that he can be asked about.

    Attributes:
        people: Their likes and dislikes.
        liked_by: The same likes by column, shape (n_users, n_items).
        disliked_by: Likewise the dislikes.
        pool: The items that can be asked about, the most rated first.
        ranked: The items that are ranked to measure a gain, shape (n_items,).
        ideal: The discounted gain of each member's best possible ranking, shape (n_users,);
            infinite for a member without a like, who cannot gain.
        parameters: How the next question is chosen.
    """

    people: Interactions
    liked_by: sparse.csc_array
    disliked_by: sparse.csc_array
    pool: IndexArray
    ranked: BoolArray
    ideal: FloatArray
    parameters: QuestionParameters


def make_panel(people: Interactions, parameters: QuestionParameters = DEFAULT_PARAMETERS) -> Panel:
    """Prepares a panel; some milliseconds for a hundred thousand interactions.

    Args:
        people: Likes and dislikes of the people, the ones that the model was trained on.
        parameters: How questions are chosen.
    """
    likes = people.likes_per_item()
    n_ratings = likes + people.dislikes_per_item()
    pool = np.argsort(-n_ratings, kind="stable")[: parameters.pool]
    n_targets = np.minimum(people.likes_per_user(), N_RANKED)
    best = np.concatenate([[np.inf], np.cumsum(_DISCOUNTS)])
    return Panel(
        people=people,
        liked_by=sparse.csc_array(people.likes),
        disliked_by=sparse.csc_array(people.dislikes),
        pool=pool[likes[pool] >= _MIN_LIKES],
        ranked=likes >= _MIN_LIKES,
        ideal=best[n_targets].astype(np.float32),
        parameters=parameters,
    )


def next_question(
    model: Model, panel: Panel, history: History, unknown: IndexArray, barred: BoolArray
) -> int | None:
    """The item whose answer is expected to improve the viewer's ranking the most.

    For each of the items most likely to be liked: how much nDCG@100 a like of it would gain each
    member of the panel who does like it, weighted by how well the member's taste agrees with the
    viewer's answers; and ``answer_value`` times the chance that the viewer has an opinion at all.
    Ties go to the more rated item.

    Args:
        model: Ranks the items for the viewer, now and after the answer.
        panel: Who stands for the viewer.
        history: What the viewer likes and dislikes so far.
        unknown: Items that the viewer has been asked about and does not know.
        barred: Items that may not be asked about, shape (n_items,); those of ``history`` and
            ``unknown`` are not in any case.

    Returns:
        An item index, or ``None`` when there is nothing left to ask. Time: one scoring and one
        selection for each item of the shortlist, and O(shortlist * number of likes).

    Raises:
        UnknownItemError: An index lies outside of the catalogue.

    Source:
        After Golbandi, Koren and Lempel 2011, "Adaptive bootstrapping of recommender systems
        using decision trees"; soft weights instead of the branches of a tree, so that any
        history will do, and the ranking instead of the squared error.
    """
    require_known(history, model.n_items)
    require_known(History(unknown, history.dislikes), model.n_items)
    settled = barred.copy()
    spoken_of = np.concatenate([history.likes, history.dislikes, unknown])
    settled[spoken_of] = True
    open_items = panel.pool[~settled[panel.pool]]
    if len(open_items) == 0:
        return None
    nearest = model.similarity(open_items, spoken_of).max(axis=1, initial=-1)
    if (nearest < panel.parameters.too_alike).any():
        open_items = open_items[nearest < panel.parameters.too_alike]
    weights = agreement(panel, history, unknown)
    chance_of_like = weights @ panel.liked_by[:, open_items]
    shortlist = np.argsort(-chance_of_like, kind="stable")[: panel.parameters.shortlist]
    asked = open_items[np.sort(shortlist)]
    liked_by = panel.liked_by[:, asked].toarray()
    chance_of_answer = weights @ (liked_by + panel.disliked_by[:, asked].toarray())
    gains = _gains(model, panel, history, unknown, asked)
    value = weights @ (liked_by * gains) + panel.parameters.answer_value * chance_of_answer
    return int(asked[np.argmax(value)])


def agreement(panel: Panel, history: History, unknown: IndexArray) -> FloatArray:
    """How much each member of the panel stands for the viewer.

    Args:
        panel: The panel.
        history: What the viewer likes and dislikes.
        unknown: What the viewer does not know.

    Returns:
        Shape (n_users,), float32, not negative, the sum is 1: ``mismatch`` to the power of the
        number of answers that the member would have given otherwise.
    """
    n_statements = len(history.likes) + len(history.dislikes) + len(unknown)
    agreed = panel.liked_by[:, history.likes].sum(axis=1)
    agreed += panel.disliked_by[:, history.dislikes].sum(axis=1)
    agreed += len(unknown)
    for known_by in (panel.liked_by, panel.disliked_by):
        agreed -= known_by[:, unknown].sum(axis=1)
    trust = min(1.0, panel.parameters.trusted / max(n_statements, 1))
    # Relative to who agrees best, so that no power underflows for all.
    lost = np.asarray(agreed.max(initial=0) - agreed, dtype=np.float32) * np.float32(trust)
    weights = np.power(np.float32(panel.parameters.mismatch), lost)
    return np.asarray(weights / max(float(weights.sum()), 1.0), dtype=np.float32)


def next_popular_and_diverse(
    popularity: FloatArray,
    similarity: FloatArray,
    candidates: IndexArray,
    diversity: float = 0.5,
) -> int:
    """The item to ask about when there is no panel: well known, and unlike what was asked before.

    Args:
        popularity: The candidates' popularity on any scale, shape (n,), at least one.
        similarity: Of each candidate to each item asked before, shape (n, n_asked).
        candidates: Item indices, shape (n,).
        diversity: Between 0, popularity alone, and 1, unlikeness alone.

    Returns:
        An item index; of equals the first.

    Source:
        Carbonell and Goldstein 1998 (MMR), with popularity for relevance.
    """
    low, high = float(popularity.min()), float(popularity.max())
    relevance = (popularity - low) / max(high - low, float(np.finfo(np.float32).tiny))
    nearest = similarity.max(axis=1) if similarity.shape[1] else np.zeros(len(candidates))
    return int(candidates[np.argmax((1 - diversity) * relevance - diversity * nearest)])


def _gains(
    model: Recommender, panel: Panel, history: History, unknown: IndexArray, asked: IndexArray
) -> NDArray[np.float32]:
    """What a like of each asked item gains each member in nDCG@100, shape (n_users, n_asked).

    The asked item itself is no target, before or after: it would be its own reward.
    """
    eligible = panel.ranked.copy()
    eligible[unknown] = False
    candidates = unseen(history, eligible)
    now = top_k(model.score(history), candidates, N_RANKED + 1)
    change = np.zeros((model.n_items, len(asked)), dtype=np.float32)
    for column, item in enumerate(asked):
        liked = History(np.append(history.likes, item), history.dislikes)
        after = top_k(model.score(liked), candidates[candidates != item], N_RANKED)
        before = now[now != item][:N_RANKED]
        change[after, column] += _DISCOUNTS[: len(after)]
        change[before, column] -= _DISCOUNTS[: len(before)]
    return np.asarray((panel.people.likes @ change) / panel.ideal[:, np.newaxis], dtype=np.float32)
