"""From interactions and facts to the product's recommender."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tonight.recsys.filters import well_known
from tonight.recsys.handover import (
    FEW_LIKES,
    PERSONAL,
    POPULAR,
    SKETCH_WIDTH,
    Handover,
)
from tonight.recsys.interactions import Interactions, Viewers
from tonight.recsys.items import Items, freshness, weighted_features
from tonight.recsys.models.features import (
    FeatureModel,
    FeatureParameters,
    features_alone,
    fit_features,
)
from tonight.recsys.models.few_likes import FewLikes, FewLikesParameters, fit_few_likes
from tonight.recsys.models.long_history import LongHistoryParameters, fit_long_history
from tonight.recsys.models.popularity import PopularityParameters, fit_popularity
from tonight.recsys.recommender import BoolArray, FloatArray, IndexArray
from tonight.recsys.stages import Stage, Traits

#: The hand-over. Appeal counts for strangers only; few-likes and intercept fade as likes come
#: in. The features' factor is relative here and calibrated in training. Kinship costs a
#: hundredth of nDCG where likes are few: six hundred raters would rather be told of the film that
#: everybody likes, a viewer who likes The Exorcist of one like it.
STAGES = (
    #     name     likes appeal intercept recency cold few  long features kinship dislikes gems
    Stage(POPULAR, 0, 1.0, 0.000, 0.0, 0.0, 0.00, 1.0, 0.6, 0.00, 0.25, 1.00),
    Stage(FEW_LIKES, 1, 0.0, 0.240, 0.5, 7.2, 0.25, 1.0, 0.6, 0.05, 0.25, 0.15),
    Stage(FEW_LIKES, 3, 0.0, 0.210, 0.5, 5.8, 0.10, 1.0, 0.6, 0.05, 0.25, 0.15),
    Stage(PERSONAL, 5, 0.0, 0.160, 0.5, 4.6, 0.10, 1.0, 0.6, 0.04, 0.25, 0.15),
    Stage(PERSONAL, 10, 0.0, 0.080, 0.5, 3.2, 0.10, 1.0, 0.6, 0.02, 0.25, 0.20),
    Stage(PERSONAL, 20, 0.0, 0.050, 0.5, 2.6, 0.05, 1.0, 0.6, 0.00, 0.25, 0.25),
    Stage(PERSONAL, 50, 0.0, 0.030, 0.5, 1.75, 0.03, 1.0, 0.6, 0.00, 0.25, 0.40),
)


@dataclass(frozen=True, slots=True)
class TrainingParameters:
    """Everything that decides what training gives.

    Attributes:
        min_likes: Items with at least so many likes are warm: they get dense weights.
        few_likes: Parameters of the few-likes model.
        long_history: Parameters of the long-history model.
        features: Parameters of the feature model.
        popularity: Parameters of popularity.
        likeness: The weight of each group of features in the likeness of two items, as pairs.
        fresh_from: The last year without any recency.
        fresh_full: The first year with full recency.
        modern_from: A like of an item of this year or before asks for nothing new.
        modern_full: The first year of items a like of which has the full gain.
        stages: The hand-over, before calibration.
    """

    min_likes: int = 2
    few_likes: FewLikesParameters = field(default_factory=FewLikesParameters)
    long_history: LongHistoryParameters = field(
        default_factory=lambda: LongHistoryParameters(dropout=0.8)
    )
    features: FeatureParameters = field(default_factory=FeatureParameters)
    popularity: PopularityParameters = field(default_factory=PopularityParameters)
    likeness: tuple[tuple[str, float], ...] = (
        ("genre", 1.0),
        ("era", 0.4),
        ("director", 1.0),
        ("cast", 1.0),
        ("language", 0.5),
        ("country", 0.3),
    )
    fresh_from: int = 2012
    fresh_full: int = 2014
    modern_from: int = 1960
    modern_full: int = 2000
    stages: tuple[Stage, ...] = STAGES

    def to_json(self) -> dict[str, Any]:
        """The parameters as JSON has them, for the manifest."""
        return dict(json.loads(json.dumps(asdict(self))))


#: What training uses unless it is told otherwise.
DEFAULT_PARAMETERS = TrainingParameters()


def _silent(step: str) -> None:
    """Says nothing."""


def train(
    interactions: Interactions,
    items: Items,
    parameters: TrainingParameters = DEFAULT_PARAMETERS,
    progress: Callable[[str], None] = _silent,
    *,
    viewers: Viewers | None = None,
) -> Handover:
    """Trains the product's recommender.

    Deterministic for equal input on one machine and one number of threads. Without enough
    interactions the dense weights are empty, and reviews and features carry the scores.

    Args:
        interactions: Who liked and disliked what.
        items: The facts of the same items.
        parameters: The parameters.
        progress: Is told the name of each step as it begins.
        viewers: Whose likes and dislikes count beside the interactions, more or less than these.

    Returns:
        The recommender.

    Raises:
        ValueError: Interactions and items differ in number, or a parameter is out of range.
    """
    if interactions.n_items != items.n_items:
        raise ValueError("interactions and items differ in the number of items")
    progress("popularity")
    popularity = fit_popularity(interactions, items, parameters.popularity, viewers)
    weights = np.ones(interactions.n_users)
    if viewers is not None:
        interactions = interactions.followed_by(viewers.interactions)
        weights = np.append(weights, np.full(viewers.interactions.n_users, viewers.weight))
    features = weighted_features(items, dict(parameters.features.weights))
    warm = warm_items(interactions, parameters)
    few, long, by_feature = _fit_dense(
        interactions,
        weights,
        items,
        features,
        popularity.expected_likes,
        warm,
        parameters,
        progress,
    )
    progress("calibration")
    late = items.year > parameters.popularity.rated_until
    intercept = _expected_intercept(few.intercept, warm, popularity.expected_likes, late)
    # Only what is known anyway is raised: being new is no merit of a film nobody heard of.
    fresh = freshness(items.year, parameters.fresh_from, parameters.fresh_full) * well_known(
        interactions.likes_per_item(), items
    )
    modern = freshness(items.year, parameters.modern_from, parameters.modern_full)
    stages = _calibrated(parameters.stages, interactions, warm, few, long, by_feature)
    cold = np.setdiff1d(np.arange(items.n_items), warm)
    inner = np.concatenate([warm, cold])
    place = np.empty(items.n_items, dtype=np.int32)
    place[inner] = np.arange(items.n_items, dtype=np.int32)
    likeness = weighted_features(items, dict(parameters.likeness))
    return Handover(
        stages=stages,
        place=place,
        few_likes=few.weights,
        long_history=long,
        inputs=by_feature.inputs[inner],
        outputs=by_feature.outputs[inner],
        traits=Traits(popularity.appeal, intercept, fresh, modern, popularity.gem),
        features=likeness,
        sketch=_sketch(likeness, parameters.features.seed),
        related=_related(long),
        trained_with=parameters.to_json(),
    )


def _sketch(features: sparse.csr_array, seed: int) -> FloatArray:
    """The features projected on random signs; products of rows keep their expected value.

    Source:
        Achlioptas 2003, "Database-friendly random projections".
    """
    rng = np.random.default_rng(seed)
    signs = rng.integers(0, 2, size=(features.shape[1], SKETCH_WIDTH)).astype(np.float32) * 2 - 1
    return np.asarray(features @ (signs / np.sqrt(SKETCH_WIDTH)), dtype=np.float32)


def warm_items(interactions: Interactions, parameters: TrainingParameters) -> IndexArray:
    """The items with dense weights, ascending; none when no user has enough likes of them."""
    warm = np.flatnonzero(interactions.likes_per_item() >= parameters.min_likes)
    enough = np.diff(interactions.items(warm).likes.indptr) > parameters.few_likes.k
    return warm if enough.any() else warm[:0]


def _fit_dense(
    interactions: Interactions,
    user_weights: NDArray[np.float64],
    items: Items,
    features: sparse.csr_array,
    expected_likes: FloatArray,
    warm: IndexArray,
    parameters: TrainingParameters,
    progress: Callable[[str], None],
) -> tuple[FewLikes, FloatArray, FeatureModel]:
    if len(warm) == 0:
        empty = np.zeros((0, 0), dtype=np.float32)
        progress("features")
        alone = features_alone(features, parameters.features)
        return FewLikes(empty, np.zeros(0, dtype=np.float32)), empty, alone
    likes = interactions.items(warm).likes
    progress("few likes")
    few = fit_few_likes(likes, parameters.few_likes, user_weights)
    side = sparse.csr_array(
        sparse.hstack([items.groups["genre"][warm], items.groups["era"][warm]], format="csr")
    )
    progress("features")
    # First, so that these weights are gone before those that stay are made.
    other = replace(parameters.long_history, side_weight=parameters.features.side_weight)
    by_feature = fit_features(
        fit_long_history(likes, side, other, user_weights),
        warm,
        features,
        expected_likes,
        parameters.features,
    )
    progress("long histories")
    long = fit_long_history(likes, side, parameters.long_history, user_weights)
    return few, long, by_feature


def _related(weights: FloatArray) -> float:
    """The median over all items of the largest weight that a like of another one gives."""
    if len(weights) < 2:
        return 1.0
    # The diagonal is at most the relaxation; where it is largest the second largest counts.
    largest = np.partition(weights, len(weights) - 2, axis=1)[:, -2:]
    diagonal = weights.diagonal()
    other = np.where(largest[:, 1] == diagonal, largest[:, 0], largest[:, 1])
    return max(float(np.median(other)), 1e-6)


def _expected_intercept(
    intercept: FloatArray, warm: IndexArray, expected_likes: FloatArray, late: BoolArray
) -> FloatArray:
    """The intercept of all items: where none is fitted, in proportion to the expected likes.

    An item that came too late for the raters gets the larger of the two.
    """
    likes = expected_likes[warm]
    if len(warm):
        scale = float(likes @ intercept) / float(likes @ likes)
    else:
        scale = 1 / max(float(expected_likes.max(initial=0)), 1.0)
    out = (expected_likes * np.float32(scale)).astype(np.float32)
    out[warm] = np.where(late[warm], np.maximum(out[warm], intercept), np.maximum(intercept, 0))
    return out


def _calibrated(
    stages: tuple[Stage, ...],
    interactions: Interactions,
    warm: IndexArray,
    few: FewLikes,
    long: FloatArray,
    by_feature: FeatureModel,
) -> tuple[Stage, ...]:
    """Brings scores from features to the scale of scores from ratings.

    For rated items both are known. In each stage the features' factor is multiplied by the ratio
    of the two spreads (99 % quantile less the median) over a sample of users, every item being
    scored as if it had no ratings.
    """
    if len(warm) == 0:
        # No film has ratings, so none is at a disadvantage for being new.
        return tuple(replace(stage, cold_recency=0.0) for stage in stages)
    likes = interactions.items(warm).likes
    out = []
    for stage in stages:
        n = max(stage.from_likes, 1)
        users = np.flatnonzero(np.diff(likes.indptr) >= n)[:50]
        dense, featured = [], []
        for user in users:
            known = likes.indices[likes.indptr[user] : likes.indptr[user + 1]]
            # A fixed spread over the user's likes, neither random nor all of one end.
            known = known[np.linspace(0, len(known) - 1, n).astype(np.intp)]
            rated = stage.few_likes * few.weights[known].sum(axis=0)
            rated += stage.long_history * long[known].sum(axis=0)
            dense.append(_spread(rated))
            predicted = by_feature.predicted[warm] @ by_feature.inputs[warm[known]].sum(axis=0)
            featured.append(_spread(predicted))
        ratio = float(np.mean(dense) / max(float(np.mean(featured)), 1e-9)) if len(users) else 1.0
        out.append(replace(stage, features=stage.features * ratio))
    return tuple(out)


def _spread(scores: FloatArray) -> float:
    median, high = np.quantile(scores, [0.5, 0.99])
    return float(high - median)
