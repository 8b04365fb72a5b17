"""What the use cases need from the outside world."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from tonight.domain.feedback import Feedback, Taste


class FeedbackStore(Protocol):
    """Everything viewers have said, inside one unit of work."""

    def add(
        self, profile_id: str, feedback: Feedback, idempotency_key: str | None = None
    ) -> Feedback:
        """Saves a statement; the profile comes into being with its first one.

        Args:
            profile_id: The viewer's anonymous profile.
            feedback: The statement, with its new ``feedback_id``.
            idempotency_key: When the viewer has used this key before for the same film and
                kind, nothing is saved and the earlier statement is the answer.

        Returns:
            The statement as it is saved.

        Raises:
            IdempotencyConflictError: The key was used for another film or kind.
            StorageError: Nothing was saved.
        """

    def history(self, profile_id: str) -> list[Feedback]:
        """Everything that a viewer has said and not taken back, oldest first.

        An unknown profile has an empty history.

        Raises:
            StorageError: The history cannot be read.
        """

    def everything(self, profile_id: str) -> list[Feedback]:
        """Everything that a viewer has ever said, with what was taken back, oldest first.

        Raises:
            StorageError: The statements cannot be read.
        """

    def undo(self, profile_id: str, feedback_id: str, at: datetime) -> Feedback:
        """Takes a statement back; taking it back twice changes nothing.

        Returns:
            The statement with its ``undone_at``.

        Raises:
            FeedbackNotFoundError: The viewer has no such statement.
            StorageError: Nothing was saved.
        """


class UnitOfWork(Protocol):
    """Opens units of work on the store of feedback.

    ``with unit_of_work.writing() as feedback: ...`` commits at the end of the block, or rolls
    back when the block raises. After the block has ended without an error, what it saved
    survives the death of the process and the loss of power.
    """

    @property
    def reads_at_once(self) -> bool:
        """Whether ``taste`` waits for nobody and costs less than handing it to a thread."""

    def taste(self, profile_id: str, now: datetime) -> Taste:
        """What counts of all that a viewer has said: what every suggestion reads.

        It is ``taste_of(standing(history(profile_id)), now)`` in a transaction of its own, without
        the cost of what a taste does not need.

        Raises:
            StorageBusyError: It cannot be read at once; ``reading`` would wait.
            StorageError: It cannot be read.
        """

    def writing(self) -> AbstractContextManager[FeedbackStore]:
        """A transaction that may change something.

        Raises:
            StorageError: The transaction could not be opened or committed.
        """

    def reading(self) -> AbstractContextManager[FeedbackStore]:
        """A transaction that only reads.

        Raises:
            StorageError: The store cannot be read.
        """

    def forget(self, profile_id: str) -> int:
        """Deletes a viewer's profile and all that he has ever said, in a transaction of its own.

        When it returns, nobody can read it any more through the store, nor in the copies that the
        store made of itself before migrations and restorations. SQLite's file holds no byte of it;
        PostgreSQL keeps the bytes until it vacuums and recycles its log. Backups are the
        operator's, and are left alone.

        Returns:
            How many statements were deleted; 0 for an unknown profile.

        Raises:
            StorageError: Something may be left; to be called again.
        """
