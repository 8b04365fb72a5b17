"""The store of feedback in memory: what ``tests/contract`` says of the real one holds for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tonight.domain.errors import FeedbackNotFoundError, IdempotencyConflictError
from tonight.domain.feedback import Feedback, Taste, standing, taste_of


@dataclass(frozen=True, slots=True)
class _Row:
    profile_id: str
    idempotency_key: str | None
    feedback: Feedback


class InMemoryFeedbackStore:
    """The port ``FeedbackStore`` on a list."""

    def __init__(self, rows: list[_Row]) -> None:
        self.rows = rows

    def add(
        self, profile_id: str, feedback: Feedback, idempotency_key: str | None = None
    ) -> Feedback:
        feedback = replace(
            feedback,
            created_at=_in_utc(feedback.created_at),
            expires_at=None if feedback.expires_at is None else _in_utc(feedback.expires_at),
        )
        for row in self.rows:
            if idempotency_key is None or row.profile_id != profile_id:
                continue
            if row.idempotency_key == idempotency_key:
                earlier = row.feedback
                if (earlier.movie_id, earlier.kind) != (feedback.movie_id, feedback.kind):
                    raise IdempotencyConflictError("the idempotency key was used for another")
                return earlier
        self.rows.append(_Row(profile_id, idempotency_key, feedback))
        return feedback

    def history(self, profile_id: str) -> list[Feedback]:
        return [
            row.feedback
            for row in self.rows
            if row.profile_id == profile_id and row.feedback.undone_at is None
        ]

    def everything(self, profile_id: str) -> list[Feedback]:
        return [row.feedback for row in self.rows if row.profile_id == profile_id]

    def undo(self, profile_id: str, feedback_id: str, at: datetime) -> Feedback:
        at = _in_utc(at)
        for position, row in enumerate(self.rows):
            if (row.profile_id, row.feedback.feedback_id) == (profile_id, feedback_id):
                if row.feedback.undone_at is None:
                    row = replace(row, feedback=replace(row.feedback, undone_at=at))  # noqa: PLW2901
                    self.rows[position] = row
                return row.feedback
        raise FeedbackNotFoundError(feedback_id)


class InMemoryUnitOfWork:
    """The port ``UnitOfWork``: one writer at a time, on a copy of the rows."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._lock = threading.Lock()

    @property
    def reads_at_once(self) -> bool:
        return True

    def taste(self, profile_id: str, now: datetime) -> Taste:
        return taste_of(standing(InMemoryFeedbackStore(self._rows).history(profile_id)), now)

    @contextmanager
    def writing(self) -> Iterator[InMemoryFeedbackStore]:
        with self._lock:
            store = InMemoryFeedbackStore(list(self._rows))
            yield store
            self._rows = store.rows

    @contextmanager
    def reading(self) -> Iterator[InMemoryFeedbackStore]:
        yield InMemoryFeedbackStore(list(self._rows))

    def forget(self, profile_id: str) -> int:
        with self._lock:
            kept = [row for row in self._rows if row.profile_id != profile_id]
            n_statements = len(self._rows) - len(kept)
            self._rows = kept
            return n_statements


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
