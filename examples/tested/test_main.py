"""The front door asks the idea and says what it answers."""

from __future__ import annotations

from random import Random

import pytest
from fastapi.testclient import TestClient

from examples.tested.main import create_app


def test_the_same_chance_gives_the_same_film() -> None:
    first, second = (
        [client.get("/movie").json()["title"] for _ in range(10)]
        for client in (TestClient(create_app(Random(7))), TestClient(create_app(Random(7))))
    )
    assert first == second


@pytest.mark.parametrize(("max_minutes", "status"), [("soon", 422), ("0", 422), ("1", 404)])
def test_what_does_not_fit_is_said(max_minutes: str, status: int) -> None:
    answer = TestClient(create_app()).get("/movie", params={"max_minutes": max_minutes})
    assert answer.status_code == status
