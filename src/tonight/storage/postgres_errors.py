"""What the errors of PostgreSQL mean, by their SQLSTATE. The driver is not imported for it."""

from __future__ import annotations

from typing import Final

from tonight.domain.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageFullError,
    StorageReadOnlyError,
    StorageSchemaError,
    StorageTimeoutError,
    StorageUnavailableError,
)

#: What everybody is told whose schema is missing or old.
UPGRADE_ADVICE: Final = "run: tonight db upgrade"

_AWAY: Final = (
    StorageUnavailableError,
    "PostgreSQL cannot be reached; see that it runs, and that TONIGHT_DATABASE_URL is right",
)
_LOCKED_OUT: Final = (
    StorageUnavailableError,
    "PostgreSQL does not let us in; check the user, the password and the name of the database",
)
_NO_TABLES: Final = (
    StorageSchemaError,
    f"the database does not have this release's schema; {UPGRADE_ADVICE}",
)

#: By SQLSTATE, or by its class: the first two characters.
_ERRORS: Final[dict[str, tuple[type[StorageError], str]]] = {
    "08": _AWAY,
    "28": _LOCKED_OUT,
    "3D": _LOCKED_OUT,
    "57P": _AWAY,
    "53300": (
        StorageBusyError,
        "PostgreSQL has no connection left; lower TONIGHT_DATABASE_POOL_SIZE",
    ),
    "40": (StorageBusyError, "others write the same at the moment; try again"),
    "55P03": (StorageBusyError, "another transaction holds the rows; try again in a moment"),
    "53100": (
        StorageFullError,
        "there is no room left for the database; free some space on its disk",
    ),
    "25006": (
        StorageReadOnlyError,
        "the database takes no writes; connect to the primary, not to a standby",
    ),
    "42501": (
        StorageReadOnlyError,
        "the database's user may not do this; GRANT it the rights on the tables",
    ),
    "42P01": _NO_TABLES,
    "42703": _NO_TABLES,
    "3F000": _NO_TABLES,
    "XX001": (StorageDamagedError, "the database is damaged; restore a backup"),
    "XX002": (StorageDamagedError, "an index of the database is damaged; REINDEX it"),
    "57014": (StorageTimeoutError, "PostgreSQL has not answered in time"),
}


def translated_postgres(error: BaseException) -> StorageError:
    """The product's name for an error of psycopg."""
    state = getattr(error, "sqlstate", None)
    known: tuple[type[StorageError], str] | None = None
    if state is None and any(kind.__name__ == "OperationalError" for kind in type(error).__mro__):
        # It was not the server that spoke: the connection broke or was never there.
        known = _AWAY
    for length in (5, 3, 2):
        known = known or _ERRORS.get((state or "")[:length])
    text = " ".join(str(error).split())
    if known is None:
        return StorageError(f"the database does not work: {text}")
    kind, advice = known
    return kind(f"{advice} ({text})")
