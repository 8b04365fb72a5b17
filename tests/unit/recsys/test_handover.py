from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.unit.recsys.datasets import checkerboard
from tonight.recsys.handover import Handover, _sum_of_rows
from tonight.recsys.models.features import FeatureParameters
from tonight.recsys.models.long_history import LongHistoryParameters
from tonight.recsys.recommender import NOTHING_KNOWN, History
from tonight.recsys.training import STAGES, TrainingParameters, train

EVEN = list(range(0, 24, 2))
COLD_EVEN, COLD_ODD = 24, 25


@pytest.fixture(scope="module")
def model() -> Handover:
    interactions, items = checkerboard()
    parameters = TrainingParameters(
        long_history=LongHistoryParameters(ridge=5.0, side_weight=0.5),
        features=FeatureParameters(rank=4, ridge=0.5),
    )
    return train(interactions, items, parameters)


@pytest.mark.parametrize(
    ("before", "removed"), [(EVEN[:7], 3), ([*EVEN[:6], COLD_EVEN], 6), (EVEN[:4], 0)]
)
def test_removing_a_like_takes_away_exactly_its_contribution(
    model: Handover, before: list[int], removed: int
) -> None:
    """Both numbers of likes fall into one stage, so that no factor changes."""
    after = [item for place, item in enumerate(before) if place != removed]
    assert model.stage(len(before)) == model.stage(len(after))
    for item in (EVEN[9], 1, COLD_EVEN + 2, COLD_ODD):
        history = History.of(before, [3])
        contribution = model.contributions(history, item).likes[removed]
        difference = model.score(history)[item] - model.score(History.of(after, [3]))[item]
        assert difference == pytest.approx(contribution, abs=1e-6)
        assert contribution != 0


def test_a_dislike_takes_away_its_share_of_what_a_like_would_add(model: Handover) -> None:
    liked = model.contributions(History.of([0, 2, 4]), 6).likes[1]
    disliked = model.contributions(History.of([0, 4, 8], [2]), 6).dislikes[0]
    assert disliked == pytest.approx(-0.25 * liked)
    assert disliked < 0


@pytest.mark.parametrize("target", [2, COLD_EVEN])
@pytest.mark.parametrize("disliked", [0, COLD_EVEN + 2])
def test_a_dislike_lowers_what_is_alike(model: Handover, disliked: int, target: int) -> None:
    before, after = model.score(NOTHING_KNOWN), model.score(History.of([], [disliked]))
    assert after[target] < before[target]


def test_a_cold_like_and_a_cold_item_count_through_features(model: Handover) -> None:
    scores = model.score(History.of([COLD_EVEN]))
    base = model.contributions(History.of([COLD_EVEN]), 0).base
    assert scores[0] > base
    assert model.score(History.of([0]))[COLD_EVEN] > model.score(History.of([0]))[COLD_ODD]


def test_stages_change_at_their_number_of_likes(model: Handover) -> None:
    assert [model.stage(n).from_likes for n in (0, 1, 2, 3, 5, 9, 10, 19, 20, 49, 50, 999)] == [
        0, 1, 1, 3, 5, 5, 10, 10, 20, 20, 50, 50,
    ]  # fmt: skip


def test_factors_do_not_jump_between_stages() -> None:
    """Neighbouring stages of known viewers differ by at most a half of what a factor can be."""
    for before, after in pairwise(STAGES[1:]):
        assert abs(before.few_likes - after.few_likes) <= 0.5
        assert abs(before.intercept - after.intercept) <= 0.5
        assert before.long_history == after.long_history == 1


def test_the_source_says_which_model_carries_the_score(model: Handover) -> None:
    assert model.source(NOTHING_KNOWN, 0) == "popular"
    assert model.source(History.of([], [4]), 0) == "popular"
    assert model.source(History.of([2]), 0) == "few-likes"
    assert model.source(History.of(EVEN[1:7]), 0) == "personal"
    assert model.source(History.of(EVEN[1:7]), COLD_EVEN) == "features"
    assert model.source(History.of([COLD_EVEN, COLD_ODD]), 0) == "features"


def test_novelty_takes_from_the_base_and_adds_hidden_gems(model: Handover) -> None:
    history = History.of([0, 2])
    known, hidden = model.contributions(history, 4), model.contributions(history, 4, novelty=0.75)
    assert hidden.base == pytest.approx(0.25 * known.base)
    assert hidden.wishes == pytest.approx(0.75 * model.stage(2).gems * model.traits.gem[4])
    assert model.contributions(history, 4, novelty=1.0).base == 0


def test_recency_raises_what_a_history_says_for_new_items() -> None:
    interactions, items = checkerboard()
    years = items.year.copy()
    years[[6, COLD_EVEN]] = 2020
    model = train(
        interactions,
        replace(items, year=years),
        TrainingParameters(features=FeatureParameters(rank=4, ridge=0.5)),
    )
    # Kinship is what the features say of any item, new or old: it has no gain.
    model = replace(model, stages=tuple(replace(s, kinship=0.0) for s in model.stages))
    plain = replace(
        model, stages=tuple(replace(s, recency=0.0, cold_recency=0.0) for s in model.stages)
    )
    history = History.of([0, 2])
    stage = model.stage(2)
    # For a film without ratings the gain grows with the modernity of what was liked.
    modernity = model.traits.modernity[history.likes]
    assert 0 < modernity[0] < 1
    cold_gain = stage.cold_recency * modernity
    for item, gain in ((6, stage.recency), (COLD_EVEN, cold_gain), (8, 0.0)):
        with_it = model.contributions(history, item)
        without = plain.contributions(history, item)
        np.testing.assert_allclose(with_it.likes, (1 + gain) * without.likes, rtol=1e-5)
        assert with_it.base == without.base


def test_similar_items_are_those_of_the_same_parity(model: Handover) -> None:
    assert {int(item) % 2 for item in model.similar(0, 11)} == {0}
    assert 0 not in model.similar(0, 27)
    assert len(model.similar(0, 100)) == 27


def test_similarity_is_symmetric_and_at_most_1(model: Handover) -> None:
    everything = np.arange(model.n_items)
    similarity = model.similarity(everything, everything)
    np.testing.assert_allclose(similarity, similarity.T, atol=1e-6)
    assert similarity.max() <= 1 + 1e-6


def test_parameters_are_plain_json(model: Handover) -> None:
    assert json.loads(json.dumps(model.parameters())) == model.parameters()
    assert model.parameters()["trained_with"]["long_history"]["ridge"] == 5


def test_interactions_and_items_have_to_agree() -> None:
    interactions, items = checkerboard()
    with pytest.raises(ValueError, match="number of items"):
        train(interactions.items(np.arange(5)), items)


def test_training_names_its_steps() -> None:
    steps: list[str] = []
    train(*checkerboard(), progress=steps.append)
    assert steps == ["popularity", "few likes", "features", "long histories", "calibration"]


def test_nearness_is_an_estimate_of_similarity(model: Handover) -> None:
    items = np.arange(model.n_items)
    near = model.nearness(items)
    np.testing.assert_array_equal(near, near.T)
    # What the features say is estimated without bias; the taste's part is of low rank.
    features = (model.features @ model.features.T).toarray()
    assert abs(float((model.sketch @ model.sketch.T - features).mean())) < 0.05
    even, odd = np.arange(0, 8, 2), np.arange(1, 8, 2)
    assert near[np.ix_(even, even)].mean() > near[np.ix_(even, odd)].mean() + 0.2


def test_a_long_history_is_summed_in_parts_and_whole() -> None:
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((300, 7)).astype(np.float32)
    rows = rng.integers(0, 300, size=200)
    factors = rng.standard_normal(200).astype(np.float32)
    expected = sum(f * weights[r] for r, f in zip(rows, factors, strict=True))
    np.testing.assert_allclose(_sum_of_rows(weights, rows, factors), expected, atol=1e-4)


def test_kinship_adds_the_cosine_of_the_features_for_every_like(model: Handover) -> None:
    without = replace(model, stages=tuple(replace(s, kinship=0.0) for s in model.stages))
    history = History.of([0, COLD_EVEN], [1])
    stage = model.stage(2)
    cosines = (model.features @ model.features.T).toarray()
    expected = stage.kinship * (
        cosines[:, 0] + cosines[:, COLD_EVEN] - stage.dislikes * cosines[:, 1]
    )
    np.testing.assert_allclose(model.score(history) - without.score(history), expected, atol=1e-6)
    assert stage.kinship > 0
