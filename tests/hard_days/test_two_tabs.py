"""One viewer in two tabs at once, and one who has liked ten thousand films."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from tests.hard_days.problems import told
from tonight.domain.feedback import Feedback, FeedbackKind

FILM = "the-matrix-1999"
LIKED = {"movie_id": FILM, "kind": "liked"}


def at_once(n: int, request: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    """The answers to requests that are sent at the same moment."""
    barrier = threading.Barrier(n)

    def send(i: int) -> httpx.Response:
        barrier.wait(30)
        return request(i)

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(send, range(n)))


@pytest.fixture
def viewer(client: TestClient) -> TestClient:
    """A viewer with a profile and one statement, which does not count below."""
    client.post("/api/v1/feedback", json={"movie_id": "heat-1995", "kind": "seen"})
    return client


def history(client: TestClient) -> list[tuple[str, str]]:
    said = client.get("/api/v1/history").json()["feedback"]
    return [(entry["movie_id"], entry["kind"]) for entry in said[:-1]]


def test_two_tabs_that_say_different_things_are_both_kept_and_the_later_counts(
    viewer: TestClient,
) -> None:
    kinds = ["liked", "disliked"]
    answers = at_once(
        2, lambda i: viewer.post("/api/v1/feedback", json={"movie_id": FILM, "kind": kinds[i]})
    )
    assert [answer.status_code for answer in answers] == [201, 201]
    assert sorted(history(viewer)) == [(FILM, "disliked"), (FILM, "liked")]


def test_a_request_that_two_tabs_send_with_one_key_is_saved_once(viewer: TestClient) -> None:
    headers = {"idempotency-key": "one"}
    answers = at_once(6, lambda _: viewer.post("/api/v1/feedback", json=LIKED, headers=headers))
    assert len({answer.json()["feedback_id"] for answer in answers}) == 1
    assert history(viewer) == [(FILM, "liked")]


def test_of_two_tabs_that_use_one_key_for_different_things_one_is_told(
    viewer: TestClient,
) -> None:
    kinds = ["liked", "disliked"]
    answers = at_once(
        2,
        lambda i: viewer.post(
            "/api/v1/feedback",
            json={"movie_id": FILM, "kind": kinds[i]},
            headers={"idempotency-key": "one"},
        ),
    )
    saved, refused = sorted(answers, key=lambda answer: answer.status_code)
    assert saved.status_code == 201
    told(refused, "idempotency-conflict")
    assert history(viewer) == [(FILM, saved.json()["kind"])]


def test_undo_in_two_tabs_takes_back_one_statement_once(viewer: TestClient) -> None:
    first = viewer.post("/api/v1/feedback", json=LIKED).json()
    second = viewer.post("/api/v1/feedback", json={**LIKED, "kind": "okay"}).json()
    answers = at_once(4, lambda _: viewer.delete(f"/api/v1/feedback/{second['feedback_id']}"))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["undone_at"] for answer in answers}) == 1
    assert history(viewer) == [(FILM, "liked")]
    assert first["feedback_id"] != second["feedback_id"]


def test_two_first_statements_at_once_make_two_viewers_and_lose_nothing(
    client: TestClient,
) -> None:
    answers = at_once(2, lambda _: client.post("/api/v1/feedback", json=LIKED))
    for answer in answers:
        cookie = {"cookie": f"tonight_viewer={answer.cookies['tonight_viewer']}"}
        client.cookies.clear()
        said = client.get("/api/v1/history", headers=cookie).json()["feedback"]
        assert [entry["feedback_id"] for entry in said] == [answer.json()["feedback_id"]]


@pytest.mark.slow
def test_ten_thousand_likes_are_answered_at_once_and_rightly(viewer: TestClient) -> None:
    state = viewer.app.state.tonight  # type: ignore[attr-defined]
    films = [movie.movie_id for movie in state.application.library.catalogue.movies]
    profile_id = viewer.cookies["tonight_viewer"].rpartition(".")[0]
    now = datetime(2026, 11, 23, tzinfo=UTC)
    with state.application.unit_of_work.writing() as store:
        for film in films[:10_000]:
            feedback_id = secrets.token_urlsafe(16)
            store.add(profile_id, Feedback(feedback_id, film, FeedbackKind.LIKED, now))

    start = time.perf_counter()
    body = viewer.get("/movie").json()
    seconds = time.perf_counter() - start

    assert body["movie"]["movie_id"] not in films[:10_000]
    # The film that was seen first of all is one of the ten thousand, or one more.
    assert body["n_fitting"] in {len(films) - 10_000, len(films) - 10_001}
    reason = body["reason"]
    shares = [film["share"] for film in reason["films"]]
    rounding = 0.0001 * (len(shares) + 2)
    total = sum(shares) + reason["wishes_share"] + reason["widely_liked_share"]
    assert total == pytest.approx(1, abs=rounding)
    assert seconds < 5  # some tenths on an idle machine
