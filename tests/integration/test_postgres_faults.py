"""A real PostgreSQL is stopped, paused and killed under a service that goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from tests.databases import PostgresDatabases, execute, started_postgres
from tonight.bootstrap import Application, build
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.storage.postgres_migration import upgrade
from tonight.web.app import create_app

LIKED = {"movie_id": "alien-1979", "kind": "liked"}

#: What a request may take when the database gives no answer: its time-out, connecting anew (for
#: which the driver allows no less than two seconds), and much for a machine that is busy.
DEADLINE_SECONDS = 15.0

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def databases() -> Iterator[PostgresDatabases]:
    """A server of this module's own: the others need theirs."""
    with started_postgres() as databases:
        yield databases


@pytest.fixture
def on_postgres(settings: Settings, databases: PostgresDatabases) -> Iterator[Settings]:
    yield settings.model_copy(
        update={
            "database_url": SecretStr(databases.migrated()),
            "database_timeout_seconds": 1.0,
            "rate_limit_per_minute": 0,
        }
    )
    databases.server.resume()
    databases.server.start()


@contextmanager
def serving(settings: Settings, loaded: tuple[Library, str | None]) -> Iterator[TestClient]:
    with TestClient(create_app(settings, loaded=loaded)) as client:
        yield client


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def saves(client: TestClient) -> bool:
    return client.post("/api/v1/feedback", json=LIKED).status_code == 201


def n_said(client: TestClient) -> int:
    return len(client.get("/api/v1/history").json()["feedback"])


def assert_films_go_on_and_writes_are_refused(client: TestClient) -> None:
    begin = time.monotonic()
    assert client.get("/movie").status_code == 200
    refused = client.post("/api/v1/feedback", json=LIKED)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert time.monotonic() - begin < 2 * DEADLINE_SECONDS


def test_a_server_that_stops_and_starts_is_used_again_without_a_restart(
    on_postgres: Settings, databases: PostgresDatabases, loaded: tuple[Library, str | None]
) -> None:
    with serving(on_postgres, loaded) as client:
        assert saves(client)
        databases.server.stop()
        assert_films_go_on_and_writes_are_refused(client)
        databases.server.start()
        wait_until(lambda: saves(client))
        assert n_said(client) == 2


def test_a_restart_between_two_requests_is_not_noticed(
    on_postgres: Settings, databases: PostgresDatabases, loaded: tuple[Library, str | None]
) -> None:
    with serving(on_postgres, loaded) as client:
        assert saves(client)
        databases.server.stop()
        databases.server.start()
        assert saves(client)


def test_a_server_that_stands_still_keeps_nobody_waiting_beyond_the_deadline(
    on_postgres: Settings, databases: PostgresDatabases, loaded: tuple[Library, str | None]
) -> None:
    with serving(on_postgres, loaded) as client:
        assert saves(client)
        databases.server.pause()
        took: list[float] = []

        def ask() -> None:
            begin = time.monotonic()
            assert client.get("/movie").status_code == 200
            took.append(time.monotonic() - begin)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(took) == len(threads)
        assert max(took) < DEADLINE_SECONDS
        assert_films_go_on_and_writes_are_refused(client)
        databases.server.resume()
        wait_until(lambda: saves(client))


def test_a_table_that_is_locked_keeps_nobody_waiting_beyond_the_deadline(
    on_postgres: Settings, loaded: tuple[Library, str | None]
) -> None:
    url = on_postgres.database_url
    assert url is not None
    with serving(on_postgres, loaded) as client:
        assert saves(client)
        with psycopg.connect(url.get_secret_value()) as holder:
            holder.execute("LOCK TABLE feedback IN ACCESS EXCLUSIVE MODE")
            assert_films_go_on_and_writes_are_refused(client)
        wait_until(lambda: saves(client))


def test_a_server_that_is_away_at_the_start_does_not_prevent_it(
    on_postgres: Settings, databases: PostgresDatabases, loaded: tuple[Library, str | None]
) -> None:
    databases.server.stop()
    with serving(on_postgres, loaded) as client:
        assert_films_go_on_and_writes_are_refused(client)
        databases.server.start()
        wait_until(lambda: saves(client))


def test_a_database_without_the_schema_is_answered_with_what_to_run(
    on_postgres: Settings, databases: PostgresDatabases, loaded: tuple[Library, str | None]
) -> None:
    url = databases.empty()
    empty = on_postgres.model_copy(update={"database_url": SecretStr(url)})
    with serving(empty, loaded) as client:
        assert_films_go_on_and_writes_are_refused(client)
        refused = client.post("/api/v1/feedback", json=LIKED)
        assert "tonight db upgrade" in refused.json()["detail"]
        upgrade(url)
        wait_until(lambda: saves(client))


def test_the_start_migrates_where_it_is_told_to(
    on_postgres: Settings, databases: PostgresDatabases, loaded: tuple[Library, str | None]
) -> None:
    told = {"database_url": SecretStr(databases.empty()), "migrate_at_start": True}
    with serving(on_postgres.model_copy(update=told), loaded) as client:
        assert saves(client)


def test_a_database_that_takes_no_writes_is_read_and_comes_back(
    on_postgres: Settings, databases: PostgresDatabases, loaded: tuple[Library, str | None]
) -> None:
    with serving(on_postgres, loaded) as client:
        assert saves(client)
        databases.execute("CREATE ROLE reader LOGIN")
        url = on_postgres.database_url
        assert url is not None
        as_reader = url.get_secret_value().replace("postgres@", "reader@")
        execute(url.get_secret_value(), "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    reading = on_postgres.model_copy(update={"database_url": SecretStr(as_reader)})
    with serving(reading, loaded) as client:
        assert_films_go_on_and_writes_are_refused(client)
        execute(url.get_secret_value(), "GRANT ALL ON ALL TABLES IN SCHEMA public TO reader")
        execute(url.get_secret_value(), "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO reader")
        assert saves(client)


def test_the_errors_and_the_connections_can_be_measured(
    on_postgres: Settings, databases: PostgresDatabases, loaded: tuple[Library, str | None]
) -> None:
    application: Application = build(on_postgres, loaded=loaded)
    kinds: list[str] = []
    application.on_storage_error = lambda error: kinds.append(error.kind)
    with application.storage_errors_noted(), application.unit_of_work.reading() as store:
        store.history("ann")
        state = application.pool_state()
        assert (state.in_use, state.idle, state.limit) == (1, 0, 10)
    databases.server.stop()
    with pytest.raises(Exception, match="PostgreSQL cannot be reached"):  # noqa: SIM117
        with application.storage_errors_noted(), application.unit_of_work.reading():
            pass
    assert kinds == ["unavailable"]
    application.close()
