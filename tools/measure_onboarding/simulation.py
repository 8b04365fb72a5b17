"""Held-out users who answer questions, and what a model then knows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tonight.recsys.evaluation import N_RANKED
from tonight.recsys.metrics import ndcg_at_k
from tonight.recsys.recommender import BoolArray, History, IndexArray
from tonight.recsys.splitting import user_folds
from tonight.recsys.top_k import top_k
from tools.measure_onboarding.strategies import Conversation, Fold, Strategy

N_QUESTIONS = 8
N_FOLDS = 5
MIN_LIKES = 5
#: One user in so many is there to choose the method and its parameters, and for nothing else.
DEVELOPMENT_SHARE = 3


@dataclass(frozen=True, slots=True)
class Interviews:
    """What was measured of one strategy, one row a user.

    Attributes:
        ndcg: nDCG@100 after 0, 1, ... questions, shape (n_users, n_questions + 1).
        n_answers: How many questions were answered with an opinion, shape (n_users,).
        n_likes: How many with "liked", shape (n_users,).
    """

    ndcg: NDArray[np.float64]
    n_answers: NDArray[np.int64]
    n_likes: NDArray[np.int64]


def development_and_test(n_users: int, seed: int) -> tuple[IndexArray, IndexArray]:
    """Parts the users once and for all: those on whom choices are made, and those measured."""
    order = np.random.default_rng(seed).permutation(n_users)
    n_development = n_users // DEVELOPMENT_SHARE
    return np.sort(order[:n_development]), np.sort(order[n_development:])


def folds_of(users: IndexArray, seed: int) -> list[IndexArray]:
    """The users in five parts, each to be held out once."""
    parts = user_folds(len(users), N_FOLDS, np.random.default_rng(seed))
    return [users[part] for part in parts]


def interview(user: History, strategy: Strategy, user_index: int) -> list[Conversation]:
    """Asks a user one question after the other.

    Args:
        user: All that he likes and dislikes. A film that is neither is one that he has nothing to
            say about: the question is spent, and nothing is learned.
        strategy: Chooses the questions.
        user_index: Seeds what is random in a strategy.

    Returns:
        The conversation before the first question and after each.
    """
    conversations = [Conversation()]
    for _ in range(N_QUESTIONS):
        now = conversations[-1]
        item = strategy(now, user_index)
        history, unknown = now.history, now.unknown
        if item in user.likes:
            history = History(np.append(history.likes, item), history.dislikes)
        elif item in user.dislikes:
            history = History(history.likes, np.append(history.dislikes, item))
        else:
            unknown = (*unknown, item)
        conversations.append(Conversation(history, unknown))
    return conversations


def simulate(fold: Fold, strategies: Mapping[str, Strategy]) -> dict[str, Interviews]:
    """Interviews every user of a fold by every strategy, and ranks after each question.

    All strategies of a user have the same targets and candidates: the user's likes that none of
    them asked about, among the films with at least 2 likes in training that none asked about.
    Users with fewer than 5 likes, or without a target, are left out.
    """
    warm = fold.training.likes_per_item() >= 2
    rows: dict[str, list[list[float]]] = {name: [] for name in strategies}
    last: dict[str, list[Conversation]] = {name: [] for name in strategies}
    for user_index in range(fold.users.n_users):
        user = fold.users.history(user_index)
        if len(user.likes) < MIN_LIKES:
            continue
        interviews = {
            name: interview(user, strategy, user_index) for name, strategy in strategies.items()
        }
        asked = np.concatenate([found[-1].asked for found in interviews.values()])
        ranked = warm.copy()
        ranked[asked] = False
        targets = user.likes[ranked[user.likes]]
        if len(targets) == 0:
            continue
        for name, conversations in interviews.items():
            rows[name].append(_ndcg_after_each(fold, conversations, ranked, targets))
            last[name].append(conversations[-1])
    return {
        name: Interviews(
            ndcg=np.array(rows[name]).reshape(-1, N_QUESTIONS + 1),
            n_answers=np.array([N_QUESTIONS - len(end.unknown) for end in last[name]]),
            n_likes=np.array([len(end.history.likes) for end in last[name]]),
        )
        for name in strategies
    }


def pooled(parts: Sequence[Mapping[str, Interviews]]) -> dict[str, Interviews]:
    """Puts the folds together."""
    return {
        name: Interviews(
            np.concatenate([part[name].ndcg for part in parts]),
            np.concatenate([part[name].n_answers for part in parts]),
            np.concatenate([part[name].n_likes for part in parts]),
        )
        for name in parts[0]
    }


def _ndcg_after_each(
    fold: Fold, conversations: Sequence[Conversation], ranked: BoolArray, targets: IndexArray
) -> list[float]:
    candidates = np.flatnonzero(ranked)
    values: list[float] = []
    known = -1
    for conversation in conversations:
        n_known = len(conversation.history.likes) + len(conversation.history.dislikes)
        if n_known == known:
            # "Haven't seen" changes nothing for the model.
            values.append(values[-1])
            continue
        known = n_known
        ranking = top_k(fold.model.score(conversation.history), candidates, N_RANKED)
        values.append(ndcg_at_k(ranking, targets, N_RANKED))
    return values
