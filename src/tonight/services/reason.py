"""Says why a film is suggested, in a sentence that the shares bear out."""

from __future__ import annotations

from tonight.domain.movie import Movie
from tonight.domain.suggestion import Because, Reason, Source
from tonight.recsys.explanation import shares
from tonight.recsys.recommender import Contributions

#: A film that adds less than this to the score is counted, but not named in the sentence.
WORTH_NAMING = 0.05

#: More names than this are a list, not a reason.
MAX_NAMED = 3


def explain(
    movie: Movie, liked: tuple[Movie, ...], contributions: Contributions, source: Source
) -> Reason:
    """The reason of one suggestion.

    Args:
        movie: The suggested film.
        liked: The viewer's liked films, aligned with ``contributions.likes``.
        contributions: What the film's score is made of.
        source: Which part of the recommender it comes from.

    Returns:
        The shares: each positive contribution over the sum of all positive ones. What the
        disliked films take away lowers the score, but is no reason for the film.
    """
    parts = shares(contributions)
    because = tuple(
        Because(film, float(share))
        for share, film in sorted(
            zip(parts.likes, liked, strict=True), key=lambda pair: -float(pair[0])
        )
        if share > 0
    )
    text = _sentence(movie, because, parts.base, parts.wishes, source)
    return Reason(text, because, parts.wishes, parts.base)


def _sentence(
    movie: Movie, because: tuple[Because, ...], base: float, wishes: float, source: Source
) -> str:
    named = [part.movie.title for part in because[:MAX_NAMED] if part.share >= WORTH_NAMING]
    if not named:
        sentence = _widely_liked(movie)
    elif source is Source.FEATURES:
        sentence = f"Its genre, time and people are close to {listed(named)}, which you liked."
    elif base > 0.5:
        sentence = (
            f"{_widely_liked(movie)[:-1]}, and it goes with {listed(named)}, which you liked."
        )
    else:
        sentence = f"People who like {listed(named)} as you do like this one."
    if wishes >= WORTH_NAMING:
        sentence += " Fewer people know it, as you wished."
    return sentence


def _widely_liked(movie: Movie) -> str:
    if movie.review_score is not None and movie.review_score >= 60 and movie.n_reviews >= 20:
        return f"Widely liked: {movie.review_score} % of {movie.n_reviews} reviews are favourable."
    return "Widely liked."


def listed(names: list[str]) -> str:
    """Names as a sentence lists them: ``A``, ``A and B``, ``A, B and C``; at least one."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
