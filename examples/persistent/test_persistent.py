"""What is acknowledged is kept, whatever becomes of the process."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from fastapi.testclient import TestClient

from examples.persistent.main import create_app
from examples.processes import ask, started


def test_what_was_disliked_is_never_suggested_again(tmp_path: Path) -> None:
    client = TestClient(create_app(tmp_path / "ratings.db"))
    assert client.post("/ratings", json={"title": "Alien", "stars": 1}).status_code == 201
    assert "Alien" not in {client.get("/movie").json()["title"] for _ in range(50)}


def test_stars_and_films_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    client = TestClient(create_app(tmp_path / "ratings.db"))
    assert client.post("/ratings", json={"title": "Alien", "stars": 6}).status_code == 422
    assert client.post("/ratings", json={"title": "Aliens", "stars": 5}).status_code == 404


def test_a_rating_survives_that_the_process_is_killed(tmp_path: Path) -> None:
    environment = {"RATINGS": str(tmp_path / "ratings.db")}
    with started("persistent", environment) as service:
        for title in ("Alien", "Metropolis"):
            assert ask(service.port, "/ratings", {"title": title, "stars": 1}).status == 201
        os.kill(service.process.pid, signal.SIGKILL)
    with started("persistent", environment) as service:
        titles = {ask(service.port, "/movie").json()["title"] for _ in range(20)}
    assert titles == {"Casablanca"}
