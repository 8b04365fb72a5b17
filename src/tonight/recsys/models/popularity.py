"""What an item has without anything being known of the viewer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tonight.recsys.interactions import Interactions
from tonight.recsys.items import Items
from tonight.recsys.recommender import FloatArray


@dataclass(frozen=True, slots=True)
class PopularityParameters:
    """The parameters of popularity.

    Attributes:
        prior_ratings: A like rate is shrunk towards the mean as by so many ratings.
        reach_power: The appeal is the shrunk like rate times the reach, the share of the most
            liked item's likes, to this power.
        rated_until: The last year whose items the raters have had time to see.
        notable_quantile: An item that the raters could not have seen counts as popular as this
            quantile of the known items (at least 5 likes) when it is notable.
    """

    prior_ratings: float = 20.0
    reach_power: float = 0.15
    rated_until: int = 2013
    notable_quantile: float = 0.8


@dataclass(frozen=True, slots=True)
class Popularity:
    """How popular every item is or can be expected to be.

    Attributes:
        expected_likes: The number of likes; for items that nobody or hardly anybody could
            rate, what their facts let expect. Shape (n_items,), float32.
        appeal: How likely a stranger is to be glad of it, 0 to 1: liked by those who rated it,
            and by many. Shape (n_items,), float32.
        gem: How much of a hidden gem it is, 0 to 1: good and little known. Shape (n_items,),
            float32.
    """

    expected_likes: FloatArray
    appeal: FloatArray
    gem: FloatArray


def fit_popularity(
    interactions: Interactions, items: Items, parameters: PopularityParameters
) -> Popularity:
    """Fits popularity.

    The logarithm of the number of likes is regressed on the reviews' number and score and on
    age (least squares over the items up to ``rated_until``). An item with at least 2 likes keeps
    its own number, unless it is too new to have had its chance.

    Args:
        interactions: Likes and dislikes.
        items: The items' facts.
        parameters: The parameters.

    Returns:
        The popularity; without any interaction it rests on the reviews alone.
    """
    likes = interactions.likes_per_item().astype(np.float64)
    dislikes = interactions.dislikes_per_item().astype(np.float64)
    late = items.year > parameters.rated_until
    design = _design(items, parameters.rated_until)
    fitted = ~late & ~items.notable
    coefficients = np.linalg.lstsq(design[fitted], np.log1p(likes[fitted]), rcond=None)[0]
    predicted = np.expm1(np.clip(design @ coefficients, 0, None))
    known = likes[likes >= 5]
    notable_level = float(np.quantile(known, parameters.notable_quantile)) if len(known) else 1.0
    predicted = np.minimum(predicted, notable_level)
    predicted[late & items.notable] = notable_level
    expected = np.where(likes >= 2, likes, predicted)
    expected[late] = np.maximum(likes, predicted)[late]

    # The reviews' score stands in for the like rate of those who did not rate.
    n_ratings = likes + dislikes
    mean_rate = float(likes.sum() / n_ratings.sum()) if n_ratings.sum() else 0.7
    score = np.where(np.isnan(items.review_score), 0.6, items.review_score)
    prior_rate = np.where(np.isnan(items.review_score), mean_rate, 0.5 * (mean_rate + score))
    prior = parameters.prior_ratings
    rate = (likes + prior * prior_rate) / (n_ratings + prior)
    reach = np.clip(expected, 0, None) / max(float(expected.max()), 1.0)
    appeal = rate * reach**parameters.reach_power
    obscurity = 1 - np.clip(np.log1p(expected) / np.log1p(max(float(expected.max()), 1.0)), 0, 1)
    gem = np.clip(rate, 0, 1) ** 2 * obscurity
    return Popularity(
        expected_likes=expected.astype(np.float32),
        appeal=appeal.astype(np.float32),
        gem=gem.astype(np.float32),
    )


def _design(items: Items, rated_until: int) -> NDArray[np.float64]:
    unknown = np.isnan(items.review_score)
    score = np.where(unknown, 0.6, items.review_score)
    reviews = np.log1p(items.n_reviews)
    age = np.clip(rated_until - items.year, 0, 60) / 10
    return np.column_stack(
        [np.ones(items.n_items), reviews, reviews * score, score, unknown, age]
    ).astype(np.float64)
