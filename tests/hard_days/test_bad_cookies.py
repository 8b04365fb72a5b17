"""Cookies that are broken, forged, expired, oversized or many: worth no more than none."""

from __future__ import annotations

import base64
import struct
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.conftest import FakeClock
from tests.hard_days.problems import told
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.app import create_app

NAMES = ("tonight_viewer", "tonight_shown", "tonight_notice")


def is_a_stranger(client: TestClient, cookie: bytes) -> bool:
    """Whether the cookie gives a film, and no history."""
    headers = [(b"cookie", cookie)]
    film = client.get("/movie", headers=headers)
    page = client.get("/movie?format=html", headers=headers)
    history = client.get("/api/v1/history", headers=headers)
    return (
        (film.status_code, page.status_code, history.status_code) == (200, 200, 200)
        and film.json()["source"] == "popular"
        and not history.json()["feedback"]
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value",
    [b"", b"x", b"." * 50, b"\xff\xfe", b"%00", b'"\\', b"=;=", b"seen.alien-1979", b"a" * 5_000],
)
def test_a_broken_or_oversized_cookie_is_worth_none(
    client: TestClient, name: str, value: bytes
) -> None:
    assert is_a_stranger(client, name.encode() + b"=" + value)


def test_thousands_of_cookies_are_worth_none(client: TestClient) -> None:
    assert is_a_stranger(client, b"; ".join(b"c%d=%d" % (i, i) for i in range(4_000)))
    assert is_a_stranger(client, b"; ".join(b"tonight_viewer=%d" % i for i in range(2_000)))


def test_more_cookies_than_a_head_may_hold_are_told_with_what_to_do(client: TestClient) -> None:
    answer = client.get("/movie", headers={"cookie": "c=" + "x" * 70_000})
    assert "Delete the cookies" in told(answer, "headers-too-large")["detail"]


def test_a_forged_cookie_is_worth_none(
    settings: Settings, clock: FakeClock, loaded: tuple[Library, str | None], client: TestClient
) -> None:
    client.post("/api/v1/feedback", json={"movie_id": "alien-1979", "kind": "liked"})
    value = client.cookies["tonight_viewer"]
    profile_id, _, signature = value.rpartition(".")
    client.cookies.clear()
    flipped = ("A" if profile_id[0] != "A" else "B") + profile_id[1:]
    assert is_a_stranger(client, f"tonight_viewer={flipped}.{signature}".encode())
    assert is_a_stranger(client, f"tonight_viewer={profile_id}".encode())
    # Signed, but for another purpose, or with a key of somebody else.
    assert is_a_stranger(client, f"tonight_shown={value}".encode())
    keys = Settings(data_dir=settings.data_dir / "other", signing_keys=("k" * 40,)).signing_keys
    other = settings.model_copy(update={"signing_keys": keys})
    with TestClient(create_app(other, clock, loaded)) as elsewhere:
        assert is_a_stranger(elsewhere, f"tonight_viewer={value}".encode())


def test_what_was_shown_yesterday_has_expired(client: TestClient, clock: FakeClock) -> None:
    params = {"seed": 5}
    film = client.get("/movie", params=params).json()["movie"]["movie_id"]
    cookie = {"cookie": f"tonight_shown={client.cookies['tonight_shown']}"}
    client.cookies.clear()
    again = client.get("/movie", params=params, headers=cookie)
    assert again.json()["movie"]["movie_id"] != film
    clock.moment += timedelta(days=1)
    client.cookies.clear()
    tomorrow = client.get("/movie", params=params, headers=cookie)
    assert tomorrow.json()["movie"]["movie_id"] == film


@pytest.mark.parametrize("payload", [b"", b"\x02", b"\x02" + bytes(7), b"\xff" * 300])
def test_a_signed_cookie_of_another_format_is_worth_none(
    client: TestClient, payload: bytes
) -> None:
    signer = client.app.state.tonight.cookies._shown  # type: ignore[attr-defined]
    value = signer.sign(base64.urlsafe_b64encode(payload).rstrip(b"="))
    assert is_a_stranger(client, b"tonight_shown=" + value)


def test_a_cookie_of_an_evening_that_would_last_for_years_is_worth_none(
    client: TestClient, clock: FakeClock
) -> None:
    cookies = client.app.state.tonight.cookies  # type: ignore[attr-defined]
    film = client.get("/movie", params={"seed": 5}).json()["movie"]["movie_id"]
    honest = client.cookies["tonight_shown"].encode()
    payload = base64.urlsafe_b64decode(honest.rpartition(b".")[0] + b"==")
    far = struct.pack(">Bq", 2, int(clock().timestamp()) + 365 * 24 * 3600)
    forged = cookies._shown.sign(base64.urlsafe_b64encode(far + payload[9:]).rstrip(b"="))
    client.cookies.clear()
    headers = [(b"cookie", b"tonight_shown=" + forged)]
    again = client.get("/movie", params={"seed": 5}, headers=headers)
    assert again.json()["movie"]["movie_id"] == film


@given(name=st.sampled_from(NAMES), value=st.binary(max_size=80))
@hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_cookie_whatever_keeps_a_film_away(client: TestClient, name: str, value: bytes) -> None:
    client.cookies.clear()
    headers = [(b"cookie", name.encode() + b"=" + value)]
    assert client.get("/movie?format=html", headers=headers).status_code == 200
