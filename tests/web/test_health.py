"""What whoever operates the service is told about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tests.hard_days.problems import told
from tonight.domain.errors import StorageUnavailableError
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.app import create_app
from tonight.web.capacity import HEALTH_PATHS
from tonight.web.state import WebState

DOCKERFLOW = {
    "/__lbheartbeat__": "/healthz",
    "/__heartbeat__": "/readyz",
    "/__version__": "/version",
}


@contextmanager
def serving(
    settings: Settings, loaded: tuple[Library, str | None], **changes: object
) -> Iterator[tuple[TestClient, WebState]]:
    app = create_app(settings.model_copy(update=changes), FakeClock(), loaded)
    with TestClient(app) as client:
        yield client, app.state.tonight


def test_the_process_says_that_it_is_alive(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_it_is_ready_with_its_model_and_its_database(
    client: TestClient, loaded: tuple[Library, str | None]
) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {"status": "ready", "model": loaded[1], "database": "ok"}


def test_a_database_that_is_away_is_reported_and_sends_nobody_elsewhere(
    settings: Settings, loaded: tuple[Library, str | None]
) -> None:
    with serving(settings, loaded) as (client, state):
        state.application.note_storage_error(StorageUnavailableError("gone"))
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["database"]) == (200, "away")
        assert client.get("/movie").status_code == 200


def test_before_a_stop_it_is_alive_and_not_ready(
    settings: Settings, loaded: tuple[Library, str | None]
) -> None:
    with serving(settings, loaded) as (client, state):
        state.capacity.is_draining = True
        told(client.get("/readyz"), "not-ready")
        assert client.get("/healthz").status_code == 200
        assert client.get("/movie").status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, (None, None, None)),
        # As an image has it that was built where nobody knew.
        ({"commit": "051187e", "source": "", "build": ""}, ("051187e", None, None)),
        (
            {"commit": "051187e", "source": "https://s.example", "build": "https://b.example/7"},
            ("051187e", "https://s.example", "https://b.example/7"),
        ),
    ],
)
def test_it_says_release_origin_model_and_schema(
    settings: Settings,
    loaded: tuple[Library, str | None],
    given: dict[str, str],
    said: tuple[str | None, ...],
) -> None:
    with serving(settings, loaded, **given) as (client, _):
        version = client.get("/version").json()
    assert list(version) == ["version", "commit", "source", "build", "model", "schema"]
    assert (version["commit"], version["source"], version["build"]) == said
    assert version["model"] == loaded[1]
    assert version["version"][0].isdigit()
    assert version["schema"].isdigit()


def test_dockerflows_names_lead_to_the_same_answers(client: TestClient) -> None:
    for name, ours in DOCKERFLOW.items():
        assert client.get(name).json() == client.get(ours).json()
    assert not set(DOCKERFLOW) & set(client.get("/openapi.json").json()["paths"])


def test_questions_after_its_health_are_never_too_many(
    settings: Settings, loaded: tuple[Library, str | None]
) -> None:
    with serving(settings, loaded, rate_limit_per_minute=1) as (client, _):
        assert client.get("/movie").status_code == 200
        assert json.loads(client.get("/movie").content)["status"] == 429
        for path in HEALTH_PATHS:
            assert client.get(path).status_code == 200, path
