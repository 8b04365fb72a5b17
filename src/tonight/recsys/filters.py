"""Which items may be suggested, as masks over the item indices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tonight.recsys.items import Items
from tonight.recsys.recommender import BoolArray

WELL_KNOWN_REVIEWS = 50
WELL_KNOWN_LIKES = 5


def well_known(likes_per_item: NDArray[np.int64], items: Items) -> BoolArray:
    """The items that a viewer without a wish for novelty is shown first.

    Args:
        likes_per_item: The number of likes of each item, shape (n_items,).
        items: The items' facts.

    Returns:
        Whether an item has enough reviews or likes, or is notable; shape (n_items,).
    """
    return (
        (items.n_reviews >= WELL_KNOWN_REVIEWS)
        | (likes_per_item >= WELL_KNOWN_LIKES)
        | items.notable
    )
