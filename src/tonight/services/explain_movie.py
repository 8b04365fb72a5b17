"""Says how well a film would suit a viewer, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from tonight.domain.explanation import Explanation, Influence
from tonight.domain.feedback import Taste
from tonight.domain.movie import Movie
from tonight.recsys.recommender import Contributions, History
from tonight.services.reason import MAX_NAMED, WORTH_NAMING, listed
from tonight.services.suggest_movie import Library

#: How far from the top, as a share of all compared films, a film may be for each sentence.
_VERDICTS: Final = (
    (0.01, "Very much a film for you"),
    (0.05, "This could well be a film for you"),
    (0.2, "Perhaps a film for you"),
    (1.0, "Hardly a film for you"),
)


def explain_movie(library: Library, movie_id: str, taste: Taste) -> Explanation | None:
    """Says how well a film would suit a viewer.

    Args:
        library: The films and the model.
        movie_id: The film, by its id or an alias.
        taste: What the viewer has said. What he has said about this very film is left out: the
            question is what the others say about it.

    Returns:
        The explanation with the true shares of the film's score; ``None`` where the viewer has
        judged no (other) film yet.

    Raises:
        MovieNotFoundError: There is no such film.
    """
    catalogue = library.catalogue
    index = catalogue.index(movie_id)
    likes, dislikes = catalogue.indices(taste.liked), catalogue.indices(taste.disliked)
    history = History(likes[likes != index], dislikes[dislikes != index])
    if len(history.likes) + len(history.dislikes) == 0:
        return None
    compared = np.ones(len(catalogue), dtype=np.bool_)
    compared[catalogue.indices(taste.excluded)] = False
    compared[index] = False
    scores = library.model.score(history)
    n_better = int(np.count_nonzero(scores[compared] > scores[index]))
    n_compared = int(np.count_nonzero(compared))
    contributions = library.model.contributions(history, index)
    influences, base = _shares(
        contributions,
        tuple(catalogue.movies[i] for i in history.likes),
        tuple(catalogue.movies[i] for i in history.dislikes),
    )
    return Explanation(
        text=" ".join([_verdict(n_better, n_compared), *_reasons(influences, base)]),
        influences=influences,
        widely_liked_share=base,
        n_better=n_better,
        n_compared=n_compared,
    )


def _shares(
    contributions: Contributions, liked: Sequence[Movie], disliked: Sequence[Movie]
) -> tuple[tuple[Influence, ...], float]:
    parts = [
        (movie, is_liked, float(value))
        for is_liked, movies, values in (
            (True, liked, contributions.likes),
            (False, disliked, contributions.dislikes),
        )
        for movie, value in zip(movies, values, strict=True)
    ]
    total = abs(contributions.base) + sum(abs(value) for _, _, value in parts)
    if total == 0:
        return (), 0.0
    influences = sorted(
        (Influence(movie, is_liked, value / total) for movie, is_liked, value in parts if value),
        key=lambda influence: -abs(influence.share),
    )
    return tuple(influences), contributions.base / total


def _verdict(n_better: int, n_compared: int) -> str:
    place = n_better / max(1, n_compared)
    words = next(words for limit, words in _VERDICTS if place <= limit)
    if n_better == 0:
        return f"{words}: of {n_compared:,} films none suits you better."
    only = "only " if place <= _VERDICTS[0][0] else ""
    suit = "suits" if n_better == 1 else "suit"
    return f"{words}: {only}{n_better:,} of {n_compared:,} films {suit} you better."


def _reasons(influences: Sequence[Influence], base: float) -> list[str]:
    sentences = []
    for_it, against_it = _named(influences, 1), _named(influences, -1)
    if for_it:
        sentences.append(f"{_with_verdicts(for_it)} {_speak(for_it)} for it.")
    if base > sum(max(0.0, influence.share) for influence in influences):
        also = "also " if for_it else ""
        sentences.append(f"Most of what speaks for it is {also}that many people like it.")
    if against_it:
        sentences.append(f"{_with_verdicts(against_it)} {_speak(against_it)} against it.")
    if not for_it and not against_it:
        sentences.append("What you have said so far hardly bears on it.")
    return sentences


def _named(influences: Sequence[Influence], sign: int) -> list[Influence]:
    return [part for part in influences if part.share * sign >= WORTH_NAMING][:MAX_NAMED]


def _with_verdicts(parts: Sequence[Influence]) -> str:
    liked = [part.movie.title for part in parts if part.liked]
    disliked = [part.movie.title for part in parts if not part.liked]
    groups = []
    if liked:
        groups.append(f"{listed(liked)}, which you liked,")
    if disliked:
        verb = "was" if len(disliked) == 1 else "were"
        groups.append(f"{listed(disliked)}, which {verb} not for you,")
    return " and ".join(groups)


def _speak(parts: Sequence[Influence]) -> str:
    return "speaks" if len(parts) == 1 else "speak"
