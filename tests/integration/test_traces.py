"""Real spans of the real service, read back from a real receiver."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from opentelemetry.sdk import trace as sdk

from tests.conftest import FakeClock
from tonight.bootstrap import MODELS
from tonight.observability import metrics, spans
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.api import movie
from tonight.web.app import create_app
from tools.ports import free_port

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
SAMPLED = {"traceparent": f"00-{TRACE}-{CALLER}-01", "tracestate": "vendor=1"}
UNSAMPLED = {"traceparent": f"00-{TRACE}-{CALLER}-00"}
STEPS = ["read taste", "filter", "score", "select", "explain", "answer"]


class Receiver:
    """Takes spans by OTLP over HTTP, as a collector does."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.resources: list[dict[str, str]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/v1/traces"
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.take(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def take(self, request: ExportTraceServiceRequest) -> None:
        for sent in request.resource_spans:
            self.resources.append({a.key: a.value.string_value for a in sent.resource.attributes})
            for scope in sent.scope_spans:
                self.spans.extend(scope.spans)

    def named(self, name: str) -> Span:
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def requests(self) -> list[Span]:
        return [span for span in self.spans if span.kind == Span.SPAN_KIND_SERVER]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.05,))
    thread.start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()
    thread.join()


@contextmanager
def tracing(
    settings: Settings,
    clock: FakeClock,
    loaded: tuple[Library, str | None],
    url: str,
    ratio: float = 0,
) -> Iterator[TestClient]:
    """A service that traces; at the end all that it recorded has been sent."""
    values = {**settings.model_dump(), "traces_url": url, "traces_ratio": ratio}
    # A test that asks until something happens is nobody to be protected from.
    values["rate_limit_per_minute"] = 0
    app = create_app(Settings(**values), clock, loaded)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def attributes(span: Span) -> dict[str, Any]:
    return {
        one.key: getattr(one.value, str(one.value.WhichOneof("value"))) for one in span.attributes
    }


def test_the_callers_trace_goes_on_through_the_steps_and_the_database(
    settings: Settings,
    clock: FakeClock,
    loaded: tuple[Library, str | None],
    receiver: Receiver,
) -> None:
    with tracing(settings, clock, loaded, receiver.url) as client:
        client.post("/api/v1/feedback", json={"movie_id": "heat-1995", "kind": "liked"})
        answer = client.get("/movie", headers={**SAMPLED, "X-Request-ID": "mine"})
    assert answer.status_code == 200
    assert {span.trace_id.hex() for span in receiver.spans} == {TRACE}
    root = receiver.named("GET /movie")
    assert root.kind == Span.SPAN_KIND_SERVER
    assert root.parent_span_id.hex() == CALLER
    assert root.trace_state == "vendor=1"
    assert attributes(root) == {
        "http.request.method": "GET",
        "http.route": "/movie",
        "http.response.status_code": 200,
        "tonight.request_id": "mine",
    }
    assert answer.headers["traceresponse"] == f"00-{TRACE}-{root.span_id.hex()}-01"
    steps = [span for span in receiver.spans if span.parent_span_id == root.span_id]
    steps.sort(key=lambda span: span.start_time_unix_nano)
    assert [span.name for span in steps] == STEPS
    for one, following in itertools.pairwise(steps):
        assert one.start_time_unix_nano < one.end_time_unix_nano <= following.start_time_unix_nano
    assert root.start_time_unix_nano <= steps[0].start_time_unix_nano
    assert steps[-1].end_time_unix_nano <= root.end_time_unix_nano
    database = receiver.named("database read")
    assert database.kind == Span.SPAN_KIND_CLIENT
    assert database.parent_span_id == steps[0].span_id
    assert attributes(database) == {"db.system.name": "sqlite", "db.operation.name": "read"}
    for histogram in (
        metrics.REQUEST_SECONDS,
        metrics.SUGGESTION_SECONDS,
        metrics.DATABASE_SECONDS,
    ):
        examples = [seen.exemplars.values() for _, seen in histogram.distributions()]
        assert TRACE in {one.trace_id for one in itertools.chain(*examples)}
    assert receiver.resources[0]["service.name"] == "tonight"
    assert receiver.resources[0]["service.version"]


def test_what_is_not_sampled_makes_no_span(
    settings: Settings,
    clock: FakeClock,
    loaded: tuple[Library, str | None],
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    begin = sdk.Tracer.start_span

    def counting(self: sdk.Tracer, name: str, *args: Any, **kwargs: Any) -> Any:
        made.append(name)
        return begin(self, name, *args, **kwargs)

    monkeypatch.setattr(sdk.Tracer, "start_span", counting)
    with tracing(settings, clock, loaded, receiver.url, ratio=0) as client:
        for headers in ({}, UNSAMPLED, {"traceparent": "nonsense"}):
            assert "traceresponse" not in client.get("/movie", headers=headers).headers
        assert made == []
        client.get("/movie", headers=SAMPLED)
    assert made[0] == "GET"
    assert len(receiver.requests()) == 1


def test_the_ratio_decides_where_no_caller_does(
    settings: Settings,
    clock: FakeClock,
    loaded: tuple[Library, str | None],
    receiver: Receiver,
) -> None:
    with tracing(settings, clock, loaded, receiver.url, ratio=1) as client:
        told = {client.get("/healthz").headers["traceresponse"] for _ in range(20)}
        assert "traceresponse" not in client.get("/healthz", headers=UNSAMPLED).headers
    found = receiver.requests()
    assert {f"00-{s.trace_id.hex()}-{s.span_id.hex()}-01" for s in found} == told
    assert len({span.trace_id for span in found}) == 20
    assert not any(span.parent_span_id for span in found)


def test_a_failed_database_marks_the_step_and_not_the_request(
    settings: Settings,
    clock: FakeClock,
    loaded: tuple[Library, str | None],
    receiver: Receiver,
) -> None:
    with tracing(settings, clock, loaded, receiver.url) as client:
        client.post("/api/v1/feedback", json={"movie_id": "heat-1995", "kind": "liked"})
        (settings.data_dir / "tonight.db").write_bytes(b"no database at all" * 1_000)
        for rest in settings.data_dir.glob("tonight.db-*"):
            rest.unlink()
        assert client.get("/movie", headers=SAMPLED).status_code == 200
    step = receiver.named("read taste")
    assert step.status.code == Status.STATUS_CODE_ERROR
    assert attributes(step)["error.type"] == "database damaged"
    assert receiver.named("GET /movie").status.code == Status.STATUS_CODE_UNSET


def test_a_mistake_of_ours_marks_the_request_and_its_answer_has_the_id_of_the_log(
    settings: Settings,
    clock: FakeClock,
    loaded: tuple[Library, str | None],
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def mistaken(*_: object, **__: object) -> None:
        raise RuntimeError("the film is alien-1979")

    monkeypatch.setattr(movie, "suggest_movie", mistaken)
    with tracing(settings, clock, loaded, receiver.url) as client:
        answer = client.get("/movie", headers=SAMPLED)
    assert answer.status_code == 500
    root = receiver.named("GET /movie")
    assert root.status.code == Status.STATUS_CODE_ERROR
    assert attributes(root)["error.type"] == "RuntimeError"
    assert attributes(root)["tonight.request_id"] == answer.headers["X-Request-ID"]
    assert answer.headers["traceresponse"] == f"00-{TRACE}-{root.span_id.hex()}-01"
    assert "alien" not in str(receiver.spans)
    (event,) = [
        event
        for line in capfd.readouterr().err.splitlines()
        if line.startswith("{") and (event := json.loads(line))["event"] == "request_failed"
    ]
    assert event["request_id"] == answer.headers["X-Request-ID"]
    assert event["trace_id"] == TRACE


def test_spans_name_neither_films_nor_viewers(
    settings: Settings,
    clock: FakeClock,
    loaded: tuple[Library, str | None],
    receiver: Receiver,
) -> None:
    with tracing(settings, clock, loaded, receiver.url, ratio=1) as client:
        client.get("/movie?like=alien-1979")
        client.get("/api/v1/movies/alien-1979")
        client.post("/api/v1/feedback", json={"movie_id": "alien-1979", "kind": "liked"})
        viewer = client.cookies["tonight_viewer"]
    told = "".join(map(str, receiver.spans))
    assert len(receiver.requests()) == 3
    assert "alien" not in told
    assert viewer not in told


def test_a_dead_receiver_neither_slows_a_request_nor_fills_the_log(
    settings: Settings,
    clock: FakeClock,
    loaded: tuple[Library, str | None],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    # It takes connections and never answers: worse than one that refuses them.
    monkeypatch.setattr(spans, "QUEUE", 600)
    monkeypatch.setattr(spans, "_SEND_SECONDS", 2.0)
    dropped, failed = metrics.SPANS.value("dropped"), metrics.SPANS.value("failed")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with tracing(settings, clock, loaded, url, ratio=1) as client:
            slowest = 0.0
            end = time.monotonic() + 60
            while metrics.SPANS.value("failed") == failed or (
                metrics.SPANS.value("dropped") == dropped
            ):
                assert time.monotonic() < end
                begin = time.perf_counter()
                assert client.get("/movie").status_code == 200
                slowest = max(slowest, time.perf_counter() - begin)
            begin = time.perf_counter()
        assert time.perf_counter() - begin < 5
    # Had it waited for the receiver, a request would have taken as long as a sending may; short
    # pauses are the machine's, and of a large process like that of all tests.
    assert slowest < 1.8
    events = [
        event
        for line in capfd.readouterr().err.splitlines()
        if line.startswith("{") and (event := json.loads(line)["event"]) != "request"
    ]
    assert events.count("traces_away") == 1
    assert len(events) < 5


@pytest.mark.slow
def test_every_worker_sends_its_spans_and_a_stop_sends_the_last_ones(
    trained_dir: Path, tmp_path: Path, receiver: Receiver
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / MODELS).symlink_to(trained_dir / MODELS)
    port, metrics_port = free_port(), free_port()
    log = tmp_path / "log"

    def get(url: str, accept: str = "") -> Any:
        request = urllib.request.Request(url, headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode(), answer.headers

    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", "tonight", "serve", "--port", str(port), "--workers", "2"],
            stderr=output,
            env={
                **os.environ,
                "TONIGHT_DATA_DIR": str(tmp_path / "data"),
                "TONIGHT_METRICS_PORT": str(metrics_port),
                "TONIGHT_TRACES_URL": receiver.url,
                "TONIGHT_TRACES_RATIO": "1",
            },
        ) as service,
    ):
        operator = f"http://127.0.0.1:{metrics_port}"
        end = time.monotonic() + 60
        while True:
            assert time.monotonic() < end, log.read_text("utf-8")
            try:
                if "tonight_workers 2.0" in get(f"{operator}/metrics")[0]:
                    break
            except OSError:
                time.sleep(0.2)
        told = set()
        instances: set[str] = set()
        while len(instances) < 2:
            assert time.monotonic() < end
            told.add(get(f"http://127.0.0.1:{port}/movie")[1]["traceresponse"])
            instances = {resource["service.instance.id"] for resource in receiver.resources}
        text, _ = get(f"{operator}/metrics", "application/openmetrics-text; version=1.0.0")
        service.send_signal(signal.SIGTERM)
        service.wait(60)
    found = {f"00-{s.trace_id.hex()}-{s.span_id.hex()}-01" for s in receiver.requests()}
    assert found == told
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    traces = {response.split("-")[1] for response in told}
    assert {event["trace_id"] for event in events if event["event"] == "request"} == traces
    for name in ("request", "suggestion"):
        exemplars = re.findall(
            rf'^tonight_{name}_seconds_bucket.* # {{trace_id="(\w+)"}}', text, re.MULTILINE
        )
        assert exemplars
        assert set(exemplars) <= traces
