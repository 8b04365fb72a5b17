"""Two real workers, one listener: the sums are the requests that were sent, whoever dies."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from tonight.observability.listener import Listener
from tonight.observability.workers import Worker
from tools.ports import free_port

pytestmark = pytest.mark.slow

CLASSIC = "a-film-that-is-a-secret"


def until(condition: Callable[[], Any], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        assert time.monotonic() < end, f"not within {seconds} seconds: {what}"
        time.sleep(0.1)


@dataclass
class Service:
    process: subprocess.Popen[bytes]
    port: int
    metrics_port: int
    log: Path
    environment: dict[str, str]

    def get(self, path: str, headers: dict[str, str] | None = None) -> Any:
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers or {}), timeout=30
        ) as answer:
            answer.read()
            return answer.headers

    def get_noted(self, n: int, headers: dict[str, str] | None = None) -> None:
        """Asks for so many films; a request is noted after its answer has left."""
        of_films = 'route="/movie"'
        until(lambda: self.sum("tonight_requests_in_progress") == 0, "nothing is under way")
        before = self.sum("tonight_requests_total", of_films)
        for _ in range(n):
            self.get("/movie", headers)
        until(lambda: self.sum("tonight_requests_total", of_films) >= before + n, "all are noted")
        # The line of the log is written a moment after the count.
        until(lambda: self.sum("tonight_requests_in_progress") == 0, "nothing is under way")
        time.sleep(0.5)

    def operator(self, path: str, body: str | None = None, accept: str = "") -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.metrics_port}{path}",
            data=None if body is None else body.encode(),
            method="GET" if body is None else "PUT",
            headers={"Accept": accept},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(answer.read().decode())

    def sum(self, name: str, label: str = "") -> float:
        text = self.operator("/metrics")
        found = re.findall(rf"^{name}({{.*}})? (\S+)$", text, re.MULTILINE)
        return sum(float(value) for labels, value in found if label in labels)

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "tonight", *arguments],
            env={**os.environ, **self.environment, "COLUMNS": "100"},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def service(trained_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("operator")
    (folder / "data").mkdir()
    (folder / "data" / "models").symlink_to(trained_dir / "models")
    port, metrics_port = free_port(), free_port()
    log = folder / "log"
    environment = {
        "TONIGHT_DATA_DIR": str(folder / "data"),
        "TONIGHT_METRICS_PORT": str(metrics_port),
        "TONIGHT_TIMEZONE": "UTC",
        "TONIGHT_COMMIT": "051187e",
    }
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "tonight", "serve", "--port", str(port), "--workers", "2"],
            stderr=file,
            env={**os.environ, **environment},
        )
    running = Service(process, port, metrics_port, log, environment)
    try:
        until(lambda: running.sum("tonight_workers") == 2, "two workers answer")
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def test_the_sums_of_two_workers_are_the_requests_sent_and_survive_a_killed_one(
    service: Service,
) -> None:
    until(lambda: service.sum("tonight_requests_in_progress") == 0, "nothing is under way")
    before = service.sum("tonight_requests_total")
    service.get_noted(40)
    assert service.sum("tonight_requests_total") == before + 40
    assert service.sum("tonight_request_seconds_count") == before + 40
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children")
    workers = [int(pid) for pid in children.read_text().split()]
    killed = [pid for pid in workers if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(killed[0], signal.SIGKILL)
    until(lambda: service.sum("tonight_requests_total") >= before + 40, "the listener is back")
    until(lambda: service.sum("tonight_workers") == 2, "a new worker has taken its place")
    assert service.sum("tonight_requests_total") == before + 40


def test_the_catalogue_and_the_metrics_are_the_same(service: Service) -> None:
    page = (Path(__file__).parents[2] / "doc" / "reference" / "metrics.md").read_text("utf-8")
    rows = set(re.findall(r"^\| `(tonight_\w+)` \| (\w+) \|", page, re.MULTILINE))
    told = set(
        re.findall(r"^# TYPE (tonight_\w+) (\w+)$", service.operator("/metrics"), re.MULTILINE)
    )
    assert told == rows


def test_a_sampled_trace_is_an_exemplar_and_stands_in_the_log(service: Service) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = service.get(
        "/movie", {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "X-Request-ID": "mine-1"}
    )
    assert headers["X-Request-ID"] == "mine-1"
    metrics = "application/openmetrics-text; version=1.0.0"
    until(
        lambda: f'trace_id="{trace}"' in service.operator("/metrics", accept=metrics),
        "its trace is an exemplar",
    )
    until(lambda: any(e.get("request_id") == "mine-1" for e in service.events()), "it is logged")
    event = next(e for e in service.events() if e.get("request_id") == "mine-1")
    assert (event["event"], event["route"], event["status"]) == ("request", "/movie", 200)
    assert event["trace_id"] == trace
    assert event["release"]
    assert event["duration_ms"] > 0


def test_neither_taste_nor_cookies_are_logged(service: Service) -> None:
    service.get("/movie?like=alien-1979", {"Cookie": f"tonight_viewer={CLASSIC}"})
    service.get("/api/v1/movies/alien-1979", {"X-Request-ID": "last-one"})
    until(lambda: any(e.get("request_id") == "last-one" for e in service.events()), "it is logged")
    log = service.log.read_text("utf-8")
    assert "alien" not in log
    assert CLASSIC not in log


def test_the_level_changes_in_all_workers_and_back(service: Service) -> None:
    assert json.loads(service.operator("/log-level", "ERROR")) == {"level": "ERROR", "workers": 2}
    service.get_noted(10, {"X-Request-ID": "unheard"})
    assert json.loads(service.operator("/log-level", "info"))["level"] == "INFO"
    service.get("/movie", {"X-Request-ID": "heard"})
    until(lambda: any(e.get("request_id") == "heard" for e in service.events()), "it is logged")
    assert not any(e.get("request_id") == "unheard" for e in service.events())


def test_status_tells_who_relies_on_us_and_what_runs(service: Service) -> None:
    service.get_noted(1, {"Tonight-Client": "load-test"})
    service.get_noted(1, {"Tonight-Client": "somebody nobody knows"})
    told = json.loads(service.operator("/status.json"))
    assert told["clients"]["load-test"] >= 1
    assert told["clients"]["other"] >= 1
    assert set(told["clients"]) <= {"load-test", "other", "unnamed"}
    assert told["workers"] == 2
    assert told["requests"]["p99_seconds"] > 0
    assert told["model"]["version"]


def test_the_command_tells_the_same_and_changes_the_level_in_both_workers(
    service: Service,
) -> None:
    service.get_noted(5, {"Tonight-Client": "load-test"})
    told = service.command("status")
    assert re.match(
        r"(All is well|Something is worth a look|Viewers notice .*), since \d{4}-", told
    )
    assert re.search(r"requests a second +[\d.]+ +\d+ in all", told)
    assert re.search(r"p99 latency +[\d.]+ ms +[\d.]+ ms", told)
    assert re.search(r"workers +2\b", told)
    assert re.search(r"database +works +no errors", told)
    assert re.search(r"client load-test +\d+", told)
    assert "What is slow" in told
    assert re.search(r"GET /movie +\d+ +[\d.]+ ms", told)
    as_json = json.loads(service.command("status", "--json"))
    assert as_json["workers"] == 2
    assert service.command("log-level", "warning") == "2 workers log WARNING and above now.\n"
    service.get_noted(10, {"X-Request-ID": "not-heard"})
    assert service.command("log-level", "INFO") == "2 workers log INFO and above now.\n"
    service.get("/movie", {"X-Request-ID": "heard-again"})
    until(lambda: any(e.get("request_id") == "heard-again" for e in service.events()), "logged")
    assert not any(e.get("request_id") == "not-heard" for e in service.events())


def test_what_viewers_say_of_suggestions_is_counted_in_both_workers(service: Service) -> None:
    cookies = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))

    def say(kind: str, movie_id: str | None = None) -> None:
        with browser.open(f"http://127.0.0.1:{service.port}/movie?format=json") as answer:
            shown = json.load(answer)["movie"]["movie_id"]
        body = json.dumps({"movie_id": movie_id or shown, "kind": kind}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{service.port}/api/v1/feedback",
            data=body,
            headers={"Content-Type": "application/json"},
        )
        browser.open(request).close()

    def counted() -> dict[str, float]:
        verdicts = ("accepted", "rejected", "known")
        found = {
            verdict: service.sum("tonight_judged_suggestions_total", f'verdict="{verdict}"')
            for verdict in verdicts
        }
        return {**found, "said": service.sum("tonight_feedback_total")}

    before = counted()
    for kind in ("liked", "okay", "disliked", "not_tonight", "never", "seen"):
        say(kind)
    # Not shown this evening: it says nothing of our suggestions.
    say("liked", "metropolis-1927")
    after = counted()
    assert {name: after[name] - before[name] for name in after} == {
        "accepted": 2,
        "rejected": 3,
        "known": 1,
        "said": 7,
    }


def test_a_backup_shows_in_the_running_service(service: Service) -> None:
    begin = time.time()
    service.command("db", "backup")
    finished = service.sum("tonight_backup_finished_timestamp_seconds")
    assert begin - 1 <= finished <= time.time() + 1
    (backup,) = (Path(service.environment["TONIGHT_DATA_DIR"]) / "backups").glob("tonight-*")
    assert service.sum("tonight_backup_bytes") == backup.stat().st_size
    assert 0 < service.sum("tonight_backup_seconds") < 30


def test_a_port_that_is_taken_is_said_once_and_had_as_soon_as_it_is_free(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Worker(tmp_path / "workers", lambda: None)
    worker.start()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        listener = Listener(worker, "127.0.0.1", port)
        listener.start()
        until(lambda: caplog.records, "it says so")
        time.sleep(2.5)
    until(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics"), "it answers")
    listener.stop()
    worker.stop()
    (record,) = caplog.records
    assert record.event == "metrics_port_taken"  # type: ignore[attr-defined]
    assert "TONIGHT_METRICS_PORT" in record.getMessage()


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("PUT", "/metrics", 405, "GET, HEAD"),
        ("GET", "/log-level", 405, "PUT"),
        ("HEAD", "/log-level", 405, "PUT"),
        ("POST", "/metrics", 405, "GET, HEAD"),
        ("DELETE", "/log-level", 405, "PUT"),
        ("PUT", "/nowhere", 404, None),
        ("GET", "/nowhere", 404, None),
    ],
)
def test_the_operator_is_told_the_methods_that_an_address_takes(
    service: Service, method: str, path: str, status: int, allowed: str | None
) -> None:
    answer = answer_to(service, method, path)
    assert (answer.status, answer.headers["Allow"]) == (status, allowed)


@pytest.mark.parametrize("path", ["/status", "/ping", "/icon.svg", "/nowhere"])
def test_head_has_the_headers_of_get_and_no_body(service: Service, path: str) -> None:
    get, head = answer_to(service, "GET", path), answer_to(service, "HEAD", path)
    assert (head.status, head.read()) == (get.status, b"")
    assert {**head.headers, "Date": ""} == {**get.headers, "Date": ""}


def answer_to(service: Service, method: str, path: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", service.metrics_port, timeout=30)
    connection.request(method, path)
    return connection.getresponse()


def test_build_info_names_the_commit(service: Service) -> None:
    assert service.sum("tonight_build_info", 'commit="051187e"') == 1
