"""Ways to choose the next question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tonight.recsys.handover import Handover
from tonight.recsys.interactions import Interactions
from tonight.recsys.items import Items
from tonight.recsys.questions import (
    DEFAULT_PARAMETERS,
    Panel,
    QuestionParameters,
    make_panel,
    next_popular_and_diverse,
    next_question,
)
from tonight.recsys.recommender import NOTHING_KNOWN, History, IndexArray
from tonight.recsys.training import train

#: What has been asked and answered so far, and the user's own number -> the next question.
Strategy = Callable[["Conversation", int], int]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a user has been asked and has said.

    Attributes:
        history: What he likes and dislikes.
        unknown: What he does not know.
    """

    history: History = NOTHING_KNOWN
    unknown: tuple[int, ...] = ()

    @property
    def asked(self) -> IndexArray:
        """The items that were asked about."""
        known = [*self.history.likes.tolist(), *self.history.dislikes.tolist()]
        return np.array([*known, *self.unknown], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Fold:
    """What is trained on, and who is measured.

    Attributes:
        model: The product's model, trained on all other users.
        training: The interactions of all other users.
        users: The held-out users' interactions.
    """

    model: Handover
    training: Interactions
    users: Interactions

    @staticmethod
    def of(interactions: Interactions, items: Items, held_out: IndexArray) -> Fold:
        """Trains on everybody but some."""
        others = np.setdiff1d(np.arange(interactions.n_users), held_out)
        training = interactions.users(others)
        return Fold(train(training, items), training, interactions.users(held_out))


def adaptive(fold: Fold, parameters: QuestionParameters = DEFAULT_PARAMETERS) -> Strategy:
    """The product's way."""
    panel = make_panel(fold.training, parameters)

    def choose(so_far: Conversation, _: int) -> int:
        return _next(fold, panel, so_far)

    return choose


def fixed(fold: Fold) -> Strategy:
    """The product's way without listening: the same questions to everybody."""
    deaf = make_panel(fold.training, replace(DEFAULT_PARAMETERS, mismatch=1.0))
    questions: list[int] = []

    def choose(so_far: Conversation, _: int) -> int:
        n_asked = len(so_far.asked)
        while len(questions) <= n_asked:
            questions.append(_next(fold, deaf, Conversation(unknown=tuple(questions))))
        return questions[n_asked]

    return choose


def random(fold: Fold) -> Strategy:
    """Any of the films that the product asks about, which are well known."""
    pool = make_panel(fold.training).pool

    def choose(so_far: Conversation, user_index: int) -> int:
        rng = np.random.default_rng([user_index, len(so_far.asked)])
        return int(rng.choice(np.setdiff1d(pool, so_far.asked)))

    return choose


def popular(fold: Fold) -> Strategy:
    """The film that most people have rated."""
    pool = make_panel(fold.training).pool

    def choose(so_far: Conversation, _: int) -> int:
        return int(pool[~np.isin(pool, so_far.asked)][0])

    return choose


def popular_and_diverse(fold: Fold) -> Strategy:
    """Films that many have rated and that differ from those asked before."""
    pool = make_panel(fold.training).pool
    n_ratings = fold.training.likes_per_item() + fold.training.dislikes_per_item()

    def choose(so_far: Conversation, _: int) -> int:
        rest = pool[~np.isin(pool, so_far.asked)]
        likeness = fold.model.similarity(rest, so_far.asked)
        return next_popular_and_diverse(n_ratings[rest].astype(np.float32), likeness, rest)

    return choose


def _next(fold: Fold, panel: Panel, so_far: Conversation) -> int:
    nothing_barred = np.zeros(fold.model.n_items, dtype=np.bool_)
    unknown = np.array(so_far.unknown, dtype=np.intp)
    question = next_question(fold.model, panel, so_far.history, unknown, nothing_barred)
    if question is None:
        raise ValueError("the panel has fewer films to ask about than questions are wanted")
    return question
