"""The tables. ``migrations/`` builds them; a test holds the two to each other.

Moments are whole microseconds since 1970 in UTC: exact, ordered, the same in every database, and
without a zone that could be lost on the way (SQLite has no type for moments).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

# SQLite numbers rows by itself only where the key's type is spelt INTEGER.
_KEY: Final = BigInteger().with_variant(Integer, "sqlite")

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

#: A viewer without a name. Rows elsewhere point at the short ``id``, cookies carry ``profile_id``.
profile: Final = Table(
    "profile",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("profile_id", Text, nullable=False, unique=True),
    Column("created_at_us", BigInteger, nullable=False),
)

#: One statement a row, in the order in which they were made; only ``undone_at_us`` ever changes.
feedback: Final = Table(
    "feedback",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("profile_key", ForeignKey("profile.id", ondelete="CASCADE"), nullable=False),
    Column("feedback_id", Text, nullable=False, unique=True),
    Column("movie_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("expires_at_us", BigInteger),
    Column("undone_at_us", BigInteger),
    Column("idempotency_key", Text),
    # A release that adds a kind adds a migration, so that an older one refuses the database
    # instead of stumbling over a row.
    CheckConstraint(
        "kind IN ('liked', 'okay', 'disliked', 'seen', 'not_tonight', 'never')", name="kind"
    ),
    UniqueConstraint("profile_key", "idempotency_key"),
    # A history is one walk along this index, already in order.
    Index(None, "profile_key", "id"),
)


def to_microseconds(moment: datetime) -> int:
    """A moment as it is stored.

    Raises:
        ValueError: It has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """A stored moment, in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)
