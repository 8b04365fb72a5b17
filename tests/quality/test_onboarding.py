"""A newcomer's questions: the figures belong to the shipped data, and the floor holds.

Two of the five folds of the report, so that it takes less than a minute. A comparison holds when
the lower bound of the paired bootstrap's 95 % interval does.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tonight.embedded import has_movielens
from tonight.recsys.recommender import History
from tools.evaluate.accuracy import difference
from tools.evaluate.embedded import load_dataset
from tools.measure_onboarding.__main__ import ADAPTIVE, BASELINES, REPORT, SEED
from tools.measure_onboarding.simulation import (
    N_QUESTIONS,
    Interviews,
    development_and_test,
    folds_of,
    interview,
    pooled,
    simulate,
)
from tools.measure_onboarding.strategies import Fold, adaptive

ROOT = Path(__file__).parents[2]
N_FOLDS = 2

with_ratings = pytest.mark.skipif(not has_movielens(), reason="this package comes without ratings")


@pytest.fixture(scope="module")
def measured() -> dict[str, Interviews]:
    data = load_dataset()
    _, test = development_and_test(data.interactions.n_users, SEED)
    parts = []
    for held_out in folds_of(test, SEED)[:N_FOLDS]:
        fold = Fold.of(data.interactions, data.items, held_out)
        strategies = {name: make(fold) for name, make in BASELINES.items()}
        parts.append(simulate(fold, strategies | {ADAPTIVE: adaptive(fold)}))
    return pooled(parts)


@with_ratings
@pytest.mark.slow
@pytest.mark.parametrize("baseline", BASELINES)
def test_eight_adaptive_questions_beat_eight_others(
    measured: dict[str, Interviews], baseline: str
) -> None:
    gain = difference(measured[ADAPTIVE].ndcg[:, -1], measured[baseline].ndcg[:, -1])
    assert gain.lower > 0
    assert gain.mean > 0.015


@with_ratings
@pytest.mark.slow
def test_every_question_helps_on_the_whole(measured: dict[str, Interviews]) -> None:
    curve = measured[ADAPTIVE].ndcg.mean(axis=0)
    assert (np.diff(curve) > -0.002).all()
    assert curve[-1] > curve[0] + 0.05


@with_ratings
@pytest.mark.slow
def test_questions_are_about_films_that_people_can_say_something_of(
    measured: dict[str, Interviews],
) -> None:
    assert measured[ADAPTIVE].n_answers.mean() > 0.8 * measured["popular"].n_answers.mean()
    assert measured[ADAPTIVE].n_answers.mean() > 1.5 * measured["random"].n_answers.mean()


@with_ratings
def test_the_report_was_measured_on_the_shipped_data() -> None:
    text = (ROOT / REPORT).read_text(encoding="utf-8")
    assert f"Embedded data `{load_dataset().fingerprint}`" in text


def test_nobody_is_both_chosen_on_and_measured() -> None:
    development, test = development_and_test(671, SEED)
    assert sorted([*development.tolist(), *test.tolist()]) == list(range(671))
    parts = folds_of(test, SEED)
    assert sorted(np.concatenate(parts).tolist()) == test.tolist()


def test_a_film_that_was_not_rated_costs_the_question_and_tells_nothing() -> None:
    questions = iter(range(N_QUESTIONS))
    user = History.of([1, 4], [2])
    conversations = interview(user, lambda so_far, index: next(questions), 0)
    assert len(conversations) == N_QUESTIONS + 1
    assert conversations[-1].history.likes.tolist() == [1, 4]
    assert conversations[-1].history.dislikes.tolist() == [2]
    assert conversations[-1].unknown == (0, 3, 5, 6, 7)
    assert sorted(conversations[-1].asked.tolist()) == list(range(N_QUESTIONS))
