"""Ten lines do what they were written for, and nothing else."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from examples.hello.main import FILMS, app


def test_a_film_is_suggested() -> None:
    assert TestClient(app).get("/movie").json()["title"] in FILMS


@pytest.mark.parametrize("max_minutes", ["soon", "1"])
def test_the_pain_what_nobody_thought_of_is_a_crash(max_minutes: str) -> None:
    client = TestClient(app, raise_server_exceptions=False)
    assert client.get("/movie", params={"max_minutes": max_minutes}).status_code == 500
