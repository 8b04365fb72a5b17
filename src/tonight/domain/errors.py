"""Everything that can go wrong in the product's own terms.

None of these knows HTTP: ``tonight.web.problems`` maps them to statuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from tonight.domain.suggestion import NothingFitsReport


class TonightError(Exception):
    """The root of all errors that the product raises on purpose."""


@dataclass(frozen=True, slots=True)
class InvalidParameter:
    """One thing that is wrong with a request.

    Attributes:
        name: The parameter or field, as the client wrote it.
        message: What is allowed, in a sentence.
    """

    name: str
    message: str


class InvalidRequestError(TonightError):
    """The request cannot be understood; carries every reason at once."""

    def __init__(self, errors: Sequence[InvalidParameter]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.name}: {error.message}" for error in errors))


class MovieNotFoundError(TonightError):
    """No film of the catalogue has this id."""

    def __init__(self, movie_id: str) -> None:
        self.movie_id = movie_id
        super().__init__(f"there is no film {movie_id!r}")


class NothingFitsError(TonightError):
    """No film fulfils all the wishes; says which wish to relax, and by how much."""

    def __init__(self, report: NothingFitsReport) -> None:
        self.report = report
        super().__init__("no film fits all the wishes")


class FeedbackNotFoundError(TonightError):
    """The viewer has no such feedback."""

    def __init__(self, feedback_id: str) -> None:
        self.feedback_id = feedback_id
        super().__init__(f"there is no feedback {feedback_id!r}")


class IdempotencyConflictError(TonightError):
    """An idempotency key came a second time with another request."""


class StorageError(TonightError):
    """What viewers have said can be neither read nor saved at the moment.

    Attributes:
        kind: What it is called where errors are counted.
    """

    kind: ClassVar[str] = "other"


class StorageBusyError(StorageError):
    """Somebody else holds the database for longer than the waiting time."""

    kind = "busy"


class StorageFullError(StorageError):
    """There is no room left on the disk."""

    kind = "full"


class StorageReadOnlyError(StorageError):
    """The database or its folder cannot be written."""

    kind = "read_only"


class StorageDamagedError(StorageError):
    """The database is damaged or is not a database."""

    kind = "damaged"


class StorageSchemaError(StorageError):
    """The database's schema does not fit this release, or cannot be migrated."""

    kind = "schema"


class StorageUnavailableError(StorageError):
    """The database server cannot be reached, or does not let us in."""

    kind = "unavailable"


class StorageTimeoutError(StorageError):
    """The database has not answered in time."""

    kind = "timeout"


class EmbeddedDataError(TonightError):
    """The embedded catalogue or ratings are missing or damaged."""


class ModelArtifactError(TonightError):
    """A model file is missing, damaged, truncated or foreign."""


class SigningKeyError(TonightError):
    """The key that signs the cookies cannot be used."""
