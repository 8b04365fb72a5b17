"""Proves on what ``make up`` has started that all of it works together: ``smoke(stack)``.

A suggestion, a saved rating that survives ``down`` and ``up``, a metric, a trace and an alert; all
of it through the doors that people use.
"""

from __future__ import annotations

import secrets
import ssl
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

import httpx2 as httpx

if TYPE_CHECKING:
    from tools.compose import Stack

Answer = TypeVar("Answer")

_SECONDS: Final = 180
_ROOT_CERTIFICATE: Final = "/data/caddy/pki/authorities/local/root.crt"


def smoke(stack: Stack) -> None:
    """Asks for each, and says what it has seen.

    Raises:
        SystemExit: Something does not work; says what.
    """
    trace_id = secrets.token_hex(16)
    with viewer(stack) as client:
        answer = client.get("/movie", headers={"traceparent": f"00-{trace_id}-{'1' * 16}-01"})
        expect(answer.status_code == 200, f"a suggestion is answered with {answer.status_code}")
        movie = answer.json()["movie"]
        print(f"A suggestion over TLS: {movie['title']} ({movie['year']})")
        liked = {"movie_id": movie["movie_id"], "kind": "liked"}
        saved = client.post("/api/v1/feedback", json=liked)
        expect(saved.status_code == 201, f"a rating is answered with {saved.status_code}")
        cookies = dict(client.cookies)

    stack.down()
    stack.up()
    with viewer(stack) as client:
        client.cookies.update(cookies)
        history = client.get("/api/v1/history").json()["feedback"]
    expect([each["movie_id"] for each in history] == [movie["movie_id"]], "the rating is gone")
    print("A rating that was saved is there after down and up")

    # What was traced before has gone with its receiver, which keeps nothing.
    trace_id = secrets.token_hex(16)
    with viewer(stack) as client:
        client.get("/movie", headers={"traceparent": f"00-{trace_id}-{'1' * 16}-01"})
    prometheus = f"http://{stack.address('prometheus', 9090)}/api/v1/query"
    query = 'sum(tonight_requests_total{route="/movie",status="200"})'
    value = wait(lambda: _value(prometheus, query), "no metric of a request")
    print(f"A metric: {query} is {value}")

    traces = f"http://{stack.address('traces', 16686)}/api/traces/{trace_id}"
    spans = wait(lambda: _spans(traces), "no trace")
    print(f"A trace: {', '.join(sorted(set(spans)))}")

    alerts = f"http://{stack.address('alertmanager', 9093)}/api/v2/alerts"
    names = wait(lambda: _alerts(alerts), "no alert")
    print(f"An alert: {', '.join(names)}")


def viewer(stack: Stack) -> httpx.Client:
    """A client that believes the proxy's authority, and no other."""
    certificate = stack.read("exec", "--no-TTY", "proxy", "cat", _ROOT_CERTIFICATE)
    port = stack.address("proxy", 443).rpartition(":")[2]
    context = ssl.create_default_context(cadata=certificate)
    return httpx.Client(base_url=f"https://localhost:{port}", verify=context, timeout=30)


def expect(holds: bool, otherwise: str) -> None:
    """Stops with a message unless something holds.

    Raises:
        SystemExit: It does not.
    """
    if not holds:
        raise SystemExit(f"make smoke: {otherwise}")


def wait(ask: Callable[[], Answer | None], otherwise: str) -> Answer:
    """Asks until there is an answer.

    Raises:
        SystemExit: There was none for minutes.
    """
    end = time.monotonic() + _SECONDS
    while (answer := ask()) is None:
        expect(time.monotonic() < end, otherwise)
        time.sleep(0.5)
    return answer


def _value(url: str, query: str) -> float | None:
    found = httpx.get(url, params={"query": query}).json()["data"]["result"]
    value = float(found[0]["value"][1]) if found else 0.0
    return value or None


def _spans(url: str) -> list[str] | None:
    answer = httpx.get(url)
    if answer.status_code != 200:
        return None
    return [span["operationName"] for span in answer.json()["data"][0]["spans"]]


def _alerts(url: str) -> list[str] | None:
    found = {each["labels"]["alertname"] for each in httpx.get(url).json()}
    return sorted(found) if "TonightWatchdog" in found else None
