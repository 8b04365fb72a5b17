"""A stop finishes what was begun, a full service stays fast: real processes under load."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
import numpy as np
import pytest

from tools.bench.connection import Answer, connect, encode, take_answer
from tools.bench.service import Service, serving
from tools.ports import free_port

pytestmark = pytest.mark.slow

SERVE = ("-m", "tonight", "serve")


@contextmanager
def running(
    trained_dir: Path, folder: Path, settings: Mapping[str, str] | None = None, *, workers: int = 1
) -> Iterator[tuple[Service, int]]:
    """The service as ``tonight serve`` starts it, and the port of its operator's listener."""
    data_dir = folder / "data"
    data_dir.mkdir(parents=True)
    (data_dir / "models").symlink_to(trained_dir / "models")
    metrics_port = free_port()
    environment = {"TONIGHT_METRICS_PORT": str(metrics_port), **(settings or {})}
    command = [sys.executable, *SERVE, f"--workers={workers}"]
    cores = os.sched_getaffinity(0)
    with serving(data_dir, command, cores=cores, environment=environment) as service:
        yield service, metrics_port


@dataclass
class Viewers:
    """Viewers that ask for films and save what they think, one request after the other.

    Attributes:
        statuses: What they got.
        failures: Requests that were begun and got no answer.
        refused: Connections that nobody has accepted.
    """

    port: int
    statuses: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    refused: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    def view(self) -> None:
        films = ("alien-1979", "heat-1995", "fargo-1996", "the-matrix-1999")
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30) as client:
            n = 0
            while not self.is_over.is_set():
                n += 1
                try:
                    if n % 3:
                        answer = client.get("/movie", params={"max_minutes": 100 + n % 60})
                    else:
                        body = {"movie_id": films[n % 4], "kind": "liked"}
                        answer = client.post("/api/v1/feedback", json=body)
                    self.statuses.append(answer.status_code)
                except httpx.ConnectError:
                    self.refused += 1
                    time.sleep(0.01)
                except httpx.TransportError as error:
                    self.failures.append(repr(error))


@contextmanager
def viewing(port: int, n_viewers: int = 6) -> Iterator[Viewers]:
    viewers = Viewers(port)
    threads = [threading.Thread(target=viewers.view) for _ in range(n_viewers)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: len(viewers.statuses) > 50, "the viewers get answers")
        yield viewers
    finally:
        viewers.is_over.set()
        for thread in threads:
            thread.join()


def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def test_a_stop_finishes_what_was_begun_and_says_first_that_it_is_not_ready(
    trained_dir: Path, tmp_path: Path
) -> None:
    with running(trained_dir, tmp_path, {"TONIGHT_DRAIN_SECONDS": "1.5"}, workers=2) as (
        service,
        _,
    ):
        url = f"http://127.0.0.1:{service.port}"
        with viewing(service.port) as viewers:
            service.process.terminate()
            # As a load balancer does: it asks until it hears no, and then sends nobody any more.
            until(lambda: httpx.get(f"{url}/readyz").status_code == 503, "it is not ready")
            n_before = len(viewers.statuses)
            alive = httpx.get(f"{url}/healthz")
            assert (alive.status_code, alive.headers["connection"]) == (200, "close")
            until(lambda: len(viewers.statuses) > n_before + 10, "it answers on")
        assert service.process.wait(20) in (0, -signal.SIGTERM)
        assert viewers.failures == []
        assert set(viewers.statuses) == {200, 201}
        assert viewers.refused == 0
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/healthz")


def test_a_request_that_takes_longer_than_the_drain_is_finished(
    trained_dir: Path, tmp_path: Path
) -> None:
    body = json.dumps({"movie_id": "alien-1979", "kind": "liked"}).encode()
    request = encode("/api/v1/feedback", method="POST", body=body)
    with running(trained_dir, tmp_path, {"TONIGHT_DRAIN_SECONDS": "0"}) as (service, _):
        with connect(service.port) as connection:
            connection.sendall(request[:-5])
            time.sleep(0.3)
            service.process.terminate()
            time.sleep(1)
            assert service.process.poll() is None
            connection.sendall(request[-5:])
            assert connection.recv(100).startswith(b"HTTP/1.1 201 ")
        service.process.wait(10)


def test_a_stop_waits_no_longer_than_it_was_told(trained_dir: Path, tmp_path: Path) -> None:
    request = encode("/api/v1/feedback", method="POST", body=b"{}" * 10)
    settings = {"TONIGHT_DRAIN_SECONDS": "0", "TONIGHT_SHUTDOWN_SECONDS": "1"}
    with (
        running(trained_dir, tmp_path, settings) as (service, _),
        connect(service.port) as connection,
    ):
        connection.sendall(request[:-5])
        time.sleep(0.3)
        begin = time.monotonic()
        service.process.terminate()
        service.process.wait(20)
        assert 0.9 < time.monotonic() - begin < 10


def test_workers_are_replaced_without_one_failed_request(trained_dir: Path, tmp_path: Path) -> None:
    with running(trained_dir, tmp_path, workers=2) as (service, _):
        before = set(service.workers())
        with viewing(service.port) as viewers:
            service.process.send_signal(signal.SIGHUP)
            until(lambda: not before & set(service.workers()), "all workers are new", 120)
            n_before = len(viewers.statuses)
            until(lambda: len(viewers.statuses) > n_before + 50, "the new ones answer")
        assert viewers.failures == []
        assert set(viewers.statuses) == {200, 201}
        assert viewers.refused == 0


@dataclass
class Flood:
    """What far more clients than can be answered get, who all ask again at once.

    Attributes:
        taken: Seconds that each answer with a film took.
        turned_away: The same of those that were turned away.
        last: The last answer of the latter.
        let_in: Seconds until somebody new was told that it is alive.
    """

    taken: list[float] = field(default_factory=list)
    turned_away: list[float] = field(default_factory=list)
    last: Answer | None = None
    let_in: list[float] = field(default_factory=list)


def flood(port: int, n_clients: int, seconds: float) -> Flood:
    found = Flood()
    request = encode(
        "/movie?like=alien-1979&genre=Drama", headers=(("Tonight-Client", "load-test"),)
    )
    end = time.perf_counter() + seconds

    def client() -> None:
        received = bytearray()
        with connect(port) as connection:
            while (begin := time.perf_counter()) < end:
                connection.sendall(request)
                while (answer := take_answer(received)) is None:
                    piece = connection.recv(1 << 16)
                    assert piece, "the connection was closed"
                    received += piece
                took = time.perf_counter() - begin
                if answer.status == 200:
                    found.taken.append(took)
                    continue
                assert answer.status == 503
                found.turned_away.append(took)
                found.last = answer
                # Much sooner than it was told.
                time.sleep(0.1)

    threads = [threading.Thread(target=client) for _ in range(n_clients)]
    for thread in threads:
        thread.start()
    healthy = []
    while time.perf_counter() < end - 0.5:
        begin = time.perf_counter()
        healthy.append(httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=30).status_code)
        found.let_in.append(time.perf_counter() - begin)
        healthy.append(httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=30).status_code)
        time.sleep(0.05)
    for thread in threads:
        thread.join()
    assert set(healthy) == {200}
    return found


def test_a_service_that_is_full_turns_requests_away_and_keeps_its_latency(
    trained_dir: Path, tmp_path: Path
) -> None:
    limits = {"TONIGHT_MAX_CONCURRENT_REQUESTS": "0"}
    with running(trained_dir, tmp_path / "all", limits) as (service, _):
        overrun = flood(service.port, 150, 4)
    assert overrun.turned_away == []
    limits = {"TONIGHT_MAX_CONCURRENT_REQUESTS": "6"}
    with running(trained_dir, tmp_path / "some", limits) as (service, metrics_port):
        protected = flood(service.port, 150, 4)
        metrics = httpx.get(f"http://127.0.0.1:{metrics_port}/metrics").text
    assert len(protected.taken) > 100
    assert len(protected.turned_away) > 100
    assert np.median(protected.taken) < np.median(overrun.taken) / 3
    assert np.median(protected.turned_away) < np.median(overrun.taken) / 3
    # New connections are let in as well, and not only those that were there before.
    assert max(protected.let_in) < 1

    refusal = protected.last
    assert refusal is not None
    assert b"\r\nretry-after: 2" in refusal.head.lower()
    assert b"\r\nx-content-type-options: nosniff" in refusal.head.lower()
    assert json.loads(refusal.body)["type"] == "/problems/overloaded"
    for pattern in (
        r'^tonight_requests_shed_total{reason="concurrency"} (\S+)$',
        r'^tonight_requests_total{method="GET",route="/movie",status="503"} (\S+)$',
    ):
        counted = re.findall(pattern, metrics, re.MULTILINE)
        assert [float(value) for value in counted] == [len(protected.turned_away)], pattern


def test_what_is_turned_away_is_a_whole_answer_to_every_kind_of_request(
    trained_dir: Path, tmp_path: Path
) -> None:
    limits = {"TONIGHT_MAX_CONCURRENT_REQUESTS": "1"}
    body = json.dumps({"movie_id": "alien-1979", "kind": "liked"}).encode()
    unfinished = encode("/api/v1/feedback", method="POST", body=body)
    with (
        running(trained_dir, tmp_path, limits) as (service, _),
        connect(service.port) as busy,
        httpx.Client(base_url=f"http://127.0.0.1:{service.port}") as client,
    ):
        busy.sendall(unfinished[:-5])
        time.sleep(0.3)
        page = client.get("/", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["retry-after"]) == (503, "2")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert client.head("/movie").status_code == 503
        # The body that was sent with it is not taken for the next request.
        refused = client.post("/api/v1/feedback", content=body)
        assert refused.json()["type"] == "/problems/overloaded"
        said = client.get("/movie", headers={"Connection": "close"})
        assert (said.status_code, said.headers["connection"]) == (503, "close")
        waiting = client.post("/api/v1/feedback", content=body, headers={"Expect": "100-continue"})
        assert waiting.status_code == 503
        assert client.get("/readyz").status_code == 200
        busy.sendall(unfinished[-5:])
        assert busy.recv(100).startswith(b"HTTP/1.1 201 ")
        # The worker counts a request until it has tidied up after it.
        until(lambda: client.get("/movie").status_code == 200, "there is room again")


def test_an_answer_of_one_of_several_workers_does_not_wait_for_the_network(
    trained_dir: Path, tmp_path: Path
) -> None:
    seconds = []
    with (
        running(trained_dir, tmp_path, workers=2) as (service, _),
        httpx.Client(base_url=f"http://127.0.0.1:{service.port}") as client,
    ):
        for _ in range(30):
            begin = time.perf_counter()
            assert client.get("/version").status_code == 200
            seconds.append(time.perf_counter() - begin)
    # A delayed confirmation takes 40 ms.
    assert np.median(seconds) < 0.03
