"""Whoever runs it can say what it does, and what it does wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from examples.observable.main import create_app
from examples.processes import ask, started


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return TestClient(create_app(tmp_path / "ratings.db"), raise_server_exceptions=False)


def test_requests_are_counted_by_route_and_status_and_timed(client: TestClient) -> None:
    client.get("/movie")
    client.get("/movie?max_minutes=1")
    client.get("/films/of/somebody")
    figures = client.get("/metrics").text
    assert 'requests_total{method="GET",route="/movie",status="200"} 1.0' in figures
    assert 'requests_total{method="GET",route="/movie",status="404"} 1.0' in figures
    assert 'route="unmatched",status="404"} 1.0' in figures
    assert "somebody" not in figures
    assert 'request_seconds_count{route="/movie"} 2.0' in figures


def test_a_mistake_of_ours_is_counted_too(client: TestClient, tmp_path: Path) -> None:
    for file in tmp_path.iterdir():
        file.unlink()
    assert client.get("/movie").status_code == 500
    assert 'route="/movie",status="500"} 1.0' in client.get("/metrics").text


def test_every_request_is_a_line_of_json_that_its_answer_names(tmp_path: Path) -> None:
    with started("observable", {"RATINGS": str(tmp_path / "ratings.db")}) as service:
        request_id = ask(service.port, "/movie").headers["x-request-id"]
    lines = [json.loads(line) for line in service.printed.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line["request_id"] == request_id]
    assert (line["route"], line["status"]) == ("/movie", 200)
    assert line["duration_ms"] >= 0
