"""What viewers have said, as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tonight.domain.errors import FeedbackNotFoundError, IdempotencyConflictError
from tonight.domain.feedback import Feedback, FeedbackKind, Standing
from tonight.storage.schema import feedback as rows
from tonight.storage.schema import from_microseconds, to_microseconds
from tonight.storage.schema import profile as profiles
from tonight.storage.sqlite import storage_errors

_Statement: TypeAlias = tuple[str, str, str, int, int | None, int | None]

# The two have no type in common that knows ON CONFLICT.
_INSERTS: Final[dict[str, Callable[..., Any]]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}

_KINDS: Final = {kind.value: kind for kind in FeedbackKind}

_STATEMENTS: Final[Select[*_Statement]] = select(
    rows.c.feedback_id,
    rows.c.movie_id,
    rows.c.kind,
    rows.c.created_at_us,
    rows.c.expires_at_us,
    rows.c.undone_at_us,
)
_EVERYTHING: Final = (
    _STATEMENTS.join(profiles)
    .where(profiles.c.profile_id == bindparam("profile_id"))
    .order_by(rows.c.id)
)
_HISTORY: Final = _EVERYTHING.where(rows.c.undone_at_us.is_(None))

#: ``_HISTORY`` with the columns that ``standing_of`` takes, for SQLite's own driver.
STANDING_SQL: Final = str(
    _HISTORY.with_only_columns(rows.c.movie_id, rows.c.kind, rows.c.expires_at_us).compile(
        dialect=sqlite.dialect(paramstyle="qmark")
    )
)


class SqlFeedbackStore:
    """The port ``FeedbackStore`` on one connection and its transaction.

    Args:
        connection: In a transaction that its owner commits. What is read before it is written
            must not change in between: SQLite has one writer at a time, elsewhere the row of the
            profile is locked.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @storage_errors()
    def add(
        self, profile_id: str, feedback: Feedback, idempotency_key: str | None = None
    ) -> Feedback:
        """See ``tonight.services.ports.FeedbackStore.add``.

        Raises:
            ValueError: A moment has no time zone.
        """
        created_at_us = to_microseconds(feedback.created_at)
        profile_key = self._locked_or_new_profile(profile_id, created_at_us)
        if idempotency_key is not None:
            earlier = self._connection.execute(
                _STATEMENTS.where(
                    rows.c.profile_key == profile_key, rows.c.idempotency_key == idempotency_key
                )
            ).one_or_none()
            if earlier is not None:
                return _same_request(_feedback(earlier), feedback)
        self._connection.execute(
            insert(rows).values(
                profile_key=profile_key,
                feedback_id=feedback.feedback_id,
                movie_id=feedback.movie_id,
                kind=feedback.kind.value,
                created_at_us=created_at_us,
                expires_at_us=_optional_microseconds(feedback.expires_at),
                undone_at_us=_optional_microseconds(feedback.undone_at),
                idempotency_key=idempotency_key,
            )
        )
        return feedback

    @storage_errors()
    def history(self, profile_id: str) -> list[Feedback]:
        """See ``tonight.services.ports.FeedbackStore.history``."""
        found = self._connection.execute(_HISTORY, {"profile_id": profile_id})
        return [_feedback(row) for row in found]

    @storage_errors()
    def everything(self, profile_id: str) -> list[Feedback]:
        """See ``tonight.services.ports.FeedbackStore.everything``."""
        found = self._connection.execute(_EVERYTHING, {"profile_id": profile_id})
        return [_feedback(row) for row in found]

    @storage_errors()
    def delete_everything(self, profile_id: str) -> int:
        """Deletes a profile's rows; their bytes stay in the file until ``erasure`` cleans it.

        Returns:
            How many statements were deleted.
        """
        profile_key = self._locked_profile(profile_id)
        if profile_key is None:
            return 0
        mine = rows.c.profile_key == profile_key
        n_statements = self._connection.execute(
            select(func.count()).select_from(rows).where(mine)
        ).scalar_one()
        self._connection.execute(delete(rows).where(mine))
        self._connection.execute(delete(profiles).where(profiles.c.id == profile_key))
        return n_statements

    @storage_errors()
    def undo(self, profile_id: str, feedback_id: str, at: datetime) -> Feedback:
        """See ``tonight.services.ports.FeedbackStore.undo``.

        Raises:
            ValueError: The moment has no time zone.
        """
        undone_at_us = to_microseconds(at)
        chosen = (rows.c.profile_key == self._locked_profile(profile_id)) & (
            rows.c.feedback_id == feedback_id
        )
        row = self._connection.execute(_STATEMENTS.where(chosen)).one_or_none()
        if row is None:
            raise FeedbackNotFoundError(feedback_id)
        statement = _feedback(row)
        if statement.undone_at is not None:
            return statement
        self._connection.execute(update(rows).where(chosen).values(undone_at_us=undone_at_us))
        return replace(statement, undone_at=from_microseconds(undone_at_us))

    def _locked_or_new_profile(self, profile_id: str, created_at_us: int) -> int:
        """The profile's key; the profile is made where there is none."""
        insert_here = _INSERTS[self._connection.dialect.name]
        made = (
            insert_here(profiles)
            .values(profile_id=profile_id, created_at_us=created_at_us)
            .on_conflict_do_nothing(index_elements=[profiles.c.profile_id])
            .returning(profiles.c.id)
        )
        while True:
            profile_key = self._locked_profile(profile_id)
            if profile_key is None:
                # Another transaction that makes the same one is waited for, and then it is there.
                profile_key = self._connection.execute(made).scalar_one_or_none()
            if profile_key is not None:
                return profile_key

    def _locked_profile(self, profile_id: str) -> int | None:
        """The profile's key, or ``None``; nobody else writes for it until the transaction ends."""
        return self._connection.execute(
            select(profiles.c.id).where(profiles.c.profile_id == profile_id).with_for_update()
        ).scalar_one_or_none()


def _feedback(row: Row[*_Statement]) -> Feedback:
    feedback_id, movie_id, kind, created_at_us, expires_at_us, undone_at_us = row
    return Feedback(
        feedback_id=feedback_id,
        movie_id=movie_id,
        kind=_KINDS[kind],
        created_at=from_microseconds(created_at_us),
        expires_at=None if expires_at_us is None else from_microseconds(expires_at_us),
        undone_at=None if undone_at_us is None else from_microseconds(undone_at_us),
    )


def standing_of(found: Iterable[tuple[str, str, int | None]]) -> list[Standing]:
    """The rows of ``STANDING_SQL`` as statements."""
    return [
        Standing(
            movie_id,
            _KINDS[kind],
            None if expires_at_us is None else from_microseconds(expires_at_us),
        )
        for movie_id, kind, expires_at_us in found
    ]


def _optional_microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)


def _same_request(earlier: Feedback, again: Feedback) -> Feedback:
    if (earlier.movie_id, earlier.kind) != (again.movie_id, again.kind):
        raise IdempotencyConflictError(
            f"the idempotency key was used for {earlier.kind.value} {earlier.movie_id}"
        )
    return earlier
