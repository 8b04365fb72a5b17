"""What an installation's viewers have said, as far as others may learn from it.

Nothing is learnt that only few have said: of no film that hardly anybody spoke of, and of none at
all while there are few viewers. So no viewer alone moves what others get, or can be read out of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from tonight.domain.feedback import FeedbackKind
from tonight.recsys.interactions import Interactions, from_ratings
from tonight.services.catalogue import Catalogue

#: With fewer viewers who count, nothing is learnt.
MIN_VIEWERS: Final = 20
#: A viewer counts with so many likes; with fewer there is nothing to learn from one for another.
MIN_LIKES: Final = 5
#: A film counts when so many viewers who count have liked or disliked it.
MIN_VIEWERS_OF_FILM: Final = 5
#: Of each viewer the newest statements count, so that nobody outweighs the others.
NEWEST: Final = 500

#: Ratings that say the same; those in between are neither.
_VALUES: Final = {
    FeedbackKind.LIKED: 4.0,
    FeedbackKind.OKAY: 3.0,
    FeedbackKind.SEEN: 3.0,
    FeedbackKind.DISLIKED: 2.0,
}


@dataclass(frozen=True, slots=True)
class OwnFeedback:
    """What can be learnt from.

    Attributes:
        interactions: Likes and dislikes of the viewers who count, of the catalogue's films.
        sha256: The digest of all of it, hexadecimal; names no film and no viewer.
    """

    interactions: Interactions
    sha256: str

    @property
    def n_opinions(self) -> int:
        """How many likes and dislikes there are."""
        return int(self.interactions.likes.nnz + self.interactions.dislikes.nnz)


def own_feedback(
    opinions: Iterable[tuple[int, str, FeedbackKind]], catalogue: Catalogue
) -> OwnFeedback | None:
    """What can be learnt from viewers' opinions; ``None`` while that is nothing.

    Args:
        opinions: Viewer (any number of his own), film and what was said, oldest first; what was
            taken back is left out.
        catalogue: The films; others are passed over.
    """
    statements: dict[int, dict[int, float]] = {}
    for viewer, movie_id, kind in opinions:
        item, value = catalogue.find(movie_id), _VALUES.get(kind)
        if item is None or value is None:
            continue
        said = statements.setdefault(viewer, {})
        # Put in anew, so that the newest stand last.
        said.pop(item, None)
        said[item] = value
        if len(said) > NEWEST:
            del said[next(iter(said))]
    said_by_all = list(statements.values())
    users = np.repeat(np.arange(len(said_by_all)), [len(said) for said in said_by_all])
    items = np.array([item for said in said_by_all for item in said], dtype=np.int64)
    values = np.array([value for said in said_by_all for value in said.values()], np.float32)
    everything = from_ratings(
        users, items, values, n_users=len(said_by_all), n_items=len(catalogue)
    )
    interactions = _common(everything)
    if interactions.n_users < MIN_VIEWERS:
        return None
    digest = hashlib.sha256()
    for array in interactions.to_arrays().values():
        digest.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
    return OwnFeedback(interactions, digest.hexdigest())


def _common(interactions: Interactions) -> Interactions:
    """Of the films those that enough viewers spoke of, and of the viewers those who like enough.

    Each of the two can take from the other, so they are looked at until nothing changes.
    """
    while True:
        few = interactions.likes_per_user() < MIN_LIKES
        interactions = interactions.users(np.flatnonzero(~few))
        n_viewers = interactions.likes_per_item() + interactions.dislikes_per_item()
        rare = np.flatnonzero((n_viewers > 0) & (n_viewers < MIN_VIEWERS_OF_FILM))
        if not few.any() and len(rare) == 0:
            return interactions
        interactions = interactions.without_items(rare)
