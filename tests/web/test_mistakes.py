"""A mistake of ours is answered as what it is, and can be found in the log."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.app import create_app

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def client(
    settings: Settings, clock: FakeClock, loaded: tuple[Library, str | None]
) -> Iterator[TestClient]:
    app = create_app(settings, clock, loaded)

    @app.get("/mistake")
    def mistake() -> None:
        raise RuntimeError("nobody has thought of this")

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_the_answer_has_the_id_of_the_request_that_the_log_has(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="tonight.requests"):
        answer = client.get("/mistake", headers={"X-Request-ID": "mine-500"})
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal-error"
    assert "nobody has thought" not in answer.text
    assert answer.headers.get_list("X-Request-ID") == ["mine-500"]
    (record,) = (one for one in caplog.records if getattr(one, "event", "") == "request_failed")
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "nobody has thought of this"


def test_an_answer_without_a_name_from_the_caller_has_one_of_ours(client: TestClient) -> None:
    answers = [client.get("/mistake") for _ in range(2)]
    ids = {answer.headers["X-Request-ID"] for answer in answers}
    assert len(ids) == 2
    assert all(re.fullmatch(r"[0-9a-f]{18}", one) for one in ids)
