"""Bodies that are too large, too slow, of the wrong type or not what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator

import anyio
import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.types import Message

from tests.conftest import FakeClock
from tests.hard_days.problems import reasons, told
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web.app import create_app

LIKED = {"movie_id": "alien-1979", "kind": "liked"}
AS_JSON = {"content-type": "application/json"}
AS_FORM = {"content-type": "application/x-www-form-urlencoded"}


def nothing_saved(client: TestClient) -> bool:
    return (
        "tonight_viewer" not in client.cookies
        and not client.get("/api/v1/history").json()["feedback"]
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/merge-patch+json",
        "garbage",
        "",
    ],
)
def test_a_body_of_the_wrong_type_is_refused_with_the_right_one(
    client: TestClient, content_type: str
) -> None:
    answer = client.post(
        "/api/v1/feedback", content=json.dumps(LIKED), headers={"content-type": content_type}
    )
    told(answer, "unsupported-media-type")
    assert answer.headers["accept"] == "application/json"
    assert nothing_saved(client)


def test_a_form_of_the_wrong_type_is_refused_with_the_right_one(client: TestClient) -> None:
    for path in ("/feedback", "/feedback/undo"):
        told(client.post(path, json=LIKED), "unsupported-media-type")
    assert nothing_saved(client)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"movie_id": "alien-1979", "kind": "liked"} x',
        b"\xff\xfe\xff",
        b'{"movie_id": "\xff", "kind": "liked"}',
        b"[" * 30_000,
        b"[" * 30_000 + b"]" * 30_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"now": ' + b"9" * 5_000 + b"}",
    ],
)
def test_json_that_is_broken_not_utf8_or_nested_deeply_is_told_in_one_way(
    client: TestClient, content: bytes
) -> None:
    answer = client.post("/api/v1/feedback", content=content, headers=AS_JSON)
    assert list(reasons(answer)) == ["body"]
    assert nothing_saved(client)


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"1", b'"x"', b"NaN"])
def test_json_of_another_kind_is_told(client: TestClient, content: bytes) -> None:
    answer = client.post("/api/v1/feedback", content=content, headers=AS_JSON)
    assert list(reasons(answer)) == ["body"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"movie_id": "\ud800"}, "movie_id"),
        ({"movie_id": ""}, "movie_id"),
        ({"movie_id": "x" * 201}, "movie_id"),
        ({"movie_id": 7}, "movie_id"),
        ({"kind": "\ud800"}, "kind"),
        ({"kind": None}, "kind"),
        ({"stars": 5}, "stars"),
        ({"now": 1}, "now"),
        ({"now": "1"}, "now"),
        ({"now": "0001-01-01T00:00:00+23:59"}, "now"),
        ({"now": "9999-12-31T23:59:59-23:59"}, "now"),
        ({"now": "2026-11-23T20:00:00"}, "now"),
    ],
)
@pytest.mark.parametrize("kind", ["liked", "not_tonight"])
def test_a_field_that_makes_no_sense_is_named(
    client: TestClient, changes: dict[str, object], name: str, kind: str
) -> None:
    content = json.dumps({**LIKED, "kind": kind, **changes})
    answer = client.post("/api/v1/feedback", content=content, headers=AS_JSON)
    assert list(reasons(answer)) == [name]
    assert nothing_saved(client)


@pytest.mark.parametrize("movie_id", ["\x00", "alien-1979\x00", "../../etc", "nowhere-1900"])
def test_control_characters_in_an_id_are_no_film_and_come_back_escaped(
    client: TestClient, movie_id: str
) -> None:
    for answer in (
        client.post("/api/v1/feedback", json={**LIKED, "movie_id": movie_id}),
        client.post("/feedback", data={**LIKED, "movie_id": movie_id}),
    ):
        assert "\x00" not in told(answer, "movie-not-found")["detail"]
    assert nothing_saved(client)


@pytest.mark.parametrize("content", [b"movie_id=%ff", b"\xff", b"movie_id=%ed%a0%80", b"&a=1" * 30])
def test_a_form_that_is_none_is_told(client: TestClient, content: bytes) -> None:
    for path in ("/feedback", "/feedback/undo"):
        assert list(reasons(client.post(path, content=content, headers=AS_FORM))) == ["body"]


@pytest.mark.parametrize("keys", [["x" * 201], ["two words"], ["\xff"], [""], ["one", "another"]])
def test_an_idempotency_key_that_is_none_or_comes_twice_is_told(
    client: TestClient, keys: list[str]
) -> None:
    headers = [(b"idempotency-key", key.encode("latin-1")) for key in keys]
    answer = client.post("/api/v1/feedback", json=LIKED, headers=headers)
    assert list(reasons(answer)) == ["idempotency-key"]
    assert nothing_saved(client)


def test_a_body_of_a_hundred_megabytes_is_refused_unread(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield bytes(1_000_000)

    headers = {**AS_JSON, "content-length": "100000000"}
    told(client.post("/api/v1/feedback", content=endless(), headers=headers), "body-too-large")


def exchanged(
    settings: Settings,
    loaded: tuple[Library, str | None],
    clock: FakeClock,
    messages: list[Message | float],
) -> list[Message]:
    """Runs ``exchange`` in a thread of its own: this one's loop may be the browser's."""
    with start_blocking_portal() as portal:
        return portal.call(exchange, settings, loaded, clock, messages)


async def exchange(
    settings: Settings,
    loaded: tuple[Library, str | None],
    clock: FakeClock,
    messages: list[Message | float],
) -> list[Message]:
    """Sends what a server would hand over, seconds standing for silence; returns the answer."""
    app = create_app(settings, clock, loaded)
    sent: list[Message] = []
    coming = iter(messages)

    async def receive() -> Message:
        message = next(coming, 3_600.0)
        if isinstance(message, float):
            await anyio.sleep(message)
            return await receive()
        return message

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/feedback",
        "raw_path": b"/feedback",
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"content-type", AS_FORM["content-type"].encode())],
        "client": ("192.0.2.1", 1),
        "server": ("testserver", 80),
    }
    async with app.router.lifespan_context(app):
        await app(scope, receive, send)
    return sent


def chunk(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_that_does_not_arrive_in_time_is_refused_and_the_connection_closed(
    settings: Settings, loaded: tuple[Library, str | None], clock: FakeClock
) -> None:
    hurried = settings.model_copy(update={"body_timeout_seconds": 0.05})
    dripping: list[Message | float] = [chunk(b"m")]
    for _ in range(20):
        dripping += [0.02, chunk(b"o")]
    start, body = exchanged(hurried, loaded, clock, dripping)
    assert start["status"] == 408
    assert (b"connection", b"close") in start["headers"]
    assert json.loads(body["body"])["type"] == "/problems/body-too-slow"


def test_of_a_client_that_leaves_in_the_middle_nothing_is_saved(
    settings: Settings, loaded: tuple[Library, str | None], clock: FakeClock
) -> None:
    # What has arrived reads like a whole form, with another meaning.
    half = chunk(b"movie_id=alien-1979&kind=never")
    coming: list[Message | float] = [half, {"type": "http.disconnect"}]
    assert exchanged(settings, loaded, clock, coming) == []
    with TestClient(create_app(settings, clock, loaded)) as client:
        database = settings.data_dir / "tonight.db"
        assert b"alien-1979" not in database.read_bytes()
        assert client.get("/healthz").status_code == 200


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    body=st.binary(max_size=60)
    | ANY_JSON.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries({"movie_id": ANY_JSON, "kind": ANY_JSON, "now": ANY_JSON}).map(
        lambda value: json.dumps(value).encode()
    )
)
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_body_whatever_is_answered_as_a_mistake_of_ours(client: TestClient, body: bytes) -> None:
    assert client.post("/api/v1/feedback", content=body, headers=AS_JSON).status_code in {404, 422}
    assert client.post("/feedback", content=body, headers=AS_FORM).status_code in {404, 422}
