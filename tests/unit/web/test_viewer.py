from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from tonight.domain.movie import Movie
from tonight.web.viewer import (
    ASKED_COOKIE,
    MAX_ASKED,
    MAX_SHOWN,
    SHOWN_COOKIE,
    VIEWER_COOKIE,
    Cookies,
    new_profile_id,
)

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
MOVIES = [Movie(f"film-{number}", "Film", 2000) for number in range(100)]
KEY, OTHER_KEY = "k" * 32, "o" * 32


def request(cookies: dict[str, str] | None = None, scheme: str = "http") -> Request:
    header = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    return Request(
        {
            "type": "http",
            "scheme": scheme,
            "path": "/",
            "query_string": b"",
            "server": ("test", 80),
            "headers": [(b"cookie", header.encode("latin-1"))],
        }
    )


def cookie_set(response: Response) -> tuple[str, str]:
    header = response.headers["set-cookie"]
    return header.split("=", 1)[1].split(";")[0], header


def signed_profile(key: str, profile_id: str) -> str:
    response = Response()
    Cookies([key], MOVIES).set_profile_id(request(), response, profile_id)
    return cookie_set(response)[0]


def shown_cookie(shown: list[str], key: str = KEY) -> str:
    response = Response()
    Cookies([key], MOVIES).set_shown(request(), response, shown, NOW)
    return cookie_set(response)[0]


def test_a_profile_comes_back_as_it_was_set() -> None:
    profile_id = new_profile_id()
    value = signed_profile(KEY, profile_id)
    assert Cookies([KEY], MOVIES).profile_id(request({VIEWER_COOKIE: value})) == profile_id


def test_a_profile_signed_with_an_old_key_is_believed() -> None:
    profile_id = new_profile_id()
    value = signed_profile(OTHER_KEY, profile_id)
    cookies = Cookies([KEY, OTHER_KEY], MOVIES)
    assert cookies.profile_id(request({VIEWER_COOKIE: value})) == profile_id


def test_the_newest_key_signs() -> None:
    response = Response()
    profile_id = new_profile_id()
    Cookies([KEY, OTHER_KEY], MOVIES).set_profile_id(request(), response, profile_id)
    value = cookie_set(response)[0]
    assert Cookies([KEY], MOVIES).profile_id(request({VIEWER_COOKIE: value})) == profile_id


def test_a_profile_signed_with_an_unknown_key_is_nobodys() -> None:
    value = signed_profile(OTHER_KEY, new_profile_id())
    assert Cookies([KEY], MOVIES).profile_id(request({VIEWER_COOKIE: value})) is None


def test_a_changed_profile_is_nobodys() -> None:
    value = signed_profile(KEY, new_profile_id())
    changed = ("B" if value[0] == "A" else "A") + value[1:]
    assert Cookies([KEY], MOVIES).profile_id(request({VIEWER_COOKIE: changed})) is None


def test_what_was_shown_is_no_profile_although_the_key_is_the_same() -> None:
    value = shown_cookie(["film-1"])
    assert Cookies([KEY], MOVIES).profile_id(request({VIEWER_COOKIE: value})) is None


@given(st.text(alphabet=st.characters(max_codepoint=255, exclude_characters=";"), max_size=60))
def test_no_cookie_whatever_breaks_the_reading(value: str) -> None:
    cookies = Cookies([KEY], MOVIES)
    forged = request({VIEWER_COOKIE: value, SHOWN_COOKIE: value})
    assert cookies.profile_id(forged) is None
    assert cookies.shown(forged, NOW) == []


def test_an_oversized_cookie_is_not_looked_at() -> None:
    cookies = Cookies([KEY], MOVIES)
    assert cookies.shown(request({SHOWN_COOKIE: "A" * 100_000}), NOW) == []


def test_what_was_shown_comes_back_in_order() -> None:
    cookie = {SHOWN_COOKIE: shown_cookie(["film-3", "film-1", "film-2"])}
    shown = Cookies([KEY], MOVIES).shown(request(cookie), NOW)
    assert shown == ["film-3", "film-1", "film-2"]


def test_the_last_fifty_films_are_kept_in_less_than_half_a_kilobyte() -> None:
    value = shown_cookie([movie.movie_id for movie in MOVIES])
    shown = Cookies([KEY], MOVIES).shown(request({SHOWN_COOKIE: value}), NOW)
    assert shown == [movie.movie_id for movie in MOVIES[-MAX_SHOWN:]]
    assert len(value) < 512


def test_a_new_evening_begins_with_nothing_shown() -> None:
    cookie = {SHOWN_COOKIE: shown_cookie(["film-1"])}
    cookies = Cookies([KEY], MOVIES)
    five = datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert cookies.shown(request(cookie), five - timedelta(seconds=1)) == ["film-1"]
    assert cookies.shown(request(cookie), five) == []


def test_a_film_that_has_left_the_catalogue_is_passed_over() -> None:
    cookie = {SHOWN_COOKIE: shown_cookie(["film-1", "film-2"])}
    assert Cookies([KEY], MOVIES[2:]).shown(request(cookie), NOW) == ["film-2"]


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_cookies_are_http_only_and_lax_and_secure_behind_tls(scheme: str, *, secure: bool) -> None:
    response = Response()
    Cookies([KEY], MOVIES).set_profile_id(request(scheme=scheme), response, new_profile_id())
    header = cookie_set(response)[1]
    assert "HttpOnly" in header
    assert "SameSite=lax" in header
    assert ("Secure" in header) == secure


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_cookie_is_written_as_starlette_writes_it(scheme: str) -> None:
    ours, theirs = Response(), Response()
    Cookies([KEY], MOVIES).set_shown(request(scheme=scheme), ours, ["film-1"], NOW)
    value, header = cookie_set(ours)
    theirs.set_cookie(
        SHOWN_COOKIE,
        value,
        max_age=int(header.split("Max-Age=")[1].split(";")[0]),
        secure=scheme == "https",
        httponly=True,
        samesite="lax",
    )
    assert ours.raw_headers == theirs.raw_headers


def test_what_was_asked_is_remembered_apart_from_what_was_shown() -> None:
    cookies, response = Cookies([KEY], MOVIES), Response()
    asked = [f"film-{number}" for number in range(60)]
    cookies.set_asked(request(), response, asked, NOW)
    value, _ = cookie_set(response)
    assert cookies.asked(request({ASKED_COOKIE: value}), NOW) == asked[-MAX_ASKED:]
    # One kind of cookie is no good as the other.
    assert cookies.shown(request({SHOWN_COOKIE: value}), NOW) == []
    assert cookies.asked(request({ASKED_COOKIE: value}), NOW + timedelta(days=1)) == []
