"""Saves what a viewer says about a film, and takes it back."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from tonight.domain.evening import end_of_evening
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.services.catalogue import Catalogue
from tonight.services.ports import FeedbackStore


def give_feedback(
    store: FeedbackStore,
    catalogue: Catalogue,
    profile_id: str,
    movie_id: str,
    kind: FeedbackKind,
    now: datetime,
    idempotency_key: str | None = None,
) -> Feedback:
    """Saves a statement.

    Args:
        store: An open unit of work.
        catalogue: The films.
        profile_id: The viewer.
        movie_id: The film, by its id or an alias.
        kind: What is said.
        now: The moment in the viewer's time zone; *not tonight* lasts to the evening's end.
        idempotency_key: The same key with the same film and kind saves nothing a second time.

    Returns:
        The statement, or the earlier one with the same key.

    Raises:
        MovieNotFoundError: There is no such film.
        IdempotencyConflictError: The key was used for something else.
        StorageError: Nothing was saved.
    """
    movie = catalogue.movies[catalogue.index(movie_id)]
    expires_at = end_of_evening(now).astimezone(UTC) if kind is FeedbackKind.NOT_TONIGHT else None
    feedback = Feedback(
        feedback_id=secrets.token_urlsafe(16),
        movie_id=movie.movie_id,
        kind=kind,
        created_at=now.astimezone(UTC),
        expires_at=expires_at,
    )
    return store.add(profile_id, feedback, idempotency_key)
