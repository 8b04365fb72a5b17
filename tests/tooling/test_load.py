"""The load comes when it is due, its figures count what waited, and the page holds them."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tools.bench.connection import encode
from tools.load.mix import MIX, draw
from tools.load.open_loop import Answers, arrivals, send
from tools.load.report import BEGIN, END, PAGE, cores_for_a_million
from tools.load.scenario import MAX_FAILED_SHARE, OBJECTIVE_SECONDS, Step

ROOT = Path(__file__).parents[2]
REQUEST = encode("/")


@contextmanager
def answering(answers: list[bytes], pause_seconds: float) -> Iterator[int]:
    """A server that answers one request after the other, each after a pause; gives its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)

        def serve() -> None:
            for answer in answers:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(1 << 16)
                    time.sleep(pause_seconds)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join(10)


def answer(status: int) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok" % status


def test_a_request_that_waits_for_others_counts_from_when_it_was_due() -> None:
    with answering([answer(200)] * 5, 0.1) as port:
        got = send(port, np.full(5, 0.05), [REQUEST] * 5, np.zeros(5, dtype=np.int64))
    assert set(got.status) == {200}
    seconds = np.sort(got.seconds)
    assert np.all(seconds >= np.arange(1, 6) * 0.1 - 0.02)
    assert seconds[-1] < 2


def test_answers_are_told_apart_by_their_status() -> None:
    with answering([answer(200), answer(503), answer(201)], 0) as port:
        got = send(port, np.array([0.0, 0.1, 0.2]), [REQUEST] * 3, np.zeros(3, dtype=np.int64))
    assert list(got.status) == [200, 503, 201]
    assert len(got.taken.due) == 2
    assert len(got.turned_away.due) == 1


def test_requests_come_in_order_at_the_rate_of_their_phase() -> None:
    due = arrivals(((100, 10), (1_000, 10)), np.random.default_rng(1))
    assert np.all(np.diff(due) >= 0)
    assert 900 < np.sum(due < 10) < 1_100
    assert 9_700 < np.sum(due >= 10) < 10_300


def test_the_mix_is_drawn_by_its_shares() -> None:
    requests, kinds = draw(5_000, [{"tonight_viewer": "x"}], np.random.default_rng(1))
    assert sum(kind.share for kind in MIX) == 100
    for number, kind in enumerate(MIX):
        assert abs(np.mean(kinds == number) * 100 - kind.share) < 3
    assert all(b"Tonight-Client: load-test" in request for request in requests)


@pytest.mark.parametrize(
    ("seconds", "status", "holds"),
    [(0.1, 200, True), (OBJECTIVE_SECONDS * 2, 200, False), (0.1, 503, False)],
)
def test_a_step_holds_when_it_is_fast_and_hardly_anybody_is_turned_away(
    seconds: float, status: int, holds: bool
) -> None:
    n = int(3 / MAX_FAILED_SHARE)
    statuses = np.full(n, 200)
    statuses[:10] = status
    answers = Answers(np.arange(n) / n, np.full(n, seconds), statuses, np.zeros(n, dtype=np.int64))
    assert Step(n, 1, answers, {}, 0.001).holds is holds


def test_half_the_requests_a_core_are_twice_the_cores() -> None:
    peak, cores = cores_for_a_million(10)
    assert 800 < peak < 1_000
    assert abs(cores_for_a_million(5)[1] - 2 * cores) <= 1


def test_the_page_holds_figures_of_both_databases_and_numbers_of_workers() -> None:
    figures = PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    for name in ("SQLite, 1 worker", "SQLite, 2 workers", "PostgreSQL, 1", "PostgreSQL, 2"):
        assert f"| {name}" in figures
    for part in ("knee", "ramp", "plateau", "spike", "million viewers"):
        assert part in figures


@pytest.mark.slow
def test_a_short_run_finds_a_knee_and_its_cause() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.load", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "SQLite, 1 worker: " in done.stdout
    assert "requests/s; " in done.stdout
    assert ", 0 without answer" in done.stdout
