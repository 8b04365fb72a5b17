"""What was acknowledged survives SIGKILL of the service and of the database, under load.

Five rounds here; ``make soak`` plays fifty.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import logging
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.databases import PostgresDatabases, started_postgres
from tests.hard_days.service import Service, running
from tonight.bootstrap import DATABASE, MODELS
from tonight.storage.postgres import open_postgres
from tonight.storage.sqlite import open_engine

N_ROUNDS = int(os.environ.get("SOAK_ROUNDS", "5"))
N_WRITERS = 3

pytestmark = pytest.mark.slow


@dataclass(slots=True)
class Writers:
    """Viewers who say something, again and again, until it is acknowledged."""

    port: int = 0
    acknowledged: dict[str, str] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    broken: list[str] = field(default_factory=list)

    def begin(self) -> list[threading.Thread]:
        cookies = [self.post("", f"cookie-{writer}")[2] for writer in range(N_WRITERS)]
        threads = [
            threading.Thread(target=self.write, args=(writer, cookie), daemon=True)
            for writer, cookie in enumerate(cookies)
        ]
        for thread in threads:
            thread.start()
        return threads

    def write(self, writer: int, cookie: str) -> None:
        for number in itertools.count():
            key = f"{writer}-{number}"
            while True:
                try:
                    status, feedback_id, _ = self.post(cookie, key)
                except (OSError, http.client.HTTPException):
                    status, feedback_id = 0, ""
                self.answers.append(status)
                if status == 201:
                    self.acknowledged[key] = feedback_id
                    break
                if status not in {0, 503}:
                    self.broken.append(f"{key}: {status}")
                    return
                time.sleep(0.05)
            if self.stop.is_set():
                return

    def post(self, cookie: str, key: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            body = json.dumps({"movie_id": "alien-1979", "kind": "seen"})
            headers = {
                "Content-Type": "application/json",
                "Idempotency-Key": key,
                **({"Cookie": cookie} if cookie else {}),
            }
            connection.request("POST", "/api/v1/feedback", body, headers)
            answer = connection.getresponse()
            content = json.loads(answer.read())
            new_cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
            return answer.status, str(content.get("feedback_id", "")), new_cookie

    def wait_for_more(self, n: int = 3) -> None:
        wanted = len(self.acknowledged) + n
        deadline = time.monotonic() + 120
        while len(self.acknowledged) < wanted:
            assert not self.broken
            assert time.monotonic() < deadline, self.answers[-20:]
            time.sleep(0.02)


@pytest.fixture
def data_dir(tmp_path: Path, trained_dir: Path) -> Path:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / MODELS).symlink_to(trained_dir / MODELS)
    return data_dir


@pytest.fixture
def databases() -> Iterator[PostgresDatabases]:
    """A server of the test's own, to be killed."""
    with started_postgres() as databases:
        yield databases


def assert_nothing_lost_and_nothing_doubled(engine: Engine, writers: Writers) -> None:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT idempotency_key, feedback_id FROM feedback")).all()
    engine.dispose()
    said = [(key, feedback_id) for key, feedback_id in found if not key.startswith("cookie-")]
    # Everybody went on until he was told that it was saved: the two are the same.
    assert sorted(said) == sorted(writers.acknowledged.items())


def finish(writers: Writers, threads: list[threading.Thread]) -> None:
    writers.wait_for_more()
    writers.stop.set()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    assert not writers.broken
    n_refused = sum(status != 201 for status in writers.answers)
    logging.getLogger(__name__).info(
        "%d rounds, %d acknowledged, %d refused or cut off",
        N_ROUNDS,
        len(writers.acknowledged),
        n_refused,
    )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_service_is_killed(
    kind: str, data_dir: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    environment: dict[str, str] = {}
    if kind == "postgresql":
        shared: PostgresDatabases = request.getfixturevalue("postgres")
        environment["TONIGHT_DATABASE_URL"] = shared.migrated()
    chance = random.Random(20261127)
    writers = Writers()
    threads: list[threading.Thread] = []

    def started(stack: ExitStack) -> Service:
        log = tmp_path / "service.log"
        service = stack.enter_context(running(data_dir, log, environment=environment))
        writers.port = service.port
        return service

    for round_number in range(N_ROUNDS):
        with ExitStack() as stack:  # its end is SIGKILL
            started(stack)
            if round_number == 0:
                threads = writers.begin()
            writers.wait_for_more()
            time.sleep(chance.uniform(0, 0.1))
    with ExitStack() as stack:
        started(stack)
        finish(writers, threads)

    url = environment.get("TONIGHT_DATABASE_URL")
    engine = open_postgres(url) if url else open_engine(data_dir / DATABASE)
    assert_nothing_lost_and_nothing_doubled(engine, writers)


def test_the_database_is_killed(
    data_dir: Path, tmp_path: Path, databases: PostgresDatabases
) -> None:
    chance = random.Random(20261128)
    url = databases.migrated()
    writers = Writers()
    log = tmp_path / "service.log"
    with running(data_dir, log, environment={"TONIGHT_DATABASE_URL": url}) as service:
        writers.port = service.port
        threads = writers.begin()
        for _ in range(N_ROUNDS):
            writers.wait_for_more()
            time.sleep(chance.uniform(0, 0.1))
            databases.server.kill()
            databases.server.start()
        finish(writers, threads)
        assert 503 in writers.answers
    assert_nothing_lost_and_nothing_doubled(open_postgres(url), writers)
