"""Asks a newcomer about the film whose answer tells the most about his taste."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tonight.domain.feedback import Taste
from tonight.domain.movie import Movie
from tonight.recsys.questions import next_popular_and_diverse, next_question
from tonight.recsys.recommender import NOTHING_KNOWN, History
from tonight.recsys.top_k import top_k
from tonight.services.catalogue import Mask
from tonight.services.suggest_movie import Library

#: So many questions make a round.
N_QUESTIONS: Final = 8

#: Of a long history the last so many likes, and as many dislikes, decide what is asked.
_MAX_TOLD: Final = 100

#: Without people to compare with, the questions are about so many of the most popular films.
_POOL_WITHOUT_PEOPLE: Final = 100


def ask_taste(library: Library, taste: Taste, asked: Sequence[str]) -> Movie | None:
    """The film to ask about next.

    The same taste and the same questions before give the same film.

    Args:
        library: The films, the model, and the people that the viewer is compared with.
        taste: What the viewer has said. What he has said anything about is not asked again.
        asked: The films that were asked about this evening. Those among them that he neither
            liked nor disliked he has not seen.

    Returns:
        The film, or ``None`` when every film worth asking about has been asked about.
    """
    catalogue = library.catalogue
    history = History(
        likes=catalogue.indices(taste.liked[-_MAX_TOLD:]),
        dislikes=catalogue.indices(taste.disliked[-_MAX_TOLD:]),
    )
    settled = np.zeros(len(catalogue), dtype=np.bool_)
    settled[catalogue.indices(taste.excluded)] = True
    were_asked = catalogue.indices(asked)
    unknown = were_asked[~settled[were_asked]]
    question = next_question(library.model, library.panel, history, unknown, settled)
    if question is None:
        question = _most_popular(library, settled, np.concatenate([history.likes, were_asked]))
    return None if question is None else catalogue.movies[question]


def _most_popular(library: Library, settled: Mask, before: NDArray[np.int64]) -> int | None:
    """A popular film unlike those that were spoken of before."""
    popularity = library.model.score(NOTHING_KNOWN)
    pool = top_k(popularity, np.flatnonzero(library.well_known), _POOL_WITHOUT_PEOPLE)
    rest = pool[~settled[pool] & ~np.isin(pool, before)]
    if len(rest) == 0:
        return None
    likeness = library.model.similarity(rest, before)
    return next_popular_and_diverse(popularity[rest], likeness, rest)
