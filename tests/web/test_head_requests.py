from __future__ import annotations

import logging

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from tests.loops import run_apart
from tonight.web.head_requests import HeadRequests


@pytest.mark.parametrize(
    "path",
    [
        *("/healthz", "/version", "/movies/the-matrix-1999", "/posters/the-matrix-1999.svg"),
        *("/problems/not-found", "/openapi.json", "/static/tonight.js", "/nowhere"),
        "/movies/no-such-film",
    ],
)
def test_head_has_the_headers_of_get_and_no_body(client: TestClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert {**head.headers, "x-request-id": ""} == {**get.headers, "x-request-id": ""}


def test_head_of_what_only_takes_a_post_is_told_the_right_method(client: TestClient) -> None:
    answer = client.head("/feedback")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_head_is_logged_by_its_method_and_route(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "tonight.requests"):
        client.head("/movies/the-matrix-1999")
    assert caplog.messages == ["HEAD /movies/{movie_id}"]


def test_no_byte_of_the_body_is_handed_to_the_server() -> None:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["method"] == "GET"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a film"})

    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def ask() -> None:
        await HeadRequests(application)({"type": "http", "method": "HEAD"}, receive, send)

    run_apart(ask)
    assert [message.get("body") for message in sent] == [None, b""]
