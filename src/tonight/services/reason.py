"""Says why a film is suggested, in a sentence that the shares bear out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Final

from tonight.domain.movie import Movie
from tonight.domain.suggestion import Because, Reason, Source
from tonight.recsys.explanation import shares
from tonight.recsys.recommender import Contributions

#: A film that adds less than this to the score is counted, but not named in the sentence.
WORTH_NAMING = 0.05

#: More names than this are a list, not a reason.
MAX_NAMED = 3


#: What films can have in common, from what says most to what says least, and how it is said.
_COMMON: Final[tuple[tuple[Callable[[Movie], tuple[str, ...]], str], ...]] = (
    (lambda movie: movie.directors, "Also by {}, like {}, which you liked."),
    (lambda movie: movie.cast, "Also with {}, like {}, which you liked."),
    (lambda movie: movie.genres, "{} again, like {}, which you liked."),
    (lambda movie: movie.languages, "Also in {}, like {}, which you liked."),
)


def explain(
    movie: Movie, liked: Sequence[Movie], contributions: Contributions, source: Source
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
    pairs = zip(liked, parts.likes.tolist(), strict=True)
    speaking = [Because(film, share) for film, share in pairs if share > 0]
    # Equal shares stay in their order in reverse, too.
    speaking.sort(key=itemgetter(1), reverse=True)
    because = tuple(speaking)
    text = _sentence(movie, because, parts.base, parts.wishes, source)
    return Reason(text, because, parts.wishes, parts.base)


def _sentence(
    movie: Movie, because: tuple[Because, ...], base: float, wishes: float, source: Source
) -> str:
    named = [part.movie for part in because[:MAX_NAMED] if part.share >= WORTH_NAMING]
    wished = wishes >= WORTH_NAMING
    if not named:
        return _little_known(movie) if wished else _widely_liked(movie)
    titles = listed([film.title for film in named])
    if base > 0.5:
        sentence = f"{_widely_liked(movie)[:-1]}, and it goes with {titles}, which you liked."
    elif source is Source.FEATURES:
        sentence = _in_common(movie, named)
    else:
        sentence = f"People who like {titles} as you do like this one."
    return f"{sentence} Fewer people know it, as you wished." if wished else sentence


def _in_common(movie: Movie, named: list[Movie]) -> str:
    """What a film without ratings shares with the liked ones: only what it really shares."""
    for facts, form in _COMMON:
        # The liked film with the largest share speaks first; others join in what it shares.
        for first in named:
            shared = [fact for fact in facts(movie) if fact in facts(first)][:2]
            if shared:
                alike = [film for film in named if set(shared) <= set(facts(film))]
                return form.format(listed(shared), listed([film.title for film in alike]))
    return _widely_liked(movie)


def _widely_liked(movie: Movie) -> str:
    if movie.review_score is not None and movie.review_score >= 60 and movie.n_reviews >= 20:
        return f"Widely liked: {movie.review_score}% of {movie.n_reviews} reviews are favourable."
    return f"A notable film of {movie.year}." if movie.notable else "Widely liked."


def _little_known(movie: Movie) -> str:
    if movie.review_score is None or movie.n_reviews == 0:
        return "Few people know it, as you wished."
    return (
        f"{movie.review_score}% of {movie.n_reviews} reviews are favourable, and few people know "
        "it, as you wished."
    )


def listed(names: list[str]) -> str:
    """Names as a sentence lists them: ``A``, ``A and B``, ``A, B and C``; at least one."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
