"""The factors of a score by the number of likes, and what its base is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tonight.recsys.recommender import FloatArray


@dataclass(frozen=True, slots=True)
class Stage:
    """The constant factors of a score's parts from some number of likes up to the next stage.

    Attributes:
        name: "popular", "few-likes" or "personal"; several stages may share a name.
        from_likes: The smallest number of likes of the stage.
        appeal: Factor of the appeal to strangers.
        intercept: Factor of the few-likes model's intercept, the expected popularity.
        recency: What the history says for a wholly fresh rated item is raised by this share.
        cold_recency: The same for a wholly fresh item without ratings, for a like of a modern
            item: who likes the old alone is not pushed towards the new.
        few_likes: Factor of the few-likes weights.
        long_history: Factor of the long-history weights.
        features: Factor of the feature model's weights, for pairs with an item without ratings.
        kinship: Factor of the cosine of two items' features: what a few likes say by themselves,
            before anybody else's likes are asked.
        dislikes: A disliked item counts as this negative share of a liked one.
        gems: Factor of the hidden-gem value at novelty 1.
    """

    name: str
    from_likes: int
    appeal: float
    intercept: float
    recency: float
    cold_recency: float
    few_likes: float
    long_history: float
    features: float
    kinship: float
    dislikes: float
    gems: float


@dataclass(frozen=True, slots=True)
class Traits:
    """What the base of a score is made of, for all items.

    Attributes:
        appeal: How likely a stranger is to be glad of it, shape (n_items,), float32.
        intercept: The expected popularity as the few-likes model sees it, likewise.
        freshness: From 0, old, to 1, new, likewise.
        modernity: From 0, of old days, to 1, of ours: how far a like of it asks for what is
            fresh; likewise.
        gem: How much of a hidden gem it is; below 0 for what everybody knows; likewise.
    """

    appeal: FloatArray
    intercept: FloatArray
    freshness: FloatArray
    modernity: FloatArray
    gem: FloatArray

    def base(self, stage: Stage) -> FloatArray:
        """The base of all scores in a stage, shape (n_items,), float32."""
        total = stage.appeal * self.appeal + stage.intercept * self.intercept
        return np.asarray(total, dtype=np.float32)
