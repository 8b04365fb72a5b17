from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tonight.settings import Settings
from tonight.web.api.bodies import FeedbackBody, HistoryBody
from tonight.web.app import create_app

MATRIX = "the-matrix-1999"


def say(client: TestClient, kind: str, movie_id: str = MATRIX, **headers: str) -> dict[str, str]:
    answer = client.post(
        "/api/v1/feedback", json={"movie_id": movie_id, "kind": kind}, headers=headers
    )
    assert answer.status_code == 201, answer.text
    FeedbackBody.model_validate_json(answer.content)
    saved: dict[str, str] = answer.json()
    return saved


def history(client: TestClient) -> list[tuple[str, str]]:
    body = HistoryBody.model_validate_json(client.get("/api/v1/history").content)
    return [(entry.movie_id, entry.kind.value) for entry in body.feedback]


def test_a_viewer_without_a_profile_has_no_history(client: TestClient) -> None:
    assert history(client) == []
    assert not client.cookies


def test_the_first_statement_makes_an_anonymous_profile(client: TestClient) -> None:
    say(client, "liked", "tt0133093")
    assert "tonight_viewer" in client.cookies
    assert history(client) == [(MATRIX, "liked")]


def test_what_one_worker_saves_the_next_request_sees_on_another(
    client: TestClient, settings: Settings, clock: FakeClock
) -> None:
    say(client, "liked")
    with TestClient(create_app(settings, clock), cookies=client.cookies) as other_worker:
        assert history(other_worker) == [(MATRIX, "liked")]
        say(other_worker, "disliked")
    assert history(client)[0] == (MATRIX, "disliked")


def test_another_viewer_sees_nothing_of_it(client: TestClient) -> None:
    say(client, "liked")
    client.cookies.clear()
    assert history(client) == []


def test_what_is_liked_steers_the_next_suggestion(client: TestClient) -> None:
    for film in ("alien-1979", "the-thing-1982", "blade-runner-1982"):
        say(client, "liked", film)
    body = client.get("/movie").json()
    assert body["source"] != "popular"
    assert body["remembered"] is True
    assert body["reason"]["films"]


@pytest.mark.parametrize("kind", ["liked", "okay", "disliked", "seen", "not_tonight", "never"])
def test_a_film_of_which_anything_was_said_does_not_come_again(
    client: TestClient, kind: str
) -> None:
    params = {"seed": 5}
    film = client.get("/movie", params=params).json()["movie"]["movie_id"]
    client.cookies.delete("tonight_shown")
    assert client.get("/movie", params=params).json()["movie"]["movie_id"] == film
    say(client, kind, film)
    client.cookies.delete("tonight_shown")
    assert client.get("/movie", params=params).json()["movie"]["movie_id"] != film


def test_not_tonight_ends_at_five_in_the_morning_of_the_viewers_time(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/feedback",
        json={"movie_id": MATRIX, "kind": "not_tonight", "now": "2026-11-23T20:00:00-05:00"},
    )
    assert answer.json()["expires_at"] == "2026-11-24T10:00:00+00:00"


def test_not_tonight_comes_back_the_next_day(client: TestClient, clock: FakeClock) -> None:
    params = {"seed": 5}
    film = client.get("/movie", params=params).json()["movie"]["movie_id"]
    say(client, "not_tonight", film)
    clock.advance(days=1)
    assert client.get("/movie", params=params).json()["movie"]["movie_id"] == film


def test_undo_takes_a_statement_back_and_the_earlier_one_counts_again(client: TestClient) -> None:
    say(client, "liked")
    second = say(client, "disliked")
    answer = client.delete(f"/api/v1/feedback/{second['feedback_id']}")
    assert answer.status_code == 200
    assert answer.json()["undone_at"]
    assert history(client) == [(MATRIX, "liked")]


def test_nobody_can_take_back_what_another_said(client: TestClient) -> None:
    saved = say(client, "liked")
    client.cookies.clear()
    assert client.delete(f"/api/v1/feedback/{saved['feedback_id']}").status_code == 404
    say(client, "liked", "heat-1995")
    assert client.delete(f"/api/v1/feedback/{saved['feedback_id']}").status_code == 404


def test_a_repeated_request_with_the_same_key_is_saved_once(client: TestClient) -> None:
    say(client, "okay", "heat-1995")
    first = say(client, "liked", **{"Idempotency-Key": "abc"})
    assert say(client, "liked", **{"Idempotency-Key": "abc"}) == first
    assert history(client) == [(MATRIX, "liked"), ("heat-1995", "okay")]


def test_a_key_that_was_used_for_something_else_is_a_conflict(client: TestClient) -> None:
    say(client, "liked", **{"Idempotency-Key": "abc"})
    answer = client.post(
        "/api/v1/feedback",
        json={"movie_id": MATRIX, "kind": "disliked"},
        headers={"Idempotency-Key": "abc"},
    )
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/idempotency-conflict"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"movie_id": "nowhere-1900", "kind": "liked"}, 404),
        ({"movie_id": MATRIX, "kind": "adored"}, 422),
        ({"movie_id": MATRIX}, 422),
        ({"movie_id": MATRIX, "kind": "liked", "stars": 5}, 422),
        ({"movie_id": MATRIX, "kind": "not_tonight", "now": "2026-11-23T20:00:00"}, 422),
        ([], 422),
    ],
)
def test_a_statement_that_makes_no_sense_is_refused_and_makes_no_profile(
    client: TestClient, body: object, status: int
) -> None:
    answer = client.post("/api/v1/feedback", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "tonight_viewer" not in client.cookies


def test_the_pages_form_saves_and_goes_back_with_a_notice(client: TestClient) -> None:
    form = {"movie_id": MATRIX, "kind": "seen", "back": "/movie?genre=Action"}
    answer = client.post("/feedback", data=form, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/movie?genre=Action"
    assert history(client) == [(MATRIX, "seen")]
    page = client.get("/movie?format=html").text
    assert "you have seen The Matrix" in page
    assert "you have seen The Matrix" not in client.get("/movie?format=html").text


@pytest.mark.parametrize(
    "notice", ["seen.no-such-film.f1", f"praised.{MATRIX}.f1", f"seen.{MATRIX}", "....", "deleted."]
)
def test_a_notice_that_we_did_not_leave_says_nothing(client: TestClient, notice: str) -> None:
    client.cookies.set("tonight_notice", notice)
    page = client.get("/movie?format=html")
    assert page.status_code == 200
    assert "Noted:" not in page.text
    assert "The Matrix:" not in page.text


def test_the_pages_undo_takes_it_back(client: TestClient) -> None:
    saved = say(client, "never")
    form = {"feedback_id": saved["feedback_id"], "back": "/movie"}
    assert client.post("/feedback/undo", data=form, follow_redirects=False).status_code == 303
    assert history(client) == []
    assert "Taken back" in client.get("/movie?format=html").text


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1", "/a b", ""],
)
def test_a_form_never_leads_to_another_site(client: TestClient, back: str) -> None:
    form = {"movie_id": MATRIX, "kind": "seen", "back": back}
    answer = client.post("/feedback", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/movie"
