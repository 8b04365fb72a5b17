"""What a viewer says about a film."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

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


def taste_of(statements: list[Feedback], now: datetime) -> Taste:
    """Says what counts at a moment.

    Args:
        statements: A viewer's statements, oldest first, undone ones included or not.
        now: The moment, with a time zone.

    Returns:
        The viewer's taste. Where several statements about a film stand, the newest opinion
        (liked, okay, disliked, seen) counts, and beside it the newest of *never* and
        *not tonight*: a film can be liked and not wanted tonight. A *not tonight* that would
        last longer than any evening was said while a clock was wrong, and does not count.
    """
    opinion: dict[str, FeedbackKind] = {}
    hidden: set[str] = set()
    for statement in statements:
        if statement.undone_at is not None:
            continue
        if statement.kind in WATCHED:
            # Re-inserted, so that the order is that of the newest statement.
            opinion.pop(statement.movie_id, None)
            opinion[statement.movie_id] = statement.kind
        elif statement.expires_at is None or now < statement.expires_at <= now + LONGEST_EVENING:
            hidden.add(statement.movie_id)
    return Taste(
        liked=tuple(m for m, kind in opinion.items() if kind is FeedbackKind.LIKED),
        disliked=tuple(m for m, kind in opinion.items() if kind is FeedbackKind.DISLIKED),
        excluded=frozenset(hidden.union(opinion)),
    )
