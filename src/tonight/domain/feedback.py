"""What a viewer says about a film."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from tonight.domain.evening import LONGEST_EVENING


class FeedbackKind(StrEnum):
    """The things a viewer can say about a film."""

    LIKED = "liked"
    OKAY = "okay"
    DISLIKED = "disliked"
    SEEN = "seen"
    NOT_TONIGHT = "not_tonight"
    NEVER = "never"


#: Kinds that say that the viewer knows the film: it is not suggested again.
WATCHED: Final = frozenset(
    {FeedbackKind.LIKED, FeedbackKind.OKAY, FeedbackKind.DISLIKED, FeedbackKind.SEEN}
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """One saved statement of one viewer about one film.

    Statements are never changed, only undone. The newest one that is neither undone nor
    expired is what counts for a film.

    Attributes:
        feedback_id: An opaque, unguessable id.
        movie_id: The film.
        kind: What was said.
        created_at: When it was said, in UTC.
        expires_at: When it stops counting, in UTC; only ``NOT_TONIGHT`` has it.
        undone_at: When it was taken back, in UTC.
    """

    feedback_id: str
    movie_id: str
    kind: FeedbackKind
    created_at: datetime
    expires_at: datetime | None = None
    undone_at: datetime | None = None


class Standing(NamedTuple):
    """Of a statement that stands (it was not undone) just what a taste is made of.

    Attributes:
        movie_id: The film.
        kind: What was said.
        expires_at: When it stops counting; only ``NOT_TONIGHT`` has it.
    """

    movie_id: str
    kind: FeedbackKind
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Taste:
    """What counts of everything a viewer has said, as of one moment.

    Every tuple is in the order in which the statements were made, oldest first.

    Attributes:
        liked: Films that the viewer liked.
        disliked: Films that the viewer did not like.
        excluded: Every film that must not be suggested: watched, never, or not tonight.
    """

    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()


def standing(statements: Iterable[Feedback]) -> list[Standing]:
    """The statements that were not undone, in their order."""
    return [
        Standing(statement.movie_id, statement.kind, statement.expires_at)
        for statement in statements
        if statement.undone_at is None
    ]


def taste_of(statements: Iterable[Standing], now: datetime) -> Taste:
    """Says what counts at a moment.

    Args:
        statements: What a viewer has said and not taken back, oldest first.
        now: The moment, with a time zone.

    Returns:
        The viewer's taste. Where several statements about a film stand, the newest opinion
        (liked, okay, disliked, seen) counts, and beside it the newest of *never* and
        *not tonight*: a film can be liked and not wanted tonight. A *not tonight* that would
        last longer than any evening was said while a clock was wrong, and does not count.
    """
    opinion: dict[str, FeedbackKind] = {}
    hidden: set[str] = set()
    for movie_id, kind, expires_at in statements:
        # Compared by identity: to look a member up in a set costs ten times as much.
        if kind is not FeedbackKind.NOT_TONIGHT and kind is not FeedbackKind.NEVER:
            # Re-inserted, so that the order is that of the newest statement.
            opinion.pop(movie_id, None)
            opinion[movie_id] = kind
        elif expires_at is None or now < expires_at <= now + LONGEST_EVENING:
            hidden.add(movie_id)
    return Taste(
        liked=tuple(m for m, kind in opinion.items() if kind is FeedbackKind.LIKED),
        disliked=tuple(m for m, kind in opinion.items() if kind is FeedbackKind.DISLIKED),
        excluded=frozenset(hidden.union(opinion)),
    )
