"""What an item has without anything being known of the viewer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tonight.recsys.interactions import Interactions, Viewers
from tonight.recsys.items import Items
from tonight.recsys.recommender import BoolArray, FloatArray

#: A review score where none is known, about the mean of all films that have one.
_USUAL_SCORE = 0.6
#: The like rate where nobody has rated anything.
_USUAL_RATE = 0.7
#: From so many likes on an item's own number is taken, not what its facts let expect.
_OWN_LIKES = 2
#: From so many likes on an item is known.
_KNOWN_LIKES = 5


@dataclass(frozen=True, slots=True)
class PopularityParameters:
    """The parameters of popularity.

    Attributes:
        prior_ratings: A like rate is shrunk as by so many ratings; a review score as by so many
            reviews.
        reach_power: The appeal is the shrunk like rate times the reach, the share of the most
            liked item's likes, to this power.
        evenness: The appeal is taken to this power; the smaller, the more items are nearly as
            good as the best.
        rated_until: The last year whose items the raters have had time to see.
        late_exposure: The share of the raters that had the time to see later ones: their likes
            and dislikes count by its inverse.
        notable_quantile: A notable item of a later year counts as popular as at least this
            quantile of the known items (5 likes and more).
    """

    prior_ratings: float = 20.0
    reach_power: float = 0.1
    evenness: float = 0.28
    rated_until: int = 2013
    late_exposure: float = 0.25
    notable_quantile: float = 0.8


@dataclass(frozen=True, slots=True)
class Popularity:
    """How popular every item is or can be expected to be.

    Attributes:
        expected_likes: The number of likes; for items that nobody or hardly anybody could
            rate, what their facts let expect. Shape (n_items,), float32.
        appeal: How likely a stranger is to be glad of it, 0 to 1: liked by those who rated it,
            and by many. Shape (n_items,), float32.
        gem: How much of a hidden gem it is, -1 to 1: good and little known; below 0 for what
            everybody knows. Shape (n_items,), float32.
    """

    expected_likes: FloatArray
    appeal: FloatArray
    gem: FloatArray


def fit_popularity(
    interactions: Interactions,
    items: Items,
    parameters: PopularityParameters,
    viewers: Viewers | None = None,
) -> Popularity:
    """Fits popularity.

    The logarithm of the number of likes is regressed on the reviews' number and score and on
    age (least squares over the items up to ``rated_until``). An item with at least 2 likes keeps
    its own number, unless it is too new to have had its chance.

    Args:
        interactions: Likes and dislikes.
        items: The items' facts.
        parameters: The parameters.
        viewers: Whose likes and dislikes are added; they have had the time to see every item.

    Returns:
        The popularity; without any interaction it rests on the reviews alone.
    """
    late = items.year > parameters.rated_until
    exposure = np.where(late, parameters.late_exposure, 1.0)
    likes = interactions.likes_per_item() / exposure
    n_ratings = likes + interactions.dislikes_per_item() / exposure
    if viewers is not None:
        more = viewers.weight * viewers.interactions.likes_per_item()
        likes = likes + more
        n_ratings += more + viewers.weight * viewers.interactions.dislikes_per_item()
    expected = _expected_likes(likes, late, items, parameters)
    most = max(float(expected.max(initial=0)), 1.0)

    mean_rate = float(likes.sum() / n_ratings.sum()) if n_ratings.sum() else _USUAL_RATE
    quality = _shrunk_rate(likes, n_ratings, mean_rate, items, parameters.prior_ratings)
    reach = expected / most
    appeal = (quality * reach**parameters.reach_power) ** parameters.evenness
    best = max(float(quality.max(initial=0)) - mean_rate, 1e-6)
    excellence = np.clip((quality - mean_rate) / best, 0, 1)
    fame = np.log1p(expected) / np.log1p(most)
    return Popularity(
        expected_likes=expected.astype(np.float32),
        appeal=appeal.astype(np.float32),
        gem=(excellence * (1 - fame) - fame**2).astype(np.float32),
    )


def _expected_likes(
    likes: NDArray[np.float64], late: BoolArray, items: Items, parameters: PopularityParameters
) -> NDArray[np.float64]:
    if not likes.any():
        # Nobody rated anything: what critics wrote much and well about is taken as popular.
        score = np.where(np.isnan(items.review_score), _USUAL_SCORE, items.review_score)
        reviewed = items.n_reviews * score
        level = float(np.quantile(reviewed, parameters.notable_quantile, method="lower"))
        return np.asarray(np.where(items.notable, np.maximum(reviewed, level), reviewed))
    design = _design(items, parameters.rated_until)
    fitted = ~late & ~items.notable
    coefficients = np.linalg.lstsq(design[fitted], np.log1p(likes[fitted]), rcond=None)[0]
    predicted = np.expm1(np.clip(design @ coefficients, 0, None))
    known = likes[~late & (likes >= _KNOWN_LIKES)]
    level = float(np.quantile(known, parameters.notable_quantile)) if len(known) else 1.0
    predicted = np.minimum(predicted, level)
    predicted[late & items.notable] = level
    return np.where((likes >= _OWN_LIKES) & ~late, likes, np.maximum(predicted, likes * late))


def _shrunk_rate(
    likes: NDArray[np.float64],
    n_ratings: NDArray[np.float64],
    mean_rate: float,
    items: Items,
    prior: float,
) -> NDArray[np.float64]:
    """The like rate, shrunk towards the review score, itself shrunk towards the mean."""
    score = np.where(np.isnan(items.review_score), _USUAL_SCORE, items.review_score)
    trust = items.n_reviews / (items.n_reviews + prior)
    # Critics are more severe than raters: only the distance from the usual score counts.
    prior_rate = np.clip(mean_rate + 0.5 * trust * (score - _USUAL_SCORE), 0, 1)
    return np.asarray((likes + prior * prior_rate) / (n_ratings + prior))


def _design(items: Items, rated_until: int) -> NDArray[np.float64]:
    unknown = np.isnan(items.review_score)
    score = np.where(unknown, _USUAL_SCORE, items.review_score)
    reviews = np.log1p(items.n_reviews)
    age = np.clip(rated_until - items.year, 0, 60) / 10
    return np.column_stack(
        [np.ones(items.n_items), reviews, reviews * score, score, unknown, age]
    ).astype(np.float64)
