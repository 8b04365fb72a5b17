"""Clocks that jump forward and back, and zones that are not the viewer's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tests.hard_days.problems import reasons
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.app import create_app
from tonight.web.request_rate import RequestRate

FILM = "the-matrix-1999"
YEAR = timedelta(days=365)
JUMPS = [-100 * YEAR, -YEAR, -timedelta(hours=1), timedelta(hours=1), YEAR, 150 * YEAR]


@pytest.mark.parametrize("jump", JUMPS)
def test_whatever_the_clock_says_films_are_suggested_and_what_is_said_is_kept_in_order(
    client: TestClient, clock: FakeClock, jump: timedelta
) -> None:
    client.post("/api/v1/feedback", json={"movie_id": FILM, "kind": "disliked"})
    client.get("/movie")
    clock.moment += jump
    assert client.post("/api/v1/feedback", json={"movie_id": FILM, "kind": "liked"}).is_success
    assert client.get("/movie").status_code == 200
    assert client.get("/movie?format=html").status_code == 200
    said = client.get("/api/v1/history").json()["feedback"]
    assert [entry["kind"] for entry in said] == ["liked", "disliked"]


def test_not_tonight_that_was_said_while_the_clock_was_ahead_ends_when_it_is_right(
    client: TestClient, clock: FakeClock
) -> None:
    film = client.get("/movie", params={"seed": 5}).json()["movie"]["movie_id"]
    clock.moment += YEAR
    client.post("/api/v1/feedback", json={"movie_id": film, "kind": "not_tonight"})
    clock.moment -= YEAR
    client.cookies.delete("tonight_shown")
    assert client.get("/movie", params={"seed": 5}).json()["movie"]["movie_id"] == film


def test_a_clock_that_is_set_back_by_some_seconds_brings_nothing_back(
    client: TestClient, clock: FakeClock
) -> None:
    film = client.get("/movie", params={"seed": 5}).json()["movie"]["movie_id"]
    client.post("/api/v1/feedback", json={"movie_id": film, "kind": "not_tonight"})
    clock.advance(seconds=-30)
    client.cookies.delete("tonight_shown")
    assert client.get("/movie", params={"seed": 5}).json()["movie"]["movie_id"] != film


def test_the_rate_of_requests_does_not_depend_on_the_clock_of_the_day() -> None:
    seconds = 90.0
    rate = RequestRate(2, monotonic=lambda: seconds)
    assert [rate.seconds_to_wait("a") for _ in range(3)] == [0, 0, 30]
    assert rate.seconds_to_wait("b") == 0
    seconds += 30
    assert rate.seconds_to_wait("a") == 0


def test_a_viewer_far_away_says_his_own_time_and_the_operators_zone_does_not_matter(
    settings: Settings, clock: FakeClock, loaded: tuple[Library, str | None]
) -> None:
    wrong = settings.model_copy(update={"timezone": "Pacific/Kiritimati"})
    with TestClient(create_app(wrong, clock, loaded)) as client:
        params = {"now": "2026-11-23T20:00:00-05:00", "until": "22:00"}
        body = client.get("/movie", params=params).json()
        assert body["understood"]["minutes_left"] == 120
        said = {"movie_id": FILM, "kind": "not_tonight", "now": params["now"]}
        saved = client.post("/api/v1/feedback", json=said).json()
        assert saved["expires_at"] == "2026-11-24T10:00:00+00:00"


@pytest.mark.parametrize("now", ["1999-12-31T23:59:59Z", "2201-01-01T00:00:00Z"])
def test_a_viewers_time_that_cannot_be_is_told(client: TestClient, now: str) -> None:
    assert list(reasons(client.get("/movie", params={"now": now}))) == ["now"]


@pytest.mark.parametrize("now", ["2000-01-01T00:00:00+23:59", "2200-12-31T23:59:59-23:59"])
def test_the_first_and_last_times_that_can_be_are_understood(client: TestClient, now: str) -> None:
    assert client.get("/movie", params={"now": now}).status_code == 200
    said = {"movie_id": FILM, "kind": "not_tonight", "now": now}
    assert client.post("/api/v1/feedback", json=said).status_code == 201
