"""Profiles and what they say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "profile",
        sa.Column("id", key, nullable=False),
        sa.Column("profile_id", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_profile"),
        sa.UniqueConstraint("profile_id", name="uq_profile_profile_id"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", key, nullable=False),
        sa.Column("profile_key", key, nullable=False),
        sa.Column("feedback_id", sa.Text, nullable=False),
        sa.Column("movie_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("expires_at_us", sa.BigInteger),
        sa.Column("undone_at_us", sa.BigInteger),
        sa.Column("idempotency_key", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(
            ["profile_key"], ["profile.id"], name="fk_feedback_profile_key", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("feedback_id", name="uq_feedback_feedback_id"),
        sa.UniqueConstraint(
            "profile_key", "idempotency_key", name="uq_feedback_profile_key_idempotency_key"
        ),
        sa.CheckConstraint(
            "kind IN ('liked', 'okay', 'disliked', 'seen', 'not_tonight', 'never')",
            name="ck_feedback_kind",
        ),
    )
    op.create_index("ix_feedback_profile_key_id", "feedback", ["profile_key", "id"])
