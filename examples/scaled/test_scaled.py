"""Several processes are one service: they agree, they add up, and they do not drown."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from examples.processes import Service, ask, started
from examples.scaled.limit import Limit
from examples.scaled.main import create_app
from tests.loops import run_apart


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("scaled")
    (folder / "metrics").mkdir()
    environment = {
        "RATINGS": str(folder / "ratings.db"),
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
    }
    with started("scaled", environment) as running:
        yield running


def ask_at_once(service: Service, path: str, n_requests: int = 16) -> list[Any]:
    """The answers to requests that come together, so that no worker gets all of them for long."""
    with ThreadPoolExecutor(n_requests) as threads:
        asked = [threads.submit(ask, service.port, path) for _ in range(n_requests)]
        return [each.result().json() for each in asked]


def workers(service: Service) -> set[int]:
    """The workers that answer; waits for the second one."""
    seen: set[int] = set()
    deadline = time.monotonic() + 20
    while len(seen) < 2 and time.monotonic() < deadline:
        seen |= {answer["worker"] for answer in ask_at_once(service, "/healthz")}
    return seen


def test_two_workers_answer_and_what_one_was_told_both_know(service: Service) -> None:
    assert len(workers(service)) == 2
    for title in ("Alien", "Metropolis"):
        ask(service.port, "/ratings", {"title": title, "stars": 1})
    titles = {answer["title"] for answer in ask_at_once(service, "/movie", 40)}
    assert titles == {"Casablanca"}


def test_the_figures_of_all_workers_are_one_sum_whoever_is_asked(service: Service) -> None:
    def n_asked() -> int:
        figures = ask(service.port, "/metrics").body.decode()
        found = re.search(
            r'^request_seconds_count\{route="/version"\} (\d+)', figures, re.MULTILINE
        )
        return int(found[1]) if found else 0

    before = n_asked()
    for _ in range(25):
        ask(service.port, "/version")
    assert {n_asked() for _ in range(10)} == {before + 25}


def test_what_it_has_read_is_read_again_once_anybody_has_written(tmp_path: Path) -> None:
    one, other = (TestClient(create_app(tmp_path / "ratings.db")) for _ in range(2))
    assert one.get("/movie").status_code == 200
    for title in ("Alien", "Metropolis", "Casablanca"):
        other.post("/ratings", json={"title": title, "stars": 1})
    assert one.get("/movie").status_code == 404


def test_beyond_the_limit_it_says_so_at_once_and_health_is_still_answered() -> None:
    async def scenario() -> list[int]:
        go_on = asyncio.Event()
        statuses: list[int] = []

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await go_on.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        async def receive() -> Message:
            return {"type": "http.request"}

        def request(path: str) -> dict[str, Any]:
            return {"type": "http", "path": path}

        app = Limit(slow, at_most=1)
        waiting = asyncio.create_task(app(request("/movie"), receive, send))
        await asyncio.sleep(0)
        await app(request("/movie"), receive, send)
        assert statuses == [503]
        healthy = asyncio.create_task(app(request("/healthz"), receive, send))
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(waiting, healthy)
        await app(request("/movie"), receive, send)
        return statuses

    assert run_apart(scenario) == [503, 200, 200, 200]
