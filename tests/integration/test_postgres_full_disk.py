"""A PostgreSQL whose disk is full: films go on, writes are refused, and room is all it needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from tests.databases import PostgresDatabases, execute, small_disk, started_postgres
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.app import create_app

LIKED = {"movie_id": "alien-1979", "kind": "liked"}

#: What is deleted must not come back to the disk behind the test's back.
KEEP_ROOM = """
    ALTER TABLE profile SET (autovacuum_enabled = false, toast.autovacuum_enabled = false)
"""

#: Fills the tables until the disk is full; what it wrote is taken back, but not its room.
FILL = """
    INSERT INTO profile (profile_id, created_at_us)
    SELECT repeat(md5(i::text), 200), 1 FROM generate_series(1, 200000) i
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def disk() -> Iterator[Path]:
    with small_disk(100) as disk:
        yield disk


@pytest.fixture
def databases(disk: Path) -> Iterator[PostgresDatabases]:
    with started_postgres(disk) as databases:
        yield databases


def fill(disk: Path, url: str) -> Path:
    """Leaves no room on a disk; returns the file that takes it."""
    filling = disk / "filling"
    execute(url, KEEP_ROOM)
    with pytest.raises((psycopg.errors.DiskFull, psycopg.OperationalError)):
        execute(url, FILL)
    with pytest.raises(OSError, match="No space left"):
        write_for_ever(filling)
    return filling


def write_for_ever(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_a_full_disk_refuses_writes_and_room_is_all_that_it_needs(
    settings: Settings,
    disk: Path,
    databases: PostgresDatabases,
    loaded: tuple[Library, str | None],
) -> None:
    url = databases.migrated()
    on_postgres = settings.model_copy(
        update={"database_url": SecretStr(url), "rate_limit_per_minute": 0}
    )
    with TestClient(create_app(on_postgres, loaded=loaded)) as client:
        assert client.post("/api/v1/feedback", json=LIKED).status_code == 201
        filling = fill(disk, url)
        n_saved = 1
        answer = client.post("/api/v1/feedback", json=LIKED)
        while answer.status_code == 201:  # until the last page of a table or of the log is full
            n_saved += 1
            assert n_saved < 10_000
            answer = client.post("/api/v1/feedback", json=LIKED)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert client.get("/movie").status_code == 200

        filling.unlink()
        deadline = time.monotonic() + 60
        while client.post("/api/v1/feedback", json=LIKED).status_code != 201:
            assert time.monotonic() < deadline
            # A full log may have ended the server; nothing happens when it runs.
            databases.server.start()
            time.sleep(0.2)
        assert len(client.get("/api/v1/history").json()["feedback"]) == n_saved + 1
