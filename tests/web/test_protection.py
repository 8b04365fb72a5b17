from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.conftest import FakeClock
from tonight.observability.logs import set_up_logs
from tonight.settings import Settings
from tonight.web.app import create_app
from tonight.web.security_headers import SECURITY_HEADERS

SEEN = {"movie_id": "the-matrix-1999", "kind": "seen"}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
    ],
)
@pytest.mark.parametrize("path", ["/feedback", "/feedback/undo", "/api/v1/feedback"])
def test_other_sites_cannot_write(client: TestClient, path: str, headers: dict[str, str]) -> None:
    answer = client.post(path, data=SEEN, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/cross-site"
    assert not client.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "http://testserver"},
        {"origin": "https://testserver"},
    ],
)
def test_our_own_pages_and_programs_can_write(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/feedback", data=SEEN, headers=headers, follow_redirects=False)
    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/movie", "/", "/x", "/healthz", "/static/tonight.css"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    for name, value in SECURITY_HEADERS:
        assert headers[name.decode()] == value.decode()


def test_pages_hold_no_inline_code(client: TestClient) -> None:
    page = client.get("/").text
    assert "unsafe-inline" not in str(SECURITY_HEADERS)
    assert "style=" not in page
    assert "onclick=" not in page
    assert "<script>" not in page


def test_a_query_that_is_too_long_is_refused(client: TestClient) -> None:
    answer = client.get("/movie", params={"like": "x" * 20_000})
    assert answer.status_code == 414
    assert answer.json()["type"] == "/problems/query-too-long"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    answer = client.post("/api/v1/feedback", content=b"x" * 70_000)
    assert answer.status_code == 413


def test_a_body_without_a_length_is_refused_once_it_is_too_large(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 1_000

    assert client.post("/api/v1/feedback", content=endless()).status_code == 413


def test_a_client_that_asks_too_often_is_told_to_wait(settings: Settings, clock: FakeClock) -> None:
    limited = settings.model_copy(update={"rate_limit_per_minute": 3})
    with TestClient(create_app(limited, clock)) as client:
        answers = [client.get("/movie") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert 1 <= int(answers[3].headers["retry-after"]) <= 60
        assert answers[3].json()["type"] == "/problems/too-many-requests"
        assert client.get("/healthz").status_code == 200


def test_behind_a_trusted_proxy_each_viewer_has_a_rate_and_tls_of_his_own(
    settings: Settings, clock: FakeClock
) -> None:
    behind = settings.model_copy(
        update={"rate_limit_per_minute": 1, "trusted_proxies": ("testclient",)}
    )
    with TestClient(create_app(behind, clock)) as client:
        statuses = [
            client.get("/movie", headers={"x-forwarded-for": address}).status_code
            for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
        ]
        assert statuses == [200, 200, 429]
        secure = client.get(
            "/movie", headers={"x-forwarded-for": "192.0.2.3", "x-forwarded-proto": "https"}
        )
        assert "Secure" in secure.headers["set-cookie"]


def test_a_proxy_that_is_not_trusted_is_not_believed(settings: Settings, clock: FakeClock) -> None:
    limited = settings.model_copy(update={"rate_limit_per_minute": 1})
    with TestClient(create_app(limited, clock)) as client:
        statuses = [
            client.get("/movie", headers={"x-forwarded-for": address}).status_code
            for address in ("192.0.2.1", "192.0.2.2")
        ]
    assert statuses == [200, 429]


def test_the_servers_own_access_log_is_silent() -> None:
    set_up_logs("INFO")
    set_up_logs("INFO")
    # Its lines hold the query, and so what somebody likes.
    assert not logging.getLogger("uvicorn.access").isEnabledFor(logging.CRITICAL)
