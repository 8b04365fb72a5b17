"""What holds for every recommender: each model alone, and all of them handed over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.recsys.datasets import checkerboard
from tonight.recsys.handover import FEW_LIKES, PERSONAL, POPULAR, Handover
from tonight.recsys.models.features import FeatureParameters
from tonight.recsys.models.few_likes import FewLikesParameters
from tonight.recsys.models.long_history import LongHistoryParameters
from tonight.recsys.recommender import (
    NOTHING_KNOWN,
    History,
    Recommender,
    UnknownItemError,
    unseen,
)
from tonight.recsys.stages import Stage
from tonight.recsys.top_k import top_k
from tonight.recsys.training import STAGES, TrainingParameters, train

PARAMETERS = TrainingParameters(
    few_likes=FewLikesParameters(ridge=0.2),
    long_history=LongHistoryParameters(ridge=5.0, side_weight=0.5),
    features=FeatureParameters(rank=4, ridge=0.5),
)
NOTHING = Stage(POPULAR, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.25, 0.1)
MODELS = {
    "popularity": (replace(NOTHING, appeal=1.0),),
    "few likes": (replace(NOTHING, name=FEW_LIKES, intercept=1.0, few_likes=1.0),),
    "long history": (replace(NOTHING, name=PERSONAL, long_history=1.0),),
    "handed over": STAGES,
}
PERSONAL_MODELS = ["few likes", "long history", "handed over", "features"]


def build(name: str, seed: int = 1) -> Handover:
    interactions, items = checkerboard()
    parameters = replace(PARAMETERS, features=replace(PARAMETERS.features, seed=seed))
    if name == "features":
        nobody = interactions.users(np.array([], dtype=np.int64))
        return train(nobody, items, parameters)
    return train(interactions, items, replace(parameters, stages=MODELS[name]))


@pytest.fixture(scope="module", params=[*MODELS, "features"])
def model(request: pytest.FixtureRequest) -> Handover:
    return build(request.param)


@pytest.mark.parametrize("name", PERSONAL_MODELS)
@pytest.mark.parametrize("parity", [0, 1])
@pytest.mark.parametrize("n_likes", [1, 3, 6])
def test_the_checkerboard_is_recovered(name: str, parity: int, n_likes: int) -> None:
    found: Recommender = build(name)
    history = History.of(np.arange(parity, 24, 2)[:n_likes])
    eligible = np.zeros(found.n_items, dtype=np.bool_)
    eligible[:24] = True
    first = top_k(found.score(history), unseen(history, eligible), 12 - n_likes)
    assert set(first % 2) == {parity}


@pytest.mark.parametrize("name", [*MODELS, "features"])
def test_saving_and_loading_changes_nothing(name: str) -> None:
    found = build(name)
    again = Handover.from_arrays(found.to_arrays(), found.parameters())
    for history in (NOTHING_KNOWN, History.of([0, 2, 25], [5]), History.of([24])):
        assert np.array_equal(found.score(history, 0.3), again.score(history, 0.3))
    assert np.array_equal(found.similar(3, 5), again.similar(3, 5))


def test_loaded_arrays_may_be_read_only(model: Handover) -> None:
    arrays = model.to_arrays()
    for array in arrays.values():
        array.flags.writeable = False
    again = Handover.from_arrays(arrays, model.parameters())
    assert np.isfinite(again.score(History.of([0, 24], [3]), 0.5)).all()


def test_a_seen_film_is_never_selected(model: Handover) -> None:
    history = History.of([0, 2, 24], [1, 25])
    everything = np.ones(model.n_items, dtype=np.bool_)
    selected = top_k(model.score(history), unseen(history, everything), model.n_items)
    assert sorted([*selected.tolist(), 0, 1, 2, 24, 25]) == list(range(model.n_items))
    assert everything.all()


@pytest.mark.parametrize("wrong", [-1, 28])
def test_an_unknown_item_is_refused(model: Handover, wrong: int) -> None:
    for history in (History.of([0, wrong]), History.of([0], [wrong])):
        with pytest.raises(UnknownItemError, match=f"item {wrong} is not within"):
            model.score(history)
        with pytest.raises(UnknownItemError, match="not within"):
            model.contributions(history, 3)
    with pytest.raises(UnknownItemError, match="not within"):
        model.contributions(NOTHING_KNOWN, wrong)
    with pytest.raises(UnknownItemError, match="not within"):
        model.similar(wrong, 3)


def test_an_empty_history_is_scored_by_the_base_alone(model: Handover) -> None:
    scores = model.score(NOTHING_KNOWN)
    assert scores.shape == (model.n_items,)
    assert scores.dtype == np.float32
    for item in range(model.n_items):
        parts = model.contributions(NOTHING_KNOWN, item)
        assert parts.base == pytest.approx(scores[item], abs=1e-6)
        assert parts.wishes == 0
        assert parts.likes.size == parts.dislikes.size == 0


@pytest.mark.parametrize("novelty", [0.0, 0.4, 1.0])
@pytest.mark.parametrize(
    "history",
    [
        History.of([0, 2, 4], [1]),
        History.of([24], [25, 3]),
        History.of([], [0, 24]),
        History.of(range(0, 28, 2), range(1, 28, 2)),
    ],
)
def test_contributions_add_up_to_the_score(
    model: Handover, history: History, novelty: float
) -> None:
    scores = model.score(history, novelty)
    for item in range(model.n_items):
        total = model.contributions(history, item, novelty).total
        assert total == pytest.approx(float(scores[item]), abs=1e-5)


def test_scores_are_finite_and_a_new_array_each_time(model: Handover) -> None:
    first = model.score(NOTHING_KNOWN)
    first += 1000
    assert model.score(NOTHING_KNOWN).max() < 500
    assert np.isfinite(model.score(History.of([0, 25], [1]))).all()


@pytest.mark.parametrize("name", [*MODELS, "features"])
def test_training_is_determined_by_the_seed(name: str) -> None:
    first, second = build(name, seed=3), build(name, seed=3)
    for key, array in first.to_arrays().items():
        assert np.array_equal(array, second.to_arrays()[key]), key
    assert first.parameters() == second.parameters()
